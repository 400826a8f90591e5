"""The stylised facts (MODEL 12): thresholds in `facts.csv`, stated before any run; one small function a fact."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from supplysim.validation.facts import deterrence, displacement, firms, history, level, screening, timing
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Finding, Score, verdict

LEAST = 8  # pairs, or worlds; fewer cannot judge anything, and the fact is then not tested
UNPAIRED = {"F1", "F2a", "F3", "F4", "F11a", "F15", "F17"}  # read from the baselines alone, as those of history are


@dataclass(frozen=True)
class Fact:
    """A row of `facts.csv`: what must show, when it counts as shown, and whether it must."""

    id: str
    statement: str
    rule: str
    low: float  # NaN where the rule names no bound
    high: float
    level: str
    world: str  # "counterfactual": the rules of 2024, continued; "history": with the dated rules as well
    source: str


FOUND_BY: dict[str, Callable[[Ensemble, float, float], Finding]] = {
    "F1": level.volume,
    "F2a": level.price,
    "F2b": level.price_with_looser_demand,
    "F2c": level.price_with_enforcement,
    "F3": level.order_sizes,
    "F4": level.prosecutions,
    "F5": displacement.balloon,
    "F6a": deterrence.tips_and_budget_in_actions,
    "F6b": deterrence.tips_and_budget_in_volume,
    "F7a": deterrence.border_against_penalties,
    "F7b": deterrence.investigators_against_penalties,
    "F8": timing.vintage,
    "F9": screening.false_alarms,
    "F10a": deterrence.no_lever_raises_together,
    "F10b": deterrence.no_lever_raises_singly,
    "F11a": firms.return_lag,
    "F11b": firms.removal,
    "F12": displacement.more_seized,
    "F13a": timing.border_pulse,
    "F13b": timing.investigators_pulse,
    "F14a": displacement.remote_checks,
    "F14b": displacement.legal_supply,
    "F15": firms.start_to_action,
    "F16": firms.neutral_policy,
    "F17": firms.delivered_within,
    "F18a": history.us_prosecutions,
    "F18b": history.host_prosecutions,
    "F19": history.geography,
    "F20": history.prices,
    "F21a": history.channels(2024),
    "F21b": history.channels(2025),
}


@cache
def facts() -> tuple[Fact, ...]:
    """Return the facts in the order of the file."""
    text = files("supplysim.validation").joinpath("facts.csv").read_text(encoding="utf-8")
    return tuple(_fact(row) for row in csv.DictReader(text.splitlines()))


def _fact(row: dict[str, str]) -> Fact:
    low, high = (float(row.pop(end) or "nan") for end in ("low", "high"))
    return Fact(low=low, high=high, **row)


def judge(ensemble: Ensemble, rules: str) -> list[Score]:
    """Hold every fact of its world against an ensemble.

    Parameters
    ----------
    ensemble : Ensemble
    rules : str
        Decision and triage rule under which it ran, for the scoreboard.
    """
    world = "history" if ensemble.scenario.rules.calendar else "counterfactual"
    return [_score(fact, ensemble, rules) for fact in facts() if fact.world == world]


def _score(fact: Fact, ensemble: Ensemble, rules: str) -> Score:
    alone = fact.id in UNPAIRED or fact.world == "history"
    pairs = len(ensemble.baselines if alone else ensemble.pairs)
    if pairs < LEAST:
        finding = Finding(None, f"{pairs} pairs; it takes {LEAST}")
    else:
        finding = FOUND_BY[fact.id](ensemble, fact.low, fact.high)
    return Score(
        "fact",
        fact.id,
        fact.statement,
        fact.rule,
        fact.level,
        fact.source,
        rules,
        verdict(finding.passed),
        finding.found,
        pairs,
        finding.numbers,
    )
