"""What is found on a choice as tables, and as a section of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplysim.decision import words
from supplysim.decision.aims import AIMS
from supplysim.decision.figures import CAPTIONS, pictures
from supplysim.report import html, world
from supplysim.report.formatting import dollars, percent, share

if TYPE_CHECKING:
    from supplysim.decision.findings import Findings

ROWS, FIRST = 10, 3  # of the tables of assumptions, and of them unfolded: the rest stand in the document
FLIPS, INFORMATION = OF_ASSUMPTIONS = ("What changes the choice", "What to find out first")


def tables(found: Findings) -> dict[str, html.Table]:
    """Return the tables by name: options, pairwise, what changes the choice, when it loses, what to find out."""
    made = {"Options": _options(found), "In what share of worlds one beats the other": _pairwise(found)}
    made[FLIPS] = _flips(found)
    made["Worlds in which it loses, held out"] = _losing(found)
    made[INFORMATION] = _information(found)
    return {name: table for name, table in made.items() if table[1]}


def section(found: Findings, of: str = "decision") -> str:
    """Return all that is said, with tables and figures, as HTML that needs nothing from elsewhere.

    `of` tells the figures of several sections of a page apart.
    """
    drawn = {name: html.svg(world.figure(figure)) for name, figure in pictures(found).items()}
    told = [f"<h3>{heading}</h3>{html.listed(lines)}" for heading, lines in found.sections().items()]
    figures = [html.drawing(image, f"{of}-{name}", CAPTIONS[name]) for name, image in drawn.items()]
    return "".join([*told, *figures, *(_shown(name, *table) for name, table in tables(found).items())])


def _shown(name: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table; of assumptions the strongest, and the others folded."""
    first, rest = (rows[:FIRST], rows[FIRST:]) if name in OF_ASSUMPTIONS else (rows, [])
    more = html.folded(f"{name}: {len(rest)} more", html.table(name, heads, rest)) if rest else ""
    return f"{html.table(name, heads, first)}{more}"


def _options(found: Findings) -> html.Table:
    unit, own = AIMS[found.robustness.objective].unit, found.robustness
    heads = ("option", "mean", "change", "mean regret", "90 % regret", "largest regret", "best in", "meets target in")
    rows: list[tuple[str, ...]] = [
        (
            one.option,
            words.quantity(unit, one.mean),
            percent(one.change),
            words.quantity(unit, one.regret),
            words.quantity(unit, one.regret_90),
            words.quantity(unit, one.regret_max),
            share(one.best),
            share(one.satisfied),
        )
        for one in own.standings
    ]
    return heads, rows


def _pairwise(found: Findings) -> html.Table:
    names, better = found.robustness.matches.names, found.robustness.matches.better
    rows = [(one, *("–" if i == j else share(better[i, j]) for j in range(len(names)))) for i, one in enumerate(names)]
    return ("beats", *names), rows


def _flips(found: Findings) -> html.Table:
    heads = ("assumption", "value", "90 % interval", "best below", "best above", "crosses in", "gain at most")
    rows: list[tuple[str, ...]] = [
        (
            words.factor(one.factor),
            words.amount(one.factor, one.value),
            words.amount(one.factor, one.low, one.high),
            one.below,
            one.above,
            share(one.share),
            share(one.gain),
        )
        for curve in found.flips.curves
        for one in curve.flips
    ]
    return heads, rows[:ROWS]


def _losing(found: Findings) -> html.Table:
    heads = ("where", "worlds there", "it loses in", "of those lost")
    held_out = found.tree.held_out
    if held_out is None or not held_out.holds:
        return heads, []
    rows: list[tuple[str, ...]] = [
        (rule.words(), share(own.told), share(own.precision), share(own.coverage))
        for rule, own in zip(found.tree.rules, found.tree.each, strict=True)
        if own.told > 0.0
    ]
    return heads, [*rows, ("all worlds held out", "100 %", share(held_out.base), "100 %")]


def _information(found: Findings) -> html.Table:
    own = found.information
    unit = AIMS[own.objective].unit
    heads = ("assumption", "worth", "90 % interval", "of the baseline", "US$", "stands out", "who would tell")
    rows: list[tuple[str, ...]] = [
        (
            words.factor(one.name),
            words.quantity(unit, one.value),
            words.quantity(unit, one.low, one.high),
            share(one.relative),
            "–" if one.dollars is None else dollars(one.dollars),
            "yes" if one.clear else "no",
            one.sources.sentence(),
        )
        for one in own.factors[:ROWS]
    ]
    return heads, rows
