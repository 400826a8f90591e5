"""What the quick estimate alone says of a choice: breaks, assumptions, states, ties."""

import pytest

from supplysim.decision import at_once
from supplysim.decision.portfolio import Searched
from supplysim.decision.problem import problem
from supplysim.decision.spending import spending
from supplysim.emulator.predict import emulator

WORLD, BUDGET = "baseline-2027", 30e6


@pytest.fixture(scope="module")
def found():
    known = emulator(WORLD)
    if known is None:
        pytest.skip("no quick estimate answers for these rules")
    searched = Searched(problem([30]), known, spending(WORLD))
    return searched, searched.best(BUDGET, 3)


def test_at_its_break_a_lever_leaves_the_choice_open(found):
    searched, (best, *_) = found
    for one in at_once.breaks(searched, best, BUDGET, "chips"):
        assert one.lever not in dict(one.instead.package)
        assert one.instead.cost <= BUDGET
        fewer = searched.made_of({name: strength for name, strength in best.package if name != one.lever})
        assert one.brings == pytest.approx(fewer.changes["chips"] - best.changes["chips"])
        if 0.0 < one.share < 1.0:
            at_break = fewer.changes["chips"] - one.share * one.brings
            assert at_break == pytest.approx(one.instead.changes["chips"])


def test_an_assumption_flips_only_where_its_lever_falls_below_its_break(found):
    searched, (best, *_) = found
    needed = {one.lever: one.share for one in at_once.breaks(searched, best, BUDGET, "chips")}
    made, unknowns = at_once.unknowns(at_once.breaks(searched, best, BUDGET, "chips"))
    assert "edition" in made
    assert len({one.parameter for one in unknowns}) == len(unknowns)
    assert [one.flips for one in unknowns] == sorted((one.flips for one in unknowns), reverse=True)
    for one in unknowns:
        left = max(one.at_low, one.at_high) / ((one.at_low + one.at_high) / 2.0)
        assert not one.flips or left < needed[one.lever]
        assert one.sentence()[0].isalpha()


def test_states_average_to_what_is_told_of_all_worlds(found):
    _, portfolios = found
    stands = at_once.by_state(portfolios, WORLD, {}, "chips")
    assert {one.state for one in stands} == {"beijing", "affiliates"}
    for state in ("beijing", "affiliates"):
        own = [one for one in stands if one.state == state]
        assert sum(one.probability for one in own) == pytest.approx(1.0)
        assert min(one.changes[0] for one in own) < portfolios[0].changes["chips"] < max(one.changes[0] for one in own)
        assert all(one.regret >= 0.0 for one in own)
    assert {one.state for one in at_once.by_state(portfolios, WORLD, {"beijing": "open"}, "chips")} == {"affiliates"}


def test_a_tie_is_what_the_estimate_cannot_tell_apart(found):
    searched, portfolios = found
    assert "a tie" in at_once.tie(portfolios, searched.known, "chips")
    nothing = searched.made_of({})
    assert "more than" in at_once.tie([portfolios[0], searched.made_of({"border": 0.25})], searched.known, "chips")
    assert at_once.tie([portfolios[0], nothing], searched.known, "chips") == ""
