"""A decision in tables: what the search expects, what exact runs say, what each package is made of."""

from __future__ import annotations

from math import isfinite
from string import ascii_uppercase

from supplysim.decision.decision import Decision, amount
from supplysim.decision.portfolio import Portfolio
from supplysim.experiment.beside import ALL, DEFAULT, TOGETHER
from supplysim.report.decision.words import HEADINGS, made_of
from supplysim.report.effects import Told
from supplysim.report.formatting import between, millions, percent, tight
from supplysim.report.own import change

Facts = list[tuple[str, str]]
WORLDS = {DEFAULT: "as shipped", ALL: "all your own", TOGETHER: "acting together"}


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


def exact(found: Decision, known: dict[str, str] | None = None) -> Told:
    """Return what exact runs say: the best of each budget, the next best, and today's proposals.

    `known` are the letters by which portfolios are called, if others than the decision's own.
    """
    aims = list(found.measures)
    others = (f"{HEADINGS[name]}, %" for name in aims[1:])
    columns = ("", HEADINGS[aims[0]], "9 of 10 worlds", *others, "spends, $M", "burden, $M")
    known = letters(found) if known is None else known
    rows = [
        _cells(found, f"{known[each.name]}  {label.rpartition(', ')[2]}", each.name, aims)
        for label, each in _chosen(found).items()
        if each.package
    ]
    proposals = [each.name for each in found.question.proposals if each.name not in known]
    return Told(columns, [*rows, *(_cells(found, name, name, aims) for name in proposals)])


def letters(found: Decision) -> dict[str, str]:
    """Return what every portfolio that was run is called, in the order in which they are told: A, B, ..., Z, AA."""
    return {name: ascii_uppercase[place % 26] * (1 + place // 26) for place, name in enumerate(_told(found))}


def called(found: Decision, name: str) -> str:
    """Return what an option is called in a sentence: ``package A``; a proposal by its name."""
    letter = letters(found).get(name)
    return name if letter is None else f"package {letter}"


def legend(found: Decision) -> Facts:
    """Return what each package is made of: lever, strength below full, and what it spends by the cost curves."""
    if found.study is None:
        return [(label, made_of(each)) for label, each in _chosen(found, "  next").items()]
    known = letters(found)
    return [(known[name], made_of(each)) for name, each in _told(found).items()]


def copies(found: Decision) -> Facts:
    """Return the best of each budget as a command line takes it."""
    known = {} if found.study is None else letters(found)
    best = [(budget, found.best(budget)) for budget in found.budgets]
    lines = {known.get(each.name, amount(budget)): f"-p {each.name}" for budget, each in best if each.package}
    return [*lines.items()]


def moved(found: Decision) -> Facts:
    """Return for every budget what is best under the shipped assumptions and whether one's own choose otherwise."""
    told = []
    for budget in found.budgets if found.beside is not None else ():
        own, other = found.best(budget), found.beside.best(budget)  # type: ignore[union-attr]
        same = "the same" if own.name == other.name else called(found, other.name)
        told.append((amount(budget), f"under the shipped assumptions the best is {same}"))
    return told


def assumed(found: Decision) -> Told:
    """Return which assumption changes the best portfolio's effect, and which portfolio is best under it, by budget."""
    assert found.apart is not None
    rows: list[tuple[str, ...]] = []
    for budget, name in found.apart.best.items():
        for one in found.apart.moved(budget):
            world = WORLDS.get(one.world, f"{one.world} alone")
            effect = percent(one.relative) if isfinite(one.relative) else ""
            part = percent(one.share).lstrip("+") if isfinite(one.share) and one.world != DEFAULT else ""
            moves = change(one) if one.world != DEFAULT else ""
            best = called(found, one.first) if one.first else ""
            rows.append((f"{amount(budget)}, {world}", f"{letters(found)[name]}: {effect}", moves, part, best))
    return Told(("under", "package", "change", "of the change", "best"), rows)


def answers(found: Decision) -> Told:
    """Return the answer for each budget in a row: package, effect and its spread, money, and how sure the choice is."""
    aim, known = found.question.problem.aim, letters(found)
    heads = ("a year", "package", HEADINGS[aim], "9 of 10 worlds", "spends, $M", "against the next best")
    rows = []
    for budget in found.budgets:
        best, second = found.best(budget), found.runner_up(budget)
        if not best.package:
            rows.append((amount(budget), "nothing", *[""] * 4))
            continue
        told = found.told(best.name)
        effect = told.changes[aim]
        stands = "" if second is None else found.against(best.name, second.name).verdict
        counted = f"{known[best.name]}: {len(best.package)} lever{'s' if len(best.package) > 1 else ''}"
        size = tight(effect.relative, effect.relative_low, effect.relative_high)
        spread = between(effect.worlds_low, effect.worlds_high)
        rows.append((amount(budget), counted, size, spread, millions(told.cost.mean), stands))
    return Told(heads, rows)


def _told(found: Decision) -> dict[str, Portfolio]:
    """Return every portfolio that is told of by its name, in the order of telling."""
    others = [each for by_aim in found.others.values() for each in by_aim.values()]
    beside = [] if found.beside is None else [*_chosen(found.beside).values()]
    return {each.name: each for each in (*_chosen(found).values(), *others, *beside) if each.package}


def _chosen(found: Decision, following: str = "") -> dict[str, Portfolio]:
    """Return the best of each budget and the next by what they are called: ``$10M``, ``$10M, next``."""
    told: dict[str, Portfolio] = {}
    for budget in found.budgets:
        told[amount(budget)] = found.best(budget)
        second = found.runner_up(budget)
        if second is not None:
            told[f"{amount(budget)}, next"] = second
    return told


def _cells(found: Decision, label: str, name: str, aims: list[str]) -> tuple[str, ...]:
    told = found.told(name)
    main, *others = (told.changes[aim] for aim in aims)
    cells = [label, tight(main.relative, main.relative_low, main.relative_high)]
    cells.append(between(main.worlds_low, main.worlds_high))
    cells += [tight(each.relative, each.relative_low, each.relative_high, "") for each in others]
    low, high = (millions(end) for end in told.cost_worlds)
    cells += [f"{millions(told.cost.mean)} ({low} to {high})", millions(told.burden.mean)]
    return tuple(cells)
