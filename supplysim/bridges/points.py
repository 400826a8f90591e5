"""One world at one point, with and without policies: what the bridges hand to programs that call a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.evidence import parameters
from supplysim.outputs.measures import MEASURES
from supplysim.outputs.periods import by_key
from supplysim.policies.registry import levers
from supplysim.run import BASELINE, Point, pair_seed, run_arms, years
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

EDGES = (0.05, 0.95)  # shares of a prior between which others vary it
POLICY = "policy"
USUAL = ("delivered", "compute_h100e", "frontier_h100e", "us_cost", "foreign_cost", "industry_cost")


def uncertain(scenario: Scenario, names: Sequence[str] | None = None) -> dict[str, tuple[float, float]]:
    """Return the ends between which parameters vary, by name: 5 and 95 % of their priors.

    Raises
    ------
    InputError
        If a name is no parameter with a prior in this scenario.
    """
    priors = scenario.uncertain()
    short = {one.symbol: name for name, one in parameters().items() if one.symbol}
    chosen = [*priors] if names is None else arguments.items(names, "parameters", 'write ["fte", "access"]')
    full = [short.get(name, name) for name in chosen]
    for name in full:
        arguments.known(name, priors, "parameters", "uncertain parameter")
    if not full:
        raise InputError("parameters", None, "names nothing", 'write ["fte", "access"]')
    return {name: (priors[name].quantile(EDGES[0]), priors[name].quantile(EDGES[1])) for name in full}


class World:
    """A function of parameters and strengths of levers, by name: the last year's measures and their changes.

    Parameters
    ----------
    scenario : str, Path or Scenario
    measures : sequence of str
        What is returned under these names with the levers, and under ``<name>_change`` against the same world without.
    seed, pair : int
        Name the world, as in a comparison; the same for every call, so that points differ by what is asked alone.
    """

    def __init__(
        self, scenario: str | Path | Scenario, measures: Sequence[str] = USUAL, seed: int = 7, pair: int = 0
    ) -> None:
        self.scenario = gate.scenario_of(scenario)
        for measure in measures:
            arguments.known(measure, MEASURES, "measures", "measure")
        self.measures, self.seed = tuple(measures), pair_seed(gate.seed_of(seed), pair)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of what a call returns."""
        return (*self.measures, *(f"{measure}_change" for measure in self.measures))

    def __call__(self, **values: float) -> dict[str, float]:
        """Return the outcomes at a point."""
        known = levers()
        strengths = {name: float(x) for name, x in values.items() if name in known}
        policies = tuple(known[name](intensity=x) for name, x in strengths.items() if x > 0.0)
        drawn = {name: value for name, value in values.items() if name not in known}
        arms: Mapping[str, Any] = {BASELINE: (), POLICY: policies}
        made = run_arms(self.scenario, arms, Point(0, self.seed, drawn), {"years": years})
        whole = [year for year, one in by_key(self.scenario.start, self.scenario.weeks).items() if one.calendar_year]
        named, base = made[BASELINE]["years"]
        at, policy = named.index(whole[-1] if whole else named[-1]), made[POLICY]["years"][1]
        levels = {measure: policy[measure][at] for measure in self.measures}
        return levels | {f"{name}_change": levels[name] - base[name][at] for name in self.measures}
