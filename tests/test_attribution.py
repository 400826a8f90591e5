"""Shapley values on a stand-in for the model whose levers have known effects, alone and together."""

import json
from dataclasses import dataclass
from datetime import date
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplysim.api import attribute, compare
from supplysim.cli.compare import compare_command
from supplysim.errors import InputError
from supplysim.experiment import Interrupted
from supplysim.experiment.attribution import Attribution
from supplysim.experiment.compare import answer
from supplysim.experiment.objectives import OBJECTIVES
from supplysim.experiment.shapley import game, plan, studies, with_coalitions
from supplysim.policies.base import Policy
from supplysim.run import pair_seed
from supplysim.setup.scenario import Scenario

WEEKS = 104
YEAR = 52  # weeks of the window: policies start in the second year of `minimal`
LEVERS = ("border", "penalties", "cooperation", "intelligence", "marketplace", "notification", "whistleblower")
CUTS = dict(zip(LEVERS, (40, 20, 0, 8, 6, 4, 2), strict=True))  # chips a week
OVERLAP = {("border", "penalties"): 12}  # chips a week that both keep away: the second adds less
SYNERGY = {("border", "penalties", "intelligence"): 6}  # chips a week that only all three keep away


@dataclass(frozen=True, kw_only=True)
class Twice(Policy):
    """Keeps ten chips a week away from its start."""

    lever = "twice"


def fall(active):
    """Return the chips a week that a set of levers keeps away."""
    groups = {(name,): cut for name, cut in CUTS.items()} | {group: -loss for group, loss in OVERLAP.items()} | SYNERGY
    return sum(size for group, size in groups.items() if active.issuperset(group))


GROWTH = {pair_seed(seed, pair): 1 + pair for seed in (1, 7) for pair in range(64)}


