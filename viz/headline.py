"""The one answer to a question: a statistic, a window, a verdict. Every panel takes its numbers from here.

The statistic is the mean over worlds, as in the report and on the command line: means add up over quarters, countries
and the entries of the ledger, quantiles do not. The window is the policy years. How far worlds lie apart is told as the
range of nine in ten of them; what simulating so few pairs leaves open is another thing and stands in small print.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite, isnan, sqrt
from typing import Any

import numpy as np
from supplysim.viz import days

from supplysim.emulator.predict import BASE_PAIRS
from supplysim.experiment.effects import HIGH, LOW, WINDOW, Effect, Summary
from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE, SPAN, Interval
from supplysim.experiment.tables import NO_CHANGE, VERDICTS
from supplysim.language import gettext, gettext_noop
from supplysim.outputs.measures import MEASURES
from supplysim.report.formatting import Form, chips, form, relative, signed, unknown

TAILS = 1.67  # times the spread that the middle nine in ten of a normal distribution would have
FALLS, RISES, NOT_CLEAR = VERDICTS[FALL], VERDICTS[RISE], VERDICTS[NO_EFFECT]


@dataclass(frozen=True)
class Change:
    """What happens to one measure over the policy years.

    Attributes
    ----------
    level, mean : float
        Means over worlds: as it stands, and of the paired difference.
    low, high : float
        Of the difference in nine of ten worlds.
    relative : Interval
        The mean difference over the mean level, with the 90 % interval of simulating it.
    fewer, more : float
        Shares of worlds.
    verdict : str
        falls, rises, not clear, or no change: the words of the report, and what is decided by; `said` is shown.
    """

    measure: str
    level: float
    mean: float
    low: float
    high: float
    relative: Interval
    fewer: float
    more: float
    verdict: str

    @property
    def policy(self) -> float:
        """Mean with the package."""
        return self.level + self.mean

    @property
    def written(self) -> Form:
        """How its numbers are written."""
        return form(MEASURES[self.measure].unit)

    @property
    def counted(self) -> bool:
        """Whether it is a number of things, of which there are fewer or more; else a share, a price."""
        return self.written.level is chips

    @property
    def said(self) -> str:
        """The verdict in the reader's language."""
        return gettext(self.verdict)

    def amount(self) -> str:
        """Return the change of the mean; one that rounds to nothing says so."""
        if self.verdict == NO_CHANGE or not isfinite(self.mean):
            return self.said if self.verdict == NO_CHANGE else unknown()
        text = self.written.change(self.mean)
        return text if any(digit in text for digit in "123456789") else gettext("rounds to nothing")

    def share(self) -> str:
        """Return the change of the mean as a share of the mean, where that says more than the change of a share."""
        if not self.counted or self.verdict == NO_CHANGE or not isfinite(self.relative.mean):
            return ""
        return relative(self.relative.mean, np.nan, np.nan)

    def spread(self) -> str:
        """Return where nine in ten worlds lie."""
        change = self.written.change
        if self.verdict == NO_CHANGE or isnan(self.low):
            return ""
        return gettext("{low} to {high}", low=change(self.low), high=change(self.high))


