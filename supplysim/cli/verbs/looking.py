"""What only looks things up: names, what is known of them, lessons."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from supplysim.cli.options import Json, Language, LeverFiles, World
from supplysim.cli.program import app, asked
from supplysim.language import speaking


@app.command("list", epilog="Example: supplysim list policies")
def list_(
    kind: Annotated[
        Literal["scenarios", "policies", "conditions", "measures", "parameters", "lessons"] | None,
        typer.Argument(help="What to list; everything, parameters only counted, if left out."),
    ] = None,
    lever_files: LeverFiles = None,
    language: Language = "en",
    as_json: Json = False,
    world: World = None,
) -> None:
    """List names with one line each."""
    here = asked(locals())
    from supplysim.cli.list import list_command

    with speaking(here.pop("language")):
        list_command(**here)


@app.command(epilog="Example: supplysim show whistleblower")
def show(
    name: Annotated[str, typer.Argument(help="A scenario, policy, parameter, measure, lesson or evidence id.")],
    answer: Annotated[
        int | None, typer.Option("--answer", metavar="N", help="Of a lesson: your prediction; then what happened.")
    ] = None,
    lever_files: LeverFiles = None,
    language: Language = "en",
    as_json: Json = False,
    world: World = None,
) -> None:
    """Show what is known about a name: meaning, unit, value, range, source, who pays, what is not known."""
    here = asked(locals())
    from supplysim.cli.show import show_command

    with speaking(here.pop("language")):
        show_command(**here)


@app.command(epilog="Example: supplysim lesson squeeze-one-port --choose 1 --predict 70")
def lesson(
    name: Annotated[str, typer.Argument(help="A lesson (supplysim list lessons).")],
    choose: Annotated[
        int | None, typer.Option("--choose", metavar="N", help="Your answer, counted from 1; asked for if left out.")
    ] = None,
    percent: Annotated[
        int | None,
        typer.Option(
            "--predict", metavar="PERCENT", help="How sure you are: 50, 70 or 90 (percent); asked for if left out."
        ),
    ] = None,
    language: Language = "en",
    as_json: Json = False,
    world: World = None,
) -> None:
    """Ask for a prediction, then show what the model does, and score the prediction."""
    here = asked(locals())
    from supplysim.cli.lessons import lesson_command

    with speaking(here.pop("language")):
        lesson_command(**here)
