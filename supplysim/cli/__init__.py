"""The command line: what each verb takes. What it does stands in the verb's own file, imported when asked."""

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
    OutFile,
    Pairs,
    PolicyTexts,
    Precision,
    Replicates,
    ScenarioName,
    Seed,
    Settings,
    Several,
    States,
    Workers,
    World,
    number,
    page_file,
)
from supplysim.errors import InputError
from supplysim.setup.rules import Decision

app = typer.Typer(
    name="supplysim",
    help="Simulate how export-controlled AI chips are diverted, and compare what policy can do about it.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"supplysim {version('supplysim')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _verbs(
    context: typer.Context,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("list", epilog="Example: supplysim list policies")
def list_(
    kind: Annotated[
        Literal["scenarios", "policies", "conditions", "measures", "parameters", "lessons"] | None,
        typer.Argument(help="What to list; everything, parameters only counted, if left out."),
    ] = None,
    levers: LeverFiles = None,
    as_json: Json = False,
    world: World = None,
) -> None:
    """List names with one line each."""
    from supplysim.cli.list import list_command

    list_command(kind, as_json=as_json)


@app.command(epilog="Example: supplysim show whistleblower")
def show(
    name: Annotated[str, typer.Argument(help="A scenario, policy, parameter, measure, lesson or evidence id.")],
    answer: Annotated[
        int | None, typer.Option("--answer", metavar="N", help="Of a lesson: your prediction; then what happened.")
    ] = None,
    levers: LeverFiles = None,
    as_json: Json = False,
    world: World = None,
) -> None:
    """Show what is known about a name: meaning, unit, value, range, source, who pays, what is not known."""
    from supplysim.cli.show import show_command

    show_command(name, as_json=as_json, answer=answer)


@app.command(epilog="Example: supplysim lesson squeeze-one-port --choose 1 --predict 70")
def lesson(
    name: Annotated[str, typer.Argument(help="A lesson (supplysim list lessons).")],
    choose: Annotated[
        int | None, typer.Option("--choose", metavar="N", help="Your answer, counted from 1; asked for if left out.")
    ] = None,
    predict: Annotated[
        int | None,
        typer.Option(
            "--predict", metavar="PERCENT", help="How sure you are: 50, 70 or 90 (percent); asked for if left out."
        ),
    ] = None,
    as_json: Json = False,
    world: World = None,
) -> None:
    """Ask for a prediction, then show what the model does, and score the prediction."""
    from supplysim.cli.lessons import lesson_command

    lesson_command(name, choose=choose, percent=predict, as_json=as_json)


@app.command(epilog="Example: supplysim run baseline-2024 -p border=0.5@2025-06 --out out/border")
def run(
    scenario: ScenarioName,
    policy: PolicyTexts = None,
    levers: LeverFiles = None,
    name: Names = None,
    settings: Settings = None,
    beliefs: BeliefsFile = None,
    state: States = None,
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
    from supplysim.cli.run import run_command

    run_command(
        scenario,
        policies=policy or [],
        names=name or [],
        settings=settings or [],
        states=state or [],
        seed=seed,
        out=out,
        as_json=as_json,
        pair=pair,
        parameters=parameters,
        beliefs=beliefs,
    )


@app.command(epilog="Example: supplysim compare baseline-2027 -p whistleblower -p border=0.5 --out out")
def compare(
    scenario: ScenarioName = "baseline-2027",
    policy: PolicyTexts = None,
    levers: LeverFiles = None,
    name: Names = None,
    settings: Settings = None,
    beliefs: BeliefsFile = None,
    beside: Beside = None,
    state: States = None,
    state_probability: Chances = None,
    pairs: Pairs = None,
    precision: Precision = None,
    seed: FirstSeed = 7,
    parameters: Annotated[
        Literal["central", "prior", "posterior"], typer.Option(help="Where uncertain parameters come from.")
    ] = "prior",
    rule: Annotated[
        Decision | None, typer.Option(help="Decision rule of the traders; the scenario's if left out.")
    ] = None,
    attribute: Annotated[
        bool, typer.Option("--attribute", help="Divide the effect of each package among its policies; 2^n runs a pair.")
    ] = False,
    rules: Annotated[
        Literal["all"] | None, typer.Option(help="Repeat under every decision rule and rank over all of them.")
    ] = None,
    replicates: Replicates = None,
    given: GivenTexts = None,
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
    from supplysim.cli.compare import compare_command

    return compare_command(
        scenario=scenario,
        policies=policy or [],
        names=name or [],
        settings=settings or [],
        pairs=pairs,
        precision=precision,
        seed=seed,
        parameters=parameters,
        rule=rule,
        rules=rules,
        replicates=replicates,
        workers=workers,
        dask=dask,
        out=out,
        as_json=as_json,
        attribute=attribute,
        states=state or [],
        probabilities=state_probability or [],
        given=given or [],
        beliefs=beliefs,
        beside=beside,
    )


@app.command(epilog="Example: supplysim decide baseline-2027 --budget 10,30,100 --without kill_switch")
def decide(
    scenario: ScenarioName = "baseline-2027",
    budget: Annotated[
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
    policy: PolicyTexts = None,
    lever_file: LeverFiles = None,
    settings: Settings = None,
    beliefs: BeliefsFile = None,
    beside: Beside = None,
    state: States = None,
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
    from supplysim.cli.decide import decide_command

    return decide_command(
        scenario,
        budgets=budget,
        payer=payer,
        objective=objective,
        levers=levers,
        without=without,
        authorities=authorities,
        net=net,
        burden=burden,
        target=target,
        worth=worth,
        proposals=policy or [],
        settings=settings or [],
        states=state or [],
        beliefs=beliefs,
        beside=beside,
        pairs=pairs,
        seed=seed,
        quick=quick,
        workers=workers,
        out=out,
        as_json=as_json,
    )


@app.command(epilog="Example: supplysim reproduce out/provenance.json --out elsewhere")
def reproduce(
    provenance: Annotated[Path, typer.Argument(metavar="PROVENANCE", help="provenance.json of a comparison.")],
    workers: Workers = None,
    out: Out = None,
    as_json: Json = False,
    world: World = None,
) -> int | None:
    """Run a comparison again from its provenance alone; status 0 if it is the same to the last digit, else 1."""
    from supplysim.cli.reproduce import reproduce_command

    return reproduce_command(provenance, workers=workers, out=out, as_json=as_json)


@app.command(epilog="Example: supplysim cache --clear")
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Delete every finished run that is kept.")] = False,
    as_json: Json = False,
) -> None:
    """Show which finished runs are kept, and where; or delete them."""
    from supplysim.cli.cache import cache_command

    cache_command(clear=clear, as_json=as_json)


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
    if lessons and settings:
        raise InputError("--set", settings[0], "a lesson has its own numbers", "leave it out with --lessons")
    if lessons:
        from supplysim.cli.lessons import validate_lessons

        return validate_lessons(pairs=draws, seed=seed, workers=workers, write=write, as_json=as_json)
    from supplysim.cli.validate import validate_command

    return validate_command(
        draws=draws,
        pairs=pairs,
        quick=quick,
        rules=rules,
        settings=settings or [],
        seed=seed,
        out=out,
        workers=workers,
        as_json=as_json,
    )


@app.command(epilog="Example: supplysim score outcomes.csv --draws 1024 --out out/score")
def score(
    outcomes: Annotated[
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
    parameters: Annotated[
        Literal["central", "prior", "posterior"], typer.Option(help="Where uncertain parameters come from.")
    ] = "prior",
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
    from supplysim.cli.score import score_command

    return score_command(
        outcomes,
        scenario=scenario,
        draws=draws,
        parameters=parameters,
        given=given or [],
        settings=settings or [],
        seed=seed,
        workers=workers,
        out=out,
        as_json=as_json,
        predictions=predictions,
    )


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
    from supplysim.cli.calibrate import calibrate_command

    file = None if out is None else Path(out)
    return calibrate_command(
        last=last,
        draws=draws,
        seed=seed,
        out=file,
        bank=bank,
        settings=settings or [],
        workers=workers,
        as_json=as_json,
    )


@app.command(epilog="Example: supplysim export explore.html")
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="HTML file to write.", callback=page_file)],
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME", help="A scenario that has a quick estimate.")
    ] = "baseline-2027",
    world: World = None,
) -> None:
    """Write Explore as one HTML file: levers and the quick estimate, from disk, on a phone, without a server."""
    from supplysim.cli.export import export_command

    export_command(file=file, scenario=scenario)


@app.command(epilog="Example: supplysim train baseline-2024 --world philippines --size small")
def train(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A name (supplysim list scenarios).")],
    size: Annotated[
        Literal["full", "small"],
        typer.Option(help="How much is run: full takes some 4,000 runs, small some 600 and tells less."),
    ] = "full",
    workers: Workers = None,
    world: World = None,
    as_json: Json = False,
) -> None:
    """Make the quick estimate of a scenario in a world pack: runs, fit, and a test on packages kept out."""
    from supplysim.cli.train import train_command

    train_command(scenario, size=size, workers=workers, as_json=as_json)


@app.command("app", epilog="Example: supplysim app --port 8765")
def app_(
    port: Annotated[int, number("--port", "Port to listen on", "port")] = 8765,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets others in.")] = "127.0.0.1",
    host_name: Annotated[
        Several, typer.Option("--host-name", help="Name that others call the server by; repeat it for more.")
    ] = None,
    prefix: Annotated[str, typer.Option("--prefix", help="Path that a reverse proxy shows the app under.")] = "",
    proxy: Annotated[
        Several, typer.Option("--proxy", help="Address of a reverse proxy, to be believed who is asking.")
    ] = None,
    levers: LeverFiles = None,
    world: World = None,
) -> None:
    """Open the app: explore, compare and watch, in a browser."""
    from supplysim.cli.app import app_command

    app_command(port=port, host=host, names=host_name or (), prefix=prefix, proxies=proxy or ())


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : list of str, optional
        Words after the program's name; those of the process if left out.

    Returns
    -------
    int
        0 done; 1 ran, and a check fell short; 2 the input, or what the machine has to offer, is wrong: one line on
        standard error; 130 stopped by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.
    """
    from supplysim.cli.outcome import status

    return status(lambda: app(arguments, prog_name="supplysim", standalone_mode=False))
