"""What the verbs' options are called, what they take, and their limits: the same option is the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from supplysim.environment import reason
from supplysim.errors import InputError, nearest
from supplysim.language import ENGLISH, LANGUAGES, PSEUDO, language
from supplysim.limits import LIMITS, within
from supplysim.packs import active, use_world
from supplysim.packs.asked import asked_by


def number(flag: str, meaning: str, limit: str, metavar: str = "N") -> Any:
    """Return an option that takes a number inside a limit of `LIMITS`, which its help tells."""

    def checked(value: Any) -> Any:
        return value if value is None else within(flag, value, LIMITS[limit])

    help_text = f"{meaning} ({LIMITS[limit].text})"
    return typer.Option(flag, metavar=metavar, help=help_text, callback=checked, show_default=True)


def _writable(kind: str, place: str = "--out") -> Callable[[Path | None], Path | None]:
    """Return a check that refuses, before any work is done, a folder or a file that could not be written."""

    def checked(path: Path | None) -> Path | None:
        if path is None:
            return None
        folder = path if kind == "folder" else path.parent
        try:
            existing = next(each for each in (folder, *folder.absolute().parents) if os.path.lexists(each))
            is_folder, taken = existing.is_dir(), kind == "file" and path.is_dir()
        except (OSError, ValueError) as error:  # no permission to look, or no possible name
            raise InputError(place, str(path), f"it can be no {kind} ({reason(error)})", "name another") from error
        if not is_folder:
            raise InputError(place, str(path), f"{existing} is a file", "name a folder")
        if taken:
            raise InputError(place, str(path), "it is a folder", "name a file")
        if not os.access(existing, os.W_OK):
            raise InputError(place, str(path), f"{existing} may not be written", "name another folder")
        return path

    return checked


def _file(text: str | None) -> str | None:
    """Refuse a file that could not be written; the text as it was typed, as a path forgets a slash at its end."""
    if text is not None and os.path.basename(text) in ("", ".", ".."):
        raise InputError("--out", text, "it names no file", "name a file, for example posterior.parquet")
    _writable("file")(None if text is None else Path(text))
    return text


def page_file(text: str) -> str:
    """Refuse a page that could not be written, before any work is done."""
    if os.path.basename(text) in ("", ".", "..") or Path(text).suffix.lower() != ".html":
        raise InputError("FILE", text, "it names no page", "name a file that ends in .html, for example explore.html")
    _writable("file", "FILE")(Path(text))
    return text


def _world(text: str | None) -> str | None:
    """Choose the world of the process, before anything else is read."""
    if text is not None:
        use_world(text, "--world")
    return text


def _scenario(text: str) -> str:
    """Choose the world that a scenario file names, unless `--world` names one, which must then be the same."""
    world = asked_by(text)
    if world is not None and active() is None:
        use_world(world, f"{text}: world")
    return text


def _lever_files(paths: list[str] | None) -> list[str] | None:
    """Let the levers of files be known from here on."""
    if not paths:
        return paths  # nothing of the evidence is read before a scenario has named its world
    from supplysim.policies.registry import from_file

    for path in paths:
        from_file(path)
    return paths


def _language(code: str) -> str:
    """Refuse a language that there is no catalogue of."""
    if code not in LANGUAGES and code != PSEUDO:
        raise InputError("--language", code, "there is no catalogue of it", nearest(code, LANGUAGES))
    return code


def english_only(what: str) -> None:
    """Refuse another language for what is written in English only."""
    if language() != ENGLISH:
        raise InputError("--language", language(), f"{what} in English only", "leave it out, or ask for lessons")


Several = list[str] | None
ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO", help="A name (supplysim list scenarios), or a path to a TOML file.", callback=_scenario
    ),
]
World = Annotated[
    str | None,
    typer.Option(
        "--world", metavar="PACK", callback=_world, is_eager=True, help="A world pack: its name, or its folder."
    ),
]
PolicyTexts = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        "-p",
        metavar="POLICY",
        help="lever, lever=0.5, lever=0.5@2025-06 or lever@2025-06..2026-06, with the lever's own numbers as in "
        '"lever(setting=2)=0.5" (quoted, as shells read brackets) and in one state of the world alone as in '
        '"lever[law:passed]", or a scenario whose policies are meant; joined by + for a package. May be given several '
        "times.",
    ),
]
LeverFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--lever-file",
        metavar="FILE",
        callback=_lever_files,
        help="TOML file of levers of your own (docs/own-levers.md). May be given several times; SUPPLYSIM_LEVERS names "
        "files for every command.",
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="NAME", help="What to call a policy in tables and files: one each -p, in order."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter of the scenario (supplysim list parameters). May be given several times.",
    ),
]
States = Annotated[
    list[str] | None,
    typer.Option(
        "--state",
        metavar="NAME=VALUE",
        help="Give a state of the world one value for certain, as in law=passed (supplysim show SCENARIO lists them). "
        "May be given several times.",
    ),
]
Chances = Annotated[
    list[str] | None,
    typer.Option(
        "--state-probability",
        metavar="VALUE=P",
        help="Count a value of a state by another probability than the pairs were drawn with, as in law:passed=0.3; no "
        "new run. May be given several times.",
    ),
]
GivenTexts = Annotated[
    list[str] | None,
    typer.Option(
        "--given",
        metavar="NAME_YEAR=LOW..HIGH",
        help="Count only worlds whose baseline fulfils it, for example seized_2025=2000..3000; one end may be left "
        "out. May be given several times; runs nothing again.",
    ),
]
BeliefsFile = Annotated[
    Path | None,
    typer.Option(
        "--beliefs",
        metavar="FILE",
        help="Assumptions of your own: a TOML file of numbers and ranges, each with its source (docs/beliefs.md).",
    ),
]
Beside = Annotated[
    Literal["default"] | None,
    typer.Option(
        "--beside", help="With --beliefs: answer under the shipped assumptions too, and tell which change did it."
    ),
]
Parameters = Annotated[
    Literal["central", "prior", "posterior"], typer.Option(help="Where uncertain parameters come from.")
]
Rules = Annotated[
    Literal["all"] | None, typer.Option(help="Repeat under every decision rule and rank over all of them.")
]
Seed = Annotated[int, number("--seed", "Seed of all random streams", "seed")]
FirstSeed = Annotated[int, number("--seed", "Seed of the comparison: pair r takes a hash of it and r", "seed")]
Pairs = Annotated[
    int | None, number("--pairs", "Paired runs of each policy; with --precision the most, 256 if left out", "pairs")
]
Precision = Annotated[
    float | None,
    number(
        "--precision",
        "Go on until half the 90 % interval of every change in deliveries is within this share of the baseline; 0.02 "
        "if --pairs is left out too",
        "precision",
        "SHARE",
    ),
]
Replicates = Annotated[
    int | None,
    number(
        "--replicates", "Parameter draws run under a second seed; one in eight, at least 8, if left out", "replicates"
    ),
]
Workers = Annotated[int | None, number("--workers", "Processes; one a processor if left out", "workers")]
Language = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="CODE",
        callback=_language,
        help=f"Language of lessons: {' or '.join(LANGUAGES)} (docs/languages.md).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", callback=_writable("folder"), help="Folder to write results to.")
]
OutFile = Annotated[
    str | None,
    typer.Option(
        "--out", metavar="FILE", callback=_file, help="Posterior sample to write; report and runs are put beside it."
    ),
]
