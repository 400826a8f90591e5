"""What Mesa's tools read of a run week by week: the model's own books as a `DataCollector`, made when asked for."""

from __future__ import annotations

from typing import Any

import mesa

SEED = "seed"  # column that says which world a row is of


class Books(mesa.DataCollector):
    """One row a week that has been run, one column a weekly measure (`SupplyChain.weekly`), and the world's seed.

    The books hold every week whether somebody looks or not, so collecting reads them anew and costs a run nothing.
    """

    def __init__(self, model: Any) -> None:
        names = [SEED, *model.engine.columns()]
        super().__init__(model_reporters={name: name for name in names})
        self.collect(model)

    def collect(self, model: Any) -> None:
        """Read the books up to the week that the model has reached; asking twice adds nothing."""
        weeks = model.week
        columns = {name: column.tolist() for name, column in model.engine.columns().items()}
        self.model_vars = {SEED: [model.seed] * weeks, **columns}
        self._collection_steps = list(range(1, weeks + 1))  # where Mesa from 3.4 looks a step up
