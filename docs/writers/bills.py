"""The page on bills: every card, its clauses, the levers that say them, and what the model cannot say. No run.

``python -m docs.writers.bills docs/bills.md``
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from supplysim.report.markdown import notice, table
from supplysim.setup.bill import Clause, state_of
from supplysim.setup.scenario import Scenario, shipped

INTRODUCTION = """# Bills and rules as cards

A card is a scenario file that extends `baseline-2027` and says what a proposal says, clause by clause: clock,
threshold, first day, the levers that stand for it, and what they cannot say. Its policies act when its own state
of the world is `passed`: `law-` and the card's name. **Every probability here is an assumption to be moved**, as is
the day on which a bill is taken to be law; no bill was law in what could be read to November 2026.

```sh
supplysim compare baseline-2027 -p chip-security-act -p stop-stealing-our-chips -p overwatch
supplysim compare baseline-2027 -p chip-security-act --state-probability law-chip-security-act:passed=0.2   # no new run
supplysim show overwatch
```

*As law* is the effect with the bill in force; *as introduced* is its probability times that, because without the law a
run is the baseline to the bit. So every pair is run under the law ([states](experiments.md#bills)). `cards.csv` has the
numbers by year, `clauses.csv` what follows here. Do not add cards up: compare them as a package
(`-p chip-security-act+overwatch`), whose laws are then drawn like other states."""


def page() -> str:
    """Return the page as Markdown."""
    cards = [scenario for name in shipped() if (scenario := Scenario.load(name)).bill is not None]
    parts = [notice("python -m docs.writers.bills docs/bills.md"), INTRODUCTION, _overview(cards)]
    return "\n\n".join([*parts, *(part for card in cards for part in _card(card))]) + "\n"


def _overview(cards: list[Scenario]) -> str:
    rows = []
    for card in cards:
        assert card.bill is not None
        clauses = card.bill.clauses
        said = sum(bool(clause.levers) for clause in clauses)
        rows.append(
            (f"[{card.name}](#{card.name})", f"{_law(card):g}", str(card.bill.law_on), f"{said} of {len(clauses)}")
        )
    return table(("Card", "Probability", "Taken to be law on", "Clauses with a lever"), rows)


def _card(card: Scenario) -> Iterator[str]:
    bill = card.bill
    assert bill is not None
    yield f"## {card.name}"
    yield f"**{card.title}.** {', '.join(bill.numbers)}. Stand on {bill.stand_on}: {bill.stand}.\n{card.why}"
    yield f"Probability {_law(card):g}. {bill.chance}"
    heads = ("Clause", "Clock and threshold", "From", "Levers", "Not modelled", "Sources")
    yield table(heads, [_row(clause, card) for clause in bill.clauses])


def _row(clause: Clause, card: Scenario) -> tuple[str, ...]:
    late = clause.start is not None and clause.start >= card.end
    missing = "; ".join(filter(None, ("binds after the end" if late else "", clause.not_modelled)))
    return (
        clause.text,
        "; ".join(filter(None, (clause.clock, clause.threshold))),
        "" if clause.start is None else str(clause.start),
        "<br>".join(f"`{lever}`" for lever in clause.levers) or "none",
        missing,
        f"{', '.join(clause.sources)} ({clause.confidence})",
    )


def _law(card: Scenario) -> float:
    (state,) = (state for state in card.states if state.name == state_of(card.name))
    return state.law


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
