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


def amount(name: str, value: float) -> str:
    """Return a value of a parameter with its unit: ``30 %``, ``$1.2 M a year``, ``.5 d'``."""
    known = parameters().get(name)
    unit = "" if known is None else known.unit
    first, _, per = unit.partition("/")
    if first == "share" and not per:
        return share(value)
    if first == "US$":
        return f"{dollars(value)} a {per}" if per else dollars(value)
    if first == "multiple":
        return f"{plain(value)} times"
    number = minus(plain(value))
    if first == "1":
        return f"{number} a {per}"
    return f"{number} {first} a {per}" if per else f"{number} {first}".strip()


def state(part: str) -> str:
    """Return a value of a state: ``beijing=open`` -> ``beijing is open``."""
    return part.replace("=", " is ", 1)
