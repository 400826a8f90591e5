"""Numbers as text, one function a kind of number: for reports, lessons, generated pages and the app.

All write in the language that is spoken where they are called: English in reports, the reader's own in the app.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, isfinite, log10
from typing import NamedTuple

from supplysim.language import gettext, gettext_noop, numerals

NONE = "–"


def unknown() -> str:
    """Return what stands in place of a number that nobody knows."""
    return gettext("unknown")


def minus(text: str) -> str:
    """Return a number's text with a true minus sign, and the marks of the language spoken here."""
    return numerals(text.replace("-", "−"))


def count(number: float) -> str:
    """Return a number of things to three digits: 141832 -> ``142,000``."""
    if not isfinite(number):
        return unknown()
    if number == 0.0:
        return "0"
    digits = 2 - floor(log10(abs(number)))
    return minus(f"{round(number, min(digits, 0)):,.0f}")


def compact(number: float, sign: bool = False) -> str:
    """Return a number of things in little room: 141832 -> ``142k``; with its sign if asked."""
    if not isfinite(number):
        return unknown()
    size = abs(number)
    text = f"{size:.0f}"
    if size >= 999_500.0:
        text = gettext("{n}M", n=f"{size / 1e6:.3g}" if size < 999.5e6 else f"{size / 1e6:,.0f}")
    elif size >= 999.5:
        text = gettext("{n}k", n=f"{size / 1e3:.3g}")
    return _signed(number, text, sign)


def rough(number: float) -> str:
    """Return a number of things to two digits, for a narrow column: 4.162e6 -> ``4.2M``; 439_000 -> ``440k``."""
    return compact(float(f"{number:.2g}")) if isfinite(number) else unknown()


def chips(number: float | None, sign: bool = False) -> str:
    """Return `compact`, with one decimal when small, as `SS.compact` in the browser does; a dash for none."""
    if number is None:
        return NONE
    size = abs(number)
    if size >= 9.95 or not isfinite(number):
        return compact(number, sign=sign)
    return _signed(number, f"{size:.1f}".removesuffix(".0"), sign)


def signed(number: float | None) -> str:
    """Return a change in a number of things."""
    return chips(number, sign=True)


def share(number: float) -> str:
    """Return a share in per cent, two digits that count: 0.0213 -> ``2.1 %``; 0.62 -> ``62 %``."""
    return minus(f"{100.0 * number:.1f} %" if abs(number) < 0.0995 else f"{100.0 * number:.0f} %")


def points(number: float, unit: str = gettext_noop("points")) -> str:
    """Return a change of a share in percentage points: -0.034 -> ``−3.4 points``."""
    return minus(f"{100.0 * number:+.1f} ") + gettext(unit) if isfinite(number) else unknown()


def percent(change: float) -> str:
    """Return a relative change: -0.124 -> ``−12 %``."""
    text = minus(f"{100.0 * change:+.0f} %")
    return "0 %" if text[1:] == "0 %" else text


FINE = 0.025  # half an interval: below it a change is known to less than a point or two, and is told with a decimal


def relative(change: float, low: float, high: float) -> str:
    """Return a relative change with half its interval, if it has one: -0.1236, -0.131, -0.116 -> ``−12.4 % ± 0.8``."""
    if not isfinite(low):
        return percent(change) if isfinite(change) else unknown()
    half = (high - low) / 2.0
    if half == 0.0:
        return percent(change)
    digits = 1 if half < FINE else 0
    size = f"{100.0 * change:+.{digits}f}"
    size = size if float(size) else size[1:]  # zero has no sign
    return minus(f"{size} % ± {max(100.0 * half, 10.0**-digits):.{digits}f}")


def tight(change: float, low: float, high: float, unit: str = " %") -> str:
    """Return `relative` for a narrow column, without a unit that the heading has: ``−12.4 % ±0.8``, ``−12.4 ±0.8``."""
    return relative(change, low, high).replace(" % ± ", f"{unit} ±").replace(" %", unit)


def millions(amount: float) -> str:
    """Return US$ as millions, two digits that count below ten: 133.2e6 -> ``133``, 2.93e6 -> ``2.9``, 1e4 -> ``0``."""
    if not isfinite(amount):
        return unknown()
    size = amount / 1e6
    text = f"{size:,.0f}" if abs(size) >= 9.95 else f"{size:.1f}".removesuffix(".0")
    return minus("0" if text == "-0" else text)


