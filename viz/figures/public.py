"""What the public sees, and nothing else: published seizures and prosecutions, in figures, tiles and a sentence.

Everything that only the model knows, deliveries, prices, costs per chip, is left out here, so that nobody who asks for this
view can read it off another corner of the page.
"""

from __future__ import annotations

from typing import Any

from supplysim.viz.days import during
from supplysim.viz.figures.parts import MODEL, Figure, inside, lines, window_sum, with_worlds
from supplysim.viz.headline import headline

from supplysim.experiment.effects import Summary
from supplysim.language import gettext, gettext_noop
from supplysim.report.formatting import chips, signed

PUBLISHED = {
    "seizures_published": (
        gettext_noop("Seizures that were published"),
        gettext_noop("Chips reported seized"),
        gettext_noop("chips a quarter"),
    ),
    "prosecutions_published": (
        gettext_noop("Prosecutions that were announced"),
        gettext_noop("Prosecutions announced"),
        gettext_noop("cases a quarter"),
    ),
}
NOT_KNOWN = {
    "delivered": (gettext_noop("Delivered"), gettext_noop("published for 2024: 10k to several 100k")),
    "compute_h100e": (gettext_noop("China's compute"), gettext_noop("estimates differ several times over")),
    "interdiction_rate": (gettext_noop("Seized of all that moved"), gettext_noop("nobody knows what moved")),
    "cost_per_chip": (gettext_noop("Cost per chip prevented"), gettext_noop("nobody knows what was prevented")),
}


def figures(summary: Summary, start: float, acted: bool) -> list[Figure]:
    """Return the two figures of the page: what is published by quarter, as it stands and with the package."""
    made = []
    for column, (title, _, unit) in PUBLISHED.items():
        sub = with_worlds(gettext("Late and incomplete: half and more is never published."))
        figure = lines(summary, start, column, acted, "chips", sub, gettext(unit))
        figure |= {"id": column, "title": gettext(title), "status": summary.status, "pairs": summary.pairs}
        figure |= {"source": gettext(MODEL), "file": f"supplysim-{column}"}
        made.append(figure)
    return made


def tiles(summary: Summary, acted: bool) -> list[dict[str, Any]]:
    """Return the tiles: two of what is published, four of what is not known."""
    when = during(headline(summary).window)
    known = [_tile(summary, column, f"{gettext(word)} {when}", acted) for column, (_, word, _) in PUBLISHED.items()]
    hidden = [
        {"id": name, "title": gettext(title), "unit": "", "value": gettext("not known"), "range": gettext(why)}
        | {"change": "", "words": "", "tone": "", "small": "", "hidden": True}
        for name, (title, why) in NOT_KNOWN.items()
    ]
    return [hidden[0], known[1], hidden[1], known[0], *hidden[2:]]


def changed(summary: Summary, acted: bool) -> str:
    """Return what can be told from what is published."""
    parts = []
    for column, (_, word, _) in PUBLISHED.items():
        what = inside(gettext(word))
        base, policy = (chips(window_sum(summary, column, side)) for side in (False, True))
        if acted:
            said = gettext(
                "{what}: {base} as it stands, {policy} with the package", what=what, base=base, policy=policy
            )
        else:
            said = gettext("{what}: {base} as it stands", what=what, base=base)
        parts.append(said)
    end = (
        gettext("Whether fewer chips arrive, nobody publishes.")
        if acted
        else gettext("How many chips arrive, nobody publishes.")
    )
    when = during(headline(summary).window)
    return f"{when[:1].upper()}{when[1:]}, {'; '.join(parts)}. {end}"


def _tile(summary: Summary, column: str, title: str, acted: bool) -> dict[str, Any]:
    """Return a tile of what is published over the policy years."""
    base, policy = (window_sum(summary, column, side) for side in (False, True))
    return {
        "id": column,
        "title": title,
        "unit": "",
        "value": chips(policy if acted else base),
        "range": gettext("{amount} as it stands", amount=chips(base)) if acted else gettext("late and incomplete"),
        "tone": "",
        "change": signed(policy - base) if acted else "",
        "words": "",
        "small": "",
    }
