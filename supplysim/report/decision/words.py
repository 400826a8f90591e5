"""What a decision is told with: what was asked, what a portfolio is made of, and what stands below every answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supplysim.decision.aims import AIMS
from supplysim.decision.decision import Decision
from supplysim.decision.emulated import typed
from supplysim.decision.portfolio import Portfolio
from supplysim.decision.problem import CHIPS
from supplysim.decision.words import lever
from supplysim.language import gettext, gettext_noop, numerals
from supplysim.report.formatting import millions

PAYER_WORDS = {
    "us": gettext_noop("US appropriations"),
    "foreign": gettext_noop("money of other states"),
    "industry": gettext_noop("money of firms"),
    "all": gettext_noop("money of all payers"),
}
HEADINGS = {
    "chips": gettext_noop("chips"),
    "smuggled": gettext_noop("smuggled H100e"),
    "compute": gettext_noop("China's compute"),
    "frontier": gettext_noop("frontier"),
}
FREE = 5e4  # US$ a year: less is not told
TESTED_ON = ("chips", "compute", "frontier")
LIMITS = (
    "Not a forecast. What money buys and how strong levers are is drawn from stated ranges; no study has measured what "
    "any of them does to diversion."
)
QUICK = "Quick estimate: nothing was run for it. Without --quick the portfolios are run exactly."
HOW_TO_READ = (
    "Change of the mean over worlds; ± is how far simulating more worlds could move it (90 %). 9 of 10 worlds: the "
    "change in single worlds, 5 to 95 %. Money: mean over worlds and years of the policies, 5 to 95 % of worlds."
)


def how_apart(worlds: int) -> str:
    """Return how the table of single assumptions is read."""
    return (
        f"Each assumption alone in the shipped world, {worlds} worlds of the report, run exactly: the quick estimate "
        "knows none of your own. Change: against as shipped, ± half its 90 % interval. Best: of the portfolios that "
        "are best or next on either side, another than as shipped only where that is clear. The first six are tried."
    )


def question(found: Decision) -> str:
    """Return what was asked, as a title."""
    asked = found.question.problem
    goal = f"the {'fewest' if asked.objective == CHIPS else 'least'} {AIMS[asked.objective].words.removeprefix('the ')}"
    net = ", fines counted against it" if asked.net else ""
    return f"What to fund for {goal}, by {PAYER_WORDS[asked.payer]} a year{net}"


def setting(found: Decision) -> str:
    """Return the world and how much was run, in a line."""
    scenario = found.question.scenario.title
    if found.study is None:
        return f"{scenario}; quick estimate."
    study = found.study
    return f"{scenario}; {study.window_days}; {study.pairs} fresh worlds, none of which the search has seen."


def made_of(each: Portfolio) -> str:
    """Return the levers of a portfolio, the dearest first: strength below full, and millions of US$ a year."""
    return ", ".join(f"{lever(name, strength)}{_spends(each, name)}" for name, strength in each.package) or gettext(
        "nothing"
    )


def _spends(each: Portfolio, name: str) -> str:
    """Return what a lever of a portfolio costs, behind its name; nothing where it is next to nothing."""
    cost = each.spent[typed(name)]
    return f" ${millions(cost)}M" if abs(cost) >= FREE else ""


def accuracy_of(report: Mapping[str, Any]) -> str:
    """Return how well a quick estimate did on packages that it had not seen, from its report by measure."""
    parts = [
        f"{gettext(AIMS[name].words)} " + numerals(f"{report[measure]['rank_correlation']:.2f}")
        for name, aim in AIMS.items()
        for measure in aim.measures[:1]
        if name in TESTED_ON and "rank_correlation" in report.get(measure, {})
    ]
    if not parts:
        return ""
    return gettext("Rank correlation with exact runs on packages that it had not seen: {list}.", list=", ".join(parts))
