"""Which pages there are, what stays the same on each, and what a visit shows."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

from supplysim.viz.bills import bills
from supplysim.viz.figures.explore import TITLES
from supplysim.viz.levers import PRESETS, cited, curves, panel
from supplysim.viz.spoken import spoken
from supplysim.viz.syllabus import catalogue
from supplysim.viz.texts import info, rules, sources
from supplysim.viz.url_state import BASELINE

from supplysim import __version__, evidence
from supplysim.edition import foreign, stamped
from supplysim.emulator.predict import emulator, refusal
from supplysim.evidence.later import later
from supplysim.language import LANGUAGES, by_language, gettext, gettext_noop, numerals
from supplysim.lessons.prose import as_html
from supplysim.outputs.measures import on_screen
from supplysim.packs import badge, limits, screen_words
from supplysim.policies.base import GROUPS
from supplysim.report.decision.words import PAYER_WORDS

NAMES = {
    "explore": gettext_noop("Explore"),
    "compare": gettext_noop("Compare"),
    "decide": gettext_noop("Decide"),
    "learn": gettext_noop("Learn"),
    "watch": gettext_noop("Watch"),
    "assumptions": gettext_noop("Assumptions"),
    "evidence": gettext_noop("Evidence"),
    "info": gettext_noop("Info"),
    "present": gettext_noop("Present"),
}
PAGES = tuple(NAMES)
DOCS = Path(__file__).parent.parent / "docs"
REPORTS = {
    "scoreboard.md": gettext_noop("Scoreboard"),
    "sensitivity.md": gettext_noop("What it hangs on"),
    "calibration.md": gettext_noop("Calibration to 2024"),
    "calibration-2025.md": gettext_noop("Calibration to 2025"),
    "predictions-2025.md": gettext_noop("Predictions of 2025, to be scored"),
    "predictions-2027.md": gettext_noop("Predictions of 2026 and 2027, to be scored"),
}
FROZEN = {"predictions-2025.md", "predictions-2027.md"}  # written down once, dated, and never made again
_numbers = itertools.count(1)


@by_language
def shared() -> dict[str, Any]:
    """Return what every page needs."""
    from supplysim.setup.scenario import available

    return {
        "version": __version__,
        "language": spoken(),
        "languages": [{"id": code, "title": known.name} for code, known in LANGUAGES.items()],
        "world": badge(),
        "limits": limits(),
        "words": screen_words(),
        "pages": [{"id": name, "title": gettext(title)} for name, title in NAMES.items()],
        "levers": panel(),
        "groups": [{"id": key, "title": gettext(title)} for key, title in GROUPS.items()],
        "presets": [{"id": key, "title": gettext(title), "text": text} for key, (title, text) in PRESETS.items()],
        "bills": [
            {"id": key, "title": gettext(card.title), "text": card.text, "note": card.note}
            for key, card in bills().items()
        ],
        "graphs": [{"id": key, "title": gettext(title)} for key, title in TITLES.items()],
        "scenarios": [{"id": name, "title": gettext(title) or name} for name, title in available().items()],
        "ids": ids(),
        "measures": [{"id": key, "title": gettext(screen.title)} for key, screen in on_screen().items()],
    }


@by_language
def contents(name: str) -> dict[str, Any]:
    """Return what stays the same on a page."""
    if name == "assumptions":
        return shared() | {"parameters": parameters(), "rules": rules(), "sources": sources()}
    if name == "evidence":
        return shared() | {"tables": tables(), "emulator": tested(), "reports": reports()}
    if name in ("learn", "present"):
        return shared() | {"lessons": catalogue()}
    if name == "info":
        return shared() | {"info": info()}
    if name == "explore":
        return shared() | {
            "curves": curves(),
            "payers": {payer: gettext(words) for payer, words in PAYER_WORDS.items()},
        }
    return shared()


def parameters() -> list[dict[str, Any]]:
    """Return the parameters by group, each with what its prior says."""
    groups: dict[str, list[list[str]]] = {}
    for name, p in evidence.parameters().items():
        low, high = (p.prior.quantile(0.05), p.prior.quantile(0.95)) if p.prior is not None else (None, None)
        known = low is not None and high is not None
        spread = numerals(f"{low:.3g} – {high:.3g}") if known else gettext("fixed")
        value = f"{numerals(f'{p.default:g}')} {gettext(p.unit)}"
        groups.setdefault(p.group, []).append(
            [gettext(name.replace("_", " ")), gettext(p.meaning), value, spread, ", ".join(cited(p.sources))]
        )
    return [{"title": gettext(group), "rows": rows} for group, rows in groups.items()]


@by_language
def tables() -> list[dict[str, Any]]:
    """Return the evidence as tables with links."""
    world = [
        [r.id, r.quantity, span(r), r.unit, r.confidence, r.source_title, address(r.source_url)]
        for r in evidence.quantities().values()
    ]
    policy = [
        [f"P:{r.id}", f"{r.lever}: {r.parameter}", span(r), r.unit, r.confidence, r.source_title, address(r.source_url)]
        for r in evidence.tables.levers().values()
    ]
    new = [
        [cited, f"{r.theme}: {r.quantity}", span(r), r.unit, r.confidence, r.source_title, address(r.source_url)]
        for cited, r in later().items()
    ]
    return [
        {"id": "world", "title": gettext("About the world"), "rows": world},
        {"id": "policy", "title": gettext("About the levers"), "rows": policy},
        {"id": "later", "title": gettext("To autumn 2026"), "rows": new},
    ]


@by_language
def ids() -> dict[str, str]:
    """Return every id of evidence that a text may cite and the Evidence page shows, with its table there."""
    found = {row[0]: table["id"] for table in tables() for row in table["rows"]}
    return {cited.rstrip("abcdefgh"): table for cited, table in found.items()} | found


def reports() -> list[dict[str, str]]:
    """Return the generated reports as HTML: how the model stands against facts, what it hangs on, what it said."""
    made = []
    for file, title in REPORTS.items():
        text = (DOCS / file).read_text("utf-8")
        shown = re.sub(r"(?s:<!--.*?-->)|!\[[^\]]*\]\([^)]*\)|^# .*$", "", text, flags=re.MULTILINE)
        shown = re.sub(r"\[([^\]]*)\]\((?!http)[^)]*\)", r"\1", shown)  # links to other files say only their words
        other = "" if file in FROZEN else foreign(stamped(text))
        warning = f"**This page was {other}.**\n\n" if other else ""
        made.append({"id": file, "title": gettext(title), "html": as_html(warning + shown)})
    return made


def span(row: Any) -> str:
    """Return a quantity's range, or the source's own words."""
    if row.text and row.central is None:
        return row.text
    return " – ".join(numerals(f"{v:,g}") for v in (row.low, row.central, row.high) if v is not None)


def address(text: str) -> str:
    """Return a link if it is a plain web address."""
    first = text.split(" ")[0]
    return first if first.startswith(("https://", "http://")) else ""


def tested() -> dict[str, Any]:
    """Return how well the quick estimate does on packages it has not seen."""
    known = emulator(BASELINE)
    if known is None:
        return {"why": f"{refusal(BASELINE)}."}
    titles = {
        "delivered": gettext("Chips delivered"),
        "compute_h100e": gettext("China's compute"),
        "frontier_h100e": gettext("Frontier compute"),
        "seized": gettext("Chips seized"),
        "mark_up": gettext("Price over list"),
        "interdiction_rate": gettext("Share seized"),
        "honest_flagged_share": gettext("Honest orders flagged"),
        "training_share": gettext("Training share"),
    }
    rows = [
        [
            titles[name],
            numerals(f"{100 * case['median_error']:.1f} %"),
            numerals(f"{100 * case['p90_error']:.1f} %"),
            numerals(f"{case['correlation']:.2f}") if case["correlation"] is not None else "–",
            f"{100 * case['inside']:.0f} %",
        ]
        for name, case in known.report.items()
        if name in titles
    ]
    return {
        "rows": rows,
        "packages": known.report["test_packages"],
        "pairs": known.report["test_pairs"],
        "train": known.report["train_rows"],
        "points": known.report["delivered"]["points"],
        "ms": round(known.report.get("milliseconds", 0.0), 1),
    }
