"""Outcomes: a file is read or refused in one line, a period is counted in weeks, rivals are what they say they are."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from supplysim import evidence
from supplysim.errors import InputError
from supplysim.evidence import supply_by_quarter
from supplysim.outputs import observation
from supplysim.setup.scenario import Scenario
from supplysim.validation.scoring.outcome import COLUMNS, SHIPPED, outcomes
from supplysim.validation.scoring.quantities import GAP, PUBLISHED, counted, quantities
from supplysim.validation.scoring.rivals import PUBLISHED as LAST
from supplysim.validation.scoring.rivals import SUPPLY, VENDORS, last_published, rivals, world_supply
from supplysim.validation.scoring.rules import interval
from supplysim.validation.targets import vendors_times_volume

GOOD = {
    "quantity": "seizures",
    "first_day": "2024-01-01",
    "last_day": "2024-12-31",
    "unit": "chips",
    "value": "2500",
    "source": "somebody",
}


def write(path, *rows, columns=COLUMNS):
    """Write rows of cells by column as a file, and return it."""
    lines = [",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def read(tmp_path, **changed):
    (outcome,) = outcomes(write(tmp_path / "mine.csv", GOOD | changed))
    return outcome


def test_a_row_is_read_in_the_units_of_the_model(tmp_path):
    outcome = read(
        tmp_path, quantity="compute", channel="smuggled", unit="M H100e", value="0.48", low="0.2", high="1.3"
    )
    assert outcome.counted.name == "delivered_h100e"
    assert (outcome.centre, outcome.low, outcome.high) == (480_000.0, 200_000.0, 1_300_000.0)
    assert interval(outcome.points) == pytest.approx((200_000.0, 480_000.0, 1_300_000.0), rel=0.01)
    assert read(tmp_path, quantity="route_share", route="MY", unit="%", value="46").centre == pytest.approx(0.46)


def test_columns_may_stand_in_any_order_and_those_that_narrow_may_be_missing(tmp_path):
    columns = ("source", "value", "unit", "last_day", "first_day", "quantity")
    (outcome,) = outcomes(write(tmp_path / "mine.csv", GOOD, columns=columns))
    assert outcome.counted.name == "seized"
    assert outcome.period == "2024"


def test_a_spreadsheet_s_mark_and_empty_lines_do_no_harm(tmp_path):
    path = write(tmp_path / "mine.csv", GOOD)
    path.write_text("\ufeff" + path.read_text("utf-8") + "\n,,,,,,,,,,\n", "utf-8")
    assert len(outcomes(path)) == 1


def test_the_example_of_the_manual_is_read(tmp_path):
    manual = (Path(__file__).parents[1] / "docs" / "scoring.md").read_text("utf-8")
    path = tmp_path / "mine.csv"
    path.write_text(manual.partition("```csv\n")[2].partition("```")[0], "utf-8")
    names = [outcome.counted.name for outcome in outcomes(path)]
    assert names == ["seizures_published", "delivered_h100e", "price_over_list:H", "delivered_via:MY"]


@pytest.mark.parametrize(
    ("quantity", "narrowed", "name"),
    [
        ("delivered", {"chip": "B200"}, "delivered:B"),
        ("chips", {"chip": "h"}, "delivered:H"),
        ("price_over_list", {"chip": "A100"}, "price_over_list:A"),
        ("delivered", {"route": "my"}, "delivered_via:MY"),
        ("route_share", {"route": "SG"}, "route_share:SG"),
        ("mirror_gap", {"route": "MY"}, "mirror_gap:MY"),
        ("compute", {"channel": "offshore"}, "offshore_h100e"),
        ("price_over_list:B", {}, "price_over_list:B"),
        ("seizures_published", {}, "seizures_published"),
    ],
)
def test_a_quantity_is_narrowed_by_class_route_or_channel(quantity, narrowed, name):
    asked = {"chip": "", "route": "", "channel": ""} | narrowed
    assert counted(quantity, **asked, place="here").name == name


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"quantity": "seizurs"},
            "line 2: quantity = seizurs, but there is no such quantity; did you mean 'seizures'?",
        ),
        ({"quantity": ""}, "there is no such quantity"),
        ({"quantity": "price_over_list"}, "it is counted by class alone; name one of A, B, H"),
        ({"quantity": "route_share"}, "it is counted by route alone"),
        ({"class": "H100"}, "line 2: class = H100, but the model does not count seizures by class"),
        ({"quantity": "chips", "class": "X9"}, "chips has no such class"),
        ({"quantity": "chips", "route": "XX"}, "chips has no such route"),
        ({"quantity": "chips", "channel": "rented"}, "the model does not count chips by channel"),
        ({"quantity": "compute", "channel": "stolen"}, "compute has no such channel"),
        ({"quantity": "chips", "class": "H", "route": "MY"}, "narrowed by class and route"),
        ({"first_day": "2024"}, "line 2: first_day = 2024, but it is no date; write it as 2025-01-31"),
        ({"last_day": ""}, "it is no date"),
        ({"last_day": "2023-12-31"}, "the first day is 2024-01-01; exchange them"),
        ({"unit": "H100e"}, "line 2: unit = H100e, but seized is counted in chips; write chips"),
        ({"unit": ""}, "write chips"),
        ({"value": ""}, "it has no number"),
        ({"value": "many"}, "line 2: value = many, but it is no number from 0 on"),
        ({"value": "-1"}, "it is no number from 0 on"),
        ({"value": "nan"}, "it is no number from 0 on"),
        ({"value": "1_000"}, "it is no number from 0 on"),
        ({"value": "1e300"}, "it is no number from 0 on"),
        ({"low": "1"}, "high is empty; give both ends, or neither"),
        ({"high": "9"}, "low is empty"),
        ({"low": "9", "high": "9"}, "give a lower low, or value alone"),
        ({"low": "1", "high": "9"}, "value = 2500, but low to high is 1 to 9"),
        ({"source": ""}, "say who published it"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_its_line_and_column(tmp_path, changed, told):
    with pytest.raises(InputError) as error:
        read(tmp_path, **changed)
    assert told in str(error.value)
    assert str(error.value).startswith("mine.csv, line 2")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "column is missing"),
        (b"quantity;unit\n", "separated by semicolons"),
        (b"quantity,chanel\n", "did you mean 'channel'"),
        (b"quantity,quantity,first_day,last_day,unit,value,source\n", "the column stands twice"),
        (b"quantity,first_day,last_day,unit,source\n", "value, but the column is missing"),
        (b"quantity,first_day,last_day,unit,value,source\n", "it has no rows"),
        (b"quantity,first_day,last_day,unit,value,source\nseized,2024-01-01\n", "line 2: 2 cells"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b'quantity,first_day,last_day,unit,value,source\n"seized\n', "it is no CSV"),
    ],
)
def test_a_file_that_is_no_table_of_outcomes_is_told_in_one_line(tmp_path, content, told):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        outcomes(path)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("given", ["no/such/file.csv", ".", "", "\0", 3, [], ["x"], None])
def test_what_is_no_file_of_outcomes_is_refused(given):
    with pytest.raises(InputError):
        outcomes(given)


def test_the_same_number_twice_is_refused_and_two_sources_are_two_outcomes(tmp_path):
    with pytest.raises(InputError, match="line 2 says the same quantity, period and source"):
        outcomes(write(tmp_path / "mine.csv", GOOD, GOOD))
    assert len(outcomes(write(tmp_path / "mine.csv", GOOD, GOOD | {"source": "others"}))) == 2


@pytest.mark.parametrize(
    ("first", "last", "weeks"),
    [
        ("2023-01-01", "2023-12-31", (0, 52)),
        ("2025-01-01", "2025-12-31", (104, 156)),  # its Thursdays: 2 January to 25 December
        ("2025-05-01", "2025-07-31", (121, 135)),  # part of a year: 1 May and 31 July are Thursdays
        ("2025-05-02", "2025-07-30", (122, 134)),
        ("2025-05-05", "2025-05-11", (122, 123)),
    ],
)
def test_a_period_is_the_weeks_whose_middle_lies_in_it(tmp_path, first, last, weeks):
    assert read(tmp_path, first_day=first, last_day=last).weeks(Scenario.load("baseline-2024")) == weeks


def test_consecutive_periods_share_no_week_and_lose_none(tmp_path):
    scenario = Scenario.load("baseline-2024")
    months = [(date(2025, month, 1), date(2025 + month // 12, month % 12 + 1, 1)) for month in range(1, 13)]
    found = [
        read(tmp_path, first_day=str(first), last_day=str(date.fromordinal(after.toordinal() - 1))).weeks(scenario)
        for first, after in months
    ]
    assert [end for _, end in found[:-1]] == [first for first, _ in found[1:]]
    assert (found[0][0], found[-1][1]) == (104, 156)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2019-01-01", "2019-12-31", "runs from 2023-01-02 to"),
        ("2024-01-01", "2031-12-31", "runs from 2023-01-02 to"),
        ("2024-01-02", "2024-01-03", "it holds no middle of a week"),
    ],
)
def test_a_period_that_the_scenario_does_not_cover_is_refused(tmp_path, first, last, told):
    with pytest.raises(InputError, match=told):
        read(tmp_path, first_day=first, last_day=last).weeks(Scenario.load("baseline-2024"))


def test_published_quantities_are_those_of_the_public_record():
    lines = {line.public for line in observation.LINES}
    assert lines == {*PUBLISHED, *(name for name in quantities() if name.startswith(f"{GAP}:"))}


@pytest.mark.parametrize("path", [*SHIPPED.values(), LAST])
def test_shipped_numbers_are_those_of_the_evidence_they_cite(path):
    for outcome in outcomes(path):
        cited = [row for ref in outcome.source.split("(")[0].split() for row in evidence.resolve(ref)]
        numbers = {
            number * (1e6 if row.unit == "M H100e" else 1.0)
            for row in cited
            for number in (row.low, row.central, row.high)
            if number is not None
        }
        said = {number for number in (outcome.value, outcome.low, outcome.high) if number is not None}
        assert said - numbers <= {300_000.0}  # Q001 says "several hundred thousand"


def test_no_outcome_of_2026_is_shipped():
    for path in (*SHIPPED.values(), LAST):
        assert max(outcome.last_day for outcome in outcomes(path)) < date(2026, 1, 1)


# --- naive rivals ---------------------------------------------------------------------------------------------


def test_supply_of_a_year_is_that_of_its_quarters_and_months_add_up():
    sold = [row for row in supply_by_quarter() if row.year == 2025 and row.sku in ("H100/H200", "B200", "B300")]
    year = world_supply(date(2025, 1, 1), date(2025, 12, 31))
    assert year.chips == pytest.approx(sum(row.units_p50 for row in sold))
    parts = [world_supply(date(2025, 1, 1), date(2025, 5, 17)), world_supply(date(2025, 5, 18), date(2025, 12, 31))]
    assert sum(part.h100e for part in parts) == pytest.approx(year.h100e)


def said(outcome):
    return rivals(outcome.counted, outcome.first_day, outcome.last_day)


def test_vendors_times_volume_grows_with_the_world_and_knows_volume_alone(tmp_path):
    then, now = (world_supply(date(year, 1, 1), date(year, 12, 31)) for year in (2024, 2025))
    chips = read(tmp_path, quantity="chips", first_day="2025-01-01", last_day="2025-12-31")
    assert np.median(said(chips)[VENDORS]) == pytest.approx(np.median(vendors_times_volume()) * now.chips / then.chips)
    assert said(read(tmp_path))[VENDORS] is None


def test_growth_of_supply_starts_from_what_was_last_published(tmp_path):
    then, now = (world_supply(date(year, 1, 1), date(year, 12, 31)) for year in (2024, 2025))
    (shipped,) = (each for each in outcomes("2025") if each.counted.name == "delivered_h100e")
    growth = now.h100e / then.h100e
    assert interval(said(shipped)[SUPPLY])[::2] == pytest.approx((64_000 * growth, 420_000 * growth), rel=0.01)
    assert last_published(read(tmp_path).counted, date(2025, 1, 1)) is None


def test_a_price_stays_and_a_count_of_nothing_is_no_certainty(tmp_path):
    days = {"first_day": "2025-01-01", "last_day": "2025-12-31"}
    price = read(tmp_path, quantity="price_over_list", **{"class": "H"}, unit="x list", value="1.4", **days)
    assert interval(said(price)[SUPPLY])[::2] == pytest.approx((1.25, 1.5), rel=1e-3)
    cases = said(read(tmp_path, quantity="prosecutions_us", unit="cases", value="3", **days))[SUPPLY]
    assert 0.0 < cases.mean() < 3.0
    shares = (np.arange(cases.size) + 0.5) / cases.size
    growth = (
        world_supply(date(2025, 1, 1), date(2025, 12, 31)).h100e
        / world_supply(date(2024, 1, 1), date(2024, 12, 31)).h100e
    )
    np.testing.assert_array_equal(cases, stats.nbinom.ppf(shares, 0.5, 1.0 / (1.0 + growth)))


def test_no_rival_looks_at_the_outcome_or_later(tmp_path):
    for outcome in outcomes("2025"):
        last = last_published(outcome.counted, outcome.first_day)
        assert last is not None
        assert last.last_day < outcome.first_day
