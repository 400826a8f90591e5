"""Days and periods in words, in the language spoken here; in English as `supplysim.outputs.periods` has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from supplysim.language import gettext, gettext_noop
from supplysim.outputs.periods import Period

MONTHS = (
    *(gettext_noop("Jan"), gettext_noop("Feb"), gettext_noop("Mar"), gettext_noop("Apr"), gettext_noop("May")),
    *(gettext_noop("Jun"), gettext_noop("Jul"), gettext_noop("Aug"), gettext_noop("Sep"), gettext_noop("Oct")),
    *(gettext_noop("Nov"), gettext_noop("Dec")),
)


def day(of: date) -> str:
    """Return a day: ``2 Jan 2023``."""
    return gettext("{day} {month} {year}", day=of.day, month=gettext(MONTHS[of.month - 1]), year=of.year)


def label(period: Period) -> str:
    """Return what a period is called: ``2024``, ``2027 (4 Jan to 17 Jan)``, or its days."""
    if period.calendar_year is not None:
        return str(period.calendar_year)
    if period.first.year != period.last.year:
        return together([period])
    first, last = (
        gettext("{day} {month}", day=of.day, month=gettext(MONTHS[of.month - 1])) for of in (period.first, period.last)
    )
    return gettext("{year} ({first} to {last})", year=period.first.year, first=first, last=last)


def together(periods: Sequence[Period]) -> str:
    """Return the first and the last day of consecutive periods."""
    return gettext("{first} to {last}", first=day(periods[0].first), last=day(periods[-1].last))


def years(keys: Sequence[int], periods: Sequence[Period]) -> str:
    """Return what consecutive years of a run are called: ``2027–2030``, ``2024``, or their days.

    Parameters
    ----------
    keys : sequence of int
        Keys of the years.
    periods : sequence of Period
        What is known of a run's years; nothing: they are calendar years.
    """
    window = [period for period in periods if period.key in keys]
    if len(keys) == 1:
        return label(window[0]) if window else str(keys[0])
    if any(period.calendar_year is None for period in window):
        return together(window)
    return f"{keys[0]}–{keys[-1]}"


def during(called: str) -> str:
    """Return a period as it stands in a sentence: ``in 2024``, ``from 2 Oct 2023 to 29 Sep 2024``."""
    return gettext("in {window}", window=called) if called[:4].isdigit() else gettext("from {window}", window=called)
