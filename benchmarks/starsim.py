"""Time per agent and week, side by side with a Starsim SIR model on a random network of as many agents.

Starsim is a well-made agent-based framework on NumPy. An agent there is one person with one state; an agent here
is a firm with tens of columns, orders, consignments and beliefs, so the ratio flatters neither.
"""

from __future__ import annotations

import numpy as np

from benchmarks.figures import Figure, figure, seconds
from supplysim.engine import Engine
from supplysim.setup.scenario import Scenario

TITLE = "Against Starsim"
KINDS = ("distributors", "end_users", "intermediaries", "buyers")


def measure(repeats: int, sizes: tuple[int, ...] = (20_000, 200_000), weeks: int = 52) -> list[Figure]:
    """Return nanoseconds an agent and week of both, and their ratio, by number of agents."""
    figures = []
    for size in sizes:
        ours, theirs = [], []
        for repeat in range(repeats):
            firms, took = of_supplysim(size, weeks, repeat)
            ours.append(1e9 * took / firms / weeks)
            theirs.append(1e9 * of_starsim(size, weeks, repeat) / size / weeks)
        figures += [
            figure(f"supplysim, about {size:,} firms", ours, "ns"),
            figure(f"Starsim SIR, {size:,} agents", theirs, "ns"),
            figure(f"ratio at {size:,}", np.array(ours) / np.array(theirs), "times"),
        ]
    return figures


def of_supplysim(size: int, weeks: int, seed: int) -> tuple[int, float]:
    """Return the number of firms and the seconds of a run of the baseline enlarged to about `size` firms."""
    base = Scenario.load("baseline-2024")
    factor = size / sum(getattr(base.population, kind) for kind in KINDS)
    many = {kind: round(factor * getattr(base.population, kind)) for kind in KINDS}
    Engine("minimal", seed=1).run(1)  # loads the compiled code
    scenario = base.with_(population={**many, "market_scale": factor})
    numbers = {"market_scale": factor, "intermediaries_at_start": 75.0 * factor}
    model = Engine(scenario, seed=seed, parameters=numbers)
    return sum(many.values()), seconds(lambda: model.run(weeks))


def of_starsim(size: int, weeks: int, seed: int) -> float:
    """Return the seconds of an SIR epidemic on a random network over as many weekly steps."""
    import starsim

    sim = starsim.Sim(
        n_agents=size,
        diseases=starsim.SIR(beta=starsim.peryear(1.0)),
        networks=starsim.RandomNet(n_contacts=8),
        start=2020,
        dur=weeks,
        dt=starsim.week,
        rand_seed=seed,
        verbose=0,
    )
    sim.init()
    return seconds(sim.run)
