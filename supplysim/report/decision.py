"""A decision as tables and sentences: on the screen, as a page, and for notebooks. All say the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

from supplysim.decision.aims import AIMS
from supplysim.decision.decision import OVER, Decision, amount
from supplysim.decision.emulated import typed
from supplysim.decision.findings import HEADINGS as HEADINGS_OF
from supplysim.decision.portfolio import Portfolio
from supplysim.decision.problem import BURDEN, CHIPS, MILLION
from supplysim.decision.section import section
from supplysim.errors import one_line
from supplysim.experiment.ties import TIE
from supplysim.policies.registry import levers
from supplysim.report.brief.content import Findings, Section
from supplysim.report.brief.words import falls, signed, two
from supplysim.report.effects import Told
from supplysim.report.formatting import between, millions, percent, share, tight
from supplysim.report.html import listed, paragraph, table

PAYER_WORDS = {
    "us": "US appropriations",
    "foreign": "money of other states",
    "industry": "money of firms",
    "all": "money of all payers",
}
HEADINGS = {"chips": "chips", "smuggled": "smuggled H100e", "compute": "China's compute", "frontier": "frontier"}
FREE = 5e4  # US$ a year: less is not told
SHORT = {
    HEADINGS_OF["robust"]: "Robust",
    HEADINGS_OF["flips"]: "Flips",
    HEADINGS_OF["losing"]: "Loses",
    HEADINGS_OF["information"]: "Find out",
}
# What the sentence begins with that stands on the screen, by its key; else the last one. All stand in files.
FOREMOST = {"Robust": ("Against",), "Flips": ("Where",), "Loses": ("Where", "No rule"), "Find out": ("To know",)}
SAID = 1  # sentences of each on the screen
TESTED_ON = ("chips", "compute", "frontier")
log = logging.getLogger(__name__)
LIMITS = (
    "Not a forecast. What money buys and how strong levers are is drawn from stated ranges; no study has measured what "
    "any of them does to diversion."
)
QUICK = "Quick estimate: nothing was run for it. Without --quick the portfolios are run exactly."
HOW_TO_READ = (
    "Change of the mean over worlds; ± is how far simulating more worlds could move it (90 %). 9 of 10 worlds: the "
    "change in single worlds, 5 to 95 %. Money: mean over worlds and years of the policies, 5 to 95 % of worlds."
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


def quick(found: Decision) -> Told:
    """Return what the search expects, one row a budget."""
    aims = [name for name in HEADINGS if name in found.best(found.budgets[0]).changes]
    columns = ("best portfolio for", *(f"{HEADINGS[name]}, %" for name in aims), "spends, $M")
    rows = []
    for budget in found.budgets:
        each = found.best(budget)
        changes = [percent(each.changes[name]).removesuffix(" %") for name in aims]
        rows.append((amount(budget), *changes, millions(each.cost)))
    return Told(columns, rows)


def exact(found: Decision) -> Told:
    """Return what exact runs say: the best of each budget, the next best, and today's proposals."""
    aims = list(found.measures)
    others = (f"{HEADINGS[name]}, %" for name in aims[1:])
    columns = ("", HEADINGS[aims[0]], "9 of 10 worlds", *others, "spends, $M", "burden, $M")
    rows = [_cells(found, label, name, aims) for label, name in labels(found).items() if name]
    return Told(columns, rows)


def labels(found: Decision) -> dict[str, str]:
    """Return what the options are called in tables -> their names; nothing for no lever."""
    told: dict[str, str] = {}
    for budget in found.budgets:
        told[amount(budget)] = found.best(budget).name
        second = found.runner_up(budget)
        if second is not None:
            told[f"{amount(budget)}, next"] = second.name
    return told | {each.name: each.name for each in found.question.proposals}


def spaced(name: str) -> str:
    """Return a portfolio so that a line can end between its levers."""
    return name.replace("+", " + ") or "nothing"


def _cells(found: Decision, label: str, name: str, aims: list[str]) -> tuple[str, ...]:
    told = found.told(name)
    main, *others = (told.changes[aim] for aim in aims)
    cells = [label, tight(main.relative, main.relative_low, main.relative_high)]
    cells.append(between(main.worlds_low, main.worlds_high))
    cells += [tight(each.relative, each.relative_low, each.relative_high, "") for each in others]
    low, high = (millions(end) for end in told.cost_worlds)
    cells += [f"{millions(told.cost.mean)} ({low} to {high})", millions(told.burden.mean)]
    return tuple(cells)


