"""What runs a scenario, compares policies, and decides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from supplysim.cli.options import (
    BeliefsFile,
    Beside,
    Chances,
    FirstSeed,
    GivenTexts,
    Json,
    LeverFiles,
    Names,
    Out,
    Pairs,
    Parameters,
    PolicyTexts,
    Precision,
    Replicates,
    Rules,
    ScenarioName,
    Seed,
    Settings,
    States,
    Workers,
    World,
    number,
)
from supplysim.cli.program import app, asked
from supplysim.setup.rules import Decision


@app.command(epilog="Example: supplysim run baseline-2024 -p border=0.5@2025-06 --out out/border")
def run(
    scenario: ScenarioName,
    policies: PolicyTexts = None,
    lever_files: LeverFiles = None,
    names: Names = None,
    settings: Settings = None,
    beliefs: BeliefsFile = None,
    states: States = None,
    seed: Seed = 7,
    pair: Annotated[
        str | None, typer.Option("--pair", help="A world of a comparison, as seed:pair; 7:12 is pair 12 of seed 7.")
    ] = None,
    parameters: Annotated[
        Literal["central", "prior", "posterior"] | None,
        typer.Option(help="Where that comparison took its parameters from; prior if left out."),
    ] = None,
    out: Out = None,
    as_json: Json = False,
    world: World = None,
) -> None:
    """Run a scenario once and print its years; with --out, write every order, shipment, lead and case.

    All policies are in force together; `compare` sets one against the other.
    """
    here = asked(locals())
    from supplysim.cli.run import run_command

    run_command(**here)


@app.command(epilog="Example: supplysim compare baseline-2027 -p whistleblower -p border=0.5 --out out")
def compare(
    scenario: ScenarioName = "baseline-2027",
    policies: PolicyTexts = None,
    lever_files: LeverFiles = None,
    names: Names = None,
    settings: Settings = None,
    beliefs: BeliefsFile = None,
    beside: Beside = None,
    states: States = None,
    probabilities: Chances = None,
    pairs: Pairs = None,
    precision: Precision = None,
    seed: FirstSeed = 7,
    parameters: Parameters = "prior",
    rule: Annotated[
        Decision | None, typer.Option(help="Decision rule of the traders; the scenario's if left out.")
    ] = None,
    attribute: Annotated[
        bool, typer.Option("--attribute", help="Divide the effect of each package among its policies; 2^n runs a pair.")
    ] = False,
    rules: Rules = None,
    replicates: Replicates = None,
    given: GivenTexts = None,
    draws: Annotated[
        Path | None,
        typer.Option(
            "--draws",
            metavar="FILE",
            help="A design of your own, CSV or Parquet: one row a world, one column a parameter.",
        ),
    ] = None,
    workers: Workers = None,
    dask: Annotated[
        str | None,
        typer.Option("--dask", metavar="ADDRESS", help="Run on a Dask cluster, for example tcp://10.0.0.1:8786."),
    ] = None,
    out: Out = None,
    as_json: Json = False,
    world: World = None,
) -> int | None:
    """Compare policies with the scenario as it stands; the six CNAS recommendations if none is named.

    Finished runs are kept: the same question again is answered at once, and a stopped comparison goes on.
    """
    here = asked(locals())
    from supplysim.cli.compare import compare_command

    return compare_command(**here)


@app.command(epilog="Example: supplysim decide baseline-2027 --budget 10,30,100 --without kill_switch")
def decide(
    scenario: ScenarioName = "baseline-2027",
    budgets: Annotated[
        str, typer.Option("--budget", metavar="M,M,...", help="Millions of US$ a year, up to eight budgets.")
    ] = "10,30,100",
    payer: Annotated[Literal["us", "foreign", "industry", "all"], typer.Option(help="Whose money it is.")] = "us",
    net: Annotated[bool, typer.Option("--net", help="Count fines in US cases against what is spent.")] = False,
    objective: Annotated[
        Literal["chips", "smuggled", "compute", "frontier", "burden"],
        typer.Option(help="What is to become less; the least burden among packages that cut chips by --target."),
    ] = "chips",
    levers: Annotated[
        str | None, typer.Option("--levers", metavar="NAME,...", help="Levers that may be used; all if left out.")
    ] = None,
    without: Annotated[
        str | None, typer.Option("--without", metavar="NAME,...", help="Levers that may not be used.")
    ] = None,
    authorities: Annotated[
        str | None,
        typer.Option(
            "--authorities",
            metavar="NAME,...",
            help="Who can decide: rule, appropriation, statute, foreign state, vendor; everybody if left out.",
        ),
    ] = None,
    burden: Annotated[
        float | None, number("--burden", "Millions of US$ a year that honest trade may bear at most", "money", "M")
    ] = None,
    target: Annotated[
        float, number("--target", "By what share chips must fall, for the least burden", "precision", "SHARE")
    ] = 0.1,
    worth: Annotated[
        float | None,
        typer.Option(
            "--worth", metavar="USD", help="What one unit less is worth: then information is told in money too."
        ),
    ] = None,
    proposals: PolicyTexts = None,
    lever_files: LeverFiles = None,
    settings: Settings = None,
    beliefs: BeliefsFile = None,
    beside: Beside = None,
    rules: Rules = None,
    states: States = None,
    pairs: Annotated[int, number("--pairs", "Worlds of the report", "pairs")] = 64,
    seed: Annotated[int, number("--seed", "Of the worlds of the report; 1 is taken by the search", "seed")] = 2,
    quick: Annotated[bool, typer.Option("--quick", help="Only search the quick estimate; nothing runs.")] = False,
    workers: Workers = None,
    out: Out = None,
    as_json: Json = False,
    world: World = None,
) -> int | None:
    """Find what to fund: the best portfolio of levers for each budget, how sure that is, and what would change it.

    The search reads the quick estimate; what is reported are exact runs of fresh worlds. Policies named with -p stand
    beside the portfolios; the six CNAS recommendations if none is named.
    """
    here = asked(locals())
    from supplysim.cli.decide import decide_command

    return decide_command(**here)


@app.command(epilog="Example: supplysim reproduce out/provenance.json --out elsewhere")
def reproduce(
    provenance: Annotated[Path, typer.Argument(metavar="PROVENANCE", help="provenance.json of a comparison.")],
    workers: Workers = None,
    out: Out = None,
    as_json: Json = False,
    world: World = None,
) -> int | None:
    """Run a comparison again from its provenance alone; status 0 if it is the same to the last digit, else 1."""
    here = asked(locals())
    from supplysim.cli.reproduce import reproduce_command

    return reproduce_command(**here)


@app.command(epilog="Example: supplysim cache --clear")
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Delete every finished run that is kept.")] = False,
    as_json: Json = False,
) -> None:
    """Show which finished runs are kept, and where; or delete them."""
    here = asked(locals())
    from supplysim.cli.cache import cache_command

    cache_command(**here)
