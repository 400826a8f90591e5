"""The gate of world packs: files, columns, cells and what tables say of one another, before anything is run."""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from supplysim.errors import InputError, nearest
from supplysim.packs.columns import CELLS, INSTEAD, MAY_BE_EMPTY, MOST_TRANSITS, NO_NEW_ROWS, Code, Number
from supplysim.packs.contents import Pack
from supplysim.packs.rows import CITED_AS, EVIDENCE, KEYS, TABLES_TO_2026, Row, key, read

MANIFEST = "pack.toml"
LARGEST = 5_000_000  # bytes of a file
LESSONS = "lessons"
BESIDE = (MANIFEST, LESSONS, "README.md", "LICENSE", "__init__.py", "__pycache__")  # what may lie besides tables
NUMBERS = ("results.csv", "series.csv")  # what the model showed in the lessons
TEXTS, LISTS = ("name", "title", "source", "licence"), ("not_covered",)
KNOWN = (*TEXTS, *LISTS, "instead", "words")
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
ASSUMPTION = "assumption"
ONCE = ("rules", "maker", "destination")  # roles that one country has


def checked(folder: Path) -> Pack:
    """Return the pack of a folder.

    Raises
    ------
    InputError
        For the first thing that is wrong: file, row, column, value, rule and remedy.
    """
    files = sorted(path for path in folder.iterdir() if path.name not in BESIDE and not path.name.startswith("."))
    for path in files:
        if path.suffix != ".csv" or path.stem not in KEYS or not path.is_file():
            names = (f"{name}.csv" for name in KEYS)
            raise InputError(str(folder), path.name, "a world pack has no such file", nearest(path.name, names))
    _lessons(folder / LESSONS)
    manifest = _manifest(folder / MANIFEST)
    tables = {path.stem: _table(path) for path in files}
    digest = hashlib.sha256()
    for path in (folder / MANIFEST, *files):
        digest.update(f"\n{path.name}\n".encode() + path.read_bytes())
    pack = Pack(folder=folder, tables=tables, fingerprint=digest.hexdigest()[:8], **manifest)
    _together(pack)
    return pack


def _lessons(folder: Path) -> None:
    """Check which files lie among the lessons; what they say passes the gate of all lessons when one is asked for."""
    if not folder.exists():
        return
    at = f"{folder.parent.name}/{folder.name}"
    if not folder.is_dir():
        raise InputError(at, None, "is no folder", "put the lessons into a folder of that name")
    files = {path.name: path for path in folder.iterdir() if not path.name.startswith(".")}
    for name, path in sorted(files.items()):
        if path.suffix not in (".toml", ".md") and name not in NUMBERS:
            rule = "only lessons and their numbers lie there"
            raise InputError(at, name, rule, f"name it *.toml or *.md, or {nearest(name, NUMBERS)}")
        other = path.with_suffix(".md" if path.suffix == ".toml" else ".toml").name
        if name not in NUMBERS and other not in files:
            raise InputError(at, name, f"{other} is missing", "a lesson is two files of one name; add it")
        _text(path)
    if not any(name.endswith(".toml") for name in files):
        raise InputError(at, None, "it holds no lesson", "add one, or remove the folder")


