"""The score of each outcome, of this model and of its naive rivals, and the means by quantity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.report import document
from supplysim.validation.scoring.outcome import Outcome
from supplysim.validation.scoring.rivals import RIVALS, rivals
from supplysim.validation.scoring.rules import crps, interval, log_score

if TYPE_CHECKING:
    from supplysim.experiment.given import Left
    from supplysim.setup.scenario import Scenario

MODEL = "this model"
PREDICTORS = (MODEL, *RIVALS)
NEEDED = 1_000  # worlds; of fewer nothing is called a scored prediction (docs/decisions/0020)


@dataclass(frozen=True)
class Scored:
    """What one predictor says of an outcome, and its scores: the mean over the points that the outcome stands for.

    Attributes
    ----------
    draws : int
        Those whose value is known.
    low, middle, high : float
        5, 50 and 95 %.
    inside : bool
        Whether the outcome's centre lies between low and high.
    share_inside : float
        How much of the outcome's distribution does.
    crps, log_score : float
        The less the better; see `rules`.
    """

    draws: int
    low: float
    middle: float
    high: float
    inside: bool
    share_inside: float
    crps: float
    log_score: float

    @classmethod
    def of(cls, draws: np.ndarray, outcome: Outcome) -> Scored:
        """Score draws against an outcome."""
        at = outcome.points
        low, middle, high = interval(draws)
        log = float(log_score(draws, at, outcome.counted.kind).mean())
        return cls(
            draws=draws.size,
            low=low,
            middle=middle,
            high=high,
            inside=low <= outcome.centre <= high,
            share_inside=float(((at >= low) & (at <= high)).mean()),
            crps=float(crps(draws, at).mean()),
            log_score=log,
        )


@dataclass(frozen=True)
class Row:
    """One outcome, and what each predictor made of it; None of a rival that says nothing of such a quantity."""

    outcome: Outcome
    scored: dict[str, Scored | None]

    def record(self) -> dict[str, Any]:
        """Return it as one flat row: the outcome, then every predictor's numbers, its name in front."""
        found = self.described()
        for predictor, scored in self.scored.items():
            head = "" if predictor == MODEL else f"{predictor}: "
            found |= {f"{head}{name}": value for name, value in _numbers(scored).items()}
        return found

    def described(self) -> dict[str, Any]:
        """Return what came out."""
        each = self.outcome
        return {
            "quantity": each.counted.name,
            "first_day": each.first_day.isoformat(),
            "last_day": each.last_day.isoformat(),
            "unit": each.counted.unit,
            "outcome": each.centre,
            "outcome_low": nan if each.low is None else each.low,
            "outcome_high": nan if each.high is None else each.high,
            "source": each.source,
        }


@dataclass(frozen=True)
class Total:
    """Sums and means of one predictor over the outcomes of a quantity, and this model's over the same ones."""

    quantity: str
    predictor: str
    rows: int
    inside: int
    crps_sum: float
    crps_mean: float
    log_score_sum: float
    log_score_mean: float
    model_crps_mean: float
    model_log_score_mean: float


