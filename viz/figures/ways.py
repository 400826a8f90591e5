"""The ways to get compute, side by side: smuggled, licensed, rented, domestic. A table, not a picture."""

from __future__ import annotations

from math import isnan
from typing import Any

from supplysim.viz import days

from supplysim.language import gettext, gettext_noop, numerals
from supplysim.outputs.periods import by_key
from supplysim.report.formatting import NONE, compact
from supplysim.run import Finished

CHANNELS = {
    "smuggled": gettext_noop("smuggled"),
    "licensed": gettext_noop("licensed"),
    "rented": gettext_noop("rented"),
    "offshore": gettext_noop("offshore"),
    "domestic": gettext_noop("domestic"),
}
NUMBERS = ("price", "wait", "seized_share", "training", "quantity")


def ways(run: Finished) -> dict[str, Any]:
    """Return what a buyer in China pays, waits for and risks in the last year or part of one, as numbers by channel."""
    access = run.engine.access()
    year = int(access.index.get_level_values("year").max())
    found = {
        str(channel): {name: float(row[name]) for name in NUMBERS} | {"source": str(row["source"])}
        for channel, row in access.loc[year].iterrows()
    }
    scenario = run.engine.scenario
    return {"period": by_key(scenario.start, scenario.weeks)[year], "channels": found}


def table(found: dict[str, Any]) -> dict[str, Any]:
    """Return the same as a table; `ids` are the channels of its rows."""
    head = [
        *(gettext("Way"), gettext("Price, H100e"), gettext("Wait"), gettext("Seized"), gettext("Training, a chip")),
        *(gettext("H100e acquired"), gettext("What is not the model’s own")),
    ]
    rows = [_row(channel, row) for channel, row in found["channels"].items()]
    return {"year": days.label(found["period"]), "head": head, "rows": rows, "ids": [*found["channels"]]}


def _row(channel: str, row: dict[str, Any]) -> list[str]:
    price = numerals(f"${row['price']:,.0f}")
    if channel == "rented":
        price = gettext("{price} a year", price=price)
    return [
        gettext(CHANNELS[channel]),
        NONE if isnan(row["price"]) else price,
        NONE if isnan(row["wait"]) else gettext("{n} weeks", n=f"{row['wait']:.0f}"),
        NONE if channel != "smuggled" else numerals(f"{100 * row['seized_share']:.1f} %"),
        numerals(f"{row['training']:,.0f} TFLOP/s"),
        compact(row["quantity"]),
        gettext(row["source"]),
    ]
