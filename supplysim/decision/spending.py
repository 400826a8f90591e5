"""What money buys: what every lever costs each payer a year at every strength, and what it costs honest trade.

The curves are means over worlds of exact runs of each lever alone (`docs.writers.spending`), in which fixed parts,
parts that grow with the strength, and all that is counted in a run (checks, audits, consignments opened, waiting)
stand together. What is due at any strength is where the line through the two least strengths meets none. Costs of a
package are added up: what levers cost each other shows in the exact runs that follow.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from supplysim.edition import foreign, stamped
from supplysim.errors import InputError

FILE = Path(__file__).parents[1] / "data" / "spending.csv"
COLUMNS = ("us", "receipts", "foreign", "industry", "burden")  # of the file, US$ a year
# Payer -> columns that are added up; what is subtracted when receipts are netted.
PAID_BY = {"us": ("us",), "foreign": ("foreign",), "industry": ("industry",), "all": ("us", "foreign", "industry")}
RECEIVED_BY = {"us": "receipts", "all": "receipts"}


@dataclass(frozen=True, eq=False)
class Spending:
    """Cost curves of the levers of one scenario.

    Attributes
    ----------
    levers : tuple of str
        Names as typed on the command line, ``close_country:SG`` among them.
    strengths : ndarray, shape (strengths,)
        From 0 to 1; the first is just above none, where only what is due at any strength is paid.
    costs : ndarray, shape (columns, levers, strengths)
        US$ a year of the policy window, more than without the lever, by `COLUMNS`.
    """

    levers: tuple[str, ...]
    strengths: np.ndarray
    costs: np.ndarray

    def of(self, columns: tuple[str, ...], less: str = "") -> Mapping[str, np.ndarray]:
        """Return lever -> US$ a year at `strengths`, some columns added up and one taken off."""
        total = sum((self.costs[COLUMNS.index(name)] for name in columns), np.zeros(self.costs.shape[1:]))
        if less:
            total = total - self.costs[COLUMNS.index(less)]
        return dict(zip(self.levers, total, strict=True))

    def at(self, lever: str, curve: np.ndarray, strengths: np.ndarray) -> np.ndarray:
        """Return a curve of a lever at strengths from 0 to 1; nothing is paid for nothing."""
        return np.where(strengths > 0.0, np.interp(strengths, self.strengths, curve), 0.0)


def paid(payer: str, net: bool) -> tuple[tuple[str, ...], str]:
    """Return the columns of a payer and the one that is taken off, if receipts are netted."""
    return PAID_BY[payer], RECEIVED_BY.get(payer, "") if net else ""


@cache
def spending(scenario: str, file: Path = FILE) -> Spending:
    """Return the cost curves of a baseline.

    Raises
    ------
    InputError
        If there are none for it, or another edition of the rules made them.
    """
    made, *lines = file.read_text("utf-8").splitlines()
    why = foreign(stamped(made))
    if why:
        raise InputError(str(file), None, f"the cost curves were {why}", "make them again: make results")
    rows = [row for row in csv.DictReader(lines) if row["scenario"] == scenario]
    if not rows:
        raise InputError("scenario", scenario, "no cost curves are shipped for it", "choose baseline-2027")
    levers = tuple(dict.fromkeys(row["lever"] for row in rows))
    strengths = np.array(sorted({float(row["strength"]) for row in rows}))
    costs = np.array([[float(row[name]) for row in rows] for name in COLUMNS])
    costs = costs.reshape(len(COLUMNS), len(levers), len(strengths))
    if strengths[0] > 0.0:
        first, second = strengths[:2]
        due = costs[:, :, 0] - (costs[:, :, 1] - costs[:, :, 0]) * first / (second - first)
        due = np.where(np.sign(due) == np.sign(costs[:, :, 0]), due, 0.0)  # a cost does not begin as a gain
        costs = np.concatenate([due[..., None], costs], axis=-1)
        strengths = np.concatenate([[0.0], strengths])
    return Spending(levers, strengths, costs)