@dataclass(frozen=True)
class Headline:
    """What is known of a package, said once; `window` is what the policy years are called."""

    summary: Summary
    window: str
    acted: bool

    def of(self, measure: str) -> Change:
        """Return what happens to a measure over the policy years."""
        effect = self.summary.effect(measure, WINDOW)
        found = likely(effect) if self.summary.status == "estimate" else effect.relative
        numbers = (effect.level, effect.mean, float(effect.diff[LOW]), float(effect.diff[HIGH]))
        return Change(measure, *numbers, found, effect.down, effect.up, verdict(effect, found))

    def worlds(self, share: float) -> str:
        """Return a share of worlds as a natural frequency."""
        if self.summary.status == "exact":
            return gettext("{n} of {all} worlds", n=round(share * self.summary.pairs), all=self.summary.pairs)
        return gettext("about {n} of 100 worlds", n=round(100 * share))

    def frequency(self, change: Change) -> str:
        """Return in how many worlds a measure falls or rises, whichever more do."""
        if change.verdict == NO_CHANGE or isnan(change.low):
            return ""
        falls = change.fewer >= change.more
        worlds = self.worlds(change.fewer if falls else change.more)
        if change.counted:
            return gettext("fewer in {worlds}", worlds=worlds) if falls else gettext("more in {worlds}", worlds=worlds)
        return gettext("lower in {worlds}", worlds=worlds) if falls else gettext("higher in {worlds}", worlds=worlds)

    def error(self, change: Change) -> str:
        """Return what simulating so few pairs leaves open, as a change of the mean."""
        low, high = change.relative.low, change.relative.high
        if change.verdict == NO_CHANGE or not isfinite(low) or not change.level:
            return ""
        size = change.written.change((high - low) / 2.0 * abs(change.level)).lstrip("+")
        return f"± {size}" if any(digit in size for digit in "123456789") else ""

    def sentence(self, unit: str) -> str:
        """Return the answer in words: the change, then the spread over worlds."""
        change, word = self.of(unit), counted_in(unit)
        if not self.acted:
            level = f"{chips(change.level)} {word}"
            return gettext(
                "Nothing is changed yet: {amount} are delivered in {window} as it stands.",
                amount=level,
                window=self.window,
            )
        if change.verdict == NO_CHANGE:
            return gettext("Deliveries stay as they are in every world, {window}.", window=self.window)
        lead, size = {
            FALLS: (
                gettext_noop("Deliveries fall by {amount} in {window}, the mean over worlds."),
                chips(-change.mean),
            ),
            RISES: (gettext_noop("Deliveries rise by {amount} in {window}, the mean over worlds."), chips(change.mean)),
            NOT_CLEAR: (
                gettext_noop("Whether deliveries fall is not clear: {amount} in {window}, the mean over worlds."),
                signed(change.mean),
            ),
        }[change.verdict]
        amount = f"{size} {word}" + (f" ({change.share()})" if change.share() else "")
        return f"{gettext(lead, amount=amount, window=self.window)} {self.range(change)} {self.counting(change)}"

    def range(self, change: Change) -> str:
        """Return where nine in ten worlds lie, as a sentence."""
        low, high = change.low, change.high
        if high <= 0.0:
            return gettext(
                "In 9 of 10 worlds the fall is between {low} and {high}.", low=chips(-high), high=chips(-low)
            )
        if low >= 0.0:
            return gettext("In 9 of 10 worlds the rise is between {low} and {high}.", low=chips(low), high=chips(high))
        return gettext(
            "In 9 of 10 worlds it is between {fewer} fewer and {more} more.", fewer=chips(-low), more=chips(high)
        )

    def counting(self, change: Change) -> str:
        """Return in how many worlds it falls or rises, as a sentence."""
        text = self.frequency(change)
        return f"{text[0].upper()}{text[1:]}." if text else ""

    def small_print(self, unit: str) -> str:
        """Return what the simulation leaves open, apart from what is not known of the world."""
        change = self.of(unit)
        error = self.error(change)
        if not self.acted or not error:
            return ""
        if self.summary.status == "exact":
            pairs = self.summary.pairs
            return gettext(
                "Mean of {pairs} pairs: {error} is left open by simulating no more.", pairs=pairs, error=error
            )
        return gettext("Mean of the quick estimate: {error} is left open by simulating no more.", error=error)

    def share_text(self, unit: str) -> str:
        """Return the relative change with half its 90 % interval, as the command line has it."""
        return relative(*self.of(unit).relative)


def counted_in(unit: str) -> str:
    """Return what deliveries are counted in, as a word."""
    return "H100e" if unit == "delivered_h100e" else gettext("chips")


def headline(summary: Summary, acted: bool = True) -> Headline:
    """Return what every panel takes its numbers from."""
    return Headline(summary, called(summary), acted)


