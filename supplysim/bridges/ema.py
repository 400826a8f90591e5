"""EMA Workbench (2.5 and 3): the model as one of its models, with uncertainties, levers and outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from supplysim import arguments
from supplysim.bridges.points import USUAL, World, uncertain
from supplysim.errors import InputError
from supplysim.policies.registry import levers
from supplysim.setup.scenario import Scenario

DOT = "__"  # stands for the dot of ``border.growth``, which its names may not have


class Function:
    """`World` under names that are words, which is what the Workbench asks for."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, **values: float) -> dict[str, float]:
        """Return the outcomes at a point."""
        return self.world(**{name.replace(DOT, "."): value for name, value in values.items()})


def ema_model(
    scenario: str | Path | Scenario,
    policies: Sequence[str],
    parameters: Sequence[str] | None = None,
    measures: Sequence[str] = USUAL,
    name: str = "supplysim",
    seed: int = 7,
) -> Any:
    """Return an `ema_workbench.Model` of a scenario.

    Its uncertainties are the named parameters (default: all that have a prior) between 5 and 95 % of their priors;
    its levers the strengths of the named levers from 0 to 1; its outcomes the last year's measures with the levers,
    and ``<measure>_change`` against the same world without them. A dot in a name is written ``__``.

    Raises
    ------
    InputError
        If a name is unknown, or the Workbench is not installed.
    """
    try:
        from ema_workbench import Model, RealParameter, ScalarOutcome
    except ImportError as error:
        raise InputError("ema", None, "ema-workbench is not installed", 'pip install "supplysim[bridges]"') from error
    world = World(scenario, measures, seed)
    names = arguments.items(policies, "policies", 'write ["border"]')
    for lever in names:
        arguments.known(lever, levers(), "policies", "lever")
    model = Model(name, function=Function(world))
    ranges = uncertain(world.scenario, parameters)
    model.uncertainties = [RealParameter(one.replace(".", DOT), *ends) for one, ends in ranges.items()]
    model.levers = [RealParameter(lever, 0.0, 1.0) for lever in names]
    model.outcomes = [ScalarOutcome(one) for one in world.outcomes]
    return model


def draws(experiments: Any, scenario: Scenario) -> Mapping[str, list[float]]:
    """Return the uncertainties of the Workbench's experiments as `compare(draws=...)` takes them."""
    known = uncertain(scenario)
    columns = {str(name).replace(DOT, "."): experiments[name] for name in experiments.columns}
    return {name: [float(value) for value in column] for name, column in columns.items() if name in known}
