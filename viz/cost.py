"""What a run costs, estimated from the size of its world before it is run, in runs of the baseline.

The coefficients were read off the times of 56 worlds between the smallest and the largest that an upload may describe;
half of these took 0.7 to 1.35 times their estimate, nine in ten half to 3.3 times.
"""

from __future__ import annotations

from supplysim import evidence
from supplysim.setup.scenario import Scenario

BASE, DISTRIBUTORS, END_USERS, INTERMEDIARIES, BUYERS = 0.41, 0.07, 0.20, 0.02, 0.30  # shares of the baseline's time
USUAL_WEEKS, USUAL = 208, {"distributors": 160, "end_users": 1800, "intermediaries": 700, "buyers": 260}
DEMAND, HIGH = "demand_scale", 0.95
FULL_MARKET = 100.0  # times the usual demand; with more, there are no more firms to serve it
FILM_COST, FILE_COST = 5.0, 12.0  # of a film, in runs of its world; of a comparison's files


def cost(scenario: Scenario) -> float:
    """Return what a run of a world costs; the baseline's is about 1."""
    firms = {key: getattr(scenario.population, key) / usual for key, usual in USUAL.items()}
    lots = min(max(scenario.population.market_scale * demand(scenario), 0.01), FULL_MARKET) ** 0.6
    return (scenario.weeks / USUAL_WEEKS) * (
        BASE
        + DISTRIBUTORS * firms["distributors"]
        + END_USERS * firms["end_users"]
        + INTERMEDIARIES * firms["intermediaries"]
        + BUYERS * firms["buyers"] * lots
    )


def demand(scenario: Scenario) -> float:
    """Return the demand that a run may have to serve: the middle one, or the highest that a wide prior leads to."""
    usual, own = evidence.parameters()[DEMAND].prior, scenario.uncertain().get(DEMAND)
    middle = scenario.central_parameters()[DEMAND]
    return middle if own is None or usual is None else max(middle, own.quantile(HIGH) / usual.quantile(HIGH))
