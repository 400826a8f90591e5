"""What every lever costs each payer at every strength, from the runs of the league: the file that decisions search in.

python -m docs.writers.spending 32 supplysim/data/spending.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from docs.writers import league
from docs.writers.levers import names
from supplysim.decision.aims import AIMS
from supplysim.decision.spending import COLUMNS
from supplysim.edition import stamp
from supplysim.experiment.objectives import PAYERS
from supplysim.experiment.study import Study

SCENARIOS = ("baseline-2024", "baseline-2027")
MEASURES = {**PAYERS, "receipts": ("us_receipts",), "burden": AIMS["burden"].measures}


def a_year(study: Study, arm: str, measures: tuple[str, ...]) -> float:
    """Return US$ a year of the window that an arm costs more than the baseline, mean over worlds."""
    return float(np.mean(study.cost_a_year(arm, measures)))


def main(pairs: str, target: str) -> None:
    """Write the file."""
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        file.write(f"# python -m docs.writers.spending {pairs}, seed {league.SEED}; {stamp()}\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("scenario", "lever", "strength", *COLUMNS))
        for name in SCENARIOS:
            study = league.study(name, int(pairs), "prior")
            for lever in names():
                for strength, arm in zip(league.STRENGTHS, league.arms(lever), strict=True):
                    costs = [a_year(study, arm, MEASURES[column]) for column in COLUMNS]
                    out.writerow((name, lever, f"{strength:g}", *(f"{cost:.6g}" for cost in costs)))


if __name__ == "__main__":
    main(*sys.argv[1:])
