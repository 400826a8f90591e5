"""A grid of parameters and strengths, every point of it on the same seeds and draws: one tidy table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim import arguments
from supplysim.errors import InputError, nearest
from supplysim.evidence import parameters
from supplysim.experiment.arms import Policies
from supplysim.experiment.compare import SCENARIO, answer, ask, loaded
from supplysim.experiment.study import Study
from supplysim.policies.registry import levers
from supplysim.run import BASELINE
from supplysim.setup.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("delivered", "compute_h100e", "frontier_h100e", "us_cost", "foreign_cost", "industry_cost")
MOST = 10_000  # points of a grid
FORM = 'write {"fte": [10, 20], "border": [0, 0.5, 1]}'


def sweep(
    scenario: str | Path | Scenario = SCENARIO,
    grid: Mapping[str, Sequence[float]] | None = None,
    policies: Policies = None,
    pairs: int = 8,
    *,
    measures: Sequence[str] = MEASURES,
    **settings: Any,
) -> pd.DataFrame:
    """Run every point of a grid on the same pairs, and return one row a point, policy and pair.

    Pair r has the same seed and the same draw of all that the grid does not name at every point, so differences
    between points are paired.

    Parameters
    ----------
    scenario : str, Path or Scenario
    grid : mapping of str to sequence of numbers
        Parameters (``"fte"``, ``"border.growth"``) and levers, whose numbers are strengths from 0 to 1.
    policies : optional
        What else is compared at every point, as in `compare`; the levers of the grid are in force beside it.
    pairs : int
    measures : sequence of str
        Columns of the table: measures over the window.
    **settings
        `seed`, `parameters`, `rule`, `states`, `workers`, `executor`, `store`, as in `compare`.

    Returns
    -------
    DataFrame
        The grid's names, `policy` ("baseline" is the point without `policies`), `pair`, `seed`, then the measures.

    Raises
    ------
    InputError
        For a name that is no parameter and no lever, no value, or a value outside its range; nothing has run then.
    """
    import pandas as pd

    from supplysim.outputs.measures import MEASURES as KNOWN

    world = loaded(scenario)
    axes = _axes(grid)
    for measure in measures:
        arguments.known(measure, KNOWN, "measures", "measure")
    asked: dict[str, Any] = {
        name: settings.pop(name) for name in ("seed", "parameters", "rule", "states") if name in settings
    }
    points = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    questions = [_question(world, point, policies, pairs, asked) for point in points]  # all checked before one runs
    rows = []
    for point, question in zip(points, questions, strict=True):
        study = answer(question, Study, **settings)
        for arm in (BASELINE, *study.arms):
            columns = {measure: study.values(arm, measure, study.window) for measure in measures}
            for place, pair in enumerate(study.runs):
                found = {measure: column[place] for measure, column in columns.items()}
                rows.append({**point, "policy": arm, "pair": pair[0].pair, "seed": pair[0].seed, **found})
    return pd.DataFrame(rows)


def _axes(grid: Any) -> dict[str, list[Any]]:
    axes = {
        name: arguments.items(values, f"grid.{name}", FORM)
        for name, values in arguments.table(grid, "grid", FORM).items()
    }
    table, size = parameters(), 1
    known = {*levers(), *table, *(one.symbol for one in table.values() if one.symbol)}
    for name, values in axes.items():
        if name not in known:
            raise InputError(f"grid.{name}", None, "there is no such parameter or lever", nearest(str(name), known))
        if not values:
            raise InputError(f"grid.{name}", None, "has no value", FORM)
        size *= len(values)
    if not axes or size > MOST:
        rule = f"has {size:,} points" if axes else "names nothing"
        raise InputError("grid", None, rule, f"choose at most {MOST:,} points" if axes else FORM)
    return axes


def _question(
    world: Scenario, point: Mapping[str, Any], policies: Policies, pairs: int, asked: Mapping[str, Any]
) -> Any:
    """Return the question at a point; without policies its arms are none, and the baseline alone is run."""
    known = levers()
    strengths = {name: value for name, value in point.items() if name in known}
    held = [known[name](intensity=value) for name, value in strengths.items()]
    own = [policy for policy in held if policy.intensity > 0.0]
    parameters = {name: value for name, value in point.items() if name not in known}
    scenario = world.with_(parameters=parameters, policies=[*world.policies, *own])
    question = ask(scenario, policies, pairs, **{"replicates": 0, **asked})
    return question if policies is not None else replace(question, arms={})
