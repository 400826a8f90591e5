"""The worlds that a prediction is made of: run to the end of the last outcome's year, and boiled down to what is asked.

Every measure of every year comes with it, so that a condition on a year, or one more outcome of a year, runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import timedelta
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.experiment.batches import in_batches
from supplysim.experiment.store import Store
from supplysim.outputs.combining import WEEKS_A_YEAR
from supplysim.outputs.measures import MEASURES
from supplysim.run import BASELINE, Finished, Point, points_of, run_arms
from supplysim.validation.scoring.quantities import GAP, PUBLISHED, quantities

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

Place = tuple[str, int, int]  # a quantity, the first week, and the first week after
Task = tuple[int, dict[str, float], list[Place]]  # seed, parameters, and what is asked of the world
MAKERS = ("quantities.py", "worlds.py")  # what a number hangs on besides the rules


def years_of(weeks: int) -> list[tuple[int, int]]:
    """Return first week and first week after of each row of a year."""
    return [(first, min(first + WEEKS_A_YEAR, weeks)) for first in range(0, weeks, WEEKS_A_YEAR)]


def always(weeks: int) -> list[Place]:
    """Return what is kept of a world of so many weeks whatever is asked."""
    return [(name, *year) for year in years_of(weeks) for name in MEASURES]


def until(scenario: Scenario, weeks: int) -> Scenario:
    """Return a scenario that ends after some weeks, or a week after its last policy begins: it must hold them all.

    The weeks that are left are equal to the bit: nothing in the model looks ahead.
    """
    starts = [scenario.policy_start, *(policy.start for policy in scenario.policies if policy.start is not None)]
    end = max(scenario.start + timedelta(weeks=weeks), max(starts) + timedelta(weeks=1))
    return scenario if end >= scenario.end else scenario.with_(time={"end": end})


def values(
    scenario: Scenario,
    places: Iterable[Place],
    draws: Sequence[dict[str, float]],
    seed: int,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    store: Store | None = None,
) -> dict[Place, np.ndarray]:
    """Return every place's value in every world, shape (worlds,); world r has the seed of pair r of a comparison.

    With a `store`, batches that are finished are kept there and found when the same is asked again.
    """
    wanted = set(places)
    asked = sorted(wanted - set(always(scenario.weeks)))
    tasks: list[Task] = [(point.seed, point.parameters, asked) for point in points_of(draws, seed)]
    kept = None if store is None else store.shelf(scenario, f"-scoring-{_makers()}").folder
    rows = in_batches(partial(of_world, scenario=scenario), tasks, executor, workers, progress, kept)
    return {place: np.array([row[_key(place)] for row in rows], dtype=float) for place in wanted}


def of_world(task: Task, scenario: Scenario) -> dict[str, float]:
    """Run one world and return what is asked of it, and its years."""
    seed, parameters, places = task
    outputs = {"values": partial(_of_run, places=[*places, *always(scenario.weeks)])}
    return run_arms(scenario, {BASELINE: ()}, Point(0, seed, parameters), outputs)[BASELINE]["values"]


def _of_run(run: Finished, places: Sequence[Place]) -> dict[str, float]:
    weeks: Mapping[str, np.ndarray] = run.columns
    if any(name in PUBLISHED or name.startswith(f"{GAP}:") for name, *_ in places):
        from supplysim.outputs.observation import public_record  # compiled code

        weeks = {**weeks, **public_record(run.engine.world, run.engine.week)}
    return {_key((name, first, end)): quantities()[name].over(weeks, first, end) for name, first, end in places}


def _key(place: Place) -> str:
    name, first, end = place
    return f"{name} {first} {end}"


@cache
def _makers() -> str:
    content = b"".join(Path(__file__).with_name(name).read_bytes() for name in MAKERS)
    return blake2b(content, digest_size=8).hexdigest()
