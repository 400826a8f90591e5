"""Factors, their values and amounts as a sentence has them, with two digits that count."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from supplysim.decision.emulated import CLOSE
from supplysim.emulator.predict import CLOSED
from supplysim.evidence import parameters
from supplysim.language import ENGLISH, gettext, gettext_noop, language, numerals
from supplysim.policies.registry import levers
from supplysim.report.formatting import dollars, minus, share, unknown

PER = {  # what a unit is per -> how that is said
    "week": gettext_noop("a week"),
    "month": gettext_noop("a month"),
    "quarter": gettext_noop("a quarter"),
    "year": gettext_noop("a year"),
    "chip": gettext_noop("a chip"),
    "chip-week": gettext_noop("a chip-week"),
    "firm": gettext_noop("a firm"),
    "firm-year": gettext_noop("a firm-year"),
    "FTE": gettext_noop("a FTE"),
    "FTE-year": gettext_noop("a FTE-year"),
    "H100e-year": gettext_noop("a H100e-year"),
}
NAMES = ("Chinese", "China", "Beijing", "US", "United")  # of what a meaning begins with: these keep their capital


def lever(name: str, strength: float = 1.0) -> str:
    """Return what a lever of the emulator is called on a screen: ``Border inspections at 50 %``."""
    kind = levers()[name]
    said = gettext(kind.called()) + (f" ({CLOSED})" if name == CLOSE else "")
    return said if strength >= 1.0 else gettext("{lever} at {share}", lever=said, share=share(strength))


def meaning(name: str) -> str:
    """Return what a parameter means, of a setting with its lever: ``border: added inspections``; else its name."""
    known = parameters().get(name)
    if known is None:
        return name
    text = gettext(known.meaning.partition(";")[0])
    if language() == ENGLISH and not text.startswith(NAMES):
        text = text[0].lower() + text[1:]
    if not known.lever:
        return text
    return gettext("{lever}: {meaning}", lever=gettext(known.lever.replace("_", " ")), meaning=text)


def factor(name: str) -> str:
    """Return what a parameter means, and its name: ``information in an audit (audit_sensitivity)``."""
    said = meaning(name)
    return name if said == name else gettext("{meaning} ({name})", meaning=said, name=name)


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
        if abs(rounded) < 1e9:
            return gettext("{n} million", n=minus(f"{rounded / 1e6:,.3g}"))
        return gettext("{n} billion", n=minus(f"{rounded / 1e9:,.3g}"))
    return minus(f"{rounded:,.0f}" if abs(rounded) >= 10.0 else f"{rounded:.2g}")


def quantity(unit: str, *values: float) -> str:
    """Return amounts of an objective: ``130,000 chips``, ``97,000 to 150,000 H100e``, ``$42 M``."""
    if unit == "US$":
        return to(map(dollars, values))
    return f"{to(map(two, values))} {gettext(unit)}"


def amount(name: str, *values: float, between: bool = False) -> str:
    """Return values of a parameter with its unit: ``30 %``, ``$1.2 M a year``, ``0.5 to 0.8 d'``."""
    known = parameters().get(name)
    unit, _, per = ("" if known is None else known.unit).partition("/")
    if is_share(name):
        return to(map(share, values), between)
    if unit == "US$":
        return " ".join(filter(None, (to(map(dollars, values), between), _per(per))))
    told = to(map(two, values), between)
    if unit == "multiple":
        return gettext("{n} times", n=told)
    return " ".join(filter(None, [told, "" if unit == "1" else gettext(unit), _per(per)]))


def to(ends: Iterable[str], between: bool = False) -> str:
    """Return a number, or a range of two: ``5 to 8``; behind the word between, ``5 and 8``."""
    low, *high = ends
    if not high:
        return low
    if between:
        return gettext("{low} and {high}", low=low, high=high[0])
    return gettext("{low} to {high}", low=low, high=high[0])


def _per(unit: str) -> str:
    return (gettext(PER[unit]) if unit in PER else f"a {unit}") if unit else ""


def state(part: str) -> str:
    """Return a value of a state: ``beijing=open`` -> ``beijing is open``."""
    name, _, value = part.partition("=")
    return gettext("{state} is {value}", state=gettext(name), value=gettext(value)) if value else part


def valued(name: str, value: str) -> str:
    """Return a value of a state as a label: ``beijing open``."""
    return f"{gettext(name)} {gettext(value.replace('-', ' '))}"


def in_points(number: float) -> str:
    """Return a difference of shares: 0.012 -> ``1.2 points``."""
    return gettext("{n} points", n=numerals(f"{100.0 * number:.1f}"))
