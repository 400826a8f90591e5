"""The assumptions that each lever's effect hangs on, from one comparison of all levers over 64 worlds.

python -m docs.writers.hangs_on 64 supplysim/data/hangs_on.csv
"""

from __future__ import annotations

import sys
from pathlib import Path

from docs.writers.levers import names
from supplysim.api import Study, compare
from supplysim.edition import stamp
from supplysim.experiment.assumptions import assumptions
from supplysim.report.hangs_on import Line, write

SCENARIO, SEED = "baseline-2027", 7


def every_lever(pairs: int) -> Study:
    """Run, or look up, every lever at full strength."""
    return compare(SCENARIO, names(), pairs, seed=SEED, replicates=0)


def main(pairs: str, target: str) -> None:
    """Write the file."""
    study = every_lever(int(pairs))
    found = [Line.of(one) for arm in study.arms for one in assumptions(study, arm, "delivered")]
    made = (
        f"supplysim compare {SCENARIO} --pairs {pairs} --seed {SEED} with every lever, {study.pairs} worlds; {stamp()}"
    )
    write(Path(target), made, found)


if __name__ == "__main__":
    main(*sys.argv[1:])
