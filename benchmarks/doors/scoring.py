"""Doors of scores: outcomes, and what is asked of the worlds that are held against them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.doors.takes import Door, among, either, held, nobody, unless, whole
from supplysim.experiment.given import conditions
from supplysim.limits import MOST_PAIRS
from supplysim.outputs.periods import by_key
from supplysim.setup.scenario import Scenario
from supplysim.validation.scoring import outcomes, score
from supplysim.validation.scoring.outcome import COLUMNS

ROW = "seized,,,,2024-01-01,2024-12-31,chips,2500,,,somebody"


def scoring_doors(world: Scenario, root: Path) -> Iterator[Door]:
    """Yield the doors; `root` gets a file of outcomes."""
    group = "scores"
    file = root / "outcomes.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{ROW}\n", "utf-8")
    rows, years = outcomes(file), by_key(world.start, world.weeks)
    given: dict[str, Any] = {"scenario": world, "draws": 2, "parameters": "central", "workers": 1, "store": False}

    def asked(value: Any, name: str) -> Any:
        return score(**{"published": rows, **given, name: value})

    yield Door(group, "outcomes", outcomes, among("2025"), (rows,))
    yield Door(
        group,
        "conditions",
        lambda value: conditions(value, years),
        either(among(None), held(nobody)),
        ("seizures_2024=0..",),
    )
    takes = {
        "published": (nobody, (rows,)),
        "scenario": (nobody, ("minimal", world)),
        "draws": (whole(2, MOST_PAIRS), (np.int64(2),)),
        "parameters": (among("central", "prior"), ("prior",)),
        "seed": (whole(0, 2**63 - 1), (5,)),
        "given": (either(among(None), held(nobody)), (None,)),
    }
    for name, (right, good) in takes.items():
        call = partial(asked, name=name)
        yield Door(group, f"score({name})", partial(unless, right, call) if name == "draws" else call, right, good)
