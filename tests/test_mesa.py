"""The firms as Mesa agents: row views on the model's columns that every tool of Mesa can use."""

import copy
import gc
import pickle
import sys
import weakref
from collections.abc import MutableSet
from pathlib import Path
from unittest.mock import MagicMock

import mesa
import numpy as np
import pytest

from supplysim.agents.views import VIEWS, Buyer, Distributor, EndUser, Enforcer, Intermediary, Vendor
from supplysim.errors import InputError
from supplysim.model import SupplyChain

SIZES = {Vendor: 3, Distributor: 6, EndUser: 24, Intermediary: 14, Buyer: 9, Enforcer: 7}


class Watched(SupplyChain):
    """A model as Mesa's users write them: it collects data as it goes."""

    def __init__(self, scenario="minimal", rng=7):
        super().__init__(scenario, rng=rng)
        self.datacollector = mesa.DataCollector(
            model_reporters={"delivered": lambda model: int(model.world.tally["delivered"].sum())},
            agent_reporters={"row": "row"},
            agenttype_reporters={Intermediary: {"cash": "cash"}, Buyer: {"need": "need"}},
        )
        self.datacollector.collect(self)

    def step(self):
        super().step()
        self.datacollector.collect(self)


@pytest.fixture
def model():
    model = SupplyChain("minimal", rng=7)
    model.run(30)
    return model


def test_firms_are_mesa_agents(model):
    assert isinstance(model, mesa.Model)
    assert isinstance(model.agents, MutableSet)  # Mesa 3.5 keeps a class of its own for them
    assert {kind: len(agents) for kind, agents in model.agents_by_type.items()} == SIZES
    assert set(VIEWS) == set(SIZES)
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)
    assert len({agent.unique_id for agent in model.agents}) == sum(SIZES.values())
    assert all(agent.model is model for agent in model.agents)


def test_agent_sets_select_do_aggregate_and_group(model):
    firms = model.agents_by_type[Intermediary]
    active = firms.select(lambda firm: firm.active)
    assert 0 < len(active) < len(firms)
    assert active.do("quote") is active
    assert all(quote > 0 for quote in active.map("quote"))
    assert firms.agg("cash", sum) == model.world.intermediaries["cash"].sum()
    groups = active.groupby("country")
    columns = model.world.intermediaries
    for country, members in groups:
        assert len(members) == (columns["active"] & (columns["country"] == country)).sum()
    assert sum(groups.agg("cash", sum).values()) == active.agg("cash", sum)
    assert [firm.row for firm in active.sort("capacity")] != [firm.row for firm in active]


def test_what_is_written_to_an_agent_stands_in_the_column(model):
    firms = model.agents_by_type[Intermediary]
    firms.set("margin", 0.3)
    assert (model.world.intermediaries["margin"] == 0.3).all()
    firm = firms[2]
    firm.supplier[1] = 5
    firm.cash += 10
    assert model.world.intermediaries["supplier"][2, 1] == 5
    assert model.world.intermediaries["cash"][2] == firm.cash
    model.world.intermediaries["capacity"][2] = 4.5
    assert firm.capacity == 4.5
    assert type(firm.cash) is int


def test_agents_follow_their_columns_when_tables_grow(model):
    firms = model.agents_by_type[Intermediary]
    model.run()
    assert firms.get("cash") == model.world.intermediaries["cash"].tolist()


@pytest.mark.parametrize("kind", VIEWS)
def test_every_attribute_of_every_kind_can_be_read(model, kind):
    for agent in model.agents_by_type[kind]:
        for name in vars(kind):
            if not name.startswith("_") and not callable(getattr(kind, name)):
                assert getattr(agent, name) is not None


def test_a_data_collector_runs_over_step():
    model = Watched()
    for _ in range(5):
        model.step()
    collected = model.datacollector
    assert collected.get_model_vars_dataframe()["delivered"].is_monotonic_increasing
    assert len(collected.get_model_vars_dataframe()) == 6
    assert len(collected.get_agent_vars_dataframe()) == 6 * sum(SIZES.values())
    firms = collected.get_agenttype_vars_dataframe(Intermediary).loc[5]
    assert firms["cash"].sum() == model.world.intermediaries["cash"].sum()
    assert len(collected.get_agenttype_vars_dataframe(Buyer)) == 6 * SIZES[Buyer]


