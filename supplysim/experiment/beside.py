"""The same question under one's own assumptions and under the shipped ones, and which assumption makes the difference.

Both sides have the same seeds and the same draws of all else. Each assumption is also put into the shipped world alone;
what these changes leave of the whole, or exceed it by, is what they do together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.errors import InputError
from supplysim.experiment.beliefs import Beliefs
from supplysim.experiment.compare import Question, answer
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.executors import Interrupted, Progress
from supplysim.experiment.laws import with_laws_held
from supplysim.experiment.objectives import aims_of
from supplysim.experiment.statistics import mean_interval
from supplysim.experiment.study import Study
from supplysim.experiment.uncertainty import AS_IT_STANDS, MEASURE
from supplysim.setup.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

DEFAULT = "default"  # what a comparison may stand beside
ALL, TOGETHER = "own assumptions", "acting together"
MOST = 6  # assumptions that are tried alone, in the order of the file


@dataclass(frozen=True)
class Moved:
    """What an assumption changes of an effect.

    Attributes
    ----------
    world : str
        `ALL`, the name of one assumption, or `TOGETHER`.
    relative : float
        The effect there, relative to its baseline; NaN for `TOGETHER`.
    change, low, high : float
        Against the effect in the shipped world, and its 90 % interval of simulation.
    share : float
        Of the change by all; NaN where that is not clear of zero.
    first : str
        The policy that lowers the measure most there, by the mean; empty for `TOGETHER`.
    """

    world: str
    relative: float
    change: float
    low: float
    high: float
    share: float
    first: str


@dataclass(frozen=True, eq=False)
class Beside:
    """A comparison under one's own assumptions, under the shipped ones, and under each of its own alone.

    Attributes
    ----------
    study, default : Study
    alone : mapping of str to Study
        By name of the assumption; the first `MOST`. With one assumption there is nothing to run.
    """

    study: Study
    default: Study
    alone: Mapping[str, Study]

    @property
    def not_tried(self) -> tuple[str, ...]:
        """Assumptions that were not tried alone."""
        assert self.study.beliefs is not None
        return tuple(name for name in self.study.beliefs.names if name not in self.alone)

    def moved(self, arm: str, measure: str = MEASURE) -> list[Moved]:
        """Return what all assumptions, each alone, and their acting together change of an effect over the window."""
        base = _parts(self.default, arm, measure)
        whole, parts = (
            _parts(self.study, arm, measure),
            {name: _parts(study, arm, measure) for name, study in self.alone.items()},
        )
        found = {ALL: mean_interval(whole - base)} | {name: mean_interval(own - base) for name, own in parts.items()}
        if len(parts) > 1 and not self.not_tried:
            found[TOGETHER] = mean_interval(whole - base - sum(own - base for own in parts.values()))
        total = found[ALL]
        clear = total.low > 0.0 or total.high < 0.0
        studies = {ALL: self.study, **self.alone}
        return [
            Moved(
                name,
                studies[name].effect(arm, measure).relative if name in studies else np.nan,
                *change,
                change.mean / total.mean if clear else np.nan,
                first(studies[name], measure) if name in studies else "",
            )
            for name, change in found.items()
        ]

    def table(self) -> pd.DataFrame:
        """Return every policy and objective in every world, and the change against the shipped one: ``beside.csv``."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for objective, aim in aims_of(self.study.measures).items():
            for arm in self.study.arms:
                rows.append(
                    {"objective": objective, "policy": arm, "world": DEFAULT, **self._default(arm, aim.measure)}
                )
                rows += [{"objective": objective, "policy": arm, **asdict(one)} for one in self.moved(arm, aim.measure)]
        return pd.DataFrame(rows)

    def _default(self, arm: str, measure: str) -> dict[str, Any]:
        return {"relative": self.default.effect(arm, measure).relative, "first": first(self.default, measure)}

    def document(self) -> list[dict[str, Any]]:
        """Return the table as records."""
        return self.table().to_dict("records")


def first(study: Study, measure: str = MEASURE) -> str:
    """Return the policy with the lowest mean of a measure, or that no policy lowers it."""
    return next(iter(study.matches(measure).names)) if study.arms else AS_IT_STANDS


def _parts(study: Study, arm: str, measure: str) -> np.ndarray:
    """Return what each pair adds to the relative change of the mean, so that their mean is that change, shape (pairs,).

    To first order: R + (e - R b) / mean b, as the error of the change is reckoned elsewhere.
    """
    base, policy = (study.values(side, measure, study.window) for side in ("baseline", arm))
    level = base.mean()
    if level == 0.0:
        return np.full(base.shape, np.nan)
    ratio = (policy - base).mean() / level
    return ratio + (policy - base - ratio * base) / level


def check_beside(beside: str | None, beliefs: Any, given: Any) -> None:
    """Raise InputError unless what a comparison is to stand beside can be had."""
    if beside is None:
        return
    if beside != DEFAULT:
        raise InputError("beside", beside, "there is no such world", f'write "{DEFAULT}"')
    if beliefs is None:
        raise InputError("beside", beside, "the comparison has no assumptions of its own", "give beliefs as well")
    if given:
        rule = "other worlds fulfil a condition under other assumptions"
        raise InputError("beside", beside, f"{rule}, and are no pairs", "leave the condition (given) out")


def run_beside(study: Study, question: Question, progress: Callable[[], Progress | None], **settings: Any) -> Beside:
    """Run, or look up, the worlds beside a comparison under beliefs.

    Parameters
    ----------
    study : Study
        The answer under all beliefs.
    question : Question
        What it answers.
    progress : callable
        Returns the progress callback of the next study.
    settings
        As `answer` takes them.

    Raises
    ------
    Interrupted
        On Ctrl-C; its `comparison` is `study`.
    """
    beliefs = question.beliefs
    assert beliefs is not None

    def under(world: Scenario, own: Beliefs | None) -> Study:
        held = with_laws_held(world, question.arms)
        draws = parameter_draws(held, question.parameters, study.pairs, question.seed)
        asked = replace(question, worlds=[held], draws=draws, precision=None, replicates=0, beliefs=own)
        return answer(asked, Study, progress=progress(), **settings)

    try:
        default = under(beliefs.default, None)
        single = len(beliefs.items) == 1
        alone = {
            name: study if single else under(beliefs.only(name).world, beliefs.only(name))
            for name in beliefs.names[:MOST]
        }
    except Interrupted as stop:
        stop.comparison = study
        raise
    return Beside(study, default, alone)
