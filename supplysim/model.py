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
from mesa.agent import AgentSet

from supplysim.agents.views import VIEWS
from supplysim.engine import Engine
from supplysim.network.graph import trade_graph
from supplysim.policies import Package
from supplysim.policies.base import Policy
from supplysim.setup.scenario import Scenario
from supplysim.week import PHASES
from supplysim.world.state import World

__all__ = ["PHASES", "SupplyChain"]


T = TypeVar("T")


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
    rng : int
        Names the world: the same number gives the same draws under every policy.
    parameters : mapping of str to float, optional
        Values that replace the scenario's central ones.
    check : bool
        Assert conservation of chips, orders and money after every week.

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
        rng: int = 7,
        parameters: Mapping[str, float] | None = None,
        check: bool = False,
    ) -> None:
        super().__init__(rng=rng)
        self.engine = Engine(scenario, policies, rng, parameters, check)
        self._views_built = False

    # --- running ---------------------------------------------------------------------------------------

    def step(self) -> None:
        """Run one week; after the last one, do nothing and stop."""
        self.run(self.week + 1)

    def run(self, until: int | None = None) -> None:
        """Run up to a week (default: the end of the scenario)."""
        self.engine.run(until)
        self.running = self.week < self.weeks

    def run_phase(self, index: int) -> None:
        """Run one phase of the current week, by its place in `PHASES`; the last one ends the week."""
        self.engine.run_phase(index)
        self.running = self.week < self.weeks

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
        self._views_built = True
        for view in VIEWS:
            for row, key in enumerate(view.declared.rows(self.world)["key"].tolist()):
                view(self, row, key)
        counters = getattr(mesa.Agent, "_ids", None)
        if counters is not None:
            counters.pop(self, None)  # Mesa 3.3 would keep every model that made an agent alive

    @property
    def agents(self) -> AgentSet:
        """All firms and agencies as Mesa agents: row views of the world's columns."""
        self._build_views()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type, AgentSet]:
        """The same by kind, for example ``model.agents_by_type[Intermediary]``."""
        self._build_views()
        return super().agents_by_type

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
