"""Periods are called by what they are, and what has no effect is said to have none."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from supplysim.engine import Engine
from supplysim.errors import InputError
from supplysim.experiment.compare import compare
from supplysim.outputs import periods
from supplysim.outputs.combining import Span, averaged
from supplysim.outputs.measures import TRAINING, over_years
from supplysim.outputs.notes import notes
from supplysim.policies import Border, CloseCountry, Penalties, parse
from supplysim.report.text import against_published
from supplysim.setup.scenario import Scenario

MINIMAL = Scenario.load("minimal")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def timed(start: str, end: str) -> Scenario:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    time = {"start": first, "end": last, "policy_start": first}
    return MINIMAL.with_(time=time, policies=[])


def labels(start: str, end: str) -> list[str]:
    scenario = timed(start, end)
    return [period.label for period in periods.years(scenario.start, scenario.weeks)]


def test_a_year_is_a_year_and_a_part_is_called_by_its_days():
    assert labels("2023-01-02", "2026-12-28") == ["2023", "2024", "2025", "2026"]
    assert labels("2023-01-02", "2027-01-11")[-1] == "28 Dec 2026 to 10 Jan 2027"
    assert labels("2023-01-02", "2025-01-27")[-1] == "30 Dec 2024 to 26 Jan 2025"
    assert labels("2024-01-15", "2024-03-11") == ["2024 (15 Jan to 10 Mar)"]


def test_july_to_june_is_no_calendar_year():
    assert labels("2023-07-03", "2024-12-30") == ["3 Jul 2023 to 30 Jun 2024", "2024 (1 Jul to 29 Dec)"]


def test_a_run_to_the_end_of_2030_has_no_row_2031():
    assert labels("2023-01-02", "2030-12-30")[-1] == "2030 (23 Dec to 29 Dec)"


def test_a_start_in_the_last_days_of_december_is_the_next_year():
    scenario = timed("2024-12-30", "2025-12-29")
    assert labels("2024-12-30", "2025-12-29") == ["2025"]
    assert periods.years(scenario.start, scenario.weeks)[0].key == 2025


def test_a_window_says_its_days():
    whole = periods.years(date(2023, 1, 2), 208)
    assert periods.together(whole[2:]) == "2025-2026 (30 Dec 2024 to 27 Dec 2026)"
    assert periods.together(whole[3:]) == "2026 (29 Dec 2025 to 27 Dec 2026)"
    assert periods.together(periods.years(date(2023, 1, 2), 210)[3:]) == "29 Dec 2025 to 10 Jan 2027"


@pytest.mark.parametrize(
    ("start", "end", "stands"), [("2023-01-02", "2024-12-30", True), ("2023-07-03", "2025-06-30", False)]
)
def test_a_published_year_stands_only_beside_its_own(start, end, stands):
    scenario = timed(start, end)
    rows = periods.by_key(scenario.start, scenario.weeks)
    assert (periods.of_year(2024, rows.values()) is not None) == stands
    values = SimpleNamespace(periods=rows, values=lambda *_: np.array([100.0, 120.0, 90.0]))
    told = against_published(values)
    assert (told is not None) == stands
    if told is not None:
        assert "In 2024 (1 Jan 2024 to 29 Dec 2024)" in told


def test_a_start_before_the_inputs_is_refused_and_an_end_beyond_them_is_marked():
    with pytest.raises(InputError, match=r"time\.start = 2019-01-07.*no inputs before"):
        timed("2019-01-07", "2021-01-04")
    assert not periods.notes(date(2023, 1, 2), 156)
    (part, projected) = periods.notes(date(2023, 1, 2), 210)
    assert part.endswith("28 Dec 2026 to 10 Jan 2027: 2 weeks.")
    assert projected.startswith("Projected from 1 Jul 2026 on")
    *_, beyond = periods.notes(date(2023, 1, 2), 418)
    assert beyond.startswith("Extrapolated from 23 Dec 2030 on")


def test_two_thousand_random_runs_have_rows_that_datetime_confirms():
    rng = random.Random(7)
    for _ in range(2000):
        start = date(2023, 1, 1) + timedelta(days=rng.randrange(3000))
        weeks = rng.randrange(1, 160)
        rows = periods.years(start, weeks)
        days = [start + timedelta(days=day) for day in range(7 * weeks)]
        assert [row.first for row in rows] == days[::364]
        assert rows[-1].last == days[-1]
        assert sum(row.weeks for row in rows) == weeks
        assert [row.key for row in rows] == list(range(rows[0].key, rows[0].key + len(rows)))
        for position, row in enumerate(rows):
            held = days[364 * position : 364 * (position + 1)]
            assert (row.first, row.last) == (held[0], held[-1])
            inside = Counter(day.year for day in held)
            whole = {year for year, count in inside.items() if count >= 350}
            first, last = held[0], held[-1]
            if row.label.isdigit():
                assert {int(row.label)} == whole
            else:
                assert f"{first.day} {MONTHS[first.month - 1]}" in row.label
                assert (
                    row.label.rstrip(")").removesuffix(f" {last.year}").endswith(f"{last.day} {MONTHS[last.month - 1]}")
                )
                assert str(first.year) in row.label
                assert str(last.year) in row.label


def told(policy, scenario=MINIMAL) -> list[str]:
    return notes(scenario, {policy.label(): (policy,)})


def test_what_has_no_effect_is_said_to_have_none():
    assert told(Border()) == []
    assert "strength is 0" in told(Border(intensity=0.0))[0]
    assert "has no effect: the run ends in the week" in told(Border(start="2024-12-27"))[0]
    assert "has no effect: it ends in the week" in told(Border(start="2024-02-05", end="2024-02-07"))[0]
    assert "reaches 15% of its strength by 2024-12-30" in told(Border(start="2024-11-25"))[0]
    assert told(CloseCountry(countries=("SG",), start="2024-12-27")) == []  # it has no ramp


def test_what_the_scenario_has_in_force_is_said():
    standing = MINIMAL.with_(policies=[Border(intensity=0.5, countries=("SG",))])
    (said,) = told(Border(intensity=0.3), standing)
    assert "border=0.3: border:SG=0.5 is already in force in this scenario; the stronger of the two holds" in said
    assert told(Border(countries=("MY",)), standing) == []
    assert told(Penalties(), standing) == []


def test_random_policy_dates_never_pass_in_silence():
    """What no week of the conditions shows is said to have no effect, and the other way round."""
    engine, rng = Engine(MINIMAL), random.Random(11)
    for _ in range(200):
        first = MINIMAL.start + timedelta(days=rng.randrange(7 * MINIMAL.weeks))
        last = first + timedelta(days=rng.randrange(1, 200))
        text = f"{rng.choice(['border', 'close_country:SG', 'penalties'])}={rng.choice([0.0, 0.4, 1.0])}@{first}"
        text += f"..{last}" if last <= MINIMAL.end else ""
        (policy,) = parse(text, MINIMAL).policies
        still = engine.course([policy]).week == MINIMAL.weeks
        assert still == any("has no effect" in sentence for sentence in told(policy)), text


def test_a_part_of_a_year_weighs_what_it_is():
    yearly = {"mark_up": np.array([[1.0, 3.0]])}
    assert over_years("mark_up", yearly, [0, 1], [52, 2])[0] == pytest.approx((52 + 3 * 2) / 54)
    assert over_years("mark_up", yearly, [0, 1], [52, 52])[0] == averaged(yearly["mark_up"])[0] == 2.0
    year, part = Span({"delivered_h100e": 52_000.0}, 52), Span({"delivered_h100e": 2_000.0}, 2)
    assert TRAINING.over_span(part) == pytest.approx(TRAINING.over_span(year))


def test_weekly_tables_carry_the_first_day_of_each_week():
    engine = Engine(MINIMAL)
    engine.run(3)
    for table in (engine.weekly(), engine.public_record()):
        assert [day.date() for day in table["starts"]] == [date(2023, 1, 2), date(2023, 1, 9), date(2023, 1, 16)]


def in_the_app(**time):
    """Return what the app knows of a package in a world with these dates, from two pairs."""
    from supplysim.viz.jobs import Job, World

    scenario = Scenario.load("minimal").with_(time=time)
    job = Job("visitor", World(scenario, 7, "central"), ((Border(),),), lambda *_: None)
    job.done = [job.pairing((point, tuple(job.pairing.arms))) for point in job.world.points(2)]
    return scenario, job.summary(2)


def test_the_app_names_a_part_of_a_year_by_its_days():
    from supplysim.viz.figures import public, tiles
    from supplysim.viz.figures.flows import flow_map

    scenario, known = in_the_app(start=date(2023, 7, 3), policy_start=date(2023, 10, 2), end=date(2024, 10, 14))
    first, *_ = tiles.tiles(known, "delivered", True)
    days = "3 Jul 2023 to 13 Oct 2024"
    assert (first["title"], first["window"]) == ("Chips delivered", days)
    told = public.tiles(known, True)[1]
    assert told["title"] == f"Prosecutions announced from {days}"
    drawn = flow_map(known, "delivered", periods.decimal(scenario.start), True)
    assert drawn["year"] == days
    assert drawn["sub"].startswith(f"Diverted chips from {days} by")


def test_the_app_calls_a_calendar_year_by_its_number():
    from supplysim.viz.figures import tiles

    scenario, known = in_the_app()
    assert {tile["window"] for tile in tiles.tiles(known, "delivered", True)} == {"2024"}
    assert periods.decimal(scenario.start) == 2023.0


def test_in_the_app_a_part_of_a_year_counts_in_a_mean_for_what_it_is():
    scenario, known = in_the_app(start=date(2023, 7, 3), policy_start=date(2023, 7, 3), end=date(2024, 10, 14))
    study = compare(scenario, [Border()], 2, parameters="central", workers=1, store=False)
    for measure in ("mark_up", "active_intermediaries"):
        mean = np.median(study.values("border", measure, study.window))
        assert known.effect(measure, "window").policy[2] == pytest.approx(mean)


def test_a_decimal_year_is_that_of_the_first_day():
    assert periods.decimal(date(2022, 12, 26)) == 2023.0
    assert periods.decimal(date(2023, 7, 3)) == pytest.approx(2023.5, abs=0.003)


def test_a_lever_of_two_texts_in_one_package_is_said_to_hold_at_the_stronger():
    world = Scenario.load("minimal")
    bill = world.with_(policies=[Border(intensity=0.3)], name="bill")
    apart = notes(world, {"both": (Border(intensity=0.5), *bill.policies)})
    assert "border=0.5 and border=0.3 come from two texts; the stronger of the two holds" in " ".join(apart)
    turns = parse("border=0.5@2024-02+border=0.3@2024-06", world).policies
    assert "two texts" not in " ".join(notes(world, {"turns": turns}))
