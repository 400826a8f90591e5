"""`supplysim run`: one world, its years, access and public record on screen, every record as Parquet."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from supplysim.cli.names import believed, in_states, named, numbers
from supplysim.cli.names import world as world_of
from supplysim.errors import InputError
from supplysim.folders import safe, writable_folder, write_together
from supplysim.limits import MOST_PAIRS
from supplysim.outputs.periods import Period, by_key
from supplysim.packs import badge, described
from supplysim.policies.base import Policy
from supplysim.report.world import table as of_this_world
from supplysim.setup.states import complete, states_of

PAIR = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")
Rows = Mapping[tuple[int, str], Mapping[str, Any]]
RECORDS = ("orders", "shipments", "leads", "cases", "weekly", "public_record")


def run_command(
    scenario: str,
    *,
    policies: Sequence[str],
    names: Sequence[str] = (),
    settings: Sequence[str] = (),
    states: Sequence[str] = (),
    seed: int,
    out: Path | None,
    as_json: bool,
    pair: str | None = None,
    parameters: str | None = None,
    beliefs: Path | None = None,
) -> None:
    """Run a scenario once; print its yearly measures, and write its records when asked.

    Parameters
    ----------
    scenario : str
        Shipped name or path.
    policies, names : sequence of str
        As typed; all of them are in force together, beside the scenario's own. What to call them, one each, or none.
    settings : sequence of str
        Parameters of the scenario, as ``fte=20``.
    states : sequence of str
        Values of states of the world, as ``law=passed``; the others have their most probable one, or that of the pair.
    seed : int
        Seed of the world.
    out : Path or None
        Folder for one Parquet file a record and ``access.csv``.
    as_json : bool
        Print JSON instead of a table.
    pair : str or None
        A world of a comparison as ``seed:pair``; then `seed` does not count.
    parameters : str or None
        Where that comparison took its uncertain parameters from, "prior" if left out.
    beliefs : Path or None
        File of assumptions of one's own; of a range its middle counts, or the draw of the pair.

    Raises
    ------
    InputError
        When scenario or policies are wrong; then nothing has been run or written.
    """
    world = world_of(scenario, settings)
    packages = named(policies, names, world)
    world = in_states(world, packages, settings, states)
    own = believed(beliefs, world, settings)
    world = world if own is None else own.world
    if pair is None and parameters is not None:
        raise InputError("--parameters", parameters, "it says where a comparison took its own from", "add --pair 7:12")
    of_pair = None if pair is None else pair_of(pair)
    if of_pair is not None and of_pair[1] >= MOST_PAIRS:
        raise InputError("--pair", pair, f"a comparison has fewer than {MOST_PAIRS} pairs", "name an earlier pair")

    folder = None if out is None else writable_folder(out)
    from supplysim.engine import Engine  # compiled code: only once the input is known to be right
    from supplysim.outputs.notes import notes

    drawn: dict[str, float] | None = None
    if of_pair is not None:
        from supplysim.experiment.design import parameter_draws
        from supplysim.run import pair_seed

        seed = pair_seed(*of_pair)
        drawn = parameter_draws(world, parameters or "prior", of_pair[1] + 1, of_pair[0])[-1]
    model = Engine(world, packages, seed, drawn)
    model.run()
    years, access, seen = model.summary()
    periods = by_key(world.start, world.weeks)
    held = [policy for package in packages for policy in package.policies]
    values = complete(world.states, states_of(drawn or {}))
    told = notes(world, {"together": held}) + idle((*world.policies, *held), values)
    if as_json:
        document = {
            "scenario": world.name,
            "seed": seed,
            "policies": [package.name for package in packages],
            "periods": [period.described() for period in periods.values()],
            "notes": told,
            "set": numbers(settings),
            **described(),
            **({} if own is None else {"beliefs": own.document()}),
            **({"states": values} if values else {}),
            "years": _finite(years),
            "access": _finite(_by_year(access)),
            "public_record": _finite(_by_year(seen)),
        }
        print(json.dumps(document, indent=1), flush=True)
    else:
        title = " + ".join([world.name, *(package.name for package in packages)])
        own_names = [] if own is None else [f"own {name}" for name in own.names]
        title = ", ".join([title, *settings, *own_names, *(f"{name} = {value}" for name, value in values.items())])
        _print_yearly(years, periods, ", ".join(filter(None, (title, f"seed {seed}", badge()))))
        _print_access(access, periods)
        _print_record(seen, periods)
        print(reading(years, periods))
        for sentence in told:
            print(sentence)
        sys.stdout.flush()
    if folder is not None:
        _write(model, folder)
        if not as_json:
            print(f"Records: {', '.join(f'{record}.parquet' for record in RECORDS)} and access.csv in {out}")


def idle(policies: Iterable[Policy], values: Mapping[str, str]) -> list[str]:
    """Return a sentence for each policy that does not act while states of the world have these values."""
    return [
        f"{policy.label()} does not act here: {state} is {values[state]} (--state {state}={wanted} would change that)."
        for policy in policies
        for state, _, wanted in [policy.when.partition(":")]
        if state and values[state] != wanted
    ]


def pair_of(text: str) -> tuple[int, int]:
    """Return seed and pair of a world of a comparison, written ``7:12``.

    Raises
    ------
    InputError
        When it is not written so.
    """
    found = PAIR.fullmatch(text)
    if found is None:
        raise InputError("--pair", text, "it is no pair of a comparison", "write the seed and the pair, as in 7:12")
    return int(found[1]), int(found[2])


def _write(model: Any, folder: Path) -> None:
    """Write every record, the tables of people first."""
    access = of_this_world(model.access())
    writers: dict[str, Callable[[Path], Any]] = {"access.csv": lambda path: safe(access).to_csv(path)}
    for record in RECORDS:
        writers[f"{record}.parquet"] = partial(_record, model, record)
    write_together(folder, writers)


def _record(model: Any, record: str, path: Path) -> None:
    from supplysim.experiment import readable

    made = getattr(readable, record)(model) if hasattr(readable, record) else getattr(model, record)()
    of_this_world(made).to_parquet(path)


def reading(years: Mapping[int, Mapping[str, float]], named: Mapping[int, Period]) -> str:
    """Return what the last calendar year says, in one line; what the last period says if there is no such year."""
    year = max((year for year in years if named[year].calendar_year is not None), default=max(years))
    last, period = years[year], named[year]
    when = f"{year} ({period.days})" if period.calendar_year else f"the {period.weeks} weeks {period.days}"
    delivered, seized = f"{last['delivered']:,.0f}", f"{last['seized']:,.0f}"
    text = f"In {when} {delivered} diverted chips reached China, {seized} were seized"
    if not math.isnan(last["interdiction_rate"]):
        text += f" ({last['interdiction_rate']:.1%} of both)"
    return text + ". One run is one possible world: `supplysim compare` shows what a policy changes."


def _print_yearly(years: Mapping[int, Mapping[str, float]], named: Mapping[int, Period], title: str) -> None:
    from supplysim.outputs.measures import MEASURES

    rows = [(name, MEASURES[name].unit, *(measures[name] for measures in years.values())) for name in years[max(years)]]
    _print_table(title, ("measure", "unit", *(named[year].label for year in years)), rows)


def _print_access(access: Rows, named: Mapping[int, Period]) -> None:
    """Print the access table of the last year, one column a channel."""
    from supplysim.outputs.access import COLUMNS

    year, channels = list(_by_year(access).items())[-1]
    rows = [
        (name, unit, *(values[name] for values in channels.values()))
        for name, (unit, _) in COLUMNS.items()
        if name != "source"
    ]
    _print_table(f"Access to compute, {named[year].days} (all years and sources: --out)", ("", "unit", *channels), rows)


def _print_record(seen: Rows, named: Mapping[int, Period]) -> None:
    """Print what happened and, in the next column, what was published, year by year."""
    from supplysim.outputs.observation import LINES

    years = _by_year(seen)
    headings = [text for year in years for text in (named[year].label, "seen")]
    rows = [
        (line.truth, line.unit, *(value for lines in years.values() for value in lines[line.truth].values()))
        for line in LINES
    ]
    _print_table("Truth, and what the public saw (of sellers: listings)", ("", "unit", *headings), rows)


def _print_table(title: str, headings: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print rows of a name, a unit and numbers."""
    from supplysim.cli.screen import console
    from supplysim.cli.tables import print_table
    from supplysim.report.formatting import cell

    shown = [(name, unit, *map(cell, values)) for name, unit, *values in rows]
    print_table(console(), title, [str(heading) for heading in headings], shown, left=2)
    print()


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
