"""Policy cards: all that a lever says of itself, in the order in which people ask; on screen and as pages.

    python -m supplysim.policies.cards docs/policies

writes a page for every lever of this package and an index.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from supplysim import evidence
from supplysim.errors import InputError
from supplysim.evidence import ASSUMPTION, HUBS, Parameter
from supplysim.policies.base import GROUPS, SCOPES, Policy
from supplysim.policies.doses import doses
from supplysim.policies.registry import levers

SCOPE_NAMES = {"countries": "countries", "vendors": "vendors", "agencies": "agencies", "skus": "chips"}
INDEX = "README.md"
SETTINGS = "| Setting | Meaning | Default and range | Drawn from | Who pays, who decides | Source |"
PREFACE = """# Policy cards

One page a lever: what it does here, how traders respond, who pays, and what is not known. `supplysim show NAME`
prints the same text. No effect of any of these levers on diversion has been measured, so their sizes are settings
with a range. The first six are the recommendations of CNAS (2025).

Pages are written by `python -m supplysim.policies.cards docs/policies`: change the lever, not the page.
"""


def card(lever: type[Policy]) -> dict[str, list[str]]:
    """Return what a lever says of itself: heading -> lines, each a sentence or an item."""
    more = lever.details()
    told = {
        "What it does": [_sentence(_purpose(lever))],
        "How it acts here": [_sentence(lever.mechanism)],
        "How traders respond": [_sentence(lever.response)],
        "At no, half and full strength": doses(lever),
        "Which law it is": [_sentence(lever.law)],
        "Who pays": [_sentence(lever.payer)],
        "Who is burdened": [_sentence(lever.burden)],
        "Settings": [
            "; ".join(filter(None, (f"{name}: {meaning}", *told))) for name, meaning, *told in _settings(lever)
        ],
        "How soon": [_ramp(lever.ramp_weeks)],
        "Where": [_scope(lever)],
        "At half strength from June 2025": [_example(lever)],
        "What is not known": [_sentence(lever.unknown)],
        "Sources": [", ".join(filter(None, source)) for source in sources(lever.sources)],
    }
    return {heading: [*lines, *more.get(heading, ())] for heading, lines in told.items()}


def sources(references: Iterable[str]) -> list[tuple[str, str]]:
    """Return (ids and title, address) of each source once; a reference that is no evidence id stands for itself."""
    found: dict[tuple[str, str], list[str]] = {}
    for reference in references:
        title, address = "", ""
        if reference == ASSUMPTION:
            title = "no source was found"
        else:
            with suppress(InputError):  # a lever of another package may cite what it likes
                row = evidence.resolve(reference)[0]
                address, _, remark = row.source_url.partition(" ")
                title = f"{row.source_title} {remark}".strip()
        found.setdefault((title, address), []).append(reference)
    lines = [(", ".join(names), title, address) for (title, address), names in found.items()]
    return [(f"{names}: {title}" if title else names, address) for names, title, address in lines]


def page(lever: type[Policy]) -> str:
    """Return the card of a lever as a page of Markdown."""
    rows = [f"| `{name}` | {' | '.join(told)} |" for name, *told in _settings(lever)]
    links = [f"- [{title}]({address})" if address else f"- {title}" for title, address in sources(lever.sources)]
    shown = {"Settings": [SETTINGS, "|---|---|---|---|---|---|", *rows], "Sources": links}
    lines = [f"# {lever.title}", "", f"`{lever.lever}`: {GROUPS.get(lever.group, lever.group)}"]
    for heading, texts in card(lever).items():
        lines += ["", f"## {heading}", "", *shown.get(heading, texts)]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return the index and the page of every lever of this package: file name -> text."""
    own = {name: lever for name, lever in levers().items() if lever.__module__ == f"{__package__}.{name}"}
    lines = [PREFACE, "| Lever | What it is | Where it acts | Who pays |", "|---|---|---|---|"]
    for name, lever in own.items():
        lines.append(f"| [{name}]({name}.md) | {lever.title} | {GROUPS[lever.group]} | {lever.payer} |")
    return {INDEX: "\n".join(lines) + "\n"} | {f"{name}.md": page(lever) for name, lever in own.items()}


def _purpose(lever: type[Policy]) -> str:
    """Return the first paragraph of a lever's docstring; its title if it has none, or one that a dataclass made up."""
    text = lever.__doc__ or ""
    return lever.title if text.startswith(f"{lever.__name__}(") or not text else " ".join(text.split("\n\n")[0].split())


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _settings(lever: type[Policy]) -> list[tuple[str, ...]]:
    """Return of every setting: name, meaning, default with unit and range, prior, who pays and decides, source."""
    rows = lever.evidence()
    found: list[tuple[str, ...]] = []
    for name, it in lever.settings().items():
        size = f"{it['default']:,.12g} {it['unit']} ({it['low']:,.12g} to {it['high']:,.12g})"
        row = rows.get(name)
        told = ("", "", "") if row is None else (_prior(row), _who(row), ", ".join(row.sources))
        found.append((name, it["meaning"], size, *told))
    return found


def _prior(row: Parameter) -> str:
    """Return what a setting is drawn from, or why it is not."""
    return row.note if row.prior is None else "; ".join(filter(None, (f"drawn: {row.prior.to_text()}", row.note)))


def _who(row: Parameter) -> str:
    return "; ".join(filter(None, (row.payer and f"paid by: {row.payer}", f"decided by: {row.authority}")))


def _ramp(weeks: int) -> str:
    return f"Grows in a line to full strength over {weeks} weeks." if weeks else "At full strength from the first day."


def _scope(lever: type[Policy]) -> str:
    if not lever.scopes:
        return "Everywhere; it cannot be narrowed."
    kinds = " or ".join(SCOPE_NAMES[scope] for scope in SCOPES if scope in lever.scopes)
    if lever.needs_scope:
        return f"Only in the {kinds} that are named."
    usual = ", ".join(lever.default_scope())
    return f"For {usual} unless other {kinds} are named." if usual else f"Everywhere unless {kinds} are named."


def _example(lever: type[Policy]) -> str:
    first = f":{HUBS[0]}" if lever.needs_scope else ""
    return f"    supplysim compare baseline-2024 -p {lever.lever}{first}=0.5@2025-06"


def main() -> None:
    """Write every page into the folder named on the command line; what was there under the same name is replaced."""
    if len(sys.argv) != 2:
        raise SystemExit("Usage: python -m supplysim.policies.cards FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
