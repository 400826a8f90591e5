"""Ask for a score: check everything first, then run the worlds, then hold them against what was published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.experiment.compare import loaded, store_for
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.given import Conditions, Left, conditions, effective, kept
from supplysim.limits import LIMITS, within
from supplysim.outputs import periods
from supplysim.setup import gate
from supplysim.validation.scoring.card import Card, scored_rows
from supplysim.validation.scoring.frozen import draws_of, read
from supplysim.validation.scoring.outcome import Outcome, outcomes
from supplysim.validation.scoring.worlds import Place, until, values, years_of

if TYPE_CHECKING:
    from supplysim.experiment.store import Store
    from supplysim.setup.scenario import Scenario

FROZEN = "frozen"  # in place of where parameters come from: a file says what was predicted
SCENARIO, PUBLISHED, DRAWS, SEED = "baseline-2024", "2025", 1_024, 7


def score_frozen(published: str | Path | Iterable[Outcome], predictions: str | Path) -> Card:
    """Hold predictions that were written down against published outcomes, with naive rivals beside; nothing is run.

    Raises
    ------
    InputError
        If a file or a row is wrong, or an outcome was not predicted.
    """
    rows, known = outcomes(published), read(predictions)
    found = draws_of(known, rows)
    worlds = min(each.size for each in found)
    return Card(None, FROZEN, 0, worlds, None, scored_rows(rows, found), str(predictions))


def score(
    published: str | Path | Iterable[Outcome] = PUBLISHED,
    scenario: str | Path | Scenario = SCENARIO,
    draws: int = DRAWS,
    *,
    parameters: str = "prior",
    seed: int = SEED,
    given: Conditions = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    store: Store | str | Path | bool | None = None,
) -> Card:
    """Hold the worlds of a scenario against published outcomes, with naive rivals beside.

    Parameters
    ----------
    published : str, Path or iterable of Outcome
        A CSV file, or ``"2025"`` for the shipped one.
    scenario : str, Path or Scenario
    draws : int
        Worlds to run; a scored prediction takes at least 1,000.
    parameters : {"prior", "posterior", "central"}
        Where their parameters come from.
    seed : int
        World r is that of pair r of a comparison with this seed.
    given : str, Given or iterable of these, optional
        Conditions on the worlds, as ``"seizures_2025=2000..3000"``; those that fulfil them count.
    workers, executor, progress, store
        As in `supplysim.compare`; progress counts batches of worlds.

    Raises
    ------
    InputError
        If an argument or a row is wrong (nothing has run then), or too few worlds fulfil what is given.
    Interrupted
        On Ctrl-C; finished batches are kept.
    """
    world = loaded(scenario)
    rows = outcomes(published)
    draws = within("draws", gate.whole(draws, "draws", 2, None, "choose 1024"), LIMITS["draws"])
    seed = gate.seed_of(seed)
    years = periods.by_key(world.start, world.weeks)
    held = conditions(given, years)
    asked: list[Place] = [(row.counted.name, *row.weeks(world)) for row in rows]
    places: list[Place] = [
        (each.measure, world.week_of(years[each.year].first), world.week_of(years[each.year].last) + 1) for each in held
    ]
    drawn = parameter_draws(world, parameters, draws, seed)
    last = max(end for *_, end in (*asked, *places))
    ran = until(world, next(end for _, end in years_of(world.weeks) if end >= last))
    found = values(ran, [*asked, *places], drawn, seed, executor, workers, progress, store_for(store, None))
    here = kept(held, [found[place] for place in places], draws)
    left = None
    if held:
        counting = [draw for draw, stays in zip(drawn, here, strict=True) if stays]
        left = Left(held, len(counting), draws, effective(counting, parameters, world))
    return Card(
        world, parameters, seed, int(here.sum()), left, scored_rows(rows, [found[place][here] for place in asked])
    )
