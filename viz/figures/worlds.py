"""One hundred worlds as dots: in how many deliveries fall, and how far apart worlds lie."""

from __future__ import annotations

from supplysim.viz.figures.parts import Figure, clean, table
from supplysim.viz.headline import counted_in, headline

from supplysim.experiment.effects import Summary
from supplysim.language import gettext
from supplysim.report.formatting import signed

COUNT = 100
SHOWN = (1, 5, 10, 25, 50, 75, 90, 95, 99)  # of the hundred, in the table


def worlds(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the paired difference over the policy years in a hundred worlds, each a dot; exact ones or estimated."""
    told = headline(summary, acted)
    change, word = told.of(unit), counted_in(unit)
    dots = clean(summary.worlds[unit]) if acted and unit in summary.worlds else []
    fewer, more = round(COUNT * change.fewer), round(COUNT * change.more)
    text = told.counting(change) or gettext("No world differs.") if dots else gettext("Move a lever to see.")
    rows = [
        [gettext("world {n} of {all}", n=at, all=COUNT), dots[at - 1] if dots else "–"]
        for at in (SHOWN if dots else (1,))
    ]
    return {
        "kind": "worlds",
        "dots": dots,
        "fewer": fewer,
        "more": more,
        "fmt": "signed",
        "unit": word,
        "sub": gettext(
            "Each dot is one world in a hundred: its change of deliveries in {window}, {unit}; the furthest four on each side stand at the edge.",
            window=told.window,
            unit=word,
        ),
        "callout": text,
        "aria": f"{text} {told.range(change) if dots else ''}",
        "table": table([gettext("The lowest first"), gettext("Change, {unit}", unit=word)], rows, signed, word),
    }
