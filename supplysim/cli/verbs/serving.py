"""What makes something for others to use: a page, a quick estimate, the app."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from supplysim.cli.options import Json, Language, LeverFiles, Several, Workers, World, number, page_file
from supplysim.cli.program import app, asked
from supplysim.language import speaking


@app.command(epilog="Example: supplysim export explore.html")
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="HTML file to write.", callback=page_file)],
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME", help="A scenario that has a quick estimate.")
    ] = "baseline-2027",
    lessons: Annotated[bool, typer.Option("--lessons", help="Write the lessons instead.")] = False,
    language: Language = "en",
    world: World = None,
) -> None:
    """Write Explore, or the lessons, as one HTML file that works from disk, on a phone, without a server."""
    here = asked(locals())
    from supplysim.cli.export import export_command

    with speaking(here.pop("language")):
        export_command(**here)


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
    here = asked(locals())
    from supplysim.cli.train import train_command

    train_command(**here)


@app.command("app", epilog="Example: supplysim app --port 8765")
def app_(
    port: Annotated[int, number("--port", "Port to listen on", "port")] = 8765,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets others in.")] = "127.0.0.1",
    names: Annotated[
        Several, typer.Option("--host-name", help="Name that others call the server by; repeat it for more.")
    ] = None,
    prefix: Annotated[str, typer.Option("--prefix", help="Path that a reverse proxy shows the app under.")] = "",
    proxies: Annotated[
        Several, typer.Option("--proxy", help="Address of a reverse proxy, to be believed who is asking.")
    ] = None,
    lever_files: LeverFiles = None,
    world: World = None,
) -> None:
    """Open the app: explore, compare and watch, in a browser."""
    here = asked(locals())
    from supplysim.cli.app import app_command

    app_command(**here)
