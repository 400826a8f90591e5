"""Every lever by year on three objectives, and which of the first ten prevents more: tables for docs/second-edition.md.

``python -m docs.writers.lever_years central 32 out/central.npz`` runs worlds (``prior`` draws parameters; NAME=VALUE
after the file sets some of them) and prints the tables; with a file that is there already it prints them only.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np

from supplysim.experiment.design import parameter_draws
from supplysim.experiment.objectives import OBJECTIVES
from supplysim.experiment.pairs import run_pairs
from supplysim.policies.registry import levers
from supplysim.policies.text import parse
from supplysim.run import BASELINE
from supplysim.setup.scenario import Scenario

CLOSED = ("SG", "MY", "HK", "TH")
AIMS = {aim.measure: name for name, aim in OBJECTIVES.items()}
END, FIRST, SEED = date(2027, 12, 27), 2025, 7  # three years after the levers begin
FOREMOST = 10


def arms() -> list[str]:
    """Return the levers at full strength, as typed."""
    own = [name for name, kind in levers().items() if kind.__module__.startswith("supplysim.")]
    return [name for name in own if name != "close_country"] + [f"close_country:{code}" for code in CLOSED]


def run(mode: str, pairs: int, path: Path, settings: dict[str, float]) -> None:
    """Run the baseline and every lever in all pairs; keep objective x arm x pair x year."""
    scenario = Scenario.load("baseline-2024").with_(time={"end": END}, parameters=settings)
    policies = {name: parse(name, scenario).policies for name in arms()}
    first_week = scenario.week_of(scenario.policy_start)
    runs = run_pairs(scenario, policies, parameter_draws(scenario, mode, pairs, SEED), SEED, first_week)
    at = [runs[0][0].years.index(year) for year in range(FIRST, FIRST + 3)]
    values = np.array([[[np.array(arm.yearly[name])[at] for arm in pair] for pair in runs] for name in AIMS])
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, values=values.transpose(0, 2, 1, 3), arms=[BASELINE, *policies])


def change(of: np.ndarray, against: np.ndarray) -> tuple[float, float]:
    """Return the ratio of means less 1 over pairs, and its standard error, both in %."""
    ratio = of.mean() / against.mean()
    error = (of - ratio * against).std(ddof=1) / len(of) ** 0.5 / against.mean()
    return 100 * (ratio - 1), 100 * float(error)


def tables(path: Path) -> list[str]:
    """Return the lines of both tables."""
    with np.load(path) as kept:
        values, names = kept["values"], list(kept["arms"])
    base = values[:, 0]
    total = {name: change(values[0, k].sum(1), base[0].sum(1))[0] for k, name in enumerate(names)}
    order = sorted(range(1, len(names)), key=lambda k: total[names[k]])
    found = [
        f"| lever | {' | '.join(f'{what}: years 1 / 2 / 3, all' for what in AIMS.values())} |",
        "|---|---|---|---|",
    ]
    for k in order:
        cells = []
        for kind in range(len(AIMS)):
            years = " / ".join(f"{change(values[kind, k, :, y], base[kind, :, y])[0]:+.0f}" for y in range(3))
            all_years, error = change(values[kind, k].sum(1), base[kind].sum(1))
            cells.append(f"{years}, {all_years:+.1f} ± {error:.1f}")
        found.append(f"| {names[k]} | {' | '.join(cells)} |")
    for kind, what in enumerate(AIMS.values()):
        sums = values[kind].sum(2)
        leading = sorted(range(1, len(names)), key=lambda k: sums[k].mean())[:FOREMOST]
        found += ["", f"P(row prevents more {what} than column), three years:", ""]
        found += [f"| | {' | '.join(names[k] for k in leading)} |", "|---" * (len(leading) + 1) + "|"]
        for k in leading:
            cells = [f"{(sums[k] < sums[j]).mean():.2f}" if j != k else "" for j in leading]
            found.append(f"| {names[k]} | {' | '.join(cells)} |")
    return found


if __name__ == "__main__":
    chosen, count, where, *given = sys.argv[1:]
    if not Path(where).exists():
        run(chosen, int(count), Path(where), {name: float(value) for name, value in (x.split("=") for x in given)})
    print("\n".join(tables(Path(where))))
