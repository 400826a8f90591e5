"""`supplysim run`: one world, its years, access and public record on screen, every record as Parquet."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from supplysim.folders import safe, writable_folder, write_together
from supplysim.policies.entries import check_duplicates
from supplysim.policies.text import parse
from supplysim.setup.scenario import Scenario

Rows = Mapping[tuple[int, str], Mapping[str, Any]]
RECORDS = ("orders", "shipments", "leads", "cases", "weekly", "public_record")


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
        Folder for one Parquet file a record and ``access.csv``.
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

    folder = None if out is None else writable_folder(out)
    from supplysim.engine import Engine  # compiled code: only once the input is known to be right

    model = Engine(world, tuple(policy for policy, _ in added), seed)
    model.run()
    years, access, seen = model.summary()
    if as_json:
        document = {
            "scenario": world.name,
            "seed": seed,
            "policies": [package.name for package in packages],
            "years": _finite(years),
            "access": _finite(_by_year(access)),
            "public_record": _finite(_by_year(seen)),
        }
        print(json.dumps(document, indent=1), flush=True)
    else:
        title = " + ".join([world.name, *(package.name for package in packages)])
        _print_yearly(years, f"{title}, seed {seed}")
        _print_access(access)
        _print_record(seen)
        print(reading(years), flush=True)
    if folder is not None:
        _write(model, folder)
        if not as_json:
            print(f"Records: {', '.join(f'{record}.parquet' for record in RECORDS)} and access.csv in {out}")


def _write(model: Any, folder: Path) -> None:
    """Write every record, the tables of people first."""
    writers: dict[str, Callable[[Path], Any]] = {"access.csv": lambda path: safe(model.access()).to_csv(path)}
    for record in RECORDS:
        writers[f"{record}.parquet"] = partial(_record, model, record)
    write_together(folder, writers)


def _record(model: Any, record: str, path: Path) -> None:
    getattr(model, record)().to_parquet(path)


def reading(years: Mapping[int, Mapping[str, float]]) -> str:
    """Return what the last year says, in one line."""
    year = max(years)
    last = years[year]
    delivered, seized = f"{last['delivered']:,.0f}", f"{last['seized']:,.0f}"
    text = f"In {year} {delivered} diverted chips reached China, {seized} were seized"
    if not math.isnan(last["interdiction_rate"]):
        text += f" ({last['interdiction_rate']:.1%} of both)"
    return text + ". One run is one possible world: `supplysim compare` shows what a policy changes."


def _print_yearly(years: Mapping[int, Mapping[str, float]], title: str) -> None:
    from supplysim.outputs.measures import MEASURES

    rows = [(name, MEASURES[name].unit, *(measures[name] for measures in years.values())) for name in years[max(years)]]
    _print_table(title, ("measure", "unit", *years), rows)


def _print_access(access: Rows) -> None:
    """Print the access table of the last year, one column a channel."""
    from supplysim.outputs.access import COLUMNS

    year, channels = list(_by_year(access).items())[-1]
    rows = [
        (name, unit, *(values[name] for values in channels.values()))
        for name, (unit, _) in COLUMNS.items()
        if name != "source"
    ]
    _print_table(f"Access to compute in {year} (all years and sources: --out)", ("", "unit", *channels), rows)


def _print_record(seen: Rows) -> None:
    """Print what happened and, in the next column, what was published, year by year."""
    from supplysim.outputs.observation import LINES

    years = _by_year(seen)
    headings = [text for year in years for text in (str(year), "seen")]
    rows = [
        (line.truth, line.unit, *(value for lines in years.values() for value in lines[line.truth].values()))
        for line in LINES
    ]
    _print_table("Truth, and what the public saw (of sellers: listings)", ("", "unit", *headings), rows)


def _print_table(title: str, headings: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print rows of a name, a unit and numbers."""
    from rich.table import Table

    from supplysim.cli.screen import console
    from supplysim.report.formatting import cell

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, collapse_padding=True)
    for column, heading in enumerate(headings):
        table.add_column(str(heading), justify="right" if column > 1 else "left", overflow="fold")
    for name, unit, *values in rows:
        table.add_row(name, unit, *map(cell, values))
    console().print(table, "")


def _by_year(rows: Rows) -> dict[int, dict[str, Mapping[str, Any]]]:
    """Return rows by year and line as year -> line -> column -> value."""
    found: dict[int, dict[str, Mapping[str, Any]]] = {}
    for (year, line), values in rows.items():
        found.setdefault(year, {})[line] = values
    return found


def _finite(value: Any) -> Any:
    """Return the same with null for what could not be measured, as JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
