"""Mesa agents as row views: their state lives in the model's columns, so both always agree."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np


class Column:
    """An agent's attribute that reads and writes one row of a column of the world."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: View | None, owner: type) -> Any:
        if agent is None:
            return self
        value = self.column(agent)[agent.row]
        return value.item() if value.ndim == 0 else value

    def __set__(self, agent: View, value: Any) -> None:
        self.column(agent)[agent.row] = value

    def column(self, agent: View) -> np.ndarray:
        """Return the column of the world that the agent's row lies in."""
        world = agent.model.world
        table = world.office.agencies if self.kind == "enforcers" else getattr(world, self.kind)
        return table[self.name]


class View(mesa.Agent):
    """A firm or agency as a Mesa agent; `row` says where its state lives."""

    def __init__(self, model: mesa.Model, row: int, key: int) -> None:
        super().__init__(model)
        self.row = row
        self.key = key

    @property
    def world(self) -> Any:
        """The columns, conditions and parameters that the model runs on."""
        return self.model.world

    @property
    def week(self) -> int:
        """The week that this agent would act in next."""
        return min(self.model.week, self.model.weeks - 1)

    @property
    def now(self) -> Any:
        """This week's effective parameters."""
        return self.world.conditions[self.week]

    @property
    def p(self) -> Any:
        """The parameters of the run."""
        return self.world.parameters[0]
