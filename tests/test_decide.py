"""Decide: what the search finds against trying everything, what is reported against what was searched, bad input."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
from typer.testing import CliRunner

from supplysim.cli import app
from supplysim.decision import answer
from supplysim.decision import decide as deciding
from supplysim.decision.choices import RULE
from supplysim.decision.decide import decide, search
from supplysim.decision.emulated import cells, typed
from supplysim.decision.portfolio import Searched
from supplysim.decision.problem import AUTHORITIES, MILLION, allowed, authorities_of, names_of, problem
from supplysim.decision.question import PROPOSALS, SEARCHED, question
from supplysim.decision.search import (
    GRID,
    MOST_LEVERS,
    Space,
    candidates,
    descend,
    frontier,
    least_burden,
    optima,
    undominated,
)
from supplysim.decision.spending import COLUMNS, Spending, paid, spending
from supplysim.emulator.predict import emulator
from supplysim.errors import InputError
from supplysim.experiment.effects import WINDOW
from supplysim.experiment.uncertainty import replicate_seed
from supplysim.report.decision import tables
from supplysim.setup.rules import DECISIONS
from supplysim.setup.scenario import Scenario

WORLD = "baseline-2027"


@pytest.fixture(scope="module")
def searched() -> Searched:
    """The search of the default question."""
    known = emulator(WORLD)
    assert known is not None
    return Searched(problem([10, 30, 100]), known, spending(WORLD))


# --- cells and search ----------------------------------------------------------------------------------------


def test_cells_add_up_to_what_the_quick_estimate_says():
    known = emulator(WORLD)
    assert known is not None
    found = {measure: cells(known, measure, known.levers, GRID) for measure in ("delivered", "frontier_h100e")}
    random = np.random.default_rng(5)
    for _ in range(6):
        places = random.integers(0, len(GRID), len(known.levers)) * (random.random(len(known.levers)) < 0.3)
        package = {lever: float(GRID[place]) for lever, place in zip(known.levers, places, strict=True)}
        said = known.predict(package)
        for measure, each in found.items():
            assert each.of(places[None])[0] == pytest.approx(said.effect(measure, WINDOW).relative.mean, abs=1e-9)


def some(space: Space, levers: list[int]) -> Space:
    """Return a space of fewer levers."""
    effect = type(space.effect)(
        space.effect.alone[levers], space.effect.together[np.ix_(levers, levers)], space.effect.bent
    )
    return Space(effect, space.cost[levers], space.burden[levers])


@pytest.mark.parametrize("budget", [3, 10, 30, 100, 300])
def test_the_search_finds_what_trying_everything_finds(searched: Searched, budget: float):
    """Six levers at five strengths are 15,625 packages."""
    whole = searched.space("chips")
    for levers in ([0, 2, 5, 6, 7, 19], [1, 3, 8, 9, 17, 20]):
        space = some(whole, levers)
        every = np.array(list(product(range(len(GRID)), repeat=len(levers))))
        can_be_paid = space.paid(every) <= budget * MILLION
        best = space.effect.of(every[can_be_paid]).min()
        assert space.effect.of(optima(space, budget * MILLION)[:1])[0] == pytest.approx(best, abs=5e-4 * len(levers))


def test_a_portfolio_keeps_to_budget_burden_and_size(searched: Searched):
    space = searched.space("chips")
    for budget in (1e6, 20e6, 1e9):
        found = candidates(space, budget, most=5e6, count=3)
        assert (space.paid(found) <= budget).all()
        assert (space.borne(found) <= 5e6 + 1.0).all()
        assert ((found > 0).sum(axis=1) <= MOST_LEVERS).all()
        sets = {tuple(one > 0) for one in found}
        assert len(sets) == len(found), "candidates differ in their levers"


def test_more_money_never_buys_less(searched: Searched):
    space = searched.space("frontier")
    effects = [space.effect.of(optima(space, budget * MILLION)[:1])[0] for budget in (1, 3, 10, 30, 100, 300)]
    assert all(later <= earlier + 1e-3 for earlier, later in zip(effects, effects[1:], strict=False))


def test_no_change_of_two_levers_improves_what_the_search_ends_at(searched: Searched):
    space = searched.space("chips")
    (end,) = (descend(space, np.zeros(space.levers, dtype=int), 30e6, np.inf),)
    again = descend(space, end, 30e6, np.inf)
    np.testing.assert_array_equal(end, again)


def test_the_least_burden_reaches_its_target(searched: Searched):
    space = searched.space("burden")
    found = least_burden(space, 50e6, 0.15)
    dearest = optima(space, 50e6)[0]
    assert space.effect.of(found[None])[0] <= -0.15
    assert space.borne(found[None])[0] <= space.borne(dearest[None])[0]


def test_none_of_the_frontier_is_beaten():
    values = np.array([[0, 0, 0], [-1, 5, 1], [-2, 5, 1], [-2, 6, 0], [-2, 5, 1], [1, 1, 1]], dtype=float)
    np.testing.assert_array_equal(undominated(values), [True, False, True, True, True, False])


def test_the_frontier_is_at_least_as_good_as_nsga_ii(searched: Searched):
    """Hypervolume of effect and cost (below 300 million a year), against pymoo's NSGA-II with 10,000 packages."""
    pymoo = pytest.importorskip("pymoo")
    assert pymoo
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.indicators.hv import HV
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.operators.sampling.rnd import IntegerRandomSampling
    from pymoo.optimize import minimize

    space = searched.space("chips")

    class Levers(Problem):
        def __init__(self) -> None:
            super().__init__(n_var=space.levers, n_obj=2, n_ieq_constr=1, xl=0, xu=len(GRID) - 1, vtype=int)

        def _evaluate(self, x, out, *args, **kwargs):
            out["F"] = np.column_stack([space.effect.of(x), space.paid(x) / 300e6])
            out["G"] = (x > 0).sum(axis=1) - MOST_LEVERS

    rounding = {"repair": RoundingRepair(), "vtype": float}
    algorithm = NSGA2(100, sampling=IntegerRandomSampling(), crossover=SBX(**rounding), mutation=PM(**rounding))
    theirs = minimize(Levers(), algorithm, ("n_gen", 100), seed=1).F
    ours = frontier(space, points=24, burdens=1)
    measure = HV(ref_point=np.array([0.0, 1.0]))
    own = np.column_stack([space.effect.of(ours), space.paid(ours) / 300e6])
    assert measure(own[own[:, 1] <= 1.0]) >= 0.98 * measure(theirs)


