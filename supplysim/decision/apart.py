"""Which assumption of one's own makes the difference to a decision: each put into the shipped world alone.

The quick estimate knows the shipped world only, so this is run: the portfolios that are best or next under one's own or
under the shipped assumptions, in some of the worlds of the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from supplysim.experiment.beside import ALL, DEFAULT, Beside, Moved
from supplysim.experiment.statistics import mean_interval
from supplysim.experiment.study import Study
from supplysim.run import BASELINE

WORLDS = 16  # of the report, in which each assumption is tried alone


@dataclass(frozen=True, eq=False)
class Apart:
    """What each assumption changes of the best portfolio of a budget, and which portfolio is best under it.

    Attributes
    ----------
    beside : Beside
        The portfolios under all assumptions of one's own, under none, and under each alone.
    measure : str
    best : dict of float to str
        Budget -> the best portfolio under one's own assumptions.
    rivals : dict of float to tuple of str
        Budget -> what it stands against there, itself among them.
    """

    beside: Beside
    measure: str
    best: Mapping[float, str]
    rivals: Mapping[float, tuple[str, ...]]

    @property
    def worlds(self) -> int:
        """Pairs of runs behind it."""
        return self.beside.study.pairs

    def moved(self, budget: float) -> list[Moved]:
        """Return what is so as shipped, then the change by all assumptions, by each alone and by their acting together.

        `first` is the best portfolio of the budget there: the shipped choice unless another is clear of it.
        """
        beside, arm = self.beside, self.best[budget]
        shipped = beside.default.effect(arm, self.measure).relative
        rows = [Moved(DEFAULT, shipped, 0.0, 0.0, 0.0, 0.0, DEFAULT), *beside.moved(arm, self.measure)]
        studies = {DEFAULT: beside.default, ALL: beside.study, **beside.alone}
        usual = self._least(beside.default, budget)
        return [
            replace(one, first=self._chosen(studies[one.world], budget, usual) if one.first else "") for one in rows
        ]

    def _left(self, study: Study, name: str) -> Any:
        return study.values(name, self.measure, study.window)

    def _least(self, study: Study, budget: float) -> str:
        return min(self.rivals[budget], key=lambda name: float(self._left(study, name).mean()))

    def _chosen(self, study: Study, budget: float, usual: str) -> str:
        """Return the best portfolio in a world; the usual one unless the difference is clear of zero."""
        least = self._least(study, budget)
        gap = self._left(study, least) - self._left(study, usual)
        return least if mean_interval(gap / self._left(study, BASELINE).mean()).high < 0.0 else usual

    def document(self) -> list[dict[str, Any]]:
        """Return one record a budget and world."""
        return [
            {"budget": budget, "portfolio": name, "worlds": self.worlds, **asdict(one)}
            for budget, name in self.best.items()
            for one in self.moved(budget)
        ]
