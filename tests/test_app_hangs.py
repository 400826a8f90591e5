"""What Explore says a lever hangs on: of each lever alone, not before there are worlds enough, never of old levers."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

from supplysim.viz.figures import hangs
from supplysim.viz.visit import Visit

from supplysim.api import compare
from supplysim.experiment.assumptions import FEWEST, assumptions
from supplysim.policies import Border, DueDiligence
from tests.stand_in import Kept


@pytest.fixture(scope="module")
def study():
    return compare("minimal", [Border(), DueDiligence()], 2 * FEWEST, store=False)


@pytest.fixture
def visit():
    one = Visit("s=minimal&p=border%2Bdue_diligence", pool=Kept())
    yield one
    one.close()


def finish(visit):
    """Have the exact runs of the package end."""
    job = visit.job
    visit.known, job.told = visit.known, job.target
    job.summary = lambda pairs, arm: visit.known
    visit._deliver(job, job.target)


def test_each_lever_shows_up_to_three_assumptions_with_the_effect_at_both_ends(study):
    card = hangs.card(study)
    assert [lever["lever"] for lever in card["levers"]] == [*study.arms]
    for lever, arm in zip(card["levers"], study.arms, strict=True):
        found = assumptions(study, arm, "delivered")
        assert 1 <= len(lever["rows"]) <= 3
        assert [row["low"] for row in lever["rows"]] == [round(one.at_low, 4) for one in found]
        assert all(card["from"] <= row[end] <= card["to"] for row in lever["rows"] for end in ("low", "high"))
    assert card["order"]  # which assumption turns the order, or that it is a tie
    assert "_" not in card["order"]


def test_one_lever_has_no_order(study):
    assert hangs.card(study.only(["border"]))["order"] == ""


def test_before_there_are_worlds_enough_the_card_says_how_many_it_takes(visit):
    assert "48 exact pairs" in visit.explore()["hangs"]["why"]
    assert hangs.words(FEWEST, "prior", 2) == ""
    assert "central" in hangs.words(64, "central", 2)
    assert "up to 8" in hangs.words(64, "prior", 9)


def test_without_levers_there_is_no_card(visit):
    visit.act({"do": "reset"})
    assert visit.explore()["hangs"] is None


def test_levers_are_run_one_by_one_once_the_package_is_done_and_forgotten_when_it_moves(visit):
    assert [owner[1] for owner in visit.pool.jobs] == ["explore"]
    finish(visit)
    alone = visit.pool.jobs[visit.number, "alone"]
    assert [[policy.lever for policy in arm] for arm in alone.packages] == [["due_diligence"], ["border"]]
    visit.act({"do": "levers", "levers": {"border": 0.4}})
    assert (visit.number, "alone") not in visit.pool.jobs
    visit._hear_alone(alone, 64)  # comes too late
    assert visit.hanging is None
