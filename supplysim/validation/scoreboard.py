"""The scoreboard: every limit case, law, target and fact with its verdict, and how it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim import arguments
from supplysim.experiment.design import parameter_draws
from supplysim.limits import LIMITS, within
from supplysim.report.formatting import count
from supplysim.setup import gate
from supplysim.validation import facts, laws, limits, targets
from supplysim.validation.arms import BASELINE, arms
from supplysim.validation.facts.level import each
from supplysim.validation.keeping import kept_pair
from supplysim.validation.sampling import Ensemble, run_ensemble, sample_pair
from supplysim.validation.score import FAIL, PASS, Score
from supplysim.validation.scoring import board

if TYPE_CHECKING:
    from supplysim.experiment.store import Store
    from supplysim.setup.scenario import Scenario

# The scenario's own rules, the same with the dated rules (baselines only, for the facts of history), then each other
# rule by itself.
HISTORY = {"calendar": True}
RULES: tuple[dict[str, Any], ...] = ({}, HISTORY, {"triage": "naive"}, {"decision": "salience"}, {"decision": "habit"})
OWN = 2  # sets that are run unless all are asked for
HEADS = ("Id", "What", "Rule", "Found", "Result", "Pairs", "Sources")


@dataclass(frozen=True)
class Scoreboard:
    """All scores of a validation, and the rival's numbers beside ours."""

    scores: tuple[Score, ...]
    rival: str

    @property
    def failed(self) -> int:
        """How many checks that must hold do not."""
        return sum(score.broken for score in self.scores)

    def rows(self) -> list[dict[str, Any]]:
        """Return one dict a score, numbers as JSON text."""
        return [asdict(score) | {"numbers": json.dumps(plain(score.numbers))} for score in self.scores]

    def document(self) -> dict[str, Any]:
        """Return the scoreboard for machines."""
        return {
            "failed": self.failed,
            "rival": self.rival,
            "scores": [asdict(score) | {"numbers": plain(score.numbers)} for score in self.scores],
        }

    def markdown(self, headline: str) -> str:
        """Return the scoreboard as a page, under a line that says how it was made."""
        return "\n".join(_page(self, headline)) + "\n"


def plain(value: Any) -> Any:
    """Return numbers as JSON holds them; what is not finite becomes null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return float(value) if np.isfinite(value) else None


def rules_in_words(scenario: Scenario) -> str:
    """Return the decision and the triage rule of a scenario, and whether it is history."""
    words = f"{scenario.rules.decision} / {scenario.rules.triage}"
    return f"{words}, dated rules" if scenario.rules.calendar else words


def sizes(changed: Mapping[str, Any], first: bool, draws: int, pairs: int) -> tuple[int, int]:
    """Return how many worlds are run under a set of rules, and how many of them under every arm."""
    if changed == HISTORY:
        return max(draws, pairs), 0
    return (max(draws, pairs) if first else pairs), pairs


def without_runs() -> list[Score]:
    """Return what single runs decide: limit cases and conservation."""
    return [*limits.judge(), *laws.judge()]


def ensembles(
    scenario: Scenario,
    rules: Sequence[Mapping[str, Any]],
    draws: int,
    pairs: int,
    seed: int,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    store: Store | None = None,
) -> Iterator[Ensemble]:
    """Yield an ensemble for each set of rules: `pairs` worlds under every arm, and further baselines up to `draws`.

    The further baselines are run under the first rules and for history only: facts under other rules need pairs alone.
    With a `store`, samples that are finished are kept there and found when the same is asked again.
    """
    draws, pairs = (
        within(name, gate.whole(value, name, 0, None, "choose 64, say"), LIMITS["facts"])
        for name, value in (("draws", draws), ("pairs", pairs))
    )
    sets = arguments.items(rules, "rules", 'write [{}, {"decision": "habit"}]')
    for changed in sets:
        arguments.table(changed, "rules", 'write {"decision": "habit"}, or {} for the scenario\'s own')
    for number, changed in enumerate(sets):
        world = scenario.with_(rules=dict(changed))
        size, paired = sizes(changed, number == 0, draws, pairs)
        worlds = parameter_draws(world, "prior", size, seed) if size else []
        named = arms(world) if paired else {BASELINE: ()}
        folder = None if store is None else store.shelf(world, "-validation").folder
        sample = sample_pair if folder is None else partial(kept_pair, folder=folder)
        yield run_ensemble(world, named, worlds, paired, seed, executor, workers, progress, sample)


def scoreboard(single: Sequence[Score], sampled: Sequence[Ensemble]) -> Scoreboard:
    """Return the scoreboard of limit cases, laws and ensembles; targets and outcomes are held against the first."""
    scores = list(single)
    scores += targets.judge(sampled[0], rules_in_words(sampled[0].scenario))
    scores += board.judge(sampled[0], rules_in_words(sampled[0].scenario))
    for ensemble in sampled:
        scores += facts.judge(ensemble, rules_in_words(ensemble.scenario))
    return Scoreboard(tuple(scores), against_rival(sampled[0]))


def against_rival(ensemble: Ensemble) -> str:
    """Return one sentence: the volume of 2024 by the rival's two lines of arithmetic, and by ours."""
    theirs, ours = (
        " / ".join(count(value) for value in np.quantile(volume, [0.05, 0.5, 0.95]))
        for volume in (targets.vendors_times_volume(), each(ensemble, "delivered").sum(axis=1))
    )
    return (
        f"Chips of 2024, 5 / 50 / 95 %: vendors x volume with the published inputs (Q031-Q038) gives {theirs}, "
        f"this model {ours}. Both rest on the same inputs for vendors and volume."
    )


def _page(board: Scoreboard, headline: str) -> Iterator[str]:
    yield "# Scoreboard"
    yield ""
    yield headline
    yield ""
    verdicts = [score.verdict for score in board.scores]
    yield (
        f"{verdicts.count(PASS)} pass, {verdicts.count(FAIL)} fail ({board.failed} of them must hold), "
        f"{len(verdicts) - verdicts.count(PASS) - verdicts.count(FAIL)} not tested. Intervals are 90 % intervals of "
        "means over pairs. Thresholds stand in `supplysim/validation/facts.csv` and were stated before the runs."
    )
    yield ""
    yield board.rival
    for section, rules in dict.fromkeys((score.section, score.rules) for score in board.scores):
        yield ""
        yield f"## {section.capitalize()}{f': {rules}' if rules else ''}"
        yield ""
        yield f"| {' | '.join(HEADS)} |"
        yield f"|{'---|' * len(HEADS)}"
        for score in board.scores:
            if (score.section, score.rules) == (section, rules):
                result = score.verdict if score.verdict != FAIL else f"**fail** ({score.level})"
                cells = score.id, score.statement, score.rule, score.found, result, score.pairs or "", score.source
                yield f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
