"""A fund that fills from fines of tipped cases, and tips first by statute: limits with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from supplysim.engine import Engine
from supplysim.policies import TipPriority, Whistleblower
from supplysim.setup.scenario import Scenario

SMALL = {"distributors": 60, "end_users": 300, "intermediaries": 160, "buyers": 80, "market_scale": 0.3}
TALKATIVE = {"insider_share": 0.9, "tip_exposure": 2.0, "solvent": 1.0, "collectability": 1.0}
START = 5


def run(policies, seed: int = 4, weeks: int = 208, **parameters: float) -> Engine:
    scenario = Scenario.load("baseline-2024").with_(population=SMALL, parameters=TALKATIVE | parameters)
    engine = Engine(scenario, policies, seed=seed, check=True)  # whole dollars are balanced after every week
    engine.run(weeks)
    return engine


def fund(start: float = START) -> Whistleblower:
    return Whistleblower(fund=1.0, fund_start=start, award_share=0.3)


@pytest.fixture(scope="module")
def filled() -> Engine:
    return run([fund()], investigators=80)


def test_the_fund_takes_fines_and_pays_staff_and_awards_out_of_what_it_holds(filled):
    tally = filled.world.tally
    put = tally["fund_start"].sum() + tally["fund_fines"].sum()
    paid = tally["fund_staff"].sum() + tally["fund_awards"].sum()
    assert tally["fund_start"].sum() == START * 10**6
    assert tally["fund_fines"].sum() > 0
    assert tally["fund_awards"].sum() > 0
    assert put - paid == filled.world.office.agencies["fund"][0] == tally["fund_held"][-1]
    assert (tally["fund_held"] >= 0).all()


def test_no_fine_no_award(filled):
    first = int(np.argmax(filled.world.tally["fund_fines"] > 0))
    assert not filled.world.tally["fund_awards"][:first].any()


def test_an_empty_fund_pays_nobody_and_brings_no_tip_more_than_without_a_programme():
    empty, without = run([fund(0.0)], investigators=0), run([], investigators=0)
    for name in ("fund_start", "fund_fines", "fund_staff", "fund_awards", "fund_held"):
        assert not empty.world.tally[name].any()
    assert empty.world.counts["leads"][0] == without.world.counts["leads"][0]


def test_a_programme_that_is_paid_otherwise_has_no_fund():
    usual = run([Whistleblower()], weeks=160, investigators=80)
    assert not usual.world.office.agencies["fund"].any()
    assert not usual.world.tally["fund_fines"].any()


def tipped(engine: Engine) -> float:
    """Return the share of the bureau's cases since policies began that a tip began."""
    cases = engine.world.office.cases[: engine.world.counts["cases"][0]]
    mine = cases[(cases["agency"] == 0) & (cases["opened"] >= 104)]
    return float(mine["tip"].mean()) if mine.size else 0.0


def test_tips_first_gives_tips_the_desk_and_takes_it_from_others():
    """Staff is scarce, so that dossiers queue: 6 seeds, the share of cases that a tip began."""
    seeds = range(6)
    usual = [tipped(run([Whistleblower()], seed, investigators=8, tip_exposure=0.3)) for seed in seeds]
    first = [tipped(run([Whistleblower(), TipPriority()], seed, investigators=8, tip_exposure=0.3)) for seed in seeds]
    assert np.mean(first) > np.mean(usual) + 0.05


def test_tips_first_at_no_strength_changes_nothing():
    with_it, without = (run(policies, weeks=130) for policies in ([TipPriority(intensity=0.0)], []))
    for name in ("delivered", "prosecutions", "queue"):
        np.testing.assert_array_equal(with_it.world.tally[name], without.world.tally[name])
