"""What the public sees, and nothing else: published seizures and prosecutions, in figures, tiles and a sentence.

Everything that only the model knows, deliveries, prices, costs per chip, is left out here, so that nobody who asks for this
view can read it off another corner of the page.
"""

from __future__ import annotations

from typing import Any

from supplysim.viz.figures.parts import MODEL, WORLDS, Figure, during, lines, window_sum
from supplysim.viz.headline import headline

from supplysim.experiment.effects import Summary
from supplysim.report.formatting import chips, signed

PUBLISHED = {
    "seizures_published": ("Seizures that were published", "Chips reported seized", "chips a quarter"),
    "prosecutions_published": ("Prosecutions that were announced", "Prosecutions announced", "cases a quarter"),
}
NOT_KNOWN = {
    "delivered": ("Delivered", "published for 2024: 10k to several 100k"),
    "compute_h100e": ("China's compute", "estimates differ several times over"),
    "interdiction_rate": ("Seized of all that moved", "nobody knows what moved"),
    "cost_per_chip": ("Cost per chip prevented", "nobody knows what was prevented"),
}


def figures(summary: Summary, start: float, acted: bool) -> list[Figure]:
    """Return the two figures of the page: what is published by quarter, as it stands and with the package."""
    made = []
    for column, (title, _, unit) in PUBLISHED.items():
        sub = f"Late and incomplete: half and more is never published. {WORLDS}"
        figure = lines(summary, start, column, acted, "chips", sub, unit)
        figure |= {"id": column, "title": title, "status": summary.status, "pairs": summary.pairs, "source": MODEL}
        figure["file"] = f"supplysim-{column}"
        made.append(figure)
    return made


def tiles(summary: Summary, acted: bool) -> list[dict[str, Any]]:
    """Return the tiles: two of what is published, four of what is not known."""
    when = during(headline(summary).window)
    known = [_tile(summary, column, f"{word} {when}", acted) for column, (_, word, _) in PUBLISHED.items()]
    hidden = [
        {"id": name, "title": title, "unit": "", "value": "not known", "range": why}
        | {"change": "", "words": "", "tone": "", "small": "", "hidden": True}
        for name, (title, why) in NOT_KNOWN.items()
    ]
    return [hidden[0], known[1], hidden[1], known[0], *hidden[2:]]


def changed(summary: Summary, acted: bool) -> str:
    """Return what can be told from what is published."""
    parts = []
    for column, (_, word, _) in PUBLISHED.items():
        base, policy = (window_sum(summary, column, side) for side in (False, True))
        parts.append(
            f"{word.lower()}: {chips(base)} as it stands" + (f", {chips(policy)} with the package" if acted else "")
        )
    end = "Whether fewer chips arrive, nobody publishes." if acted else "How many chips arrive, nobody publishes."
    return f"{during(headline(summary).window).capitalize()}, {'; '.join(parts)}. {end}"


def _tile(summary: Summary, column: str, title: str, acted: bool) -> dict[str, Any]:
    """Return a tile of what is published over the policy years."""
    base, policy = (window_sum(summary, column, side) for side in (False, True))
    return {
        "id": column,
        "title": title,
        "unit": "",
        "value": chips(policy if acted else base),
        "range": f"{chips(base)} as it stands" if acted else "late and incomplete",
        "tone": "",
        "change": signed(policy - base) if acted else "",
        "words": "",
        "small": "",
    }
