"""What mkdocs is told beside the Markdown of docs/: pages made when the site is built, and links that leave docs/.

Front pages of the source tree, notebooks and the command line become pages; a link to a file that is no page of the
site is shown as the file's path in the source tree. Nothing here needs the model to run.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FRONT = {"README.md": "index.md", "CHANGELOG.md": "CHANGELOG.md", "CONTRIBUTING.md": "CONTRIBUTING.md"}
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
REST = "Reference"  # the section of pages that the navigation does not name
COMMANDS = "command-line.md"
PYTHON = "python.md"
SHIM = "assets/iframe-worker.js"  # search in pages read from disk
AGENTS = ("Vendor", "Distributor", "EndUser", "Intermediary", "Buyer", "Enforcer")
NAMES = (
    ("Worlds", ("model.SupplyChain", "setup.scenario.Scenario", "engine.Engine", "week.PHASES")),
    ("Decisions", ("decision.decide.decide", "decision.decision.Decision")),
    ("Comparisons", ("api.compare", "api.reproduce", "api.attribute", "api.Study", "experiment.study.Study")),
    ("Grids and pairs of studies", ("experiment.sweep.sweep", "experiment.side_by_side.beside")),
    ("Scores", ("validation.scoring.score",)),
    ("Levers", ("policies.base.Policy", "policies.base.setting", "world.conditions.Shift")),
    ("Levers in files", ("policies.registry.from_file",)),
    (
        "Bridges",
        (
            *("bridges.ema.ema_model", "bridges.salib.problem", "bridges.salib.draws", "bridges.salib.analyse"),
            *("bridges.arviz.to_arviz", "bridges.mesa.Batch", "bridges.executors.JoblibExecutor"),
        ),
    ),
    ("Agents", tuple(f"agents.views.{kind}" for kind in AGENTS)),
    ("Quick estimate", ("emulator.predict.Emulator", "emulator.predict.emulator")),
    ("Errors", ("errors.InputError",)),
)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made, and put every page into the navigation."""
    for source, page in FRONT.items():
        add(files, config, page, (ROOT / source).read_text("utf-8"))
    for path in sorted((DOCS / "notebooks").glob("*.ipynb")):
        add(files, config, f"notebooks/{path.stem}.md", notebook(path))
    add(files, config, COMMANDS, commands())
    add(files, config, PYTHON, names())
    add(files, config, SHIM, (DOCS / "site" / "iframe-worker.js").read_text("utf-8"))
    config.nav = navigation(config.nav, sorted(file.src_uri for file in files.documentation_pages()))
    return files


def add(files: Files, config: Any, page: str, content: str) -> None:
    """Add a page that is no file of docs/."""
    files.append(File.generated(config, page, content=content))


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Turn links towards the source tree: to the page made of a file, or to its path as text."""
    here = page.file.src_uri
    source = {made: front for front, made in FRONT.items()}.get(here, f"docs/{here}")

    def turned(link: re.Match[str]) -> str:
        picture, text, target = link.groups()
        path, _, anchor = target.partition("#")
        if not path or re.match(r"[a-z]+:", path):
            return link[0]
        found = os.path.normpath(os.path.join(os.path.dirname(source), path)).replace(os.sep, "/")
        name = FRONT.get(found, found.removeprefix("docs/"))
        name = re.sub(r"^(notebooks/.*)\.ipynb$", r"\1.md", name)
        if files.get_file_from_path(name) is not None and (found in FRONT or found.startswith("docs/")):
            to = os.path.relpath(name, os.path.dirname(here) or ".").replace(os.sep, "/")
            return f"{picture}[{text}]({to}{'#' + anchor if anchor else ''})"
        if (ROOT / found).exists():
            return f"`{found}`" if text in (found, path) else f"{text} (`{found}`)"
        return link[0]  # broken: mkdocs says so

    return LINK.sub(turned, markdown)


def navigation(nav: list[Any], pages: list[str]) -> list[Any]:
    """Return the navigation with the pages of each folder that stands in it, and those left over under Reference."""

    def filled(entry: Any) -> Any:
        if isinstance(entry, dict):
            return {name: filled(below) for name, below in entry.items()}
        if isinstance(entry, list):
            return [filled(each) for each in entry]
        if entry.endswith("/"):
            below = [page for page in pages if page.startswith(entry)]
            return sorted(below, key=lambda page: ("README" not in page, page))
        return entry

    full = [filled(entry) for entry in nav]
    told = set(re.findall(r"'([^']+\.md)'", repr(full)))
    (rest,) = [entry[REST] for entry in full if REST in entry]
    rest += [page for page in pages if page not in told]
    return full


def notebook(path: Path) -> str:
    """Return a notebook as Markdown, without what its cells print: the file itself is beside the page."""
    parts = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        parts.append(f"```python\n{source}\n```" if cell["cell_type"] == "code" else source)
    title, *others = parts
    return "\n\n".join([title, f"[Download this notebook]({path.name})", *others]) + "\n"


def commands() -> str:
    """Return every verb with its options, as the program tells them."""
    from typer.cli import get_docs_for_click
    from typer.main import get_command

    from supplysim.cli import app

    program = get_command(app)
    with program.make_context("supplysim", [], resilient_parsing=True) as context:
        return get_docs_for_click(obj=program, ctx=context, name="supplysim", title="Command line")


def names() -> str:
    """Return the page of public Python names; mkdocstrings fills it in from the source."""
    text = ["# Python", "`import supplysim as ss` gives what stands first; the rest is imported from the place named."]
    for title, found in NAMES:
        text.append(f"## {title}")
        text += [f"::: supplysim.{name}\n    options:\n      heading_level: 3" for name in found]
    return "\n\n".join(text) + "\n"
