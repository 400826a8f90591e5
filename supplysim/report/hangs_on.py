"""What the effect of each shipped lever hangs on: the strongest assumptions, from one comparison of all levers.

Kept with the package, so that `supplysim show LEVER` answers without a run; `docs/writers/hangs_on.py` makes it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from supplysim.edition import foreign, stamped
from supplysim.experiment.assumptions import Assumption
from supplysim.report.formatting import percent, plain

FILE = Path(__file__).parents[1] / "data" / "hangs_on.csv"


@dataclass(frozen=True)
class Line:
    """One assumption of one lever: its ends, and the change in chips delivered at each."""

    policy: str
    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float
    stands_out: bool

    @classmethod
    def of(cls, found: Assumption) -> Line:
        """Return what is kept of an assumption."""
        low, high, at_low, at_high = (
            float(f"{number:.4g}") for number in (found.low, found.high, found.at_low, found.at_high)
        )
        return cls(found.policy, found.parameter, low, high, at_low, at_high, found.stands_out)


def write(path: Path, made: str, lines: Iterable[Line]) -> None:
    """Write the file; `made` says by which command and rules."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {made}\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(field.name for field in fields(Line))
        table.writerows(astuple(line) for line in lines)


def kept(path: Path = FILE) -> tuple[str, list[Line]]:
    """Return how the lines were made, and the lines; nothing if there is no file."""
    if not path.is_file():
        return "", []
    made, *rows = path.read_text("utf-8").splitlines()
    lines = []
    for row in csv.DictReader(rows):
        low, high, at_low, at_high = (float(row[name]) for name in ("low", "high", "at_low", "at_high"))
        clear = row["stands_out"] == str(True)
        lines.append(Line(row["policy"], row["parameter"], low, high, at_low, at_high, clear))
    return made.removeprefix("# "), lines


def sentences(policy: str, path: Path = FILE) -> list[str]:
    """Return a sentence for each of the strongest assumptions of a lever, and how they were found; none if unknown."""
    made, lines = kept(path)
    mine = [line for line in lines if line.policy.partition(":")[0] == policy]
    if not mine:
        return []
    other = foreign(stamped(made))
    warning = f" These were {other}." if other else ""
    return [*map(_told, mine), f"Chips delivered over the window, {made}.{warning}"]


def _told(line: Line) -> str:
    scope = line.policy.partition(":")[2]
    weak = "" if line.stands_out else "; no more than chance would bring about"
    where = f" ({scope})" if scope else ""
    ends = f"{percent(line.at_low)} to {percent(line.at_high)}"
    return f"{line.parameter}{where} {plain(line.low)} to {plain(line.high)}: {ends}{weak}."
