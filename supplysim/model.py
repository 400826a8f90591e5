"""SupplyChain: the front page of the model, by the seven headings of the ODD protocol.

Purpose        Compare policies against diversion of export-controlled AI chips, in aggregate; no forecast (README).
Entities       Vendors, distributors, end users, intermediaries, buyers, enforcers: one file a kind in `agents/`.
Process        Thirteen phases a week, in the order of `PHASES` (`week.py`), one file each in `phases/`.
Design         Rules are scalar functions beside the agent that uses them; firms see only their own ties.
Initialisation Scenario and seed become firms and ties in `setup/population.py`.
Input data     Published supply, series and dated rules in `evidence/`, read by `setup/inputs.py`.
Submodels      Detection (`detection/`), routes (`network/routes.py`), levers (`policies/`), outputs (`outputs/`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import mesa
import networkx as nx
import numpy as np
from mesa.agent import AgentSet

from supplysim.agents.collector import Books
from supplysim.agents.views import VIEWS, View
from supplysim.engine import WEEK, Engine
from supplysim.errors import InputError
from supplysim.network.graph import trade_graph
from supplysim.policies import Package
from supplysim.policies.base import Policy
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario
from supplysim.setup.seeds import world_seed
from supplysim.week import PHASES
from supplysim.world.state import World

__all__ = ["PHASES", "SupplyChain"]


T = TypeVar("T")
RESEED = "make another world: SupplyChain(..., rng=8)"
SIZES = "make a world with other numbers of firms: scenario.with_(population={...})"


def _refused(call: str, rule: str, remedy: str) -> InputError:
    """Return the one line that answers a call of Mesa that has no meaning here."""
    return InputError(call, None, rule, remedy)


def _of_engine(method: Callable[[Engine], T]) -> Callable[[Any], T]:
    """Return a method of the model that gives what the engine's gives."""

    @wraps(method)
    def given(model: SupplyChain) -> T:
        return method(model.engine)

    return given