# --- money -----------------------------------------------------------------------------------------------------


def test_nothing_costs_nothing_and_any_strength_costs_what_is_due():
    costs = np.zeros((len(COLUMNS), 1, 3))
    costs[0, 0] = [4e6, 5e6, 10e6]
    known = Spending(("border",), np.array([0.0, 0.5, 1.0]), costs)
    curve = known.of(("us",))["border"]
    np.testing.assert_allclose(known.at("border", curve, np.array([0.0, 1e-9, 0.25, 1.0])), [0.0, 4e6, 4.5e6, 10e6])


def test_receipts_are_taken_off_only_where_they_are_the_payers():
    assert paid("us", True) == (("us",), "receipts")
    assert paid("foreign", True) == (("foreign",), "")
    assert paid("all", False) == (("us", "foreign", "industry"), "")


def test_curves_are_of_every_lever_that_is_searched():
    known = emulator(WORLD)
    assert known is not None
    for scenario in ("baseline-2024", WORLD):
        assert {typed(lever) for lever in known.levers} <= set(spending(scenario).levers)


def test_a_foreign_file_is_refused(tmp_path):
    file = tmp_path / "spending.csv"
    file.write_text("# made; edition first-00000000\nscenario,lever,strength\n")
    with pytest.raises(InputError, match="another edition"):
        spending(WORLD, file)


# --- the question ----------------------------------------------------------------------------------------------


