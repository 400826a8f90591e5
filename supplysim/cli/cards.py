"""Bills on the screen: one table of all cards, and under it what of them is not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from supplysim.cli.tables import print_table
from supplysim.report import bills

if TYPE_CHECKING:
    from rich.console import Console

    from supplysim.experiment.study import Study


def tell_cards(screen: Console, study: Study) -> None:
    """Print the table of cards and, card by card, the clauses that are not modelled."""
    told = bills.table(study)
    rows = [[Text(cell) for cell in row] for row in told.rows]
    for row in rows:
        if not row[0].plain.startswith(" "):
            row[0].stylize("bold")
        for cell in row[1:]:
            cell.highlight_regex("±.*", style="dim")
    print_table(screen, bills.TITLE, told.columns, rows, prose=(0,), names_above=True)
    screen.print(Text(f"{bills.HOW_TO_READ} {bills.note(study)}".strip(), style="dim"))
    for card, lines in bills.missing(study):
        screen.print(Text(f"\n{bills.MISSING} of {card}", style="bold"))
        for line in lines or ["all its clauses are."]:
            screen.print(Padding(Text(f"- {line}", overflow="fold"), (0, 0, 0, 1)))
    screen.print()