class SupplyChain(mesa.Model):
    """A world of chip trade, run week by week.

    Parameters
    ----------
    scenario : str, Path or Scenario
        A shipped scenario's name, a TOML file, or a scenario.
    policies : sequence of Policy, Package or str
        Levers in force besides the scenario's own, for example ``["border=0.5@2025-06"]``.
    rng : None, int, sequence of int, SeedSequence, BitGenerator or Generator
        Names the world, as Mesa takes it: the same number gives the same draws under every policy, None a fresh world.
        `seed` tells the number; ``rng=model.seed`` makes the world again.
    parameters : mapping of str to float, optional
        Values that replace the scenario's central ones.
    check : bool
        Assert conservation of chips, orders and money after every week.
    seed : int or str, optional
        Mesa's older word for `rng`; text is taken too.

    What every call of Mesa does here: docs/mesa.md.

    Examples
    --------
    >>> model = SupplyChain("minimal", rng=7)
    >>> model.run()
    >>> int(model.yearly()["delivered"].sum()) > 0
    True
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "baseline-2024",
        policies: Sequence[Policy | Package | str] = (),
        *,
        rng: Any = None,
        seed: int | str | None = None,
        parameters: Mapping[str, float] | None = None,
        check: bool = False,
    ) -> None:
        named = world_seed(rng, seed)
        self.engine = Engine(scenario, policies, named, parameters, check)
        super().__init__(rng=rng if isinstance(rng, (np.random.Generator, np.random.BitGenerator)) else named)
        self.seed = named
        self._views_built = self._building = False
        self._last_id = 0
        self._collector: mesa.DataCollector | None = None

    # --- running ---------------------------------------------------------------------------------------

    def step(self) -> None:
        """Run one week; after the last one, do nothing and stop."""
        self.engine.run(self.steps)  # Mesa has counted this step already
        self._follow()

    def run(self, until: int | None = None) -> None:
        """Run up to a week (default: the end of the scenario)."""
        last = self.weeks if until is None else min(gate.whole(until, "until", 0, None, WEEK), self.weeks)
        if type(self).step is SupplyChain.step and not hasattr(self, "run_until"):
            self.engine.run(last)
            self._follow()
        while self.week < last and self.running:  # a step of one's own, or Mesa's clock and its events (from 3.4)
            self.step()

    def run_phase(self, index: int) -> None:
        """Run one phase of the current week, by its place in `PHASES`; the last one ends the week."""
        week = self.week
        self.engine.run_phase(index)
        if self.week > week:
            self.step()  # counts the week that has been run

    def _follow(self) -> None:
        """Let Mesa's counter say which week has been reached."""
        self.steps = self.week
        self.running = self.week < self.weeks

    def reset_rng(self, rng: Any = None) -> None:
        """Refuse: a world's draws are named by its seed."""
        raise _refused("reset_rng", "a world's draws are named by its seed from week 0", RESEED)

    def reset_randomizer(self, seed: Any = None) -> None:
        """Refuse: a world's draws are named by its seed."""
        raise _refused("reset_randomizer", "a world's draws are named by its seed from week 0", RESEED)

    def __copy__(self) -> SupplyChain:
        """Refuse: a shallow copy would run the same world."""
        raise _refused("copy", "two models cannot share one world", "use copy.deepcopy(model)")

    @property
    def world(self) -> World:
        """The columns, conditions and parameters of the run."""
        return self.engine.world

    @world.setter
    def world(self, world: World) -> None:
        self.engine.world = world

    @property
    def world_of(self) -> Scenario:
        """The scenario (`scenario` belongs to Mesa)."""
        return self.engine.scenario

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The levers in force, the scenario's own first."""
        return self.engine.policies

    @property
    def week(self) -> int:
        """The week that comes next, counted from 0."""
        return self.engine.week

    @property
    def weeks(self) -> int:
        """Number of weeks in the scenario."""
        return self.engine.weeks

    # --- agents ----------------------------------------------------------------------------------------

    def _build_views(self) -> None:
        """Make one Mesa agent a row, once, when somebody first asks for agents; ensembles never do."""
        if self._views_built:
            return
        self._views_built = self._building = True
        for view in VIEWS:
            for row, key in enumerate(view.declared.rows(self.world)["key"].tolist()):
                view(self, row, key)
        self._building = False

    def register_agent(self, agent: Any) -> None:
        """Take an agent of one's own; firms and agencies are what the world has rows for."""
        if isinstance(agent, View) and not self._building:
            raise _refused("register_agent", "the firms of a world are its rows", SIZES)
        counters = getattr(mesa.Agent, "_ids", None)  # of Mesa 3.3, where it would keep this model alive for ever
        if counters is not None:
            counters.pop(self, None)
            self._last_id += 1
            agent.unique_id = self._last_id
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Let an agent of one's own go; firms and agencies stay."""
        if isinstance(agent, View):
            raise _refused("deregister_agent", "the firms of a world are its rows", SIZES)
        super().deregister_agent(agent)

    def remove_all_agents(self) -> None:
        """Refuse: a world without firms is none."""
        raise _refused("remove_all_agents", "the firms of a world are its rows", SIZES)

    @property
    def agents(self) -> AgentSet:
        """All firms and agencies as Mesa agents: row views of the world's columns."""
        self._build_views()
        return super().agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise _refused("agents", "the firms of a world are its rows", SIZES)

    @property
    def agent_types(self) -> list[type]:
        """The kinds of agents, first the model's own."""
        self._build_views()
        return super().agent_types

    @property
    def agents_by_type(self) -> dict[type, AgentSet]:
        """The same by kind, for example ``model.agents_by_type[Intermediary]``."""
        self._build_views()
        return super().agents_by_type

    @property
    def datacollector(self) -> mesa.DataCollector:
        """What Mesa's tools read: the weekly books, or the collector that a subclass has set in their place."""
        if self._collector is not None:
            return self._collector
        return Books(self)

    @datacollector.setter
    def datacollector(self, collector: mesa.DataCollector) -> None:
        self._collector = collector

    # --- outputs ---------------------------------------------------------------------------------------

    def trade_graph(self) -> nx.DiGraph:
        """Return who trades with whom now: firms as nodes, ties as edges with flows and trust."""
        return trade_graph(self.world)

    weekly = _of_engine(Engine.weekly)
    yearly = _of_engine(Engine.yearly)
    access = _of_engine(Engine.access)
    public_record = _of_engine(Engine.public_record)
    public_record_by_year = _of_engine(Engine.public_record_by_year)
    orders = _of_engine(Engine.orders)
    shipments = _of_engine(Engine.shipments)
    leads = _of_engine(Engine.leads)
    cases = _of_engine(Engine.cases)
