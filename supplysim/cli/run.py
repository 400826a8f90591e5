"""`supplysim run`: one world, its years, access and public record on screen, every record as Parquet."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.policies.text import check_duplicates, parse
from supplysim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

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

    from supplysim.engine import Engine  # compiled code: only once the input is known to be right

    model = Engine(world, tuple(policy for policy, _ in added), seed)
    model.run()
    yearly, access, seen = model.yearly(), model.access(), model.public_record_by_year()
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for record in RECORDS:
            getattr(model, record)().to_parquet(out / f"{record}.parquet")
        access.to_csv(out / "access.csv")
    if as_json:
        document = {
            "scenario": world.name,
            "seed": seed,
            "policies": [package.name for package in packages],
            "years": _by_year(yearly),
            "access": _by_year(access),
            "public_record": _by_year(seen),
        }
        print(json.dumps(document, indent=1))
    else:
        title = " + ".join([world.name, *(package.name for package in packages)])
        _print_yearly(yearly, f"{title}, seed {seed}")
        _print_access(access)
        _print_record(seen)
        print(reading(yearly))
        if out is not None:
            print(f"Records: {', '.join(f'{record}.parquet' for record in RECORDS)} and access.csv in {out}")


def reading(yearly: pd.DataFrame) -> str:
    """Return what the last year says, in one line."""
    year, last = yearly.index[-1], yearly.iloc[-1]
    delivered, seized = f"{last['delivered']:,.0f}", f"{last['seized']:,.0f}"
    text = f"In {year} {delivered} diverted chips reached China, {seized} were seized"
    if not math.isnan(last["interdiction_rate"]):
        text += f" ({last['interdiction_rate']:.1%} of both)"
    return text + ". One run is one possible world: `supplysim compare` shows what a policy changes."


def _print_yearly(yearly: pd.DataFrame, title: str) -> None:
    from supplysim.measures import MEASURES

    units = {name: measure.unit for name, measure in MEASURES.items()}
    rows = [(name, units.get(name, ""), *yearly[name]) for name in yearly.columns]
    _print_table(title, ("measure", "unit", *yearly.index), rows)


def _print_access(access: pd.DataFrame) -> None:
    """Print the access table of the last year, one column a channel."""
    from supplysim.access import COLUMNS

    year = access.index[-1][0]
    channels = access.loc[year]
    rows = [(name, unit, *channels[name]) for name, (unit, _) in COLUMNS.items() if name != "source"]
    _print_table(f"Access to compute in {year} (all years and sources: --out)", ("", "unit", *channels.index), rows)


def _print_record(seen: pd.DataFrame) -> None:
    """Print what happened and, in the next column, what was published, year by year."""
    from supplysim.observation import LINES

    years = list(dict.fromkeys(seen.index.get_level_values("year")))
    headings = [text for year in years for text in (str(year), "seen")]
    rows = [
        (line.truth, line.unit, *(cell for year in years for cell in seen.loc[(year, line.truth)])) for line in LINES
    ]
    _print_table("Truth, and what the public saw (of sellers: listings)", ("", "unit", *headings), rows)


def _print_table(title: str, headings: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print rows of a name, a unit and numbers."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, collapse_padding=True)
    for column, heading in enumerate(headings):
        table.add_column(str(heading), justify="right" if column > 1 else "left", overflow="fold")
    for name, unit, *values in rows:
        table.add_row(name, unit, *map(_cell, values))
    Console().print(table, "", markup=False)


def _cell(value: float) -> str:
    if math.isnan(value):
        return "-"
    if abs(value) >= 1e7:
        return f"{value / 1e6:,.1f}M"
    return f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"


def _by_year(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a table as year -> (line ->) column -> value; what could not be measured is null, as JSON has no NaN."""
    found: dict[str, Any] = {}
    for key, row in frame.to_dict("index").items():
        year, *line = key if isinstance(key, tuple) else (key,)
        place = found.setdefault(str(year), {})
        for name in line:
            place = place.setdefault(name, {})
        place.update({column: value if isinstance(value, str) else _finite(value) for column, value in row.items()})
    return found


def _finite(value: float) -> float | None:
    """Return a number that JSON has: what could not be measured is null."""
    return float(value) if math.isfinite(value) else None
