"""Mesa: `batch_run` over parameters and strengths of levers by name, and its rows as one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.model import SupplyChain
from supplysim.policies.registry import levers
from supplysim.setup.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


class Batch(SupplyChain):
    """`SupplyChain` whose keywords are numbers, as `mesa.batch_run` varies them: ``fte=[10, 20], border=[0, 0.5, 1]``.

    Parameters
    ----------
    scenario : str, Path or Scenario
    rng, seed
        As in `SupplyChain`; give ``rng=[1, 2, 3]`` to `batch_run` to have the same worlds at every point.
    **numbers : float
        Parameters, and levers at a strength; 0 is no lever.
    """

    def __init__(
        self, scenario: str | Path | Scenario = "baseline-2024", *, rng: Any = None, seed: Any = None, **numbers: float
    ) -> None:
        known = levers()
        policies = [known[name](intensity=x) for name, x in numbers.items() if name in known and x > 0.0]
        values = {name: value for name, value in numbers.items() if name not in known}
        super().__init__(scenario, policies, rng=rng, seed=seed, parameters=values)


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows of `mesa.batch_run` as a table, without what Mesa counts for itself."""
    import pandas as pd

    return pd.DataFrame(rows).drop(columns=["RunId", "iteration"], errors="ignore")
