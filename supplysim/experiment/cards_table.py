"""What bills change: a line for each card, as law and as introduced, each objective and payer, each year.

As law: every pair has the law. As introduced: the probability of the law times that, since without it the arm is the
baseline (`laws.py`). Costs are US$ of the year beyond the baseline, not discounted; over the window, their sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from supplysim.experiment.by_state import FEWEST, StateEffect
from supplysim.experiment.laws import law_of, laws_of, unheld
from supplysim.experiment.objectives import PAYERS, aims_of
from supplysim.experiment.statistics import SPAN, PairedEffect, paired_effects
from supplysim.run import BASELINE
from supplysim.setup.bill import LAW, PASSED
from supplysim.setup.states import State, states_of

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.study import Study

AS_LAW, AS_INTRODUCED = "as law", "as introduced"
CLAUSES = ["policy", "bill", "clause", "clock", "threshold", "start", "levers", "not_modelled", "sources", "confidence"]
Numbers = dict[str, float]


@dataclass(frozen=True)
class CardEffect:
    """What a card changes in a year or the window.

    Attributes
    ----------
    policy, state : str
        Name of the arm; `AS_LAW` or `AS_INTRODUCED`.
    probability : float
        Of all its bills being law.
    quantity, measure, year : str
        An objective or ``cost:`` and a payer; the measure that stands for it.
    mean, low, high : float
        Mean effect in the measure's unit and its 90 % interval of simulation.
    ratio, ratio_low, ratio_high : float
        Mean effect over the mean of the baseline, with its 90 % interval.
    worlds_low, worlds_high : float
        5 and 95 % of the relative change in single worlds; as law alone.
    pairs : int
        Pairs that it rests on.
    """

    policy: str
    state: str
    probability: float
    quantity: str
    measure: str
    year: str
    mean: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    worlds_low: float
    worlds_high: float
    pairs: int


def cards_of(study: Study) -> dict[str, list[State]]:
    """Return the states of the bills of each arm that has any, with the probabilities that count."""
    found = {arm: laws_of(policies, study.states) for arm, policies in study.arms.items()}
    return {arm: laws for arm, laws in found.items() if laws}


def quantities(study: Study) -> dict[str, str]:
    """Return what is told of a card: objectives and payers that the runs report, each with its measure."""
    aims = {name: aim.measure for name, aim in aims_of(study.measures).items()}
    costs = {f"cost:{payer}": measure for payer, (measure,) in PAYERS.items() if measure in study.measures}
    return aims | costs


def card_effects(study: Study) -> list[CardEffect]:
    """Return the lines of every card: as law first, then as introduced; years of the policies, then the window."""
    told, years = quantities(study), dict.fromkeys([*map(str, study.policy_years), study.window])
    places = [(quantity, measure, year) for quantity, measure in told.items() for year in years]
    found: list[CardEffect] = []
    for arm, laws in cards_of(study).items():
        chance = prod(law.law for law in laws)
        sides = _both(study, arm, laws, [place[1:] for place in places])
        for state, effects in zip((AS_LAW, AS_INTRODUCED), sides, strict=True):
            found += [
                CardEffect(arm, state, chance, *place, **numbers)  # type: ignore[arg-type]
                for place, numbers in zip(places, effects, strict=True)
            ]
    return found


def _both(
    study: Study, arm: str, laws: Sequence[State], places: Sequence[tuple[str, str]]
) -> tuple[list[Numbers], list[Numbers]]:
    """Return the effects on (measure, year) as law and as introduced."""
    law, by_state = law_of(study.arms[arm], study.states), study.by_state_of(arm, places)
    if law is None:  # drawn: the pairs that have it
        here = np.array([all(states_of(p[0].parameters)[one.name] == PASSED for one in laws) for p in study.runs])
        if here.sum() < FEWEST:
            return [_nothing(int(here.sum()))] * len(places), [_of_state(lines[-1]) for lines in by_state]
        base, policy = (np.array([study.values(side, *place)[here] for place in places]) for side in (BASELINE, arm))
        return [_of_pairs(one) for one in paired_effects(base, policy)], [_of_state(lines[-1]) for lines in by_state]
    pairs = [_of_pairs(one) for one in study.effects(arm, places)]
    if unheld(study.chances, study.states):  # other states have other probabilities than the pairs
        given = [_of_state(one) for lines in by_state for one in lines if (one.state, one.value) == (law.name, PASSED)]
        spread = ("worlds_low", "worlds_high")
        pairs = [one | {name: own[name] for name in spread} for one, own in zip(given, pairs, strict=True)]
    return pairs, [_times(one, law.law) for one in pairs]


def _of_pairs(one: PairedEffect) -> Numbers:
    return {
        **_interval("", one.mean, one.mean_low, one.mean_high),
        **_interval("ratio", one.relative, one.relative_low, one.relative_high),
        "worlds_low": one.worlds_low,
        "worlds_high": one.worlds_high,
        "pairs": one.pairs,
    }


def _of_state(one: StateEffect) -> Numbers:
    half, share = SPAN * one.error, SPAN * one.relative_error
    return {
        **_interval("", one.mean, one.mean - half, one.mean + half),
        **_interval("ratio", one.relative, one.relative - share, one.relative + share),
        "worlds_low": np.nan,
        "worlds_high": np.nan,
        "pairs": one.pairs,
    }


def _nothing(pairs: int) -> Numbers:
    unknown = (np.nan, np.nan, np.nan)
    return {
        **_interval("", *unknown),
        **_interval("ratio", *unknown),
        "worlds_low": np.nan,
        "worlds_high": np.nan,
        "pairs": pairs,
    }


def _interval(name: str, value: float, low: float, high: float) -> Numbers:
    return {name or "mean": value, f"{name}_low".lstrip("_"): low, f"{name}_high".lstrip("_"): high}


def _times(given: Numbers, chance: float) -> Numbers:
    """Return what a law does times its probability; in single worlds it is all or nothing."""
    kept = {"worlds_low": np.nan, "worlds_high": np.nan, "pairs": given["pairs"]}
    return {name: number * chance for name, number in given.items() if name not in kept} | kept


def cards_frame(study: Study) -> pd.DataFrame:
    """Return the lines of every card; columns of ``cards.csv``."""
    import pandas as pd

    return pd.DataFrame([asdict(one) for one in card_effects(study)], columns=[*CardEffect.__annotations__])


def clauses_frame(study: Study) -> pd.DataFrame:
    """Return every clause of every card; columns of ``clauses.csv``. What binds after the end is said to."""
    import pandas as pd

    rows = []
    for arm, laws in cards_of(study).items():
        for law in laws:
            assert law.bill is not None
            missing = dict(law.bill.missing(study.scenario.end))
            rows += [
                {
                    "policy": arm,
                    "bill": law.name.removeprefix(LAW),
                    "clause": clause.text,
                    "clock": clause.clock,
                    "threshold": clause.threshold,
                    "start": "" if clause.start is None else str(clause.start),
                    "levers": " ".join(clause.levers),
                    "not_modelled": missing.get(clause.text, ""),
                    "sources": " ".join(clause.sources),
                    "confidence": clause.confidence,
                }
                for clause in law.bill.clauses
            ]
    return pd.DataFrame(rows, columns=CLAUSES)


def probabilities(laws: Sequence[State]) -> Mapping[str, float]:
    """Return the probability of each bill, by its name."""
    return {law.name.removeprefix(LAW): law.law for law in laws}
