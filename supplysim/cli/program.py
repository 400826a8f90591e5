"""The program that verbs are added to."""

from __future__ import annotations

from typing import Annotated, Any

import typer

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


READ = ("world", "lever_files")  # options whose work is done when they are read
REPEATED = ("policies", "proposals", "names", "settings", "states", "probabilities", "given", "proxies")


def asked(given: dict[str, Any]) -> dict[str, Any]:
    """Return what a verb was asked, by name; what may be given several times and was not is an empty list."""
    here = {name: value for name, value in given.items() if name not in READ}
    return here | {name: here[name] or [] for name in REPEATED if name in here}