def test_who_decides_is_known_of_every_lever():
    for lever in allowed(None):
        assert authorities_of(lever)
        assert authorities_of(lever) <= set(AUTHORITIES)
    assert "border" not in allowed(None, authorities=["rule", "appropriation", "statute"])
    assert "enforcement_budget" in allowed(None, authorities=["appropriation"])


def test_a_portfolio_is_named_as_it_is_typed():
    assert names_of([("border", 0.5), ("close_country", 1.0)]) == "border=0.5+close_country:SG"


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"budgets": []}, "budgets"),
        ({"budgets": ["ten"]}, "budgets"),
        ({"budgets": [-3]}, "budgets"),
        ({"budgets": [float("nan")]}, "budgets"),
        ({"budgets": "30"}, "budgets"),
        ({"budgets": list(range(1, 12))}, "budgets"),
        ({"budgets": [30], "payer": "me"}, "payer"),
        ({"budgets": [30], "objective": "chip"}, "objective"),
        ({"budgets": [30], "levers": ["bordr"]}, "levers"),
        ({"budgets": [30], "levers": ["border"], "without": ["border"]}, "levers"),
        ({"budgets": [30], "authorities": ["king"]}, "authorities"),
        ({"budgets": [30], "burden": -1}, "burden"),
        ({"budgets": [30], "target": 2}, "target"),
        ({"budgets": [30], "net": "yes"}, "net"),
        ({"budgets": [30], "worth": 0}, "worth"),
        ({"budgets": [30], "worth": "dear"}, "worth"),
    ],
)
def test_bad_input_is_one_message(wrong, place):
    with pytest.raises(InputError) as error:
        problem(**wrong)
    assert error.value.place == place


def test_worlds_of_the_search_are_never_those_of_the_report():
    with pytest.raises(InputError, match="the search was made in the worlds of this seed"):
        decide(quick=True, seed=SEARCHED)
    assert replicate_seed(2) not in (SEARCHED, 2)


def test_another_world_than_the_searched_one_is_said():
    changed = Scenario.load(WORLD).with_(parameters={"fte": 30})
    asked = question(changed, problem([30]))
    assert asked.searched == WORLD
    assert any("another world" in note for note in asked.notes)
    assert not question(WORLD, problem([30])).notes


# --- the answer ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exact(tmp_path_factory):
    """A small decision on exact runs."""
    store = tmp_path_factory.mktemp("store")
    return decide("minimal", [5, 30], levers=["border", "buyer_list", "targeting"], pairs=8, workers=1, store=store)


def test_what_is_reported_was_run_in_fresh_worlds(exact):
    assert exact.study.seed == 2
    assert exact.study.pairs == 8
    for budget in exact.budgets:
        assert not exact.best(budget).package or exact.best(budget).name in exact.study.arms
    assert {each.name for each in exact.question.proposals} <= set(exact.study.arms)


def test_the_same_question_has_the_same_answer(exact, tmp_path):
    again = decide("minimal", [5, 30], levers=["border", "buyer_list", "targeting"], pairs=8, workers=2, store=tmp_path)
    assert again.to_json() == exact.to_json()


def test_an_option_is_tied_with_itself_and_a_copy_of_the_numbers_by_hand(exact):
    name = exact.best(exact.budgets[-1]).name
    same = exact.against(name, name)
    assert same.verdict == "tie"
    assert same.difference.mean == 0.0
    assert same.better == 0.0
    study = exact.study
    base, left = (study.values(arm, "delivered", study.window) for arm in ("baseline", name))
    assert exact.against(name, "baseline").difference.mean == pytest.approx((left.mean() - base.mean()) / base.mean())
    assert exact.told(name).cost.mean == pytest.approx(study.cost_a_year(name, ("us_cost",)).mean())


def test_a_dominated_proposal_costs_more_and_does_less(exact):
    for proposal, better in exact.dominated().items():
        assert exact.cost(better).mean() <= exact.cost(proposal).mean()
        assert exact.study.effect(better).mean < exact.study.effect(proposal).mean


