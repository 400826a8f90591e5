"""The ways to get compute, side by side: smuggled, licensed, rented, domestic. A table, not a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplysim.outputs.periods import by_key
from supplysim.report.formatting import compact
from supplysim.run import Finished


def ways(run: Finished) -> dict[str, Any]:
    """Return what a buyer in China pays, waits for and risks in the last year or part of one, channel by channel."""
    table = run.engine.access()
    year = int(table.index.get_level_values("year").max())
    rows = []
    for channel, row in table.loc[year].iterrows():
        risk = "–" if channel != "smuggled" else f"{100 * row['seized_share']:.1f} %"
        rows.append(
            [
                str(channel),
                "–" if np.isnan(row["price"]) else f"${row['price']:,.0f}" + (" a year" if channel == "rented" else ""),
                "–" if np.isnan(row["wait"]) else f"{row['wait']:.0f} weeks",
                risk,
                f"{row['training']:,.0f} TFLOP/s",
                compact(float(row["quantity"])),
                str(row["source"]),
            ]
        )
    head = [
        "Way",
        "Price, H100e",
        "Wait",
        "Seized",
        "Training, a chip",
        "H100e acquired",
        "What is not the model’s own",
    ]
    scenario = run.engine.scenario
    return {"year": by_key(scenario.start, scenario.weeks)[year].label, "head": head, "rows": rows}