def _manifest(path: Path) -> dict[str, Any]:
    at = f"{path.parent.name}/{path.name}"
    try:
        told = tomllib.loads(_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(at, None, f"is not valid TOML ({error})", "correct it there") from error
    for name in told:
        if name not in KNOWN:
            raise InputError(f"{at}: {name}", None, "there is no such key", nearest(name, KNOWN))
    for name in TEXTS:
        if not isinstance(told.get(name), str) or not told[name].strip():
            raise InputError(f"{at}: {name}", told.get(name), "it must be a text that is not empty", "write it")
    if not NAME.fullmatch(told["name"]):
        rule = "it must be small letters, digits and '-', a letter first, 40 at most"
        raise InputError(f"{at}: name", told["name"], rule, "rename it")
    for name in ("not_covered", "instead"):
        found = told.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            raise InputError(f"{at}: {name}", found, "it is not a list of texts", 'write ["..."]')
    if not told.get("not_covered"):
        rule = "a pack says what it leaves as it is shipped"
        raise InputError(f"{at}: not_covered", None, rule, 'write ["prices are those of the shipped world"], say')
    for name in told.get("instead", []):
        if name not in INSTEAD:
            raise InputError(f"{at}: instead", name, "its shipped rows cannot be left out", nearest(name, INSTEAD))
    words = told.get("words", {})
    if not isinstance(words, dict) or not all(isinstance(one, str) and one for one in words.values()):
        raise InputError(f"{at}: words", words, "it is not a table of texts", 'write chip = "lens"')
    small = {word.lower() for word in words}
    for word, other in words.items():
        again = [part for part in small if re.search(rf"(?<![\w-]){re.escape(part)}(?![\w-])", other.lower())]
        if again or not word.strip():
            rule = f"it holds {again[0]!r}, which is replaced itself" if again else "the word is empty"
            raise InputError(f"{at}: words.{word}", other, rule, "say it otherwise")
    return {
        **{name: told[name] for name in TEXTS},
        "not_covered": tuple(told["not_covered"]),
        "instead": tuple(told.get("instead", [])),
        "words": words,
    }


def _text(path: Path) -> str:
    at = f"{path.parent.name}/{path.name}"
    try:
        content = path.read_bytes()[: LARGEST + 1]
        if len(content) > LARGEST:
            raise InputError(at, None, "is larger than five megabytes", "leave some rows out")
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(at, None, "is not text in UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise InputError(at, None, f"cannot be read ({error.strerror})", "make it readable") from error
    return text


def _table(path: Path) -> list[Row]:
    """Return the rows of one file, its columns and every cell by itself checked."""
    name, at = path.stem, f"{path.parent.name}/{path.name}"
    _text(path)
    try:
        rows, shipped = read(path), read(EVIDENCE / path.name)
    except ValueError as error:
        raise InputError(at, None, str(error).removeprefix(path.name).lstrip(":, "), "correct it there") from error
    columns = [*shipped[0]]
    for column in rows[0] if rows else columns:
        if column not in columns:
            raise InputError(f"{at}: column {column}", None, "there is no such column", nearest(column, columns))
    for column in columns if rows else ():
        if column not in rows[0]:
            raise InputError(f"{at}: column {column}", None, "it is missing", f"write {','.join(columns)}")
    known, seen = {key(name, row) for row in shipped}, set()
    for number, row in enumerate(rows, 1):
        place = f"{at}: row {number} ({' '.join(key(name, row))})"
        _cells(name, row, place)
        if key(name, row) in seen and name != "series":
            raise InputError(place, None, "it stands twice", "leave one of the rows out")
        seen.add(key(name, row))
        if name in NO_NEW_ROWS and key(name, row) not in known:
            remedy = nearest(key(name, row)[0], (one[0] for one in known))
            raise InputError(place, None, "the rules know no such row, and a pack can add none here", remedy)
    return rows


def _cells(name: str, row: Row, place: str) -> None:
    for column, cell in row.items():
        kind = CELLS[name].get(column)
        at = f"{place}.{column}"
        if kind is None:
            if not cell and column not in MAY_BE_EMPTY:
                remedy = f"name its sources, or write {ASSUMPTION}" if column.startswith("source") else "fill it in"
                raise InputError(at, None, "it is empty", remedy)
        elif isinstance(kind, Number):
            _number(kind, cell, at)
        elif not isinstance(kind, Code) and cell not in kind.words:
            told = ", ".join(word or "empty" for word in kind.words)
            raise InputError(at, cell, f"it must be one of {told}", "choose one of them")
    if name in ("parameters", "settings"):
        default, low, high = (float(row[column]) if row[column] else None for column in ("default", "low", "high"))
        if default is None or (low is not None and default < low) or (high is not None and default > high):
            rule = f"the range is {row['low'] or 'anything'} to {row['high'] or 'anything'}"
            raise InputError(f"{place}.default", row["default"], rule, "choose a value inside it, or widen the range")
    if name == "calendar":
        try:
            date.fromisoformat(row["date"])
        except ValueError as error:
            raise InputError(f"{place}.date", row["date"], "it is no day", "write it as 2026-05-31") from error
    if "quarter" in row and not re.fullmatch(r"20\d\dQ[1-4]", row["quarter"]):
        raise InputError(f"{place}.quarter", row["quarter"], "it is no quarter", "write it as 2026Q3")


def _number(kind: Number, cell: str, at: str) -> None:
    if not cell and kind.optional:
        return
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (kind.whole and value != int(value)):
        rule = "it must be a whole number" if kind.whole else "it must be a number"
        raise InputError(at, cell or "", rule, "write one")
    if not kind.low <= value <= kind.high:
        raise InputError(at, cell, f"it must be from {kind.low:g} to {kind.high:g}", "choose a value in that range")


def _together(pack: Pack) -> None:
    """Check what tables say of one another, in the world that the pack makes."""
    world = {name: pack.rows(name) for name in KEYS}
    codes = {name: {row["code"] for row in rows} for name, rows in world.items() if rows and "code" in rows[0]}
    cited = _citable(world)
    for name, rows in pack.tables.items():
        for number, row in enumerate(rows, 1):
            place = f"{pack.folder.name}/{name}.csv: row {number} ({' '.join(key(name, row))})"
            for column, kind in CELLS[name].items():
                if isinstance(kind, Code):
                    _code(kind, row[column], codes[kind.table], f"{place}.{column}")
            for ref in row.get("sources", "").split():
                if ref not in cited:
                    remedy = f"{nearest(ref, cited)}; or write {ASSUMPTION}, or add it to quantities.csv of the pack"
                    raise InputError(f"{place}.sources", ref, "there is no such evidence", remedy)
    _countries(pack, world["countries"])
    for name, column in (("vendors", "share"), ("agencies", "staff_share")):
        if name in pack.tables and sum(float(row[column]) for row in world[name]) > 1.0 + 1e-6:
            total = sum(float(row[column]) for row in world[name])
            raise InputError(
                f"{pack.folder.name}/{name}.csv: {column}",
                f"{total:g}",
                "the shares of all rows, shipped ones too, come to more than 1",
                "lower some; a row with the code of a shipped one replaces it",
            )


def _code(kind: Code, cell: str, known: Iterable[str], at: str) -> None:
    if (not cell and kind.optional) or cell in kind.others:
        return
    if cell not in known:
        raise InputError(at, cell, f"{kind.table}.csv has no such code", nearest(cell, known))


def _countries(pack: Pack, rows: list[Row]) -> None:
    at = f"{pack.folder.name}/countries.csv"
    for role in ONCE:
        having = [row["code"] for row in rows if row["role"] == role]
        if len(having) != 1:
            rule = f"one country has it, and here it is {', '.join(having) or 'none'}"
            raise InputError(f"{at}: role {role}", None, rule, "give it to one row, and empty it in the other")
    if not any(row["role"] == "hub" for row in rows):
        raise InputError(f"{at}: role hub", None, "no country has it", "give it to the best known way of transit")
    transits = sum(row["transit"] == "1" for row in rows)
    if transits > MOST_TRANSITS:
        rule = f"the rules have room for {MOST_TRANSITS} countries of transit"
        raise InputError(f"{at}: transit", str(transits), rule, "write 0 in some rows")
    for column in ("corridor", "intermediary_share", "honest_weight"):
        if not any(float(row[column]) > 0 for row in rows):
            raise InputError(f"{at}: {column}", None, "it is 0 in every row", "give some a weight")


def _citable(world: dict[str, list[Row]]) -> set[str]:
    """Return every reference that a source can be: rows of evidence, and headings of several of them."""
    found = {ASSUMPTION}
    told = [(prefix, world[name]) for name, prefix in CITED_AS.items()]
    told += [(prefix, read(EVIDENCE / "to_2026" / f"{name}.csv")) for prefix, (name, _) in TABLES_TO_2026.items()]
    for prefix, rows in told:
        for row in rows:
            found |= {prefix + row["id"], prefix + row["id"].rstrip("abcdefgh")}
    return found