def moved(found: Decision) -> list[tuple[str, str]]:
    """Return for every budget what is best under the shipped assumptions and whether one's own choose otherwise."""
    told = []
    for budget in found.budgets if found.beside is not None else ():
        own, other = found.best(budget), found.beside.best(budget)  # type: ignore[union-attr]
        same = "the same" if own.name == other.name else f"another one, {made_of(other)}"
        told.append((amount(budget), f"under the shipped assumptions the best is {same}"))
    return told


def portfolios(found: Decision) -> list[tuple[str, str]]:
    """Return what each portfolio is made of: lever, strength below full, and what it spends by the cost curves."""
    told = []
    for budget in found.budgets:
        for label, each in ((amount(budget), found.best(budget)), ("  next", found.runner_up(budget))):
            if each is not None:
                told.append((label, made_of(each)))
    return told


def made_of(each: Portfolio) -> str:
    """Return the levers of a portfolio, the dearest first: strength below full, and millions of US$ a year."""
    parts = []
    for lever, strength in each.package:
        cost = each.spent[typed(lever)]
        spends = f" ${millions(cost)}M" if abs(cost) >= FREE else ""
        parts.append(f"{typed(lever)}{'' if strength >= 1.0 else f'={strength:g}'}{spends}")
    return ", ".join(parts) or "nothing"


def facts(found: Decision) -> list[tuple[str, str]]:
    """Return what is said below the tables, each with what it is about."""
    told = [("Search", accuracy(found))]
    if found.study is not None:
        told += [("Runner-up", text) for text in runners_up(found)]
        told += [("Objective", text) for text in objectives(found)]
        told += [("Dominated", text) for text in dominated(found)]
        told += [("Budget", text) for text in over(found)]
    told += [("Timing", text) for text in timing(found)]
    if found.study is not None:
        told += shortly(found)
    told += [("Note", text) for text in found.question.notes]
    return [(key if place == 0 or told[place - 1][0] != key else "", text) for place, (key, text) in enumerate(told)]


def timing(found: Decision) -> Iterator[str]:
    """Yield what the best of each budget changes if it begins later, by the quick estimate alone."""
    aim = CHIPS if found.question.problem.objective == BURDEN else found.question.problem.objective
    for budget, years in found.later.items():
        if years:
            begun = ", ".join(
                f"{'a year' if count == 1 else f'{count} years'} later {percent(change)}"
                for count, change in years.items()
            )
            now = percent(found.best(budget).changes[aim])
            yield f"{amount(budget)}: begun at once {now}, {begun}, over the same years (quick estimate)."


def shortly(found: Decision) -> list[tuple[str, str]]:
    """Return the first sentences of what is found on the choice of every budget, each with what it is about."""
    told: dict[str, list[str]] = {short: [] for short in SHORT.values()}
    for budget in found.budgets:
        for heading, lines in sections(found, budget).items():
            begins = FOREMOST.get(SHORT[heading], ())
            first = [line for line in lines if line.startswith(begins)] or lines[-1:]
            told[SHORT[heading]] += [f"{amount(budget)}: {line}" for line in first[:SAID]]
    return [(short, line) for short, lines in told.items() for line in lines]


def sections(found: Decision, budget: float) -> dict[str, list[str]]:
    """Return what is found on the choice of a budget, by heading; nothing where there is no choice."""
    return found.findings(budget).sections() if found.called(budget) else {}


def accuracy(found: Decision) -> str:
    """Return how good the quick estimate is, which the search reads."""
    return f"{accuracy_of(found.accuracy)} Costs of single levers are exact runs'; those of packages are added up."


def accuracy_of(report: Mapping[str, Any]) -> str:
    """Return how well a quick estimate did on packages that it had not seen, from its report by measure."""
    parts = [
        f"{AIMS[name].words} {report[measure]['rank_correlation']:.2f}"
        for name, aim in AIMS.items()
        for measure in aim.measures[:1]
        if name in TESTED_ON and "rank_correlation" in report.get(measure, {})
    ]
    return f"Rank correlation with exact runs on packages that it had not seen: {', '.join(parts)}." if parts else ""


def runners_up(found: Decision) -> Iterator[str]:
    """Yield how the best of each budget stands to the next."""
    for budget in found.budgets:
        best, second = found.best(budget), found.runner_up(budget)
        if second is None or not best.package:
            continue
        stands = found.against(best.name, second.name)
        low, high = sorted((stands.difference.low, stands.difference.high))
        what = f"{amount(budget)}: the best leaves less in {share(stands.better)} of worlds"
        ends = f"difference {percent(low)} to {percent(high)} of the baseline (90 %)"
        yield f"{what}, {ends}: {'a tie' if stands.verdict == TIE else stands.verdict}."