def test_files_are_whole_and_say_the_same(exact, tmp_path):
    written = {path.name for path in exact.save(tmp_path)}
    assert {"decision.json", "decision.csv", "decision.html", "comparison.csv"} <= written
    kept = json.loads((tmp_path / "decision.json").read_text())
    assert [row["budget"] for row in kept["budgets"]] == [5e6, 30e6]
    assert len(exact.table()) == sum(map(len, exact.portfolios.values())) + len(PROPOSALS)
    page = (tmp_path / "decision.html").read_text()
    assert "Not a forecast" in page
    assert "<script" not in page
    head, *_ = page.partition("<details>")
    assert head.index("against the next best") < head.index("levers, with what each spends")
    assert "What to find out first" not in head


def test_it_shows_in_a_line_and_in_notebooks(exact):
    assert repr(exact).startswith("<Decision (exact) $5M: ")
    assert "<table" in exact._repr_html_()


def test_later_is_told_by_the_quick_estimate():
    found = decide(WORLD, [30], quick=True)
    (at,) = found.budgets
    for each in found.portfolios[at]:  # exact runs may put any of them first
        assert [*found.later[each.name]] == [1, 2]
        assert each.changes["chips"] < found.later[each.name][1] < found.later[each.name][2] < 0.0


def test_a_lever_that_waits_alone_costs_less_than_all_that_wait(searched: Searched):
    (best,) = searched.best(30e6, 1)
    (later,), waiting = searched.later(best, [1]).values(), searched.waiting(best)
    assert [*waiting] == [lever for lever, _ in best.package]
    assert all(best.changes["chips"] - 1e-9 <= change < later for change in waiting.values())
    alone = searched.made(np.eye(len(searched.levers), dtype=int)[searched.levers.index("border")] * (len(GRID) - 1))
    assert searched.waiting(alone)["border"] == pytest.approx(searched.later(alone, [1])[1])


def test_quick_runs_nothing(monkeypatch):
    monkeypatch.setattr(deciding, "answer", lambda *_, **__: pytest.fail("something ran"))
    found = decide(WORLD, [10, 30], quick=True)
    assert found.study is None
    with pytest.raises(LookupError):
        _ = found.exact
    assert "estimate" in found.to_json()


def test_the_command_line_tells_the_same_as_python():
    shown = CliRunner().invoke(app, ["decide", WORLD, "--budget", "10,30", "--quick", "--json"])
    assert shown.exit_code == 0, shown.output
    said = json.loads(shown.stdout)
    own = search(question(WORLD, problem([10, 30]), PROPOSALS))
    assert said == json.loads(own.to_json())
    text = CliRunner().invoke(app, ["decide", WORLD, "--budget", "10", "--quick"], env={"COLUMNS": "100"})
    assert text.exit_code == 0
    assert "$10M" in text.stdout
    assert "Not a forecast" in text.stdout


def test_decision_rules_count_as_states_where_all_are_asked_for(tmp_path):
    found = decide("minimal", [30], levers=["border", "buyer_list"], pairs=3, workers=1, store=tmp_path, rules="all")
    assert set(found.choices.states[RULE]) == set(DECISIONS)
    assert found.choices.worlds == 3 * len(DECISIONS)
    assert found.study.pairs == 3


# --- the same again -------------------------------------------------------------------------------------------

QUICKLY = ["decide", WORLD, "--budget", "10,30", "--quick"]


def lines(*more: str) -> list[str]:
    """Return what the command prints, without the time that it took."""
    shown = CliRunner().invoke(app, [*QUICKLY, *more], env={"COLUMNS": "100"})
    assert shown.exit_code == 0, shown.output
    return [line for line in shown.stdout.splitlines() if not line.startswith(("Quick estimate after", "No files:"))]


@pytest.fixture
def searches(tmp_path, monkeypatch):
    """Questions that were searched; answers are kept in a folder of the test's own."""
    made = []
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path))
    monkeypatch.setattr(deciding, "search", lambda asked: made.append(asked) or search(asked))
    return made


def test_the_same_question_again_is_read_and_told_the_same(searches):
    first = lines()
    assert [line for line in lines() if line] == [line for line in first if line]
    assert len(searches) == 1
    assert json.loads("\n".join(lines("--json")))["status"] == "estimate"
    assert len(searches) == 1


