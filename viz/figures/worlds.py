"""One hundred worlds as dots: in how many deliveries fall, and how far apart worlds lie."""

from __future__ import annotations

from supplysim.viz.figures.parts import Figure, clean, table
from supplysim.viz.headline import headline

from supplysim.experiment.effects import Summary
from supplysim.report.formatting import signed

COUNT = 100
SHOWN = (1, 5, 10, 25, 50, 75, 90, 95, 99)  # of the hundred, in the table


def worlds(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the paired difference over the policy years in a hundred worlds, each a dot; exact ones or estimated."""
    told = headline(summary, acted)
    change, word = told.of(unit), "H100e" if unit == "delivered_h100e" else "chips"
    dots = clean(summary.worlds[unit]) if acted and unit in summary.worlds else []
    fewer, more = round(COUNT * change.fewer), round(COUNT * change.more)
    text = told.counting(change) or "No world differs." if dots else "Move a lever to see."
    rows = [[f"world {at} of {COUNT}", dots[at - 1]] for at in SHOWN] if dots else [[f"world 1 of {COUNT}", "–"]]
    return {
        "kind": "worlds",
        "dots": dots,
        "fewer": fewer,
        "more": more,
        "fmt": "signed",
        "unit": word,
        "sub": f"Each dot is one world in a hundred: its change of deliveries in {told.window}, {word}; the furthest four on each side stand at the edge.",
        "callout": text,
        "aria": f"{text} {told.range(change) if dots else ''}",
        "table": table(["The lowest first", f"Change, {word}"], rows, signed, word),
    }
