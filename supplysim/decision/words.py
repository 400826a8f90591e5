"""Factors, their values and amounts as a sentence has them, with two digits that count."""

from __future__ import annotations

from math import isfinite

from supplysim.decision.emulated import CLOSE
from supplysim.emulator.predict import CLOSED
from supplysim.evidence import parameters
from supplysim.policies.registry import levers
from supplysim.report.formatting import dollars, minus, share, unknown

NAMES = ("Chinese", "China", "Beijing", "US", "United")  # of what a meaning begins with: these keep their capital


def lever(name: str, strength: float = 1.0) -> str:
    """Return what a lever of the emulator is called on a screen: ``Border inspections at 50 %``."""
    kind = levers()[name]
    said = kind.short or kind.title
    where = f" ({CLOSED})" if name == CLOSE else ""
    return f"{said}{where}{'' if strength >= 1.0 else f' at {share(strength)}'}"


def meaning(name: str) -> str:
    """Return what a parameter means, of a setting with its lever: ``border: added inspections``; else its name."""
    known = parameters().get(name)
    if known is None:
        return name
    text = known.meaning.partition(";")[0]
    if not text.startswith(NAMES):
        text = text[0].lower() + text[1:]
    return f"{known.lever.replace('_', ' ')}: {text}" if known.lever else text


def factor(name: str) -> str:
    """Return what a parameter means, and its name: ``information in an audit (audit_sensitivity)``."""
    said = meaning(name)
    return name if said == name else f"{said} ({name})"


def is_share(name: str) -> bool:
    """Return whether a parameter is a share, told in per cent."""
    known = parameters().get(name)
    return known is not None and known.unit == "share"


def two(value: float) -> str:
    """Return a number of any kind: 346.2 -> ``350``, 0.0123 -> ``0.012``, 2.14e6 -> ``2.1 million``."""
    if not isfinite(value):
        return unknown()
    rounded = float(f"{value:.2g}")
    if abs(rounded) >= 1e6:
        return minus(f"{rounded / 1e6:,.3g} million" if abs(rounded) < 1e9 else f"{rounded / 1e9:,.3g} billion")
    return minus(f"{rounded:,.0f}" if abs(rounded) >= 10.0 else f"{rounded:.2g}")


def quantity(unit: str, *values: float) -> str:
    """Return amounts of an objective: ``130,000 chips``, ``97,000 to 150,000 H100e``, ``$42 M``."""
    if unit == "US$":
        return " to ".join(map(dollars, values))
    return f"{' to '.join(map(two, values))} {unit}"


def amount(name: str, *values: float) -> str:
    """Return values of a parameter with its unit: ``30 %``, ``$1.2 M a year``, ``0.5 to 0.8 d'``."""
    known = parameters().get(name)
    unit, _, per = ("" if known is None else known.unit).partition("/")
    if is_share(name):
        return " to ".join(map(share, values))
    if unit == "US$":
        return " to ".join(map(dollars, values)) + (f" a {per}" if per else "")
    told = " to ".join(map(two, values))
    if unit == "multiple":
        return f"{told} times"
    return " ".join(filter(None, [told, "" if unit == "1" else unit, f"a {per}" if per else ""]))


def state(part: str) -> str:
    """Return a value of a state: ``beijing=open`` -> ``beijing is open``."""
    return part.replace("=", " is ", 1)