def objectives(found: Decision) -> Iterator[str]:
    """Yield where another objective has another winner among what was run and a budget pays."""
    asked = found.question.problem.objective
    main = "chips" if asked == BURDEN else asked
    for budget in found.budgets:
        winners = found.winners(budget)
        changed = [
            f"for {AIMS[aim].words} {spaced(name)} ({percent(found.told(name).changes[aim].relative)} instead of "
            f"{percent(found.told(winners[main]).changes[aim].relative)})"
            for aim, name in winners.items()
            if aim != main
            and name != winners[main]
            and found.against(winners[main], name, AIMS[aim].measures[0]).difference.low > 0.0
        ]
        if changed:
            yield f"{amount(budget)}: the choice changes with the objective: {'; '.join(changed)}."


def dominated(found: Decision) -> Iterator[str]:
    """Yield the proposals that cost more and do less than a portfolio."""
    for proposal, better in found.dominated().items():
        aim = "chips" if found.question.problem.objective == BURDEN else found.question.problem.objective
        dear, cheap = (
            f"{percent(told.changes[aim].relative)} for ${millions(told.cost.mean)}M"
            for told in (found.told(proposal), found.told(better))
        )
        yield f"{proposal} ({dear}): {spaced(better)} does more for less ({cheap})."


def over(found: Decision) -> Iterator[str]:
    """Yield the budgets that a portfolio oversteps in the worlds of the report, and those that cannot be spent."""
    for budget in found.budgets:
        best = found.best(budget)
        if best.package and (paid := found.told(best.name).cost.mean) > OVER * budget:
            yield f"{amount(budget)}: in the worlds of the report the portfolio costs ${millions(paid)}M on the mean."
        elif best.cost < 0.5 * budget:
            yield f"{amount(budget)}: more than ${millions(best.cost)}M a year finds nothing that is worth it."


def of_brief(found: Decision) -> Findings | None:
    """Return what two pages for a decision maker say, about the middle budget; None if it buys nothing."""
    budget = found.budgets[len(found.budgets) // 2]
    best = found.best(budget)
    if not best.package:
        return None
    asked, told = found.question.problem, found.told(best.name)
    aim = "chips" if asked.objective == BURDEN else asked.objective
    effect = told.changes[aim]
    answer = (
        f"With ${two(budget / MILLION)} million a year, the best portfolio found: in 9 of 10 worlds {AIMS[aim].words} "
        f"{falls(effect.worlds_low, effect.worlds_high)}"
    )
    titles = levers()
    made = ", ".join((titles[lever].short or titles[lever].title).lower() for lever, _ in best.package)
    sure = list(runners_up(found))[found.budgets.index(budget) :][:1] if found.runner_up(budget) is not None else []
    facts = [f"It consists of {made}.", *sure]
    rows = [
        (
            amount(each),
            signed(found.told(one.name).changes[aim].relative),
            *(signed(found.told(one.name).changes[name].relative) for name in ("compute", "frontier")),
            millions(found.told(one.name).cost.mean),
        )
        for each in found.budgets
        if (one := found.best(each)).package
    ]
    heads = ("a year", HEADINGS[aim], "China's compute", "frontier compute", "spends, $M")
    parts = [Section("The best for each budget", table=(heads, rows))]
    for head, lines in sections(found, budget).items():
        foremost = [line for line in lines if line.startswith(FOREMOST[SHORT[head]])]
        others = [line for line in lines if line not in foremost]
        parts.append(Section(head, words=tuple([*foremost, *others][:2])))
    return Findings(f"{answer}.", best.name, facts, parts)


def html(found: Decision) -> str:
    """Return the decision as pieces of a page."""
    parts = [paragraph(question(found)), paragraph(setting(found))]
    if found.study is None:
        parts += [table("quick estimate", *quick(found)), paragraph(QUICK)]
    else:
        parts += [table("portfolios", *exact(found)), paragraph(HOW_TO_READ)]
    if found.beside is not None:
        parts += [paragraph("The same under the shipped assumptions."), table("as shipped", *exact(found.beside))]
        parts += [table("what is best as shipped", ("a year", ""), moved(found))]
    parts += [table("what they are made of", ("a year", "levers, with what each spends"), portfolios(found))]
    parts += [table("what is to be known", ("", ""), facts(found)), paragraph(LIMITS)]
    for budget in found.budgets if found.study is not None else ():
        if found.called(budget):
            parts += [f"<h2>The choice for {escape(amount(budget))} a year</h2>", _found(found, budget)]
    return "".join(parts)


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
    title = escape(question(found))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{style}</style></head><body><main><h1>{title}</h1>{html(found)}</main></body></html>\n"
    )
