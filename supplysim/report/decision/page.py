"""A decision as a page: the answer for each budget in one table first, everything else folded below it."""

from __future__ import annotations

import logging
from html import escape
from importlib.resources import files

from supplysim.decision.decision import Decision, amount
from supplysim.decision.section import section
from supplysim.errors import one_line
from supplysim.packs import badge, limits
from supplysim.packs.words import said_on_page
from supplysim.report.decision.facts import facts
from supplysim.report.decision.tables import Facts, answers, assumed, copies, exact, legend, letters, moved, quick
from supplysim.report.decision.words import HOW_TO_READ, LIMITS, QUICK, how_apart, question, setting
from supplysim.report.html import folded, listed, paragraph, table

log = logging.getLogger(__name__)
OF_PACKAGE, OF_FACTS = ("", "levers, with what each spends"), ("", "")


def html(found: Decision) -> str:
    """Return the decision as pieces of a page."""
    return paragraph(question(found)) + _body(found)


def _body(found: Decision) -> str:
    """Return it without the title."""
    said = table("what is to be known", OF_FACTS, facts(found), "words")
    copied = table("for a command line", OF_FACTS, copies(found), "words")
    top = paragraph(setting(found))
    if found.study is None:
        made = _made_of(legend(found))
        return "".join([top, table("quick estimate", *quick(found)), made, paragraph(QUICK), said, paragraph(LIMITS)])
    known = letters(found)
    best = {known[found.best(budget).name] for budget in found.budgets if found.best(budget).package}
    made = _made_of([row for row in legend(found) if row[0] in best])
    others = _made_of([row for row in legend(found) if row[0] not in best])
    parts = [top, table("the answer for each budget", *answers(found)), paragraph(HOW_TO_READ), made, paragraph(LIMITS)]
    if found.beside is not None:
        shipped = table("as shipped", *exact(found.beside, letters(found)))
        shipped += table("what is best as shipped", OF_FACTS, moved(found))
        if found.apart is not None:
            shipped += table("which assumption does it", *assumed(found)) + paragraph(how_apart(found.apart.worlds))
        parts.append(folded("The same under the shipped assumptions, and which assumption does it", shipped))
    run = table("portfolios", *exact(found)) + others + copied
    parts.append(folded("All that was run, on every objective", run))
    parts.append(folded("What is to be known of the choice", said))
    for budget in found.budgets:
        if found.called(budget):
            parts.append(folded(f"The choice for {amount(budget)} a year", _found(found, budget)))
    return "".join(parts)


def _made_of(rows: Facts) -> str:
    """Return what packages are made of as a table."""
    return table("what the packages are made of", OF_PACKAGE, rows, "words")


def _found(found: Decision, budget: float) -> str:
    """Return what is found on the choice of a budget; without figures if they cannot be drawn on this machine."""
    findings = found.findings(budget)
    try:
        return section(findings, f"of-{budget:.0f}")
    except Exception as error:  # drawn by another library, with settings of its own
        log.warning("figures of the decision cannot be drawn (%s)", one_line(str(error)))
        return listed(findings.sentences())


def page(found: Decision) -> str:
    """Return the decision as a page by itself."""
    style = files("supplysim.report").joinpath("page.css").read_text("utf-8")
    title = escape(" · ".join(filter(None, (question(found), badge()))))
    told = paragraph(limits(), "note")
    return said_on_page(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{style}</style></head><body><main><h1>{title}</h1>{told}{_body(found)}</main></body></html>\n"
    )
