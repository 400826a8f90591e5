"""`supplysim run`: one world, its years on screen, every record as Parquet."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from supplysim.policies.text import check_duplicates, parse
from supplysim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

RECORDS = ("orders", "shipments", "leads", "cases", "weekly")


def run_command(scenario: str, *, policies: list[str], seed: int, out: Path | None, as_json: bool) -> None:
    """Run a scenario once; print its yearly measures, and write its records when asked.

    Parameters
    ----------
    scenario : str
        Shipped name or path.
    policies : list of str
        As typed; all of them are in force together, beside the scenario's own.
    seed : int
        Seed of the world.
    out : Path or None
        Folder for one Parquet file a record.
    as_json : bool
        Print JSON instead of a table.

    Raises
    ------
    InputError
        When scenario or policies are wrong; then nothing has been run or written.
    """
    world = Scenario.load(scenario)
    packages = [parse(text, world) for text in policies]
    added = [(policy, f"policy {package.name!r}") for package in packages for policy in package.policies]
    check_duplicates([*((policy, "") for policy in world.policies), *added], world.policy_start)

    from supplysim.engine import Engine  # compiled code: only once the input is known to be right

    model = Engine(world, tuple(policy for policy, _ in added), seed)
    model.run()
    yearly = model.yearly()
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for record in RECORDS:
            getattr(model, record)().to_parquet(out / f"{record}.parquet")
    if as_json:
        years = {
            str(year): {measure: _finite(value) for measure, value in row.items()}
            for year, row in yearly.to_dict("index").items()
        }
        names = [package.name for package in packages]
        print(json.dumps({"scenario": world.name, "seed": seed, "policies": names, "years": years}, indent=1))
    else:
        title = " + ".join([world.name, *(package.name for package in packages)])
        _print_table(yearly, f"{title}, seed {seed}")
        print(reading(yearly))
        if out is not None:
            print(f"Records: {', '.join(f'{record}.parquet' for record in RECORDS)} in {out}")


def reading(yearly: pd.DataFrame) -> str:
    """Return what the last year says, in one line."""
    year, last = yearly.index[-1], yearly.iloc[-1]
    delivered, seized = f"{last['delivered']:,.0f}", f"{last['seized']:,.0f}"
    text = f"In {year} {delivered} diverted chips reached China, {seized} were seized"
    if not math.isnan(last["interdiction_rate"]):
        text += f" ({last['interdiction_rate']:.1%} of both)"
    return text + ". One run is one possible world: `supplysim compare` shows what a policy changes."


def _print_table(yearly: pd.DataFrame, title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from supplysim.measures import MEASURES

    table = Table("measure", "unit", title=title, title_justify="left", box=None)
    for year in yearly.index:
        table.add_column(str(year), justify="right")
    for measure in yearly.columns:
        unit = MEASURES[measure].unit if measure in MEASURES else ""
        table.add_row(measure, unit, *(_cell(value) for value in yearly[measure]))
    Console().print(table, markup=False)


def _cell(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"


def _finite(value: float) -> float | None:
    """Return a number that JSON has: what could not be measured is null."""
    return float(value) if math.isfinite(value) else None
