"""The lessons as one HTML file that works from disk: the prediction first, then what the model showed.

    supplysim export --lessons lessons.html --language de

The page holds kept results and asks nobody. What a lesson shows lies in it encoded, so that looking for a word on the
page, or at its text, gives nothing away before a prediction; whoever decodes it means to.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any

from supplysim.language import ENGLISH, LANGUAGES, browser_messages, gettext, gettext_noop, language
from supplysim.lessons.graph import figures
from supplysim.lessons.lesson import CONFIDENCE, Lesson, judged
from supplysim.lessons.library import folder, lesson, lessons, results
from supplysim.lessons.prose import as_html
from supplysim.lessons.results import TWIST, Results, provenance
from supplysim.lessons.schema import Question
from supplysim.lessons.words import LEDGER_WORDS, interval, span, title_of
from supplysim.packs import badge, limits
from supplysim.packs.words import said, said_on_page
from supplysim.report.formatting import written

HERE = Path(__file__).parent
CALL = re.compile(r'gettext\("([^"]*)"\)')  # a message of page.html
PUBLIC = "public_"  # measures that are seen before the truth is, where a lesson begins with the public record


def page() -> str:
    """Return the page in the language spoken here.

    Raises
    ------
    InputError
        If a lesson is wrong, or its numbers are missing.
    """
    kept = results()
    told = [card(one) | {"locked": locked(one, kept[one.id])} for one in lessons().values()]
    mark = LANGUAGES.get(language(), LANGUAGES[ENGLISH]).decimal
    blanks = {
        "title": escape(" · ".join(filter(None, (gettext("Lessons"), badge())))),
        "language": language(),
        "limits": escape(limits()),
        "made": escape(provenance(folder())),
        "style": (HERE / "page.css").read_text("utf-8"),
        "script": (HERE / "page.js").read_text("utf-8"),
        "data": json.dumps(
            {
                "confidence": [(percent, gettext(word)) for percent, word in CONFIDENCE.items()],
                "spoken": {"messages": browser_messages("supplysim/lessons/page."), "decimal": mark},
                "lessons": told,
            },
            separators=(",", ":"),
            ensure_ascii=False,
        ).replace("<", "\\u003c"),
    }
    spoken = CALL.sub(lambda call: gettext(call[1]), (HERE / "page.html").read_text("utf-8"))
    text = said_on_page(spoken)
    for name, value in blanks.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def card(mine: Lesson) -> dict[str, Any]:
    """Return what may be seen of a lesson before a prediction."""
    o = mine.opening
    return {
        "id": o.id,
        "number": o.number,
        "capstone": o.capstone,
        "title": said(o.title),
        "minutes": o.minutes,
        "level": o.level,
        "objective": said(o.objective),
        "needs": [said(lesson(need).opening.title) for need in o.needs],
        "before": said_on_page(as_html(o.before)),
        "question": said(o.question),
        "options": [said(option) for option in o.options],
    }


def locked(mine: Lesson, kept: Results) -> str:
    """Return what a lesson shows after a prediction, as JSON in base64."""
    text = json.dumps(after(mine, kept), separators=(",", ":"), ensure_ascii=False)
    return b64encode(text.encode()).decode()


def after(mine: Lesson, kept: Results) -> dict[str, Any]:
    """Return what a lesson shows after a prediction."""
    d, form = mine.document, mine.forms[mine.document.predict.finding]
    shown = mine.after(mine.opening.predict(0, next(iter(CONFIDENCE))), kept)
    open_to_all = [measure for measure in d.run.measures if measure.startswith(PUBLIC)]
    seen_first = open_to_all if d.setup.record == "public" else d.run.measures
    later = [measure for measure in d.run.measures if measure not in seen_first]
    return {
        "answers": [it.verdict for it in shown.answers],
        "what": said(mine.finding(d.predict.finding).text),
        "result": span(shown.result, form),
        "pairs": shown.result.pairs,
        "public": bool(later),
        "graphs": [said_on_page(figures(shown.series, measure)) for measure in seen_first],
        "later": [said_on_page(figures(shown.series, measure)) for measure in later],
        "policy": said(shown.arm.title),
        "named": said(shown.arm.named or ""),
        "notice": [said(item) for item in shown.notice],
        "explain": said_on_page(as_html(shown.explain)),
        "remember": said_on_page(as_html(shown.remember)),
        "caution": said(shown.caution),
        "ledger": ledger(kept) if d.run.ledger else [],
        "numbers": [[said(text), written(it.value, kind), interval(it, kind)] for text, it, kind in shown.findings],
        "try": {
            "task": said(shown.try_.task),
            "goals": [said(goal.text) for goal in shown.try_.goal],
            "levers": [said(title_of(name)) for name in shown.try_.levers],
            "moves": shown.try_.moves,
            "hint": said(shown.try_.hint),
        },
        "twist": {
            "text": said(shown.twist.text),
            "told": said(mine.filled(shown.twist.told, kept)),
            "answers": [it.verdict for it in judged(d.predict.options, kept.found[TWIST])],
            "result": span(kept.found[TWIST], form),
        },
        "check": [question(mine, asked, kept) for asked in shown.check],
    }


def question(mine: Lesson, asked: Question, kept: Results) -> dict[str, Any]:
    """Return a question at the end, with what the model says of it."""
    told: dict[str, Any] = {"question": said(asked.question), "options": [said(o.text) for o in asked.options]}
    told["rubric"] = [said(point) for point in asked.rubric]
    if asked.finding is not None:
        found = kept.found[asked.finding]
        told["answers"] = [it.verdict for it in judged(list(asked.options), found)]
        told["result"] = span(found, mine.forms[asked.finding])
    return told


def ledger(kept: Results) -> list[list[str]]:
    """Return the ledger: what was prevented, and what became of it, in chips."""
    rows = {"prevented": gettext_noop("Chips kept out in two years"), **LEDGER_WORDS}
    return [[said(gettext(text)), written(kept.ledger[entry].value, "count")] for entry, text in rows.items()]
