"""All sensitivity studies, one after another: Morris, Sobol, leave one source out; report, figure and data.

``python -m supplysim.sensitivity.run``. Evaluations are kept under ``--kept`` and not repeated, so an
interrupted study resumes and the report can be written again at no cost.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from supplysim.calibration import volume
from supplysim.calibration.latent import points
from supplysim.calibration.posterior import load_runs
from supplysim.edition import stamp
from supplysim.evidence import Prior, parameters
from supplysim.experiment.arms import acting
from supplysim.experiment.executors import run_ordered
from supplysim.policies import six
from supplysim.sensitivity.indices import (
    Model,
    Study,
    evaluate,
    screened,
    screening,
    sobol_indices,
    sobol_points,
    strongest,
    tornado,
)
from supplysim.sensitivity.ranking import LEVERS, outcomes
from supplysim.sensitivity.report import COMMAND, FIGURE, draw, report
from supplysim.sensitivity.sources import Dropped, Verdict, Worlds, instability, judge, sources

if TYPE_CHECKING:
    import pandas as pd

SCENARIO = "baseline-2024"
SEED = 7
TRAJECTORIES, BASE, EACH = 6, 64, 3
DRAWS = 32  # worlds in which each source is left out: two thirds of all runs of the default
DATA = Path(__file__).parents[1] / "data"


def kept(path: Path, make: Callable[[], Study]) -> Study:
    """Return a study from a file, or make it and keep it there."""
    import pandas as pd

    if not path.is_file():
        study = make()
        frame = pd.DataFrame(study.points, columns=[f"x:{name}" for name in study.factors])
        frame.assign(**study.results).to_parquet(path, index=False)
        return study
    frame = pd.read_parquet(path)
    factors = tuple(name[2:] for name in frame if name.startswith("x:"))
    results = {name: frame[name].to_numpy() for name in frame if not name.startswith("x:")}
    return Study(factors, frame[[f"x:{name}" for name in factors]].to_numpy(), results)


def leave_out(
    worlds: Worlds, model: Model, folder: Path, draws: int, workers: int | None
) -> tuple[np.ndarray, list[Verdict]]:
    """Return the usual falls, shape (draws, levers), and what each dropped source does to the ranking."""
    uniform = points(1 + len(worlds.priors), draws, SEED)
    shares, wide = _share(uniform[:, 0]), uniform[:, 1:]

    def falls(name: str, dropped: Dropped | None) -> np.ndarray:
        def make() -> Study:
            tasks = [(SEED + at, draw) for at, draw in enumerate(worlds.draws(dropped, shares, wide))]
            found = run_ordered(model, tasks, None, workers)
            return Study((), np.empty((draws, 0)), {key: np.array([row[key] for row in found]) for key in found[0]})

        return kept(folder / f"without-{name}-{draws}.parquet", make).falls

    usual = falls("nothing", None)
    verdicts = []
    for dropped in sources(worlds.priors):
        name = dropped.ids[0].replace(":", "")
        verdicts.append(judge(dropped, usual, falls(name, dropped), SEED))
    return usual, verdicts


def _share(z: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(z)


def assumptions(
    priors: dict[str, Prior], morris: pd.DataFrame, indices: pd.DataFrame, verdicts: Sequence[Verdict]
) -> pd.DataFrame:
    """Return one row a parameter, for the app: how much hangs on it, and whether its sources matter."""
    import pandas as pd

    wide = morris.pivot(index="factor", columns="output", values="mu_star").add_prefix("mu_star: ")
    total = indices.pivot(index="factor", columns="output", values="total").add_prefix("total index: ")
    table = wide.join(total).rename_axis("parameter")
    changed = {
        name: max(v.share_changed for v in verdicts if name in v.dropped.parameters)
        for name in priors
        if any(name in v.dropped.parameters for v in verdicts)
    }
    return table.assign(top_three_changes=pd.Series(changed)).reset_index()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what has not been run, and write docs/sensitivity.md, its figure and the table of assumptions."""
    from supplysim.setup.scenario import Scenario

    parser = argparse.ArgumentParser(prog="python -m supplysim.sensitivity.run", description=__doc__)
    parser.add_argument("--calibration", type=Path, default=Path("out/calibration"), help="folder of a calibration")
    parser.add_argument("--kept", type=Path, default=Path("out/sensitivity"), help="folder for evaluations")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--data", type=Path, default=DATA, help="folder for the table of assumptions")
    parser.add_argument("--draws", type=int, default=DRAWS, help="worlds in which each source is left out")
    parser.add_argument("--workers", type=int)
    given = parser.parse_args(arguments)
    given.kept.mkdir(parents=True, exist_ok=True)
    scenario = Scenario.load(SCENARIO)
    free = scenario.uncertain()
    moving = [name for name in acting(free, six()) if not parameters()[name].payer]  # a cost moves no delivery
    priors = {name: free[name] for name in sorted(moving)}
    model = partial(outcomes, scenario=scenario)

    def study(factors: Sequence[str], design: np.ndarray) -> Study:
        return evaluate(design, factors, priors, model, SEED, given.workers)

    morris = kept(given.kept / "morris.parquet", lambda: study(*screening(priors, TRAJECTORIES, SEED)))
    screen = screened(morris, SEED)
    factors = strongest(screen, EACH)
    sobol = kept(given.kept / "sobol.parquet", lambda: study(factors, sobol_points(factors, BASE, SEED)))
    indices = sobol_indices(sobol, SEED)
    worlds = Worlds(*load_runs(given.calibration / "runs.parquet"), priors, volume.published())
    usual, verdicts = leave_out(worlds, model, given.kept, given.draws, given.workers)
    stability = instability(usual, usual, SEED)
    bars = {output: tornado(sobol, output) for output in sobol.outputs()}
    given.out.mkdir(parents=True, exist_ok=True)
    draw(bars, given.out / FIGURE)
    text = report(screen, indices, morris, sobol, usual, stability, verdicts, LEVERS)
    (given.out / "sensitivity.md").write_text(text, encoding="utf-8")
    table = assumptions(priors, screen, indices, verdicts).to_csv(index=False, float_format="%.4g", lineterminator="\n")
    (given.data / "sensitivity.csv").write_text(f"# {COMMAND}; {stamp()}\n{table}", encoding="utf-8")


if __name__ == "__main__":
    main()
