"""What holds the model against what was published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from supplysim.cli.options import (
    FirstSeed,
    GivenTexts,
    Json,
    Out,
    OutFile,
    Parameters,
    Settings,
    Workers,
    World,
    number,
)
from supplysim.cli.program import app, asked
from supplysim.errors import InputError


@app.command(epilog="Example: supplysim validate --draws 64 --pairs 48")
def validate(
    draws: Annotated[int, number("--draws", "Draws of the uncertain parameters, for 2024", "draws")] = 64,
    pairs: Annotated[int, number("--pairs", "Paired worlds, for the stylised facts", "facts")] = 16,
    quick: Annotated[bool, typer.Option("--quick", help="Few draws, and no paired facts.")] = False,
    rules: Annotated[
        Literal["scenario", "all"], typer.Option(help="Decision and triage rule: the scenario's, or each in turn.")
    ] = "scenario",
    seed: FirstSeed = 7,
    lessons: Annotated[
        bool, typer.Option("--lessons", help="Check what the lessons say instead, on as many pairs as draws.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="With --lessons: keep the numbers beside them.")] = False,
    settings: Settings = None,
    workers: Workers = None,
    out: Out = None,
    as_json: Json = False,
    world: World = None,
) -> int | None:
    """Score the model against limit cases, conservation, targets and stylised facts; status 1 if one falls short."""
    here = asked(locals())
    if lessons and settings:
        raise InputError("--set", settings[0], "a lesson has its own numbers", "leave it out with --lessons")
    if here.pop("lessons"):
        from supplysim.cli.lessons import validate_lessons

        return validate_lessons(pairs=draws, seed=seed, workers=workers, write=write, as_json=as_json)
    from supplysim.cli.validate import validate_command

    del here["write"]
    return validate_command(**here)


@app.command(epilog="Example: supplysim score outcomes.csv --draws 1024 --out out/score")
def score(
    published: Annotated[
        str,
        typer.Argument(
            metavar="OUTCOMES",
            help="A CSV file of published numbers, columns quantity, class, route, channel, first_day, last_day, unit, "
            "value, low, high, source; or 2025, the numbers of that year that come with the program.",
        ),
    ] = "2025",
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME", help="A name (supplysim list scenarios), or a TOML file.")
    ] = "baseline-2024",
    draws: Annotated[
        int, number("--draws", "Worlds behind each prediction, 1,000 or more to be called one; 64 to try", "draws")
    ] = 1024,
    parameters: Parameters = "prior",
    given: GivenTexts = None,
    predictions: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Score predictions that were written down, as docs/predictions-2027.csv; nothing is run.",
        ),
    ] = None,
    settings: Settings = None,
    seed: FirstSeed = 7,
    workers: Workers = None,
    out: Out = None,
    as_json: Json = False,
    world: World = None,
) -> int | None:
    """Score what a scenario says against what was published: interval hits, CRPS, log score, naive rivals beside."""
    here = asked(locals())
    from supplysim.cli.score import score_command

    return score_command(**here)


@app.command(epilog="Example: supplysim calibrate --draws 4096 --out out/calibration/posterior.parquet")
def calibrate(
    last: Annotated[
        int,
        typer.Option(
            "--to", metavar="YEAR", help="Last year to look at: 2024, with baseline-2024, or 2025, with the history."
        ),
    ] = 2024,
    draws: Annotated[int, number("--draws", "Runs of the first population, from the prior", "draws")] = 4096,
    seed: FirstSeed = 2024,
    out: OutFile = None,
    bank: Annotated[
        Path | None,
        typer.Option(
            "--bank", metavar="FILE", help="runs.parquet of an earlier calibration, whose runs are not repeated."
        ),
    ] = None,
    settings: Settings = None,
    workers: Workers = None,
    as_json: Json = False,
    world: World = None,
) -> int | None:
    """Calibrate to published numbers up to a year: posterior sample, what it identifies, recovery test."""
    here = asked(locals())
    from supplysim.cli.calibrate import calibrate_command

    return calibrate_command(**here | {"out": None if out is None else Path(out)})
