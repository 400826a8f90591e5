"""The Decide page: a move gives a portfolio at once, nothing runs, odd messages change nothing."""

import pytest
from supplysim.viz.asked import BUDGETS, Asked, read
from supplysim.viz.decide_page import DecidePage
from supplysim.viz.visit import Visit

from supplysim.decision.portfolio import Portfolio


class NoPool:
    """A pool that must not be asked on this page."""

    def ask(self, job):
        """Keep nothing: Explore asks when a portfolio is opened there."""

    def withdraw(self, owner):
        """Forget nothing."""


@pytest.fixture
def visit():
    """A visit of the world of 2027."""
    one = Visit("s=baseline-2027", pool=NoPool())
    yield one
    one.close()


def test_a_budget_has_its_portfolio_and_what_it_spends(visit):
    visit.show("decide")
    view = visit.view("decide")["decide"]
    best = view["found"][0]
    assert best["parts"]
    assert view["command"].startswith("supplysim decide baseline-2027 --budget 30")
    assert "Rank correlation" in view["accuracy"]
    assert sum(part["share"] for part in best["parts"]) <= 1.0 + 1e-9


def test_more_money_changes_more(visit):
    page: DecidePage = visit.decide
    changes = []
    for place in (0, len(BUDGETS) - 1):
        visit.act({"do": "decide", "what": "budget", "place": place})
        best: Portfolio = page.found()[0]
        assert best.cost <= page.asked.dollars
        changes.append(best.changes["chips"])
    assert changes[1] < changes[0] < 0.0


def test_another_objective_and_fewer_authorities_choose_otherwise(visit):
    first = visit.decide.found()[0].name
    visit.act({"do": "decide", "what": "objective", "name": "frontier"})
    assert visit.decide.found()[0].name != first
    visit.act({"do": "decide", "what": "power", "name": "foreign state"})
    assert "close_country" not in visit.decide.found()[0].name
    assert '--objective frontier --authorities "rule,appropriation,statute,vendor"' in visit.decide.asked.command("baseline-2027")


def test_a_portfolio_opens_on_explore(visit):
    name = visit.decide.found()[0].name
    visit.act({"do": "decide", "what": "open", "place": 0})
    assert {policy.lever for policy in visit.state.package()} == {
        term.partition("=")[0].partition(":")[0] for term in name.split("+")
    }


@pytest.mark.parametrize(
    "message",
    [
        {"what": "budget", "place": 99},
        {"what": "budget", "place": "x"},
        {"what": "payer", "name": "me"},
        {"what": "objective"},
        {"what": "open", "place": -1},
        {"what": 7},
    ],
)
def test_an_odd_message_changes_nothing(visit, message):
    before = visit.decide.asked.command("baseline-2027")
    visit.act({"do": "decide", **message})
    assert visit.decide.asked.command("baseline-2027") == before


def test_a_world_without_an_estimate_says_so():
    one = Visit("s=minimal", pool=NoPool())
    assert one.view("decide")["decide"]["why"]
    one.close()
