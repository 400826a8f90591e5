"""The Decide page: a move gives a portfolio at once, nothing runs, odd messages change nothing."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from supplysim.viz import exact_choice
from supplysim.viz.asked import BUDGETS, Asked, read
from supplysim.viz.backend import Backend
from supplysim.viz.decide_page import DecidePage
from supplysim.viz.visit import Visit

from supplysim.decision.decide import decide as decided
from supplysim.decision.portfolio import Portfolio
from supplysim.decision.question import question
from supplysim.errors import InputError
from supplysim.experiment.store import Store


class NoPool:
    """A pool that must not be asked on this page."""

    def ask(self, job):
        """Keep nothing: Explore asks when a portfolio is opened there."""

    def withdraw(self, owner):
        """Forget nothing."""


class Thread(ThreadPoolExecutor):
    """A pool of one thread: runs are made in this process."""

    def ask(self, rank, call, *given):
        """Run something."""
        return self.submit(call, *given)


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
    assert '--objective frontier --authorities "rule,appropriation,statute,vendor"' in visit.decide.asked.command(
        "baseline-2027"
    )


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


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(budget=100, objective="frontier"),
        Asked(5, "all", "smuggled", frozenset({"rule", "foreign state"})),
    ],
)
def test_a_question_is_a_link_and_back(asked):
    assert read(asked.link().removeprefix("d=")) == asked
    one = Visit(f"s=baseline-2027&{asked.link()}", pool=NoPool())
    one.show("decide")
    assert one.decide.asked == asked
    assert one.view("decide")["more"] == asked.link()
    one.close()


@pytest.mark.parametrize("text", ["31", "30~me", "30~us~chip", "30~us~chips~king", "30~us~chips~rule~x", "%00"])
def test_a_link_that_cannot_be_read_is_one_line(text):
    with pytest.raises(InputError):
        read(text)
    one = Visit(f"s=baseline-2027&d={text}", pool=NoPool())
    one.show("decide")
    assert one.decide.asked == Asked()
    assert len(one.problems) == 1
    one.close()


def test_the_page_says_what_flips_the_choice_and_what_to_find_out(visit):
    visit.show("decide")
    answer = visit.decide.estimate()
    assert answer.winners
    assert answer.by_state
    view = visit.view("decide")["decide"]
    assert {figure["id"] for figure in view["figures"]} == {"breaks", "unknowns"}
    assert [winner["id"] for winner in view["winners"] if winner["same"]][:1] == ["chips"]
    assert len(view["states"]["rows"]) == len(answer.by_state) == 4
    assert "tie" in view["tie"]
    assert view["spoken"].startswith("Quick estimate, 30 million dollars")


def test_the_other_budgets_are_searched_ahead(visit):
    visit.show("decide")
    end = time.monotonic() + 120
    while len(visit.decide.estimate().ladder()) < len(BUDGETS) and time.monotonic() < end:
        time.sleep(0.1)
    figure = visit.view("decide")["decide"]["ladder"]
    assert figure["x"] == list(BUDGETS)
    values = figure["lines"][0]["values"]
    assert all(more <= less + 1e-9 for less, more in zip(values, values[1:], strict=False))


@pytest.mark.slow
def test_exact_runs_are_those_of_the_command_line(monkeypatch, tmp_path):
    small = lambda base, asked, states: question("minimal", asked, pairs=8)  # noqa: E731
    monkeypatch.setattr(exact_choice, "question", small)
    pool = Backend(1, Store(tmp_path / "app"), Thread(1))
    visit = Visit("s=baseline-2027", pool=pool)
    visit.act({"do": "decide", "what": "run"})
    assert visit.view("decide")["decide"]["run"]["state"] == "running"
    end = time.monotonic() + 240
    while visit.decide.exact.running and time.monotonic() < end:
        time.sleep(0.1)
    view = visit.view("decide")["decide"]
    assert (view["run"]["state"], view["run"]["note"], view["status"]) == ("done", "", "exact")
    same = decided("minimal", [30], pairs=8, workers=1, store=tmp_path / "line")
    assert visit.decide.exact.decision.to_json() == same.to_json()
    assert [part["title"] for part in view["sections"]]
    assert "±" in view["found"][0]["main"]["text"]
    visit.act({"do": "decide", "what": "budget", "place": 3})
    assert visit.view("decide")["decide"]["status"] == "estimate"
    visit.close()
    pool.close()


def test_runs_can_be_taken_back(tmp_path):
    pool = Backend(1, Store(tmp_path), Thread(1))
    visit = Visit("s=baseline-2027", pool=pool)
    visit.act({"do": "decide", "what": "run"})
    visit.act({"do": "decide", "what": "cancel"})
    assert visit.view("decide")["decide"]["run"]["state"] == "idle"
    assert visit.decide.exact.owner not in pool._jobs
    visit.close()
    pool.close()