def test_another_question_is_not_answered_by_what_is_kept(searches):
    others = (["--net"], ["--seed", "3"], ["-p", "border"], ["--set", "fte=30"], ["--burden", "9"])
    for asked, other in enumerate([[], *others], start=1):
        lines(*other)
        assert len(searches) == asked


def test_an_answer_that_is_damaged_or_of_another_program_is_made_again(searches, tmp_path, monkeypatch):
    first = lines()
    (file,) = tmp_path.rglob("decision-*.json")
    file.write_text(file.read_text().replace("30", "31", 1))
    assert lines() == first
    assert len(searches) == 2
    monkeypatch.setattr(answer, "program_hash", lambda: "another program")
    assert lines() == first
    assert len(searches) == 3


def test_files_are_made_anew_from_what_is_kept(searches, tmp_path):
    lines()
    lines("--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / "decision.json").is_file()
    assert len(searches) == 2


# --- beliefs and the brief -------------------------------------------------------------------------------------

BELIEF = {"investigators": {"value": 40, "source": "a staffing plan", "why": "agencies have hired"}}


@pytest.fixture(scope="module")
def believing(tmp_path_factory):
    """A decision under a belief, beside the shipped assumptions."""
    store = tmp_path_factory.mktemp("store")
    levers = ["border", "buyer_list", "enforcement_budget"]
    return decide("minimal", [30], levers=levers, pairs=4, workers=1, store=store, beliefs=BELIEF, beside="default")


def test_a_belief_moves_the_runs_and_is_told(believing):
    own, shipped = believing.study, believing.beside.study
    assert own.scenario.parameters["investigators"] == 40.0
    assert "investigators" not in own.draws[0]  # what is fixed is not drawn
    assert len({draw["investigators"] for draw in shipped.draws}) > 1
    assert any("another world" in note for note in believing.question.notes)
    kept = believing.document()
    assert kept["beliefs"]
    assert kept["beside"]["pairs"] == 4


def test_which_assumption_does_it_is_told_by_each_alone(believing, tmp_path_factory):
    """Of one assumption, all of the change is its own; of two, each and what they do together add up to it."""
    (budget,) = believing.budgets
    shipped, whole, alone = believing.apart.moved(budget)
    assert (shipped.world, whole.world, alone.world) == ("default", "own assumptions", "investigators")
    name = believing.best(budget).name
    own, usual = believing.study, believing.beside.study
    assert whole.change == alone.change
    assert whole.relative == pytest.approx(own.effect(name).relative)
    assert whole.relative - whole.change == pytest.approx(usual.effect(name).relative)
    two = BELIEF | {"border.growth": {"value": 0.5, "source": "a plan", "why": "smaller"}}
    store = tmp_path_factory.mktemp("store")
    found = decide("minimal", [30], levers=["border"], pairs=4, workers=1, store=store, beliefs=two, beside="default")
    _, whole, first, second, together = found.apart.moved(budget)
    assert first.change + second.change + together.change == pytest.approx(whole.change)
    assert {one["world"] for one in found.document()["apart"]} >= {"investigators", "border.growth"}
    rows = tables.assumed(found).rows
    assert [row[0] for row in rows][:2] == ["$30M, as shipped", "$30M, all your own"]
    assert rows[0][-1] == "package A"


def test_the_brief_of_a_decision_is_about_its_portfolio(believing, tmp_path):
    written = {path.name for path in believing.save(tmp_path)}
    assert {"brief.html", "brief.docx", "decision.html"} <= written
    brief = (tmp_path / "brief.html").read_text("utf-8")
    assert "With $30 million a year, the best portfolio found (package A): in 9 of 10 worlds chips delivered" in brief
    assert "Fiscal year" in brief
    assert "shipped" in (tmp_path / "decision.html").read_text("utf-8")


def test_beside_needs_beliefs():
    with pytest.raises(InputError, match="no assumptions of its own"):
        decide("minimal", [30], beside="default")
