"""One run summed up in few numbers: quarters, yearly measures and the account; what worker processes send back."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplysim.experiment.cost import discount_rate
from supplysim.experiment.ledger import Account, account
from supplysim.outputs.measures import WEEKS_A_QUARTER, by_quarter, quarterly, yearly_values
from supplysim.outputs.observation import announced
from supplysim.outputs.trunk import HERE

if TYPE_CHECKING:
    from supplysim.policies.base import Policy
    from supplysim.setup.scenario import Scenario

PUBLIC = ("seizures_published", "prosecutions_published")  # what comes out, in the week it does


def columns() -> tuple[str, ...]:
    """Return the columns of the quarters of a run."""
    return (*quarterly(), *PUBLIC)


@dataclass(frozen=True)
class Result:
    """One run: quarters (quarters, `columns`), yearly measures by name, and the account of the policy window."""

    quarters: np.ndarray
    years: tuple[int, ...]
    yearly: dict[str, tuple[float, ...]]
    account: Account


def run_once(
    scenario: Scenario, policies: tuple[Policy, ...], seed: int, parameters: Mapping[str, float], first_week: int
) -> Result:
    """Run the model once and sum it up."""
    engine = HERE.finished(scenario, policies, seed, parameters, first_week)
    weekly = engine.columns()
    years, values = yearly_values(weekly, scenario.start.year)
    rate = discount_rate(scenario, parameters)
    published = announced(engine.world, engine.week)
    record = np.array([published[name] for name in PUBLIC], dtype=float)
    whole = record.shape[1] // WEEKS_A_QUARTER
    record = record[:, : whole * WEEKS_A_QUARTER].reshape(len(PUBLIC), whole, WEEKS_A_QUARTER).sum(axis=2).T
    return Result(
        np.concatenate([by_quarter(weekly), record], axis=1), years, values, account(weekly, first_week, rate)
    )


def start_worker() -> None:
    """Prepare a worker: behind the page in the queue for the processor, and deaf to Ctrl-C."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(int(os.environ.get("SUPPLYSIM_APP_NICE", "10")))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    from supplysim import engine  # noqa: F401  (loads the compiled code now, not at the first slider)


def _end_with(parent: int) -> None:
    """End this worker when the server that started it is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(2.0)
    os._exit(0)


def ready(_: int) -> int:
    """Return the worker's process id once it can answer."""
    return os.getpid()
