"""A pair: the scenario as it stands and every policy, run on the same seed and the same parameters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError
from supplysim.experiment.cost import discount_rate
from supplysim.experiment.ledger import Account, account
from supplysim.experiment.workers import run_ordered

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.policies.base import Policy
    from supplysim.scenario import Scenario

BASELINE = "baseline"

Simulate = Callable[["Scenario", "tuple[Policy, ...]", int, dict[str, float]], "tuple[pd.DataFrame, pd.DataFrame]"]


class RunFailed(RuntimeError):
    """A run stopped with an error; the message says which, so that it can be repeated alone."""


@dataclass(frozen=True)
class Run:
    """What is kept of one run.

    Attributes
    ----------
    pair : int
        Position of the pair in the comparison, from 0.
    arm : str
        Name of the policy, or ``"baseline"``.
    seed : int
        Seed of the model.
    parameters_hash : str
        Fingerprint of the parameter values.
    years : tuple of int, length Y
    yearly : dict of str to tuple of float
        Measure -> its value of every year, length Y, in the measure's unit.
    account : Account
        Whole-window totals for the displacement ledger and the costs.
    """

    pair: int
    arm: str
    seed: int
    parameters_hash: str
    years: tuple[int, ...]
    yearly: dict[str, tuple[float, ...]]
    account: Account


def simulate(
    scenario: Scenario, policies: tuple[Policy, ...], seed: int, parameters: dict[str, float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run the model once and return its weekly and its yearly table."""
    from supplysim.engine import Engine  # compiled code: only the process that runs it loads it

    model = Engine(scenario, policies, seed, parameters)
    model.run()
    return model.weekly(), model.yearly()


def simulate_pair(
    task: tuple[int, int, dict[str, float]],
    scenario: Scenario,
    arms: Mapping[str, tuple[Policy, ...]],
    first_week: int,
    simulate: Simulate = simulate,
) -> tuple[Run, ...]:
    """Run the baseline and all arms of one pair.

    Parameters
    ----------
    task : tuple
        (pair, seed, parameters).
    scenario : Scenario
    arms : mapping
        Name -> policies of the arm.
    first_week : int
        First week of the window of the ledger and the costs.
    simulate : callable, optional
        Returns the weekly and the yearly table of a run.

    Returns
    -------
    tuple of Run
        The baseline first, then the arms in their order.

    Raises
    ------
    RunFailed
        If a run fails; names the pair, the seed and the arm.
    """
    pair, seed, parameters = task
    fingerprint = parameters_hash(parameters)
    rate = discount_rate(scenario, parameters)
    runs = []
    for arm, policies in {BASELINE: (), **arms}.items():
        try:
            weekly, yearly = simulate(scenario, policies, seed, parameters)
        except InputError:
            raise
        except Exception as error:
            raise RunFailed(
                f"pair {pair} failed in arm {arm!r} ({type(error).__name__}: {error}); "
                f"repeat it with rng={seed} and parameters={json.dumps(parameters)}"
            ) from error
        values = {measure: tuple(map(float, yearly[measure])) for measure in yearly}
        years = tuple(map(int, yearly.index))
        runs.append(Run(pair, arm, seed, fingerprint, years, values, account(weekly, first_week, rate)))
    return tuple(runs)


def run_pairs(
    scenario: Scenario,
    arms: Mapping[str, tuple[Policy, ...]],
    draws: Sequence[dict[str, float]],
    seed: int,
    first_week: int,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    simulate: Simulate = simulate,
) -> list[tuple[Run, ...]]:
    """Run every pair; pair r has the parameters ``draws[r]`` and the seed ``seed + r``.

    The result does not depend on the executor, the number of workers or the order of completion.
    See `run_ordered` for `executor`, `workers`, `progress` and Ctrl-C, `simulate_pair` for the rest.

    Returns
    -------
    list of tuple of Run
        One tuple a pair: the baseline first, then the arms in their order.
    """
    tasks = [(pair, seed + pair, draw) for pair, draw in enumerate(draws)]
    one_pair = partial(simulate_pair, scenario=scenario, arms=dict(arms), first_week=first_week, simulate=simulate)
    return run_ordered(one_pair, tasks, executor, workers, progress)


def parameters_hash(parameters: Mapping[str, float]) -> str:
    """Return a short fingerprint of parameter values, equal for equal values in any order."""
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()[:12]