def test_steps_stop_at_the_end_of_the_scenario():
    model = SupplyChain("minimal", rng=7)
    while model.running:
        model.step()
    assert model.week == model.weeks
    delivered = model.world.tally["delivered"].sum()
    model.step()
    assert (model.week, model.world.tally["delivered"].sum()) == (model.weeks, delivered)


def test_watching_a_run_changes_no_bit_of_it():
    watched, alone = Watched(), SupplyChain("minimal", rng=7)
    while watched.running:
        watched.step()
        watched.agents.do(repr)
    alone.run()
    assert np.array_equal(watched.world.tally, alone.world.tally)
    for kind in ("distributors", "end_users", "intermediaries", "buyers", "orders", "shipments"):
        used = getattr(alone.world, kind)
        assert np.array_equal(getattr(watched.world, kind)[: used.size], used), kind


@pytest.mark.parametrize("make", [SupplyChain, Watched])
def test_models_that_made_agents_are_freed(make):
    model = make("minimal", rng=7)
    model.step()
    assert len(model.agents) == sum(SIZES.values())
    trace = weakref.ref(model)
    del model
    gc.collect()
    assert trace() is None


@pytest.mark.filterwarnings("ignore:Failed to validate hooks:UserWarning")  # of Mesa's own components
def test_solara_viz_shows_the_model(monkeypatch):
    solara = pytest.importorskip("solara")
    try:
        import altair  # noqa: F401
    except ImportError:  # Mesa asks for it at import, but the figures here are matplotlib's
        monkeypatch.setitem(sys.modules, "altair", MagicMock())
    from mesa.visualization import SolaraViz, make_plot_component

    model = Watched()
    page = SolaraViz(model, components=[make_plot_component("delivered")], model_params={"rng": 7}, name="week")
    box, context = solara.render(page, handle_error=False)
    try:
        assert "Image" in str(box)
    finally:
        context.close()


def test_the_page_names_every_public_attribute_of_mesas_model():
    page = (Path(__file__).parents[1] / "docs" / "mesa.md").read_text("utf-8")
    names = {name for name in {*dir(mesa.Model), *vars(mesa.Model())} if not name.startswith("_")}
    assert [name for name in sorted(names) if f"`{name}`" not in page and f"`{name}=`" not in page] == []


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.reset_rng(),
        lambda model: model.reset_randomizer(),
        lambda model: model.remove_all_agents(),
        lambda model: model.agents[0].remove(),
        lambda model: model.agents.do("step"),
        lambda model: Intermediary(model),
        lambda model: copy.copy(model),
        lambda model: model.agents_by_type[Intermediary].set("cash", 1.5),
        lambda model: SupplyChain("minimal", rng="text"),
        lambda model: SupplyChain("minimal", rng=1, seed=2),
    ],
)
def test_what_has_no_meaning_here_is_refused_in_one_line(model, call):
    with pytest.raises(InputError) as caught:
        call(model)
    assert str(caught.value).isprintable()


def test_steps_are_weeks_and_the_books_can_be_collected():
    model = SupplyChain("minimal", rng=7)
    model.run(3)
    model.step()
    assert (model.steps, model.week) == (4, 4)
    assert model.datacollector.get_model_vars_dataframe()["delivered"].tolist() == model.weekly()["delivered"].tolist()


def test_a_copy_is_a_model_of_its_own():
    model = SupplyChain("minimal", rng=7)
    model.run(3)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        other.step()
        assert (other.week, model.week) == (4, 3)


def test_no_number_means_a_fresh_world_and_text_names_one():
    assert SupplyChain("minimal").seed != SupplyChain("minimal").seed
    assert SupplyChain("minimal", seed="a").seed == SupplyChain("minimal", seed="a").seed