def first_year(summary: Summary) -> int:
    """Return the place of the first policy year among the years."""
    return min(summary.first_quarter // 4, len(summary.years) - 1)


def called(summary: Summary) -> str:
    """Return what the policy years are called: ``2027–2030``, ``2024``, or their days."""
    return days.years(summary.years[first_year(summary) :], summary.periods)


def likely(effect: Effect) -> Interval:
    """Return the relative change that an estimate tells, with an interval as wide as 64 pairs would leave it."""
    if not effect.level:
        return effect.relative
    half = TAILS * float(effect.diff[HIGH] - effect.diff[LOW]) / (2.0 * SPAN) / sqrt(BASE_PAIRS) / abs(effect.level)
    value = effect.mean / effect.level
    return Interval(value, value - half, value + half)


def verdict(effect: Effect, interval: Interval) -> str:
    """Return falls, rises, not clear or no change, by the 90 % interval of the change of the mean."""
    if effect.down == 0.0 and effect.up == 0.0 and not np.any(effect.diff):
        return NO_CHANGE
    return FALLS if interval.high < 0.0 else RISES if interval.low > 0.0 else NOT_CLEAR


# --- levels that hold while the pairs come in ----------------------------------------------------------------


def held(summary: Summary, level: Summary | None) -> Summary:
    """Return what few pairs say of a package, at the level of the many pairs of the world as it stands.

    Parameters
    ----------
    summary : Summary
        Of the first pairs, exact.
    level : Summary, optional
        Whose worlds as they stand are those of all pairs; None: nothing is held.

    Notes
    -----
    Worlds differ in size by far more than by the effect. So only the relative change is taken from the few: a
    difference is scaled by the mean of all pairs over that of the few, measure by measure, and with it the ledger.
    Of all pairs the scale is 1.
    """
    if level is None or not level.mean_base or level.pairs <= summary.pairs:
        return summary
    scale = {name: _scale(level.mean_base[name], mean, summary) for name, mean in summary.mean_base.items()}
    base = {name: level.series_base[name] for name in summary.series_base}
    diff = {name: scale[name] * values for name, values in summary.series_diff.items()}
    policy = {
        name: np.maximum(base[name] + scale[name] * (values - summary.series_base[name]), 0.0)
        for name, values in summary.series_policy.items()
    }
    effects = {
        key: _held(effect, level.effects[key]) for key, effect in summary.effects.items() if key in level.effects
    }
    chip = _ratio(level.effect("delivered", WINDOW).level, summary.effect("delivered", WINDOW).level)
    cost: dict[str, Any] = {"per_chip": tuple(value / chip for value in summary.cost["per_chip"])}
    return replace(
        summary,
        series_base=base,
        series_policy=policy,
        series_diff=diff,
        mean_base={name: level.mean_base[name] for name in summary.mean_base},
        mean_diff={name: scale[name] * values for name, values in summary.mean_diff.items()},
        worlds={
            name: values * _ratio(level.effect(name, WINDOW).level, summary.effect(name, WINDOW).level)
            for name, values in summary.worlds.items()
        },
        effects=summary.effects | effects,
        ledger={name: chip * value for name, value in summary.ledger.items()},
        cost=summary.cost | cost,
    )


def _held(effect: Effect, level: Effect) -> Effect:
    scale = _ratio(level.level, effect.level)
    policy = level.base + scale * (effect.policy - effect.base)
    mean = scale * effect.mean
    return replace(effect, base=level.base, policy=policy, diff=scale * effect.diff, level=level.level, mean=mean)


def _scale(level: np.ndarray, few: np.ndarray, summary: Summary) -> float:
    window: Callable[[np.ndarray], float] = lambda values: float(np.nansum(values[4 * first_year(summary) :]))  # noqa: E731
    return _ratio(window(level), window(few))


def _ratio(level: float, few: float) -> float:
    """Return the scale of one measure; 1 where the few show nothing of it."""
    return level / few if few > 0.0 and isfinite(level) and level > 0.0 else 1.0
