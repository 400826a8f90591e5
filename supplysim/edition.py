"""Which edition of the rules this is: what the rules *do*, told by digests of thirteen worlds (docs/decisions/0013).

An edition is named by `tests/digests.json`. `data/edition.json` registers the source that was run and found to be of
it, so that asking costs no run: the source is hashed as it is compiled, without comments, docstrings, type hints and
layout. A rule that somebody changed makes an edition of its own, ``unregistered-`` and a hash. What was made from runs
carries the edition that made it, and answers for no other. No compiled code is loaded.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from supplysim.language import gettext
from supplysim.packs.pack import stamp as world

PACKAGE = Path(__file__).parent
# What only asks for runs or shows them.
ASKING = (
    *("__init__.py", "edition.py", "environment.py", "api.py", "folders.py", "limits.py"),
    *("cli", "viz", "docs", "scenarios", "data"),
    *("experiment", "decision", "bridges"),
    *("report", "calibration", "validation", "sensitivity", "emulator", "lessons", "language"),
)
FILE = PACKAGE / "data" / "edition.json"
STAMP = re.compile(r"\bedition ([a-z][a-z0-9]*-[0-9a-f]{8}(?:\+[a-z][a-z0-9-]*-[0-9a-f]{8})?)(?![\w+])")
UNREGISTERED = "unregistered"


def edition() -> str:
    """Return the present edition, ``first-1a2b3c4d``, or ``unregistered-`` and the hash of a source not registered.

    In the world of a pack ``+``, its name and its fingerprint stand behind: what is made there answers for no other.
    """
    return f"{rules()}+{world()}" if world() else rules()


@cache
def rules() -> str:
    """Return the edition of the rules, whatever the world."""
    known = registered()
    if known["files"] == files_hash(known["levers"]):  # the very files: no need to read them as Python
        return known["edition"]
    source = source_hash(known["levers"])
    return known["edition"] if source == known["source"] else f"{UNREGISTERED}-{source[:8]}"


def registered(file: Path = FILE) -> dict[str, Any]:
    """Return what is registered: `edition`, its `levers`, hashes of its `digests` and of the `source` and `files`."""
    return json.loads(file.read_text("utf-8"))


def register(edition_id: str, digests: Path, levers: Iterable[str], file: Path = FILE) -> dict[str, Any]:
    """Write down that the present source was run and is of this edition; return what is registered.

    Called only by what has run the worlds (`tests/digests.py`).
    """
    known = sorted(levers)
    made = {
        "edition": edition_id,
        "digests": digests_hash(digests),
        "levers": known,
        "source": source_hash(known),
        "files": files_hash(known),
    }
    new = file.with_suffix(".new")
    new.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    new.replace(file)
    rules.cache_clear()
    return made


def digests_hash(file: Path) -> str:
    """Return the name of what the rules do: a hash of the digests of every world, whatever its columns are called."""
    worlds = json.loads(file.read_text("utf-8"))
    del worlds["platform"]
    bare = {world: sorted(kept[0] for kept in columns.values()) for world, columns in worlds.items()}
    return hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest()[:8]


def rule_files(package: Path = PACKAGE) -> list[Path]:
    """Return the files of the package that can change a run, in a fixed order."""
    files = [path for pattern in ("*.py", "*.csv") for path in package.rglob(pattern)]
    kept = [path for path in files if path.relative_to(package).parts[0] not in ASKING]
    return sorted(kept)


def source_hash(levers: Iterable[str], package: Path = PACKAGE) -> str:
    """Return a hash of the rules' source and evidence: the same on every platform and for every version of Python.

    Parameters
    ----------
    levers : iterable of str
        Those of the edition. Another one moves nothing until it is asked for: its file is left out.
    package : Path
        Folder of the package.
    """
    return _hash(
        (place, text if place.endswith(".csv") else " ".join(_nodes(ast.parse(text))))
        for place, text in _rules(levers, package)
    )


def files_hash(levers: Iterable[str], package: Path = PACKAGE) -> str:
    """Return a hash of the same files as they are, comments and all: quickly made, and changed by any edit."""
    return _hash(_rules(levers, package))


def _rules(levers: Iterable[str], package: Path) -> Iterator[tuple[str, str]]:
    """Yield place and text of every file that can change a run of the edition's own levers."""
    known = set(levers)
    for path in rule_files(package):
        place, text = path.relative_to(package).as_posix(), path.read_text("utf-8")
        if not (path.parent.name == "policies" and path.stem not in known and _is_lever(path.stem, text)):
            yield place, text


def _hash(parts: Iterable[tuple[str, str]]) -> str:
    digest = hashlib.sha256()
    for place, text in parts:
        digest.update(f"\n{place}\n{text}".encode())
    return digest.hexdigest()


def _is_lever(name: str, text: str) -> bool:
    """Return whether a file defines a class with its own name in CamelCase, as the registry wants it."""
    return f"class {''.join(part.capitalize() for part in name.split('_'))}(" in text


def _nodes(node: Any) -> Iterator[str]:
    """Yield what counts of a syntax tree, in order; what no version of Python agrees on is empty and left out."""
    if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
        return
    yield type(node).__name__
    body = getattr(node, "body", None)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_comment", "kind", "ctx"):
            continue
        if value is body and isinstance(value, list) and _is_text(value[:1]):
            value = value[1:]
        if isinstance(value, ast.AST):
            yield from (name, *_nodes(value))
        elif isinstance(value, list):
            for part in value:
                yield from (name, *(_nodes(part) if isinstance(part, ast.AST) else (repr(part),)))
        elif value is not None or isinstance(node, ast.Constant):
            yield f"{name}={value!r}"
    yield ";"


def _is_text(body: list[ast.stmt]) -> bool:
    """Return whether a statement is a text by itself: a docstring."""
    return bool(body) and isinstance(body[0], ast.Expr) and isinstance(getattr(body[0].value, "value", None), str)


# --- what was made by an edition ---------------------------------------------------------------------------


def stamp() -> str:
    """Return how a text says by which edition it was made; `stamped` finds it."""
    return f"edition {edition()}"


def stamped(text: str) -> str | None:
    """Return the edition that made a text, None if it does not say."""
    found = STAMP.search(text)
    return found[1] if found else None


def foreign(made: str | None) -> str:
    """Return one sentence without its full stop if something was made by another edition than the present one.

    Examples
    --------
    >>> foreign(edition()), foreign(None)[:36]
    ('', 'made by another edition of the rules')
    """
    if made == edition():
        return ""
    (by, _, there), (rule, _, here) = (made or "").partition("+"), edition().partition("+")
    if by == rule:
        shipped = gettext("the shipped world")
        of, this = (gettext("world {name}", name=name) if name else shipped for name in (there, here))
        return gettext("made for another world ({world}; this is {here})", world=of, here=this)
    said = made or gettext("it does not say which")
    return gettext("made by another edition of the rules ({edition}; these are {here})", edition=said, here=edition())
