"""Constants of the market and of refilling, chosen by one written rule on targets to 2024, and again to 2025.

``python -m docs.writers.constants 256 out/constants.npz`` runs the worlds and prints both columns and what the data
say of each constant; with a file that is there already it prints them only.

The rule: of points spread evenly over the box below, the shipped values and the slow end among them, in the same six
worlds of `history-2022-2026`, take the one with the least sum of squared deviations from the targets, each over its
tolerance. A point within `CLOSE` of the least is as good; then the shipped values stay.
"""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from scipy.stats import qmc

from supplysim.experiment.executors import run_ordered
from supplysim.run import BASELINE, Point, pair_seed, run_arms, years
from supplysim.setup.scenario import Scenario

SEED, WORLDS, CLOSE = 2024, 6, 2.0
STREAM = 0x50B01
BOX = {  # low, high, whether even in logarithms
    "capacity_surge": (1.0, 1.6, False),
    "capacity_growth": (0.002, 0.04, True),
    "newcomer_start": (0.08, 0.3, False),
    "newcomer_growth": (0.02, 0.1, True),
    "intermediary_capacity": (140.0, 400.0, True),
    "access": (0.2, 0.5, True),
    "margin_speed": (0.004, 0.02, True),
    "demand_scale": (0.75, 1.3, True),
}
SHIPPED = (1.6, 0.03, 0.2, 0.06, 210.0, 0.3, 0.01, 1.0)
SLOW = (1.0, 0.005, 0.1, 0.03, 280.0, 0.35, 0.005, 1.1)
# Target: measure, year, value, tolerance, whether both are logarithms' (then the tolerance is a share).
TARGETS = (
    ("chips, thousand", ("delivered",), 2024, 140e3, 0.3, True, 1e3),
    ("price of A over list", ("price_over_list:A",), 2023, 1.95, 0.1, True, 1),
    ("price of H over list", ("price_over_list:H",), 2024, 1.37, 0.1, True, 1),
    ("smuggled, M H100e", ("delivered_h100e",), 2024, 0.16e6, 0.4, True, 1e6),
    ("rented and offshore, M H100e", ("rented_h100e", "offshore_h100e"), 2024, 0.25e6, 0.4, True, 1e6),
    ("US prosecutions to 2024", ("prosecutions_us",), 2024, 0.0, 1.0, False, 1),
    ("price of B over list", ("price_over_list:B",), 2025, 1.5, 0.1, True, 1),
    ("smuggled, M H100e", ("delivered_h100e",), 2025, 0.48e6, 0.4, True, 1e6),
    ("rented and offshore, M H100e", ("rented_h100e", "offshore_h100e"), 2025, 0.45e6, 0.4, True, 1e6),
    ("US prosecutions", ("prosecutions_us",), 2025, 3.0, 1.5, False, 1),
    ("other prosecutions", ("prosecutions_host",), 2025, 2.0, 1.0, False, 1),
    ("removals a firm-year", ("prosecutions", "listings"), 2025, 0.05, 0.4, True, 1),
)


def points(count: int) -> np.ndarray:
    """Return the shipped values, the slow end and points spread over the box, one a row."""
    low, high = (np.array([edge[k] for edge in BOX.values()]) for k in (0, 1))
    even = np.array([edge[2] for edge in BOX.values()])
    sequence = qmc.Sobol(len(BOX), scramble=True, rng=np.random.default_rng([SEED, STREAM]))
    u = sequence.random_base2((count - 1).bit_length())[:count].clip(1e-9, 1.0 - 1e-9)
    spread = np.where(even, low * (high / low) ** u, low + (high - low) * u)
    return np.vstack([SHIPPED, SLOW, spread])


def found(task: tuple[int, tuple[float, ...]], scenario: Scenario) -> list[float]:
    """Return what a world gives for every target."""
    seed, point = task
    values = dict(zip(BOX, point, strict=True))
    made = run_arms(scenario, {BASELINE: ()}, Point(0, seed, values), {"years": years})[BASELINE]["years"]
    which, measures = made
    row = []
    for _, names, year, *_ in TARGETS:
        at = which.index(year)
        value = sum(measures[name][at] for name in names)
        if names == ("prosecutions_us",) and year == 2024:
            value += measures["prosecutions_us"][at - 1]
        if names == ("prosecutions", "listings"):
            value /= max(measures["active_intermediaries"][at], 1.0)
        row.append(value)
    return row


def run(count: int, path: Path) -> None:
    """Run all points in the same worlds and keep the means."""
    scenario = Scenario.load("history-2022-2026").with_(time={"end": date(2025, 12, 29)})
    chosen = points(count)
    tasks = [(pair_seed(SEED, world), tuple(point)) for point in chosen for world in range(WORLDS)]
    rows = np.array(run_ordered(partial(found, scenario=scenario), tasks))
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, points=chosen, values=np.nanmean(rows.reshape(len(chosen), WORLDS, -1), axis=1))


def losses(values: np.ndarray, last: int) -> np.ndarray:
    """Return the squared deviations from the targets that end by a year, shape (points,)."""
    total = np.zeros(len(values))
    for column, (_, _, year, target, tolerance, logarithms, _) in zip(values.T, TARGETS, strict=True):
        if year <= last:
            off = np.log(np.maximum(column, 1e-9) / target) if logarithms else column - target
            total += (off / tolerance) ** 2
    return total


def tables(path: Path) -> list[str]:
    """Return the lines of both tables."""
    with np.load(path) as kept:
        chosen, values = kept["points"], kept["values"]
    loss = {last: losses(values, last) for last in (2024, 2025)}
    columns = {"shipped": 0, "slow end": 1, "least to 2024": loss[2024].argmin(), "least to 2025": loss[2025].argmin()}
    lines = [f"| | target | {' | '.join(columns)} |", "|---|---|" + "---|" * len(columns)]
    for k, name in enumerate(BOX):
        lines.append(f"| `{name}` | | {' | '.join(f'{chosen[at, k]:.3g}' for at in columns.values())} |")
    for k, (name, _, year, target, _, _, unit) in enumerate(TARGETS):
        cells = " | ".join(f"{values[at, k] / unit:.3g}" for at in columns.values())
        lines.append(f"| {name}, {year} | {target / unit:.3g} | {cells} |")
    for last in (2024, 2025):
        cells = " | ".join(f"{loss[last][at]:.1f}" for at in columns.values())
        lines.append(f"| sum of squares to {last} | | {cells} |")
    lines += ["", "| constant | box | within 2 of the least to 2024 | to 2025 |", "|---|---|---|---|"]
    for k, (name, (low, high, _)) in enumerate(BOX.items()):
        good = [chosen[loss[last] <= loss[last].min() + CLOSE, k] for last in (2024, 2025)]
        cells = " | ".join(f"{x.min():.3g} to {x.max():.3g} ({len(x)} points)" for x in good)
        lines.append(f"| `{name}` | {low:g} to {high:g} | {cells} |")
    return lines


if __name__ == "__main__":
    size, where = int(sys.argv[1]), Path(sys.argv[2])
    if not where.exists():
        run(size, where)
    print("\n".join(tables(where)))