def world(seed, cut):
    """Return the tables of a world in which `cut`, shape (weeks,), chips stay away; effects grow with the pair."""
    rng = np.random.default_rng(seed)
    delivered = rng.integers(4_000, 6_000, WEEKS) - GROWTH[seed] * cut
    weekly = pd.DataFrame({"ordered": delivered, "delivered": delivered}).rename_axis("week")
    weekly = weekly.assign(
        **dict.fromkeys(("seized", "cancelled", "disabled", "open", "in_transit"), 0),
        delivered_h100e=1.0 * delivered,
        in_use_h100e=np.cumsum(delivered),
        **dict.fromkeys(("rented_h100e", "licensed_h100e", "offshore_h100e", "domestic_h100e"), 0.0),
        **dict.fromkeys(("government_cost", "industry_cost"), 0.0),
        **{"delivered_via:SG": delivered},
    )
    years = weekly.groupby(2023 + weekly.index // 52)
    yearly = years[["delivered", "government_cost", "industry_cost"]].sum().astype(float)
    return weekly, yearly.assign(exposed_share=np.nan)


def simulate(scenario, policies, seed, parameters):
    cut = np.zeros(WEEKS, dtype=int)
    cut[WEEKS - YEAR :] = fall({policy.lever for policy in policies})
    for policy in policies:
        if policy.lever == "twice":
            cut[scenario.week_of(policy.start) :] += 10
    return world(seed, cut)


def interrupted_in_third_pair(scenario, policies, seed, parameters):
    if seed == pair_seed(1, 2):
        raise KeyboardInterrupt
    return simulate(scenario, policies, seed, parameters)


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("minimal")


@pytest.fixture(scope="module")
def four(scenario):
    package = "+".join(LEVERS[:4])
    return attribute(scenario, package, pairs=5, seed=1, parameters="central", workers=1, simulate=simulate)


@pytest.fixture(scope="module")
def seven(scenario):
    package = "+".join(LEVERS)
    return attribute(scenario, package, pairs=3, seed=1, parameters="central", workers=1, orders=32, simulate=simulate)


PER_PAIR = -YEAR * np.arange(1, 6)  # window change in pair r for each chip a week that stays away


def test_values_are_the_closed_form_in_every_pair(four):
    # Overlap is shared by two, synergy by three.
    expected = [40 - 12 / 2 + 6 / 3, 20 - 12 / 2 + 6 / 3, 0, 8 + 6 / 3]
    np.testing.assert_allclose(four.shapley(), np.outer(expected, PER_PAIR))


def test_inert_lever_brings_exactly_nothing(four):
    np.testing.assert_array_equal(four.shapley()[2], 0.0)


def test_interactions_are_the_closed_form(four):
    table = four.interactions().set_index(["first", "second"])
    scale = PER_PAIR.mean()
    # A synergy of three counts half in the index of two of them and not at all at first order.
    assert table.loc[("border", "penalties"), "index"] == pytest.approx((-12 + 6 / 2) * scale)
    assert table.loc[("border", "penalties"), "first_order"] == pytest.approx(-12 * scale)
    assert table.loc[("border", "intelligence"), "index"] == pytest.approx(6 / 2 * scale)
    assert table.loc[("border", "intelligence"), "first_order"] == 0.0
    assert (table.loc[[pair for pair in table.index if "cooperation" in pair], "index"] == 0.0).all()


def test_table_ends_with_the_package_and_says_what_policies_do_alone_and_last(four):
    table = four.table().set_index("member")
    assert list(table.index) == [*LEVERS[:4], "package"]
    members, package = table.iloc[:-1], table.iloc[-1]
    assert members["value"].sum() == pytest.approx(package["value"], rel=1e-12)
    assert package["value"] == four.comparison.effect(four.study.name).mean
    assert members["share"].sum() == pytest.approx(1.0)
    assert members.loc["border", "alone"] == 40 * PER_PAIR.mean()
    assert members.loc["penalties", "last"] == pytest.approx((20 - 12 + 6) * PER_PAIR.mean())
    assert (members["order_error"] == 0.0).all()
    assert package["verdict"] == "clear fall"
    assert (members["value_low"] <= members["value"]).all()


def test_share_of_an_unclear_effect_is_unknown(scenario):
    nothing = attribute(scenario, "border=0.5+cooperation", pairs=1, parameters="central", workers=1, simulate=simulate)
    assert nothing.table()["share"].isna().all()


@pytest.mark.parametrize("attribution", ["four", "seven"])
@pytest.mark.parametrize("year", [None, "2023", "2024"])
def test_values_add_up_to_the_package_in_every_pair(attribution, year, request):
    found = request.getfixturevalue(attribution)
    comparison, name = found.comparison, found.study.name
    year = year or comparison.window
    effect = comparison.values(name, "delivered", year) - comparison.values("baseline", "delivered", year)
    np.testing.assert_allclose(found.shapley(year=year).sum(axis=0), effect, rtol=1e-12, atol=1e-9)


def test_sampled_orders_and_their_reverses_share_what_two_have_in_common_exactly(seven):
    additive = {name: seven.shapley()[i] for i, name in enumerate(LEVERS)}
    for name in ("cooperation", "marketplace", "notification", "whistleblower"):
        np.testing.assert_allclose(additive[name], CUTS[name] * PER_PAIR[:3], atol=1e-9)
    errors = seven.table().set_index("member")["order_error"]
    assert errors["marketplace"] == pytest.approx(0.0, abs=1e-9)
    assert errors["intelligence"] > 0.0


def test_sampled_values_lie_within_their_order_error(seven):
    expected = dict(zip(LEVERS, (36, 16, 0, 10, 6, 4, 2), strict=True))
    table = seven.table().set_index("member")
    for name in ("border", "penalties", "intelligence"):
        truth = expected[name] * PER_PAIR[:3].mean()
        assert abs(table.loc[name, "value"] - truth) <= 3.0 * table.loc[name, "order_error"]


def test_sampled_interactions_are_of_first_order(seven):
    table = seven.interactions().set_index(["first", "second"])
    assert table["index"].isna().all()
    assert table.loc[("border", "penalties"), "first_order"] == pytest.approx(-12 * PER_PAIR[:3].mean())
    assert table.loc[("border", "penalties"), "verdict"] == "clear rise"


@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_exact_values_are_the_mean_over_all_orders(members, seed):
    values = np.random.default_rng(seed).normal(size=(2**members, 2))
    marginal = np.zeros((members, 2))
    orders = list(permutations(range(members)))
    for order in orders:
        coalition = 0
        for member in order:
            marginal[member] += values[coalition | 1 << member] - values[coalition]
            coalition |= 1 << member
    found = game(members, 16, seed=1).shapley(values)
    np.testing.assert_allclose(found, marginal / len(orders), atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=0), values[-1] - values[0], atol=1e-12)