@dataclass(frozen=True)
class Card:
    """Predictions of one scenario held against outcomes.

    Attributes
    ----------
    scenario : Scenario, optional
        None of predictions that were written down.
    parameters : str
        Where the parameters of the worlds come from.
    seed : int
    worlds : int
        Worlds behind each prediction, after conditions.
    left : Left, optional
        What conditions left of the worlds that were run.
    rows : tuple of Row
    file : str
        The predictions that were written down; empty where worlds were run.
    """

    scenario: Scenario | None
    parameters: str
    seed: int
    worlds: int
    left: Left | None
    rows: tuple[Row, ...]
    file: str = ""

    @property
    def title(self) -> str:
        """What was scored."""
        return self.file if self.scenario is None else self.scenario.title

    @property
    def fewest(self) -> int:
        """Draws behind the number that stands on the fewest: worlds in which a quantity is unknown do not count."""
        return min(0 if (scored := row.scored[MODEL]) is None else scored.draws for row in self.rows)

    @property
    def is_prediction(self) -> bool:
        """Whether every number stands on enough draws to be called a scored prediction."""
        return self.fewest >= NEEDED

    @property
    def standing(self) -> str:
        """One sentence: what these scores may be called."""
        if self.is_prediction and self.scenario is None:
            return f"Scored predictions as they were written down, of at least {self.fewest:,} worlds each."
        if self.is_prediction:
            return f"Scored predictions of {self.worlds:,} worlds each ({self.parameters}, seed {self.seed})."
        return (
            f"A trial, no scored prediction: {self.fewest:,} draws, and a prediction carries at least {NEEDED:,} "
            f"({self.parameters}, seed {self.seed})."
        )

    @property
    def totals(self) -> list[Total]:
        """Sums and means by quantity, then over all outcomes; of all, the CRPS has no common unit and is NaN."""
        names = list(dict.fromkeys(row.outcome.counted.name for row in self.rows))
        groups = [(name, [row for row in self.rows if row.outcome.counted.name == name]) for name in names]
        found = [total for name, rows in groups for total in _totals(name, rows, one_unit=True)]
        return found + (_totals("all", self.rows, one_unit=False) if len(names) > 1 else [])

    def records(self) -> list[dict[str, Any]]:
        """Return one flat row an outcome; columns of ``score.csv``."""
        return [row.record() for row in self.rows]

    def document(self) -> dict[str, Any]:
        """Return it for machines; what is undefined is NaN."""
        rows = [
            row.described()
            | {"scores": {name: None if scored is None else _numbers(scored) for name, scored in row.scored.items()}}
            for row in self.rows
        ]
        return {
            "scenario": None if self.scenario is None else self.scenario.name,
            "predictions": self.file or None,
            "parameters": self.parameters,
            "seed": self.seed,
            "worlds": self.worlds,
            "needed": NEEDED,
            "scored_prediction": self.is_prediction,
            "standing": self.standing,
            "given": None if self.left is None else self.left.document(),
            "outcomes": rows,
            "totals": [vars(total) for total in self.totals],
        }

    def to_json(self) -> str:
        """Return it as JSON; what is undefined is null."""
        return document.text(self.document())


def scored_rows(outcomes: Iterable[Outcome], draws: Sequence[np.ndarray]) -> tuple[Row, ...]:
    """Score each outcome by its draws, and the naive rivals beside; draws that are not known (NaN) do not count."""
    rows = []
    for outcome, drawn in zip(outcomes, draws, strict=True):
        said = {MODEL: drawn[np.isfinite(drawn)], **rivals(outcome.counted, outcome.first_day, outcome.last_day)}
        scored = {
            name: Scored.of(each, outcome) if each is not None and each.size else None for name, each in said.items()
        }
        rows.append(Row(outcome, scored))
    return tuple(rows)


def _numbers(scored: Scored | None) -> dict[str, Any]:
    """Return the numbers of a predictor by name; NaN where it says nothing."""
    if scored is None:
        return (
            dict.fromkeys(("p05", "p50", "p95"), nan)
            | {"inside": None}
            | dict.fromkeys(("share_inside", "crps", "log_score"), nan)
            | {"draws": 0}
        )
    return {
        "p05": scored.low,
        "p50": scored.middle,
        "p95": scored.high,
        "inside": scored.inside,
        "share_inside": scored.share_inside,
        "crps": scored.crps,
        "log_score": scored.log_score,
        "draws": scored.draws,
    }


def _totals(name: str, rows: Iterable[Row], one_unit: bool) -> list[Total]:
    """Return the totals of every predictor that says anything of these outcomes."""
    found = []
    for predictor in PREDICTORS:
        both = [
            (scored, model)
            for row in rows
            if (scored := row.scored[predictor]) is not None and (model := row.scored[MODEL]) is not None
        ]
        if not both:
            continue
        sides = [np.array([[each.crps, each.log_score] for each in side]) for side in zip(*both, strict=True)]
        if not one_unit:
            for side in sides:
                side[:, 0] = nan
        (crps_sum, log_sum), (crps_mean, log_mean) = sides[0].sum(axis=0), sides[0].mean(axis=0)
        model_crps, model_log = sides[1].mean(axis=0)
        inside = sum(scored.inside for scored, _ in both)
        numbers = map(float, (crps_sum, crps_mean, log_sum, log_mean, model_crps, model_log))
        found.append(Total(name, predictor, len(both), inside, *numbers))
    return found
