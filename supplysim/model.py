"""SupplyChain: the front page of the model, by the seven headings of the ODD protocol.

Purpose        Compare policies against diversion of export-controlled AI chips, in aggregate; no forecast (README).
Entities       Vendors, distributors, end users, intermediaries, buyers, enforcers: one file a kind in `agents/`.
Process        Thirteen phases a week, in the order of `PHASES` (`week.py`), one file each in `phases/`.
Design         Rules are scalar functions beside the agent that uses them; firms see only their own ties.
Initialisation Scenario and seed become firms and ties in `population.py`.
Input data     Published supply, series and dated rules in `evidence/`, read by `inputs.py`.
Submodels      Detection (`detection/`), routes (`network/routes.py`), levers (`policies/`), outputs (`measures.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import mesa
import networkx as nx
import numpy as np
import pandas as pd
from mesa.agent import AgentSet

from supplysim import measures
from supplysim.agents import KINDS, Buyer, Distributor, EndUser, Enforcer, Intermediary, Vendor
from supplysim.conservation import assert_conserved
from supplysim.network.ties import trade_graph
from supplysim.policies import Package
from supplysim.policies.base import Policy
from supplysim.policies.text import parse
from supplysim.population import build
from supplysim.records import CASE_OUTCOME, ORDER_STATUS, SHIPMENT_STATUS, frame, grown
from supplysim.scenario import Scenario
from supplysim.week import PHASES, run


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
        self.world_of = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
        self.policies = (*self.world_of.policies, *_flat(policies, self.world_of))
        self.weeks = self.world_of.weeks
        self.week = 0
        self.check = check
        added = self.policies[len(self.world_of.policies) :]
        self.world, self.before = build(self.world_of, added, rng, parameters)
        self._views_built = False

    # --- running ---------------------------------------------------------------------------------------

    def step(self) -> None:
        """Run one week; after the last one, do nothing and stop."""
        self.run(self.week + 1)

    def run(self, until: int | None = None) -> None:
        """Run up to a week (default: the end of the scenario)."""
        last = self.weeks if until is None else min(until, self.weeks)
        while self.week < last:
            reached = run(self.world, self.week, self.week + 1 if self.check else last, 0, len(PHASES) - 1)
            if reached == self.week:
                self._make_room()
            elif self.check:
                assert_conserved(self.world, self.week)
            self.week = reached
        self.running = self.week < self.weeks

    def run_phase(self, index: int) -> None:
        """Run one phase of the current week, by its place in `PHASES`; the last one ends the week."""
        if run(self.world, self.week, self.week + 1, index, index) == self.week:
            self._make_room()
            run(self.world, self.week, self.week + 1, index, index)
        if index == len(PHASES) - 1:
            self.week += 1
            self.running = self.week < self.weeks

    def _make_room(self) -> None:
        """Double the tables that rows are added to."""
        office = self.world.office
        tables = ("orders", "open_orders", "shipments", "moving", "delayed", "returns", "requests")
        larger = {
            name: grown(getattr(self.world, name), 2 * getattr(self.world, name).size) for name in tables
        }
        files = {
            name: grown(getattr(office, name), 2 * getattr(office, name).size)
            for name in ("leads", "cases", "open_cases")
        }
        self.world = self.world._replace(office=office._replace(**files), **larger)

    # --- agents ----------------------------------------------------------------------------------------

    def _build_views(self) -> None:
        """Make one Mesa agent a row, once, when somebody first asks for agents; ensembles never do."""
        if self._views_built:
            return
        self._views_built = True
        w = self.world
        tables = {
            Vendor: w.vendors,
            Distributor: w.distributors,
            EndUser: w.end_users,
            Intermediary: w.intermediaries,
            Buyer: w.buyers,
            Enforcer: w.office.agencies,
        }
        for kind in KINDS:
            for row, key in enumerate(tables[kind]["key"].tolist()):
                kind(self, row, key)
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

    def weekly(self) -> pd.DataFrame:
        """Return what happened, one row a week run so far."""
        w = self.world
        return measures.weekly(
            w.tally, self.week, w.chips[0]["h100e"], self.policies, self.before, w.parameters
        )

    def yearly(self) -> pd.DataFrame:
        """Return every measure by year; index = year."""
        return measures.yearly(self.weekly(), self.world_of.start.year)

    def orders(self) -> pd.DataFrame:
        """Return every order, one row each."""
        table = frame(self.world.orders, self.world.counts[0]["orders"])
        return table.assign(status=_names(ORDER_STATUS, table["status"]))

    def shipments(self) -> pd.DataFrame:
        """Return every consignment, one row each."""
        table = frame(self.world.shipments, self.world.counts[0]["shipments"])
        return table.assign(status=_names(SHIPMENT_STATUS, table["status"]))

    def leads(self) -> pd.DataFrame:
        """Return every lead, one row each."""
        return frame(self.world.office.leads, self.world.counts[0]["leads"])

    def cases(self) -> pd.DataFrame:
        """Return every case, one row each."""
        table = frame(self.world.office.cases, self.world.counts[0]["cases"])
        return table.assign(outcome=_names(CASE_OUTCOME, table["outcome"]))


def _names(names: Sequence[str], codes: Any) -> np.ndarray:
    return np.array(names, dtype=object)[np.asarray(codes)]


def _flat(policies: Sequence[Policy | Package | str], scenario: Scenario) -> tuple[Policy, ...]:
    """Return the policies of texts, packages and single levers, in the order given."""
    found: list[Policy] = []
    for policy in policies:
        if isinstance(policy, Policy):
            found.append(policy)
        else:
            found.extend((parse(policy, scenario) if isinstance(policy, str) else policy).policies)
    return tuple(found)
