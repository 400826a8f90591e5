"""Factors and their values as a sentence has them."""

from __future__ import annotations

from supplysim.evidence import parameters
from supplysim.report.formatting import dollars, minus, plain, share

NAMES = ("Chinese", "China", "Beijing", "US", "United")  # of what a meaning begins with: these keep their capital


def factor(name: str) -> str:
    """Return what a parameter means, and its name: ``information in an audit (audit_sensitivity)``."""
    known = parameters().get(name)
    if known is None:
        return name
    meaning = known.meaning.partition(";")[0]
    if not meaning.startswith(NAMES):
        meaning = meaning[0].lower() + meaning[1:]
    of = f"{known.lever.replace('_', ' ')}: " if known.lever else ""
    return f"{of}{meaning} ({name})"


def amount(name: str, *values: float) -> str:
    """Return values of a parameter with its unit: ``30 %``, ``$1.2 M a year``, ``0.5 to 0.8 d'``."""
    known = parameters().get(name)
    unit, _, per = ("" if known is None else known.unit).partition("/")
    if unit == "share" and not per:
        return " to ".join(map(share, values))
    if unit == "US$":
        return " to ".join(map(dollars, values)) + (f" a {per}" if per else "")
    told = " to ".join(minus(plain(value, 2)) for value in values)
    if unit == "multiple":
        return f"{told} times"
    return " ".join(filter(None, [told, "" if unit == "1" else unit, f"a {per}" if per else ""]))


def state(part: str) -> str:
    """Return a value of a state: ``beijing=open`` -> ``beijing is open``."""
    return part.replace("=", " is ", 1)