def between(low: float, high: float) -> str:
    """Return a range of relative changes: -0.25, -0.04 -> ``−25 to −4 %``; nothing if it is unknown."""
    if not isfinite(low):
        return ""
    return gettext("{low} to {high}", low=percent(low).removesuffix(" %"), high=percent(high))


def times(number: float) -> str:
    """Return a multiple: 1.5 -> ``1.50×``."""
    return minus(f"{number:.2f}×")


def times_more(number: float) -> str:
    """Return a change of a multiple: -0.1 -> ``−0.10``."""
    return minus(f"{number:+.2f}")


def dollars(amount: float) -> str:
    """Return an amount of money: 24.6e6 -> ``$24.6 M``."""
    sign = "−" if amount < 0.0 else ""
    size = abs(amount)
    if not isfinite(size):
        return unknown()
    for unit, name in ((1e9, gettext("${n} bn")), (1e6, gettext("${n} M"))):
        if size >= 0.9995 * unit:
            amount_of = f"{size / unit:.3g}" if size < 999.5 * unit else f"{size / unit:,.0f}"
            return sign + name.format(n=numerals(amount_of))
    return sign + gettext("${n}", n=count(size))


def plain(value: float | None, digits: int = 3) -> str:
    """Return a number of any kind with three digits that count, thousands apart; a dash if there is none.

    Examples
    --------
    >>> plain(139659.6), plain(0.01234), plain(None)
    ('140,000', '0.0123', '–')
    """
    if value is None or not isfinite(value):
        return NONE
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    return numerals(f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:.{digits}g}")


def triple(values: Sequence[float | None]) -> str:
    """Return three numbers as ``low / middle / high``."""
    return " / ".join(plain(value) for value in values)


def cell(value: float) -> str:
    """Return a number in a column of all units, three digits that count and no fewer than stand before the point."""
    if not isfinite(value):
        return "-"
    if abs(value) >= 1e7:
        return numerals(gettext("{n}M", n=f"{value / 1e6:,.1f}"))
    return numerals(f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}")


def written(number: float, form: str) -> str:
    """Return a number as running text has it; forms: percent, share, dollars, count, ratio, number.

    Examples
    --------
    >>> written(-0.214, "percent"), written(0.043, "share"), written(141_832, "count"), written(24.6e6, "dollars")
    ('−21 %', '4.3 %', '142,000', '$25 million')
    """
    if not isfinite(number):
        return unknown()
    if form == "percent":
        size = 100.0 * abs(number)
        text = f"{size:.0f}" if size >= 9.95 else f"{size:.1f}"
        return ("" if float(text) == 0.0 else "−" if number < 0.0 else "+") + numerals(f"{text} %")
    if form == "share":
        return share(number)
    if form == "dollars" and number == 0.0:
        return gettext("${n}", n=0)
    if form == "dollars":
        unit, name = (1e9, gettext("${n} billion")) if abs(number) >= 0.995e9 else (1e6, gettext("${n} million"))
        return ("−" if number < 0 else "") + name.format(n=_digits(abs(number) / unit, 2))
    if form == "count":
        return ("−" if number < 0 else "") + _digits(abs(number), 3 if abs(number) >= 1000 else 2)
    return minus(f"{number:.2f}") if form == "ratio" else _digits(number, 2)


class Form(NamedTuple):
    """How the app writes a measure, by its unit: its level, a change of it, and the name of that in the browser."""

    level: Callable[[float], str]
    change: Callable[[float], str]
    browser: str


COUNTED = Form(chips, signed, "signed")
FORMS = {
    "share": Form(share, lambda change: points(change, gettext_noop("pts")), "points"),
    "x list": Form(times, times_more, "x1"),
    "US$": Form(dollars, dollars, "dollars"),
}


def form(unit: str) -> Form:
    """Return how a measure of a unit is written; what is counted is a number of things."""
    return FORMS.get(unit, COUNTED)


def _signed(number: float, text: str, sign: bool) -> str:
    return text if text == "0" else ("−" if number < 0.0 else "+" if sign else "") + numerals(text)


def _digits(number: float, digits: int) -> str:
    """Return a number with so many digits that count: 141832 -> 142,000, 3.14 -> 3.1."""
    if number == 0.0:
        return "0"
    places = digits - 1 - floor(log10(abs(number)))
    return numerals(f"{round(number, places):,.{max(places, 0)}f}")
