"""The public doors of the Python side for `benchmarks.gate`: every argument that users give, and what it takes.

Calls behind the doors are as short as they can be (one pair of the small world), for what is right is run as well.
"""

from __future__ import annotations

from pathlib import Path

import supplysim as ss
from benchmarks.doors import comparisons, others, runs, scenarios, scoring
from benchmarks.doors.takes import SHORT, Door
from supplysim.setup.scenario import Scenario


def doors(root: Path) -> list[Door]:
    """Return every door; `root` holds what calls need to find."""
    world = Scenario.load("minimal")
    study = ss.compare(world, ["border", "penalties"], 2, **SHORT)
    return [
        *scenarios.scenarios_doors(world),
        *scenarios.policies_doors(world),
        *runs.runs_doors(world),
        *comparisons.comparisons_doors(world),
        *comparisons.studies_doors(study),
        *others.lessons_doors(),
        *others.others_doors(world, root),
        *scoring.scoring_doors(world, root),
    ]
