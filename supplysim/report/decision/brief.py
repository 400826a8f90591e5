"""What two pages for a decision maker say of a decision, about the middle budget."""

from __future__ import annotations

from supplysim.decision.aims import AIMS
from supplysim.decision.decision import Decision, amount
from supplysim.decision.problem import MILLION
from supplysim.decision.words import lever
from supplysim.report.brief.content import Findings, Section
from supplysim.report.brief.words import falls, signed, two
from supplysim.report.decision.facts import foremost, runners_up, sections
from supplysim.report.decision.tables import letters
from supplysim.report.decision.words import HEADINGS
from supplysim.report.formatting import millions

OTHERS = ("compute", "frontier")


def of_brief(found: Decision) -> Findings | None:
    """Return what two pages say; None if the middle budget buys nothing."""
    budget = found.budgets[len(found.budgets) // 2]
    best = found.best(budget)
    if not best.package:
        return None
    aim, known = found.question.problem.aim, letters(found)
    effect = found.told(best.name).changes[aim]
    answer = (
        f"With ${two(budget / MILLION)} million a year, the best portfolio found (package {known[best.name]}): in 9 of "
        f"10 worlds {AIMS[aim].words} {falls(effect.worlds_low, effect.worlds_high)}"
    )
    sure = list(runners_up(found))[found.budgets.index(budget) :][:1] if found.runner_up(budget) is not None else []
    shown = dict.fromkeys(found.best(each).name for each in found.budgets if found.best(each).package)
    made = {each.name: each.package for listed in found.portfolios.values() for each in listed}
    facts = [f"Package {known[name]}: {', '.join(lever(*one) for one in made[name])}." for name in shown]
    rows = [_row(found, each, known) for each in found.budgets if found.best(each).package]
    heads = ("a year", "package", HEADINGS[aim], "China's compute", "frontier compute", "spends, $M")
    parts = [Section("The best for each budget", table=(heads, rows))]
    for head, lines in sections(found, budget).items():
        first = foremost(head, lines)
        parts.append(Section(head, words=tuple([*first, *(line for line in lines if line not in first)][:2])))
    names = {name: f"package {letter}" for name, letter in known.items()}
    return Findings(f"{answer}.", best.name, [*facts, *sure], parts, names)


def _row(found: Decision, budget: float, known: dict[str, str]) -> tuple[str, ...]:
    best = found.best(budget)
    told = found.told(best.name)
    aims = (found.question.problem.aim, *OTHERS)
    changes = (signed(told.changes[name].relative) for name in aims)
    return amount(budget), known[best.name], *changes, millions(told.cost.mean)
