"""What a row of a year is called: by the first and last day of its weeks, never by a year that it is not.

The model counts 52 weeks to a year from the start of a scenario. Such a row stands for a calendar year when it lies in
it but for at most `SLACK` days; it is then called by that year. Every other row, a part of a year above all, is called
by its days. Keys of tables (`year`) stay whole numbers that count on from the first row's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from supplysim.language import gettext, gettext_noop, ngettext
from supplysim.outputs.combining import WEEKS_A_QUARTER, WEEKS_A_YEAR

MONTHS = (  # in no locale of the machine
    gettext_noop("Jan"),
    gettext_noop("Feb"),
    gettext_noop("Mar"),
    gettext_noop("Apr"),
    gettext_noop("May"),
    gettext_noop("Jun"),
    gettext_noop("Jul"),
    gettext_noop("Aug"),
    gettext_noop("Sep"),
    gettext_noop("Oct"),
    gettext_noop("Nov"),
    gettext_noop("Dec"),
)
SLACK = 14  # days by which 52 weeks may miss a calendar year at its beginning or end
INPUTS_START = date(2023, 1, 1)  # before it there are no series of demand and no supply by quarter
PUBLISHED_END = date(2026, 7, 1)  # after the last quarter of `evidence/supply_by_quarter.csv`
INPUTS_END = date(2023, 1, 2) + timedelta(weeks=8 * WEEKS_A_YEAR)  # of the last knot of `evidence/series.csv`


@dataclass(frozen=True)
class Period:
    """Some weeks of a run: its key in tables, first and last day."""

    key: int
    first: date
    last: date

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return ((self.last - self.first).days + 1) // 7

    @property
    def calendar_year(self) -> int | None:
        """Calendar year that the period stands for; None if it is a part of one, or lies across two."""
        year = (self.first + (self.last - self.first) / 2).year
        late = abs((self.first - date(year, 1, 1)).days)
        early = abs((date(year, 12, 31) - self.last).days)
        return year if self.weeks == WEEKS_A_YEAR and max(late, early) <= SLACK else None

    @property
    def days(self) -> str:
        """First and last day, for example ``2 Jan 2023 to 31 Dec 2023``."""
        return _days(self.first, self.last)

    @property
    def label(self) -> str:
        """Heading: ``2024`` for a calendar year, ``2027 (4 Jan to 17 Jan)`` or the days for anything else."""
        if self.calendar_year is not None:
            return str(self.calendar_year)
        if self.first.year == self.last.year:
            first, last = _day(self.first, year=False), _day(self.last, year=False)
            return gettext("{year} ({first} to {last})", year=self.first.year, first=first, last=last)
        return self.days

    def described(self) -> dict[str, int | str]:
        """Return it for JSON: key in tables, what to call it, first and last day, how many weeks."""
        days = {"first_day": self.first.isoformat(), "last_day": self.last.isoformat()}
        return {"year": self.key, "label": self.label, **days, "weeks": self.weeks}


def first_key(start: date) -> int:
    """Return the key of a run's first row: the year it starts in, or the next if that begins within `SLACK` days."""
    return (start + timedelta(days=SLACK)).year


def decimal(start: date) -> float:
    """Return the decimal year of a run's first day; the whole year where it begins within `SLACK` days of one."""
    year = first_key(start)
    if abs((start - date(year, 1, 1)).days) <= SLACK:
        return float(year)
    return start.year + (start - date(start.year, 1, 1)).days / 365.25


def last_year(start: date, weeks: int) -> Period:
    """Return the last four whole quarters of a run, or as many as it has, as a period."""
    whole = weeks // WEEKS_A_QUARTER * WEEKS_A_QUARTER
    first = max(whole - WEEKS_A_YEAR, 0)
    return Period(first_key(start), start + timedelta(weeks=first), start + timedelta(weeks=max(whole, 1), days=-1))


def years(start: date, weeks: int) -> tuple[Period, ...]:
    """Return the rows of a run of some weeks: 52 weeks each, the last one what is left."""
    starts = range(0, weeks, WEEKS_A_YEAR)
    return tuple(
        Period(first_key(start) + position, start + timedelta(weeks=week), start + timedelta(weeks=end, days=-1))
        for position, week in enumerate(starts)
        for end in [min(week + WEEKS_A_YEAR, weeks)]
    )


def by_key(start: date, weeks: int) -> dict[int, Period]:
    """Return the rows of a run by their key."""
    return {period.key: period for period in years(start, weeks)}


def together(periods: Sequence[Period]) -> str:
    """Return the name of consecutive periods taken together, with their days: ``2025-2026 (30 Dec 2024 to ...)``."""
    whole = [period.calendar_year for period in periods]
    days = _days(periods[0].first, periods[-1].last)
    if None in whole:
        return days
    return f"{whole[0]} ({days})" if len(whole) == 1 else f"{whole[0]}-{whole[-1]} ({days})"


def of_year(year: int, periods: Iterable[Period]) -> Period | None:
    """Return the period that stands for a calendar year: only beside it may what was published for it be shown."""
    return next((period for period in periods if period.calendar_year == year), None)


def notes(start: date, weeks: int) -> list[str]:
    """Return what a reader must know of a run's periods: parts of years, and what lies outside the inputs."""
    parts = [period for period in years(start, weeks) if period.calendar_year is None]
    found = []
    if parts:
        named = ", ".join(f"{period.label}: {_weeks(period.weeks)}" for period in parts)
        found.append(gettext("No calendar year, and not to be compared with one: {periods}.", periods=named))
    last = start + timedelta(weeks=weeks, days=-1)
    if last >= PUBLISHED_END:
        found.append(
            gettext(
                "Projected from {day} on: supply, demand, domestic output and licences follow ranges derived from "
                "plans and statements (in:N001 to in:N035, low confidence), not published numbers, and they widen "
                "every year.",
                day=_day(PUBLISHED_END),
            )
        )
    if last >= INPUTS_END:
        found.append(
            gettext(
                "Extrapolated from {day} on: demand and tastes stay where the inputs end, supply grows on at its "
                "assumed rate. What is said of {first} to {last} rests on that.",
                day=_day(INPUTS_END),
                first=_day(max(INPUTS_END, start)),
                last=_day(last),
            )
        )
    return found


def _weeks(number: int) -> str:
    return ngettext("{n} week", "{n} weeks", number, n=number)


def _days(first: date, last: date) -> str:
    return gettext("{first} to {last}", first=_day(first), last=_day(last))


def _day(day: date, *, year: bool = True) -> str:
    month = gettext(MONTHS[day.month - 1])
    if year:
        return gettext("{day} {month} {year}", day=day.day, month=month, year=day.year)
    return gettext("{day} {month}", day=day.day, month=month)
