"""In which worlds the favourite loses: the box of the patient rule induction method, judged by resampling.

The box is found by the EMA Workbench (Kwakkel 2017, Environ. Model. Softw. 96, 239), of which versions 2 and 3 both
do: all that is taken from it are the ends of the boxes along its way, and what they are worth is counted here. Half of
the pairs find a box and the other half judge it, again and again; a factor that few of those boxes restrict is chance.
"""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd

from supplysim.decision import words
from supplysim.decision.choices import Choices
from supplysim.decision.losing import Losing, Quality, Rule, candidates, favourite, harmonic, quality
from supplysim.language import gettext, numerals
from supplysim.report.formatting import share
from supplysim.report.standing import listed

FEWEST = 1_000  # worlds
LIBRARY = "ema_workbench"
SAMPLES = 10
STEADY = 0.5  # share of the resampled boxes from which on a factor belongs to the box
LEAST = 0.05  # share of the worlds in a box


@dataclass(frozen=True, eq=False)
class Box(Losing):
    """The box of losing worlds.

    Attributes
    ----------
    rule : Rule or None
        The box found in all worlds.
    resampled : Quality or None
        Mean of the halves that judged boxes which the other halves found.
    restricted : dict of str to float
        Factor or state -> share of those boxes that restrict it.
    """

    rule: Rule | None = None
    resampled: Quality | None = None
    restricted: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return it as names and numbers."""
        return super().document() | {
            "rule": None if self.rule is None else self.rule.document(),
            "resampled": None if self.resampled is None else asdict(self.resampled),
            "restricted": self.restricted,
        }

    def sentences(self) -> list[str]:
        """Return the box and what it is worth, or why there is none."""
        if self.rule is None or self.resampled is None:
            return [self.why_not]
        found = self.resampled
        weak = [
            words.factor(name)
            for name in (*self.rule.ranges, *self.rule.states)
            if self.restricted.get(name, 0.0) < STEADY
        ]
        told = gettext(
            "{option} loses most where {rule}: boxes found in half of the worlds hold {precision} losing ones in the "
            "other half, against {base} of all, and {coverage} of those that are lost.",
            option=self.favourite,
            rule=self.rule.words(),
            precision=share(found.precision),
            base=share(found.base),
            coverage=share(found.coverage),
        )
        if weak:
            told += " " + gettext("Less than half of the resampled boxes restrict {factors}.", factors=listed(weak))
        return [told]


def box(choices: Choices, objective: str = "chips", seed: int = 7) -> Box:
    """Return the box of worlds in which the best option by mean loses.

    Parameters
    ----------
    choices : Choices
    objective : str
    seed : int
        Of the halves.
    """
    name, losing, lost = favourite(choices, objective)
    if choices.worlds < FEWEST:
        why = gettext(
            "A box of losing worlds (PRIM) is looked for from {n} worlds on: here are {worlds}.",
            n=numerals(f"{FEWEST:,}"),
            worlds=numerals(f"{choices.worlds:,}"),
        )
        return Box(name, losing, why_not=why)
    if find_spec(LIBRARY) is None:
        why = gettext("A box of losing worlds (PRIM) takes the EMA Workbench: pip install 'supplysim[bridges]'.")
        return Box(name, losing, why_not=why)
    rule = _found(choices, lost)
    if rule is None:
        return Box(name, losing, why_not=gettext("No box (PRIM) holds more losing worlds than all have."))
    stream, pairs = np.random.default_rng(seed), np.unique(choices.pair)
    qualities, restricted = [], []
    for _ in range(SAMPLES):
        half = np.isin(choices.pair, stream.permutation(pairs)[: len(pairs) // 2])
        one = _found(choices.where(half), lost[half])
        rest = choices.where(~half)
        here = np.zeros(rest.worlds, dtype=bool) if one is None else one.holds(rest)
        qualities.append(quality(here, lost[~half], rest.weights))
        restricted += [] if one is None else [*one.ranges, *one.states]
    means = [np.nanmean([asdict(one)[key] for one in qualities]) for key in ("base", "precision", "coverage", "told")]
    shares = {key: restricted.count(key) / SAMPLES for key in sorted({*restricted})}
    return Box(name, losing, "", rule, Quality(qualities[0].worlds, *map(float, means)), shares)


def _found(choices: Choices, lost: np.ndarray) -> Rule | None:
    """Return the box along the way that names losing worlds best: by the harmonic mean of precision and coverage."""
    columns = {name: choices.factors[name].to_numpy(dtype=float) for name in candidates(choices, lost)}
    table = pd.DataFrame(columns | {name: choices.states[name].to_numpy(dtype=object) for name in choices.states})
    best, most = None, 0.0
    for limits in _way(table, lost):
        rule = _rule(table, limits)
        found = quality(rule.holds(choices), lost, choices.weights)
        if (rule.ranges or rule.states) and found.precision > found.base and harmonic(found) > most:
            best, most = rule, harmonic(found)
    return best


def _way(table: pd.DataFrame, lost: np.ndarray) -> list[pd.DataFrame]:
    """Return the boxes along the way of peeling and pasting, two rows each: lower and upper ends, or sets of values."""
    if not table.shape[1] or not lost.any() or lost.all():
        return []
    with warnings.catch_warnings():  # the library warns of what it could use and is not installed
        warnings.simplefilter("ignore")
        from ema_workbench.analysis.prim import Prim

        asked = {"threshold": 0.0} if "threshold" in signature(Prim).parameters else {}  # version 2 wants one
        found = Prim(table, lost.astype(int), mass_min=LEAST, **asked).find_box()
    return [] if found is None else [*found.box_lims]


def _rule(table: pd.DataFrame, limits: pd.DataFrame) -> Rule:
    """Return a box as a rule: only what it restricts."""
    ranges: dict[str, tuple[float, float]] = {}
    states: dict[str, tuple[str, ...]] = {}
    for name in limits:
        low, high = limits[name].iloc[0], limits[name].iloc[1]
        if isinstance(low, (set, frozenset)):
            if {*low} != {*table[name]}:
                states[name] = tuple(sorted(low))
            continue
        ends = (float(low) if low > table[name].min() else -np.inf, float(high) if high < table[name].max() else np.inf)
        if np.isfinite(ends).any():
            ranges[name] = ends
    return Rule(ranges, states)
