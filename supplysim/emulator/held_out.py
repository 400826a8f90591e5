"""How good the emulator is: against exact runs of packages that were kept out of its fit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from supplysim.emulator.predict import Emulator
from supplysim.experiment.effects import WINDOW, summarise
from supplysim.run import Run

TRAINED = tuple[dict[str, float], list[int], list[Run]]
CHECKED = (
    *("delivered", "compute_h100e", "frontier_h100e", "seized", "mark_up", "interdiction_rate"),
    *("honest_flagged_share", "training_share"),
)


def test(fitted: Emulator, base: list[Run], held: list[TRAINED], first_week: int, later: int) -> dict[str, Any]:
    """Return how far an emulator is from exact runs on packages it has not seen; levers start `later` years on.

    `first_week` is that of the scenario's policies.
    """
    late = [year for year in base[0].years if year >= fitted.policy_year]
    found: dict[str, list[tuple[float, float, bool, float]]] = {name: [] for name in CHECKED}
    times = []
    for package, pairs, runs in held:
        exact = summarise([base[pair] for pair in pairs], runs, late, first_week)
        started = time.perf_counter()
        guess = fitted.predict(package, later)
        times.append(time.perf_counter() - started)
        for name in CHECKED:
            true, said = exact.effect(name, WINDOW), guess.effect(name, WINDOW)
            inside = bool(said.diff[0] <= true.diff[2] <= said.diff[4])
            found[name].append((said.diff[2], true.diff[2], inside, abs(said.base[2])))
    report: dict[str, Any] = {
        "test_packages": len(held),
        "test_pairs": len(held[0][1]) if held else 0,
        "milliseconds": 1e3 * float(np.median(times)),
    }
    return report | {name: accuracy(cases) for name, cases in found.items()}


def accuracy(cases: Sequence[tuple[float, float, bool, float]]) -> dict[str, Any]:
    """Return how well medians of changes were told: of each package what was said, what was true, whether inside.

    Errors, bias and points are parts of the baseline's median; the sign is counted where the true change is at least a
    hundredth of it.
    """
    from scipy.stats import spearmanr

    table = np.array([case[:2] for case in cases])
    scale = float(np.median([case[3] for case in cases])) or 1.0
    error = (table[:, 0] - table[:, 1]) / scale
    clear = np.abs(table[:, 1]) >= 0.01 * scale
    varied = bool(table.std(axis=0).all())
    return {
        "median_error": round(float(np.median(np.abs(error))), 4),
        "p90_error": round(float(np.quantile(np.abs(error), 0.9)), 4),
        "bias": round(float(error.mean()), 4),
        "correlation": round(float(np.corrcoef(table.T)[0, 1]), 3) if varied else None,
        "rank_correlation": round(float(spearmanr(table[:, 0], table[:, 1]).statistic), 3) if varied else None,
        "sign": round(float(np.mean(np.sign(table[clear, 0]) == np.sign(table[clear, 1]))), 3) if clear.any() else None,
        "inside": round(float(np.mean([case[2] for case in cases])), 3),
        "points": [[round(float(a / scale), 4), round(float(b / scale), 4)] for a, b in table],
    }
