"""Which factors tell the options apart, more than chance among all factors would bring about."""

from __future__ import annotations

import numpy as np

from supplysim.decision.choices import Choices
from supplysim.experiment.drivers import FEWEST, ranks, strongest


def telling(pairs: Choices, objective: str) -> list[str]:
    """Return the factors that go with the difference between the best option and some other, the clearest first.

    Those of each difference are found by rank correlation, one after the other (`experiment.drivers.strongest`).

    Parameters
    ----------
    pairs : Choices
        One world a pair.
    objective : str
    """
    names, values, best = [*pairs.factors], pairs.of(objective), pairs.best(objective)
    if not names or pairs.worlds < FEWEST:
        return []
    draws = ranks(pairs.factors.to_numpy(dtype=float).T)
    order: dict[str, int] = {}
    for rival in range(values.shape[1]):
        difference = values[:, best] - values[:, rival]
        if np.ptp(difference) > 0.0:
            for place, one in enumerate(strongest(draws, ranks(difference[None, :])[0])):
                order[names[one.place]] = min(place, order.get(names[one.place], place))
    return sorted(order, key=lambda name: order[name])
