"""What every bill card changes: year by year on three objectives, cost by payer, and by state of the world.

python -m docs.writers.bill_effects 64 docs/bill-effects.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from supplysim.api import compare
from supplysim.edition import stamp
from supplysim.experiment.cards_table import cards_of
from supplysim.experiment.objectives import aims_of
from supplysim.experiment.study import Study
from supplysim.report import bills, by_state
from supplysim.report.markdown import notice, table
from supplysim.setup.scenario import Scenario, shipped

SCENARIO, SEED = "baseline-2027", 7


def names() -> list[str]:
    """Return the names of the shipped cards."""
    return [name for name in shipped() if Scenario.load(name).bill is not None]


def study(pairs: int) -> Study:
    """Run, or look up, every card."""
    return compare(SCENARIO, names(), pairs, seed=SEED, replicates=0)


def page(of: Study, pairs: str) -> Iterator[str]:
    """Yield the paragraphs of the page."""
    command = f"supplysim compare {SCENARIO} {' '.join(f'-p {arm}' for arm in of.arms)} --pairs {pairs} --seed {SEED}"
    yield notice(f"python -m docs.writers.bill_effects {pairs} docs/bill-effects.md", stamp())
    yield "# What each bill changes"
    yield (
        f"{of.pairs} worlds of `{SCENARIO}`: parameters, strengths and costs of levers, and two states of the world "
        "vary over them. A comparison under stated assumptions, no forecast; the cards and what of them is not "
        "modelled stand in [bills.md](bills.md)."
    )
    yield f"    {command}"
    yield "## Year by year, % of the baseline; cost by payer"
    told = bills.table(of)
    yield table(told.columns, [(f"**{row[0]}**", *row[1:]) if not any(row[1:]) else row for row in told.rows])
    yield bills.HOW_TO_READ
    yield "## By state of the world, as law, 2027 to 2030"
    for aim in aims_of(of.measures).values():
        found = by_state.short(of, aim.measure)
        if found is not None:
            (_, *heads), rows = found
            yield table((f"% of {aim.words}", *heads), rows)
    yield by_state.SHORT_NOTE


def main(pairs: str, target: str) -> None:
    """Write the page."""
    of = study(int(pairs))
    assert len(cards_of(of)) == len(of.arms)
    Path(target).write_text("\n\n".join(page(of, pairs)) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
