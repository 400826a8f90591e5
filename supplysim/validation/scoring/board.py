"""The shipped outcomes on the scoreboard: each prediction with its naive rivals beside, scored by the same rules."""

from __future__ import annotations

import numpy as np

from supplysim.report.formatting import plain, triple
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Score, verdict
from supplysim.validation.scoring.card import MODEL, NEEDED, Row, Scored, scored_rows
from supplysim.validation.scoring.outcome import SHIPPED, Outcome, outcomes

RULE = f"at least {NEEDED:,} draws, outcome between 5 and 95 %, CRPS below that of every naive rival"


def judge(ensemble: Ensemble, rules: str) -> list[Score]:
    """Return one score a shipped outcome that the ensemble's baselines have the weeks and the columns of."""
    scores = []
    for year, path in SHIPPED.items():
        known = [each for each in outcomes(path) if _sampled(each, ensemble)]
        for number, row in enumerate(scored_rows(known, [_draws(each, ensemble) for each in known]), start=1):
            scores.append(_score(year, number, row, rules))
    return scores


def _sampled(outcome: Outcome, ensemble: Ensemble) -> bool:
    _, end = outcome.weeks(ensemble.scenario)
    columns = ensemble.baselines[0].weekly
    return all(name in columns and len(columns[name]) >= end for name in outcome.counted.made.columns)


def _draws(outcome: Outcome, ensemble: Ensemble) -> np.ndarray:
    first, end = outcome.weeks(ensemble.scenario)
    return np.array([outcome.counted.over(sample.weekly, first, end) for sample in ensemble.baselines])


def _score(year: str, number: int, row: Row, rules: str) -> Score:
    each, ours = row.outcome, row.scored[MODEL]
    rivals = {name: scored for name, scored in row.scored.items() if name != MODEL and scored is not None}
    passed = None
    if ours is not None and ours.draws >= NEEDED:
        passed = ours.inside and all(ours.crps < rival.crps for rival in rivals.values())
    found = "; ".join(f"{name} {_said(scored)}" for name, scored in row.scored.items() if scored is not None)
    if ours is not None and passed is None:
        found = f"a trial, {ours.draws:,} draws of {NEEDED:,}: {found}"
    told = f"{each.counted.name} ({each.counted.unit}), {each.period}: {plain(each.centre)}"
    scores = {name: {"crps": scored.crps, "log_score": scored.log_score} for name, scored in rivals.items()}
    own = {} if ours is None else {"p05": ours.low, "p50": ours.middle, "p95": ours.high}
    own |= {} if ours is None else {"crps": ours.crps, "log_score": ours.log_score}
    return Score(
        section=f"published of {year}",
        id=f"P{number}",
        statement=told,
        rule=RULE,
        level="should",
        source=each.source,
        rules=rules,
        verdict=verdict(passed),
        found=found,
        pairs=0 if ours is None else ours.draws,
        numbers=own | scores,
    )


def _said(scored: Scored) -> str:
    return f"{triple((scored.low, scored.middle, scored.high))}, CRPS {plain(scored.crps)}"
