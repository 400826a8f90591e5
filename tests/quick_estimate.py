"""A quick estimate of invented numbers in a file, in a world with two states: what reads one can be tried on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from supplysim.emulator.predict import cases_of, lever_names
from supplysim.emulator.train import write
from supplysim.experiment.effects import LEDGER, LEVELS, SUBSTITUTES
from supplysim.setup.states import State, Value

STATES = (
    State("beijing", (Value("open", 0.25), Value("shut", 0.75))),
    State("rule", (Value("stayed", 0.5), Value("in-force", 0.3), Value("repealed", 0.2))),
)
YEARS = (2025, 2026, 2027, 2028, 2029)  # the policies start in the third
MEASURES = ("seized", "delivered", "compute_h100e", "frontier_h100e")
SERIES = ("delivered", "seized")


def invented(file: Path) -> Path:
    """Write it."""
    rng, names, cases = np.random.default_rng(3), lever_names(), len(cases_of(STATES))
    late, quarters = 3, 4 * len(YEARS)
    outputs = len(SERIES) * 4 * late + len(MEASURES) * (late + 1)
    rows = 2 * len(names) * 4 + len(names) * (len(names) - 1) // 2  # three indicators
    tails = len(LEDGER) + len(SUBSTITUTES) + 2
    scale = rng.uniform(1e3, 1e6, outputs)
    middle = np.log(scale) * rng.uniform(0.9, 1.1, (cases, outputs))
    arrays = {
        "mean": rng.normal(-0.02, 0.03, (rows, outputs)),
        "spread": rng.normal(0.01, 0.02, (rows, outputs)),
        "ratio": rng.normal(-0.02, 0.03, (rows, outputs)),
        "variance": rng.normal(0.0, 0.1, (rows, outputs)),
        "z": np.sort(rng.normal(0.0, 1.5, (LEVELS.size, outputs)), axis=0),
        "scale": scale,
        "floor": 0.01 * scale,
        "mean_tail": rng.normal(2e7, 1e6, (rows, tails)),
        "log_middle": middle,
        "log_base": np.sort(rng.normal(0.0, 0.7, (cases, LEVELS.size, outputs)), axis=1),
        "base_mean": np.exp(middle),
        "base_series": np.sort(rng.uniform(1e3, 1e5, (cases, LEVELS.size, quarters, len(SERIES))), axis=1),
        "base_yearly": np.sort(rng.uniform(1e4, 1e6, (cases, LEVELS.size, len(MEASURES) * (len(YEARS) + 1))), axis=1),
    }
    told = {"median_error": 0.02, "p90_error": 0.06, "inside": 0.93}
    about = {
        "levers": list(names),
        "years": list(YEARS),
        "measures": list(MEASURES),
        "first_quarter": 8,
        "series": list(SERIES),
        "states": [[state.name, [[value.name, value.probability, []] for value in state.values]] for state in STATES],
    }
    report = {"test_packages": 60, "test_pairs": 8, "train_rows": 3_000, "scenario_hash": ""}
    write(file, arrays, about, report | dict.fromkeys(MEASURES[1:], told))
    return file
