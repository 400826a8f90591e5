"""Scores in words and rows: for the screen, and as a short page."""

from __future__ import annotations

from collections.abc import Iterator

from supplysim.report.formatting import minus, plain, triple
from supplysim.validation.scoring.card import MODEL, Card, Row

HEADS = ("Outcome", "5 / 50 / 95 %", "Inside", "CRPS", "Log score")
TOTALS = ("Quantity", "Predicted by", "Inside", "CRPS", "x ours", "Log score", "less ours")
HOW_TO_READ = (
    "CRPS (in the unit of the quantity) and log score (nats): the less the better. Inside: whether the outcome lies "
    "between 5 and 95 %; of an outcome that is itself an estimate, how much of its interval does, and scores are means "
    "over it. x ours, less ours: the rival's score beside this model's over the outcomes of which the rival says "
    "anything; above 1 and above 0 this model is the better one.",
    "Rivals know no mechanism. vendors x volume: the published arithmetic of 2024 times the growth of the world's "
    "volume; growth of supply: the last number published, times the growth of the world's compute for what adds up.",
    "The model explores and compares; it does not forecast. What was published is itself uncertain, and some of it was "
    "known when the rules were written (docs/decisions/0020).",
)


def title_of(row: Row) -> tuple[str, ...]:
    """Return what came out, in one line: quantity, period and source, then the number; cells of `HEADS`."""
    each = row.outcome
    between = "" if each.low is None or each.high is None else f" ({plain(each.low)} to {plain(each.high)})"
    name = f"{each.counted.name}, {each.period} [{each.source}]"
    return name, f"{plain(each.centre)}{between} {each.counted.unit}", "", "", ""


def lines_of(row: Row) -> list[tuple[str, ...]]:
    """Return one line a predictor that says anything of the outcome; cells of `HEADS`."""
    found: list[tuple[str, ...]] = []
    for predictor, scored in row.scored.items():
        if scored is None:
            if predictor == MODEL:
                found.append((predictor, "no world has a value", "", "", ""))
            continue
        inside = f"{100 * scored.share_inside:.0f} %" if row.outcome.is_estimate else "yes" if scored.inside else "no"
        triplet = triple((scored.low, scored.middle, scored.high))
        found.append((predictor, triplet, inside, plain(scored.crps), _log(scored.log_score)))
    return found


def totals_of(card: Card) -> list[tuple[str, ...]]:
    """Return one line a quantity and predictor; cells of `TOTALS`."""
    return [
        (
            each.quantity,
            each.predictor,
            f"{each.inside} of {each.rows}",
            plain(each.crps_mean),
            "" if each.predictor == MODEL else plain(each.crps_mean / each.model_crps_mean),
            _log(each.log_score_mean),
            "" if each.predictor == MODEL else _log(each.log_score_mean - each.model_log_score_mean),
        )
        for each in card.totals
    ]


def page(card: Card, headline: str) -> str:
    """Return the scores as a page in Markdown, under a line that says how it was made."""
    return "\n".join(_lines(card, headline)) + "\n"


def _log(number: float) -> str:
    return minus(f"{number:.2f}") if abs(number) < float("inf") else "–" if number != number else "infinite"


def _lines(card: Card, headline: str) -> Iterator[str]:
    yield f"# {card.title}: scores"
    yield ""
    yield headline
    yield ""
    yield card.standing
    if card.left is not None:
        yield ""
        yield f"{card.left.text}."
    yield ""
    yield from _table(HEADS, [line for row in card.rows for line in (_bold(title_of(row)), *lines_of(row))])
    yield ""
    yield "## Means over the outcomes"
    yield ""
    yield from _table(TOTALS, totals_of(card))
    for sentence in HOW_TO_READ:
        yield ""
        yield sentence


def _bold(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"**{cell}**" if cell else "" for cell in cells)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    """Return a text that is one cell of a table and draws nothing: sources are somebody else's words."""
    return "".join(letter for letter in text if letter.isprintable()).replace("|", "/").replace("<", "&lt;")
