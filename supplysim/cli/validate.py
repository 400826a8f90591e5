"""``supplysim validate``: whether 2024, over all that is uncertain, looks like what is published about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from supplysim.cli import INTERRUPTED
from supplysim.cli.compare import progress_bar
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.files import writable_folder, write_together
from supplysim.experiment.published import YEAR, number, published_volume
from supplysim.experiment.words import count
from supplysim.experiment.workers import Interrupted, run_ordered

if TYPE_CHECKING:
    from supplysim.scenario import Scenario

SCENARIO = "baseline-2024"
LARGEST_SHARE = 0.10  # of the units that the top 1 % of orders must have (MODEL section 12, F3)
CASE_MONTHS = 23  # February 2023 to December 2024, the period of evidence Q151


@dataclass(frozen=True)
class Check:
    """One target: what it says, what the model gives, whether that passes, whether it must."""

    name: str
    target: str
    found: str
    passed: bool
    must: bool
    sources: str


def validate_command(draws: int, seed: int, out: Path | None, workers: int | None, as_json: bool) -> int:
    """Run the baseline once for each draw of the parameters and hold 2024 against the published numbers.

    Returns
    -------
    int
        Exit status: 0, 1 if a target that must hold does not, 130 on Ctrl-C.

    Raises
    ------
    InputError
        If an argument is wrong.
    """
    from supplysim.scenario import Scenario

    scenario = Scenario.load(SCENARIO)
    tasks = [(seed + number, draw) for number, draw in enumerate(parameter_draws(scenario, "prior", draws, seed))]
    folder = None if out is None else writable_folder(out)
    try:
        with progress_bar(quiet=as_json) as bar:
            shown = bar.add_task(f"{scenario.name}, prior draws", total=len(tasks))
            samples = run_ordered(
                partial(sample, scenario=scenario), tasks, None, workers, lambda *_: bar.advance(shown)
            )
    except Interrupted as stop:
        Console(stderr=True).print(f"Stopped after {len(stop.finished)} of {draws} draws; too few to judge.")
        return INTERRUPTED
    checks = scoreboard(samples)
    if folder is not None:
        write_together(folder, _writers(checks, samples))
    _tell(checks, draws, out, as_json)
    return int(any(check.must and not check.passed for check in checks))


def sample(task: tuple[int, dict[str, float]], scenario: Scenario) -> dict[str, float]:
    """Run one draw and return its numbers of 2024.

    Returns
    -------
    dict
        ``delivered`` (chips), ``mark_up`` (multiple of list), ``prosecutions`` (a year), ``order_median``
        (chips; NaN without orders) and ``top_share`` (units in the largest 1 % of orders, at least one).
    """
    from supplysim.engine import Engine

    seed, parameters = task
    model = Engine(scenario, seed=seed, parameters=parameters)
    model.run()
    year = model.yearly().loc[YEAR]
    return {name: float(year[name]) for name in ("delivered", "mark_up", "prosecutions")} | order_sizes(
        model.orders(), scenario
    )


def order_sizes(orders: Any, scenario: Scenario) -> dict[str, float]:
    """Return the median order of 2024 and the share of its units in the largest 1 % of orders."""
    first, last = (scenario.week_of(date(year, 1, 1)) for year in (YEAR, YEAR + 1))
    quantity = np.sort(orders.loc[orders["week"].between(first, last, inclusive="left"), "quantity"].to_numpy())
    if quantity.size == 0:
        return {"order_median": np.nan, "top_share": np.nan}
    largest = quantity[-max(1, quantity.size // 100) :]
    return {"order_median": float(np.median(quantity)), "top_share": float(largest.sum() / quantity.sum())}


def scoreboard(samples: list[dict[str, float]]) -> list[Check]:
    """Return the checks of a set of samples of 2024."""
    column = {name: np.array([one[name] for one in samples]) for name in samples[0]}
    published = published_volume()
    p05, p50, p95 = np.quantile(column["delivered"], [0.05, 0.5, 0.95])
    delivered = f"{count(p05)} / {count(p50)} / {count(p95)}"
    low, high = number("P:B13", "low"), number("P:B15", "central")  # lowest and highest reported price
    mark_up = _median(column["mark_up"])
    order = _median(column["order_median"])
    top = _median(column["top_share"])
    prosecutions = column["prosecutions"].mean()
    ceiling = 12.0 * number("Q151", "central") / CASE_MONTHS
    return [
        Check(
            "chips delivered, 5 / 50 / 95 %: reaches down",
            f"5 % at most {count(published.low)}",
            delivered, bool(p05 <= published.low), True, "Q001",
        ),
        Check(
            "chips delivered: covers the published median",
            f"{count(published.median)} between 5 and 95 %",
            delivered, bool(p05 <= published.median <= p95), True, "Q001",
        ),
        Check(
            "chips delivered: reaches up",
            f"95 % at least {published.high_as_published} (read as {count(published.high)})",
            delivered, bool(p95 >= published.high), True, "Q001",
        ),
        Check(
            "chips delivered: centred",
            f"median within 2 times {count(published.median)}",
            count(p50), bool(published.median / 2.0 <= p50 <= published.median * 2.0), False, "Q001",
        ),
        Check(
            "price over list, median draw",
            f"{low:g} to {high:g}",
            f"{mark_up:.2f}", bool(low <= mark_up <= high), True, "P:B13 P:B15",
        ),
        Check("median order", "tens of chips", f"{order:.0f}", bool(10.0 <= order < 100.0), True, "Q069"),
        Check(
            "units in the largest 1 % of orders",
            f"at least {LARGEST_SHARE:.0%}",
            f"{top:.0%}", bool(top >= LARGEST_SHARE), True, "Q040 Q066 Q068",
        ),
        Check(
            "prosecutions a year, mean",
            f"more than 0, fewer than {ceiling:.0f} (all technologies)",
            f"{prosecutions:.1f}", bool(0.0 < prosecutions < ceiling), True, "Q151",
        ),
    ]  # fmt: skip


def _median(values: np.ndarray) -> float:
    """Return the median of what is known; NaN if nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan


def _writers(checks: list[Check], samples: list[dict[str, float]]) -> dict[str, Callable[[Path], Any]]:
    import pandas as pd

    return {
        "validation.csv": lambda path: pd.DataFrame(map(asdict, checks)).to_csv(path, index=False),
        "validation_draws.csv": lambda path: pd.DataFrame(samples).to_csv(path, index_label="draw"),
    }


def _tell(checks: list[Check], draws: int, out: Path | None, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps({"scenario": SCENARIO, "draws": draws, "checks": [asdict(check) for check in checks]}, indent=2)
        )
        return
    console = Console()
    title = f"{SCENARIO}: {YEAR} over {draws} draws from the priors"
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for heading in ("Check", "Target", "Model", "Result", "Evidence"):
        table.add_column(heading)
    for check in checks:
        result = "pass" if check.passed else "FAIL" if check.must else "fails (may)"
        style = "green" if check.passed else "red" if check.must else "yellow"
        table.add_row(check.name, check.target, check.found, f"[{style}]{result}[/]", check.sources)
    console.print(table)
    failed = sum(check.must and not check.passed for check in checks)
    console.print("All that must hold does." if not failed else f"{failed} of the checks that must hold fail.")
    if out is not None:
        console.print(f"Written to {out}", highlight=False, soft_wrap=True)
