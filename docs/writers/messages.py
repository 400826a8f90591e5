"""Collect the words of app and lessons: `python -m docs.writers.messages` writes messages.pot and updates the *.po.

Four kinds of source: calls of gettext in Python; in the panels of the app; the lessons and the role play; and what the
app shows of the model by name (levers, parameters, measures, scenarios, places), whose texts stand in the model.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from supplysim import evidence
from supplysim.evidence.parameters import AUTHORITIES
from supplysim.language.catalogue import ENGLISH, FOLDER, LANGUAGES, TEMPLATE
from supplysim.lessons import prose
from supplysim.lessons.roles import role_play
from supplysim.lessons.translated import messages_of
from supplysim.outputs.access import SOURCES
from supplysim.outputs.measures import MEASURES
from supplysim.policies import levers
from supplysim.policies.base import GROUPS

HEADER = "# The words of supplysim's app and lessons; docs/languages.md says how to correct one or add a language."
KEPT = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-")  # of a catalogue's head; no dates, no addresses
ROOT = Path(__file__).parents[2]
MARK = re.compile(r"\bgettext\b|\bngettext\b|\bpgettext\b|\bgettext_noop\b")
STRING = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
CALL = re.compile(rf"\b(gettext|ngettext|pgettext)\(\s*{STRING}(?:\s*,\s*{STRING})?")
Found = Iterator[tuple[str | None, str | tuple[str, ...], str]]  # context, message or its two forms, file


def in_python() -> Found:
    """Yield the messages of calls in Python files; those inside f-strings too."""
    for folder in ("supplysim", "viz", "docs/writers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            if not MARK.search(text) or path.parent.name == "language":
                continue
            calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
            for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
                name = call.func.id if isinstance(call.func, ast.Name) else ""
                texts = [it.value for it in call.args[:2] if isinstance(it, ast.Constant) and isinstance(it.value, str)]
                yield from _called(name, texts, str(path.relative_to(ROOT)))


def _called(name: str, texts: list[str], place: str) -> Found:
    """Yield the message of a call with its first texts, if it is one of gettext's."""
    if name in ("gettext", "gettext_noop") and texts:
        yield None, texts[0], place
    elif name == "ngettext" and len(texts) == 2:
        yield None, (texts[0], texts[1]), place
    elif name == "pgettext" and len(texts) == 2:
        yield texts[0], texts[1], place


def in_panels() -> Found:
    """Yield the messages of calls in what the browser draws."""
    for path in sorted([*(ROOT / "viz" / "panels").iterdir(), *(ROOT / "supplysim" / "lessons").glob("page.*")]):
        if path.suffix not in (".vue", ".js", ".html"):
            continue
        for call, first, second in CALL.findall(path.read_text("utf-8")):
            texts = [ast.literal_eval(text) for text in (first, second) if text]
            yield from _called(call, texts, str(path.relative_to(ROOT)))


def in_lessons() -> Found:
    """Yield the texts of lessons and of the role play, a message a paragraph."""
    folder = ROOT / "scenarios"
    for path in sorted([*(folder / "lessons").glob("*.toml"), folder / "roleplay" / "roles.toml"]):
        place = str(path.relative_to(ROOT))
        for message in messages_of(tomllib.loads(path.read_text("utf-8"))):
            yield None, message, place
        text = path.with_suffix(".md")
        if text.is_file():
            for body in prose.sections(text.read_text("utf-8"), place).values():
                for block in prose.blocks(body):
                    yield None, block, str(text.relative_to(ROOT))


def by_name() -> Found:
    """Yield what the app shows of levers, parameters, measures, scenarios and places."""
    for name, kind in levers().items():
        place = kind.__module__.replace(".", "/") + ".py"
        texts = [
            name.replace("_", " "),
            kind.called(),
            kind.title,
            kind.mechanism,
            kind.response,
            kind.unknown,
            kind.payer,
            kind.burden,
        ]
        texts += [kind.law, kind.physical().unit]
        for key, it in kind.settings().items():
            texts += [key.replace("_", " "), it["meaning"], it["unit"]]
        yield from ((None, text, place) for text in texts if text)
    yield from ((None, text, "supplysim/policies/base.py") for text in GROUPS.values())
    yield from ((None, text, "supplysim/evidence/parameters.py") for text in AUTHORITIES)
    yield from in_bills()
    for name, parameter in evidence.parameters().items():
        short, unit = parameter.meaning.partition(";")[0], parameter.unit.partition("/")[0]
        for text in (name.replace("_", " "), parameter.meaning, short, unit, parameter.unit, parameter.group):
            yield None, text, "supplysim/evidence/parameters.csv"
    on_cards = {name.partition(":")[0] for role in role_play().roles for name in role.sees}
    for measure in MEASURES.values():
        name = measure.name.partition(":")[0]
        named = name.replace("_", " ") if name in on_cards else ""
        for text in (named, measure.meaning, measure.unit, measure.screen.title if measure.screen else ""):
            yield None, text, "supplysim/outputs/measures.py"
    for place_of in evidence.PLACES.values():
        yield None, place_of.name, "supplysim/evidence/countries.csv"
    for source in SOURCES.values():
        yield None, source, "supplysim/outputs/access.py"
    for name in ("agencies", "chips"):
        yield from ((None, row["name"], f"supplysim/evidence/{name}.csv") for row in evidence.table(name))
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        scenario, place = tomllib.loads(path.read_text("utf-8")), str(path.relative_to(ROOT))
        yield None, scenario.get("title", ""), place
        for state in scenario.get("states", []):
            for name in (state["name"], *(value["name"] for value in state["values"])):
                yield from ((None, text, place) for text in {name: 0, name.replace("-", " "): 0})


def in_bills() -> Found:
    """Yield what bills are called, and how they stand."""
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        bill = tomllib.loads(path.read_text("utf-8")).get("bill", {})
        yield from ((None, bill[key], str(path.relative_to(ROOT))) for key in ("short", "stand") if bill)


def collected() -> Catalog:
    """Return all messages with the files they stand in, in the order of files."""
    catalogue = Catalog(header_comment=HEADER, project="supplysim", charset="utf-8", fuzzy=False)
    for context, message, place in (*in_panels(), *in_python(), *in_lessons(), *by_name()):
        if message and any(letter.isalpha() for letter in "".join(message)):
            catalogue.add(message, locations=[(place, None)], context=context)  # type: ignore[list-item]
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue without dates: the same messages give the same file."""
    with path.open("wb") as file:
        write_po(file, catalogue, omit_header=False, sort_by_file=False, include_previous=False, width=110)
    head, blank, rest = path.read_text("utf-8").partition("\n\n")
    lines = [
        line
        for line in head.splitlines()
        if not line.startswith('"') or line.startswith(tuple(f'"{key}' for key in KEPT))
    ]
    path.write_text("\n".join(lines) + blank + rest, "utf-8")


def main() -> None:
    """Write the template and bring every language up to it; what is new there is left empty."""
    template = collected()
    write(template, TEMPLATE)
    for code in LANGUAGES:
        if code == ENGLISH:
            continue
        path = FOLDER / f"{code}.po"
        with path.open("rb") as file:
            known = read_po(file, locale=code)
        known.update(template, no_fuzzy_matching=True)
        known.obsolete.clear()
        known.header_comment = HEADER
        write(known, path)
        missing = sum(not message.string or message.string == ("", "") for message in known if message.id)
        print(f"{path.name}: {len(known)} messages, {missing} to translate")


if __name__ == "__main__":
    main()
