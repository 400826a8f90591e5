"""What is said below the tables of a decision, each sentence with what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from supplysim.decision.aims import AIMS
from supplysim.decision.decision import OVER, Decision, amount
from supplysim.decision.findings import HEADINGS as HEADINGS_OF
from supplysim.decision.words import lever
from supplysim.experiment.ties import TIE
from supplysim.language import gettext
from supplysim.report.decision.tables import Facts, called
from supplysim.report.decision.words import accuracy_of
from supplysim.report.formatting import millions, percent, share

SHORT = {
    HEADINGS_OF["robust"]: "Robust",
    HEADINGS_OF["flips"]: "Flips",
    HEADINGS_OF["losing"]: "Loses",
    HEADINGS_OF["information"]: "Find out",
}
# What the sentence begins with that stands on the screen, by its key; else the last one. All stand in files.
FOREMOST = {"Robust": ("Against",), "Flips": ("Where",), "Loses": ("Where", "No rule"), "Find out": ("To know",)}
URGENT = 3  # levers whose delay is told
SAID = 1  # sentences of each on the screen


def facts(found: Decision) -> Facts:
    """Return everything that is said below the tables."""
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
    return [
        (key if place == 0 else "", text)
        for key, together in groupby(told, key=lambda one: one[0])
        for place, (_, text) in enumerate(together)
    ]


def accuracy(found: Decision) -> str:
    """Return how good the quick estimate is, which the search reads."""
    return f"{accuracy_of(found.accuracy)} Costs of single levers are exact runs'; those of packages are added up."


def runners_up(found: Decision) -> Iterator[str]:
    """Yield how the best of each budget stands to the next."""
    for budget, text in runners(found):
        yield f"{amount(budget)}: {text}"


def runners(found: Decision) -> Iterator[tuple[float, str]]:
    """Yield each budget, and how the best of it stands to the next."""
    for budget in found.budgets:
        best, second = found.best(budget), found.runner_up(budget)
        if second is None or not best.package:
            continue
        stands = found.against(best.name, second.name)
        low, high = sorted((stands.difference.low, stands.difference.high))
        text = gettext(
            "the best leaves less in {share} of worlds, difference {low} to {high} of the baseline (90 %): {verdict}.",
            share=share(stands.better),
            low=percent(low),
            high=percent(high),
            verdict=gettext("a tie") if stands.verdict == TIE else gettext(stands.verdict),
        )
        yield budget, text


def objectives(found: Decision) -> Iterator[str]:
    """Yield where another objective has another winner among what was run and a budget pays."""
    main = found.question.problem.aim
    for budget in found.budgets:
        winners = found.winners(budget)
        changed = [
            f"for {AIMS[aim].words} {called(found, name)} ({percent(found.told(name).changes[aim].relative)} instead "
            f"of {percent(found.told(winners[main]).changes[aim].relative)})"
            for aim, name in winners.items()
            if aim != main
            and name != winners[main]
            and found.against(winners[main], name, AIMS[aim].measures[0]).difference.low > 0.0
        ]
        if changed:
            yield f"{amount(budget)}: the choice changes with the objective: {'; '.join(changed)}."


def dominated(found: Decision, names: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield the proposals that cost more and do less than a portfolio; `names` are what some are called."""
    aim = found.question.problem.aim
    for proposal, better in found.dominated().items():
        dear, cheap = (
            gettext("{change} for ${cost}M", change=percent(told.changes[aim].relative), cost=millions(told.cost.mean))
            for told in (found.told(proposal), found.told(better))
        )
        yield gettext(
            "{proposal} ({dear}): {option} does more for less ({cheap}).",
            proposal=proposal,
            dear=dear,
            option=(names or {}).get(better) or called(found, better),
            cheap=cheap,
        )


def over(found: Decision) -> Iterator[str]:
    """Yield the budgets that a portfolio oversteps in the worlds of the report, and those that cannot be spent."""
    for budget in found.budgets:
        best = found.best(budget)
        if best.package and (paid := found.told(best.name).cost.mean) > OVER * budget:
            yield f"{amount(budget)}: in the worlds of the report the portfolio costs ${millions(paid)}M on the mean."
        elif best.cost < 0.5 * budget:
            yield f"{amount(budget)}: more than ${millions(best.cost)}M a year finds nothing that is worth it."


def timing(found: Decision) -> Iterator[str]:
    """Yield what the best of each budget changes if it begins later, by the quick estimate alone."""
    for budget in found.budgets:
        best = found.best(budget)
        if years := found.later.get(best.name):
            begun = ", ".join(
                f"{'a year' if count == 1 else f'{count} years'} later {percent(change)}"
                for count, change in years.items()
            )
            now = percent(best.changes[found.question.problem.aim])
            told = f"{amount(budget)}: begun at once {now}, {begun}, over the same years (quick estimate)."
            yield f"{told}{_first(found, best.name)}"


def _first(found: Decision, name: str) -> str:
    """Return which levers cost most to begin a year later, one alone; nothing for a single one."""
    waiting = sorted(found.waiting.get(name, {}).items(), key=lambda one: -one[1])
    if len(waiting) < 2:
        return ""
    told = ", ".join(f"{lever(name)} {percent(change)}" for name, change in waiting[:URGENT])
    return f" One lever alone a year later, the dearest first: {told}."


def shortly(found: Decision) -> Facts:
    """Return the first sentences of what is found on the choice of every budget, each with what it is about."""
    told: dict[str, list[str]] = {short: [] for short in SHORT.values()}
    for budget in found.budgets:
        for heading, lines in sections(found, budget).items():
            chosen = (foremost(heading, lines) or lines[-1:])[:SAID]
            told[SHORT[heading]] += [f"{amount(budget)}: {line}" for line in chosen]
    return [(short, line) for short, lines in told.items() for line in lines]


def sections(found: Decision, budget: float) -> dict[str, list[str]]:
    """Return what is found on the choice of a budget, by heading; nothing where there is no choice."""
    return found.findings(budget).sections() if found.called(budget) else {}


def foremost(heading: str, lines: list[str]) -> list[str]:
    """Return those of the lines below a heading that say most; none if none does."""
    return [line for line in lines if line.startswith(FOREMOST[SHORT[heading]])]