@given(st.integers(7, 12), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_sampled_values_add_up_and_have_what_they_need(members, draws, seed):
    sampled = game(members, 2 * draws, seed)
    assert sampled == game(members, 2 * draws, seed)
    values = np.random.default_rng(seed).normal(size=(len(sampled.coalitions), 3))
    np.testing.assert_allclose(sampled.shapley(values).sum(axis=0), values[-1] - values[0], atol=1e-12)
    assert len(sampled.coalitions) < 2 * draws * members + members * (members + 1)
    for first, second in combinations(range(members), 2):
        assert np.isfinite(sampled.first_order(first, second, values)).all()
    assert np.isnan(sampled.order_error(values)).all() == (draws == 1)


def test_every_coalition_runs_once_a_pair(scenario):
    seen = []

    def counted(scenario, policies, seed, parameters):
        seen.append((seed, frozenset(policies)))
        return simulate(scenario, policies, seed, parameters)

    study = plan(scenario, "border+penalties+intelligence")
    attribute(scenario, study.policies, pairs=2, parameters="central", workers=1, simulate=counted)
    assert len(study.coalitions) == 8
    assert len(seen) == len(set(seen)) == 2 * 8


def test_same_lever_from_two_days_is_two_members(scenario):
    package = (Twice(start=date(2024, 1, 1)), Twice(start=date(2024, 7, 1)))
    found = attribute(scenario, package, pairs=1, seed=1, parameters="central", workers=1, simulate=simulate)
    assert found.study.members == ("twice@2024-01-01", "twice@2024-07-01")
    np.testing.assert_array_equal(found.shapley()[:, 0], [-10 * 52, -10 * 26])


def test_same_label_gets_a_number(scenario):
    by_country, by_agency = (type(policy)(**{scope: ("SG",)}) for policy, scope in _borders())
    assert plan(scenario, (by_country, by_agency)).members == ("border:SG (1)", "border:SG (2)")


def _borders():
    from supplysim.policies import Border

    return (Border(), "countries"), (Border(), "agencies")


def test_coalitions_that_were_asked_for_anyway_do_not_run_twice(scenario):
    asked = compare(
        scenario, ["border", "border+penalties"], pairs=1, parameters="central", workers=1, simulate=simulate
    ).arms
    arms = with_coalitions(asked, studies(asked, seed=1))
    assert [package.name for package in arms] == ["penalties", "border", "border+penalties"]


def test_added_coalition_never_takes_a_name_that_was_given(scenario):
    from supplysim.policies import Border, Package, Penalties

    arms = {"penalties": (Border(),), "both": (Border(), Penalties())}
    assert with_coalitions(arms, studies(arms, seed=1))[0] == Package("penalties'", (Penalties(),))


def test_measure_that_is_never_known_has_no_values(four):
    table = four.table("exposed_share")
    assert (table["pairs"] == 0).all()
    assert table["value"].isna().all()


@pytest.mark.parametrize(
    ("package", "orders", "message"),
    [("border", 16, "a single policy"), ("border+penalties", 3, "orders = 3"), ("border+penalties", 0, "orders = 0")],
)
def test_wrong_packages_are_refused_before_anything_runs(scenario, package, orders, message):
    with pytest.raises(InputError, match=message):
        attribute(scenario, package, pairs=1, orders=orders, simulate=interrupted_in_third_pair)


def test_files_have_every_measure_that_is_reported(four, tmp_path):
    assert [path.name for path in four.save(tmp_path)] == ["attribution.csv", "interactions.csv"]
    members, pairs = (pd.read_csv(tmp_path / name) for name in ("attribution.csv", "interactions.csv"))
    assert set(members["measure"]) == set(pairs["measure"]) == {"delivered"}
    assert (len(members), len(pairs)) == (5, 6)


def test_interrupt_saves_what_the_finished_pairs_say(scenario, tmp_path):
    with pytest.raises(Interrupted) as stop:
        attribute(
            scenario, "border+penalties", pairs=5, seed=1, workers=1, out=tmp_path, simulate=interrupted_in_third_pair
        )
    assert stop.value.comparison.pairs == 2
    assert pd.read_csv(tmp_path / "attribution.csv")["pairs"].eq(2).all()


def told(monkeypatch, capsys, engine=simulate, as_json=False, out=None, policies=("border", "border+penalties")):
    """Return the exit status and the output of the command, run on a stand-in."""
    monkeypatch.setattr(
        "supplysim.cli.compare.answer",
        lambda *given, **settings: answer(*given, **settings | {"simulate": engine, "store": False}),
    )
    settings = {"parameters": "central", "rule": None, "workers": 1, "out": out, "as_json": as_json, "attribute": True}
    status = compare_command("minimal", list(policies), pairs=4, seed=1, **settings)
    return status, capsys.readouterr()


def test_command_says_beforehand_how_many_runs_it_takes_and_tells_the_values(monkeypatch, capsys, tmp_path):
    status, output = told(monkeypatch, capsys, out=tmp_path)
    assert status == 0
    assert "4 runs in each of 4 pairs: 16 runs" in output.err
    for text in ("What brings the effect of border+penalties", "border and penalties", "−4.42k", "71 %"):
        assert text in output.out
    assert {"attribution.csv", "interactions.csv", "comparison.csv"} <= {path.name for path in tmp_path.iterdir()}
    assert set(pd.read_csv(tmp_path / "comparison.csv")["policy"]) == {"border", "border+penalties"}


def test_command_adds_the_attribution_to_its_json(monkeypatch, capsys):
    status, output = told(monkeypatch, capsys, as_json=True)
    document = json.loads(output.out, parse_constant=pytest.fail)
    assert (status, output.err) == (0, "")
    assert [policy["name"] for policy in document["policies"]] == ["border", "border+penalties"]
    (attribution,) = document["attribution"]
    assert attribution["package"] == "border+penalties"
    assert [row["member"] for row in attribution["members"]] == ["border", "penalties", "package"]
    assert len(attribution["interactions"]) == 1


def test_interrupted_command_tells_what_is_done(monkeypatch, capsys):
    status, output = told(monkeypatch, capsys, interrupted_in_third_pair)
    assert status == 130
    assert "2 pairs are finished and kept" in output.err
    assert "What brings" in output.out


def test_command_without_a_package_is_refused(monkeypatch, capsys, tmp_path):
    with pytest.raises(InputError, match="--attribute: no policy given is a package; join two or more"):
        told(monkeypatch, capsys, out=tmp_path / "new", policies=("border", "penalties"))
    assert not (tmp_path / "new").exists()


def test_model_divides_a_real_package(tmp_path):
    found = attribute("minimal", "border+due_diligence", pairs=2, workers=1, out=tmp_path)
    assert isinstance(found, Attribution)
    for measure in ("delivered", "disabled", "in_use_h100e"):
        package = found.comparison.effect(found.study.name, measure).mean
        assert found.shapley(measure).sum(axis=0).mean() == pytest.approx(package, rel=1e-12, abs=1e-9)
    written = pd.read_csv(tmp_path / "attribution.csv")
    aims = [aim.measure for aim in OBJECTIVES.values()]
    assert list(written["measure"].unique()) == [*aims, "delivered_h100e", "seized", "disabled", "in_use_h100e"]
