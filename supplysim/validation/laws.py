"""Conservation of chips, orders and money (MODEL 14), asserted after every week of whole runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from supplysim.policies.base import Policy
from supplysim.run import Finished, Point, RunFailed, run_arms
from supplysim.setup.rules import DECISIONS, TRIAGES
from supplysim.setup.scenario import Scenario
from supplysim.validation.arms import every_lever
from supplysim.validation.score import Finding, Score, verdict
from supplysim.world.conservation import ConservationError

SEED = 5
RULE = "chips, orders and money balance in whole units, and no more featured chips than chips, after every week"


def worlds() -> list[tuple[str, Scenario, tuple[Policy, ...]]]:
    """Return what is run: the full world without and with all levers, and the small one under every rule."""
    full, small = Scenario.load("baseline-2024"), Scenario.load("minimal")
    return [
        ("baseline-2024", full, ()),
        ("baseline-2024, all levers", full, every_lever(1.0)),
        *(
            (
                f"minimal, all levers, {decision}, {triage}",
                small.with_(rules={"decision": decision, "triage": triage}),
                every_lever(1.0),
            )
            for decision, triage in product(DECISIONS, TRIAGES)
        ),
    ]


def conserved(scenario: Scenario, policies: Sequence[Policy]) -> Finding:
    """Run a world to its end and return whether every law held in every week."""
    arms, point = {"all": tuple(policies)}, Point(0, SEED, {})
    try:
        made = run_arms(scenario, arms, point, {"found": _found}, check=True)
    except RunFailed as failed:
        if isinstance(failed.__cause__, ConservationError):
            return Finding(False, str(failed.__cause__))
        raise
    return Finding(True, made["all"]["found"])


def _found(run: Finished) -> str:
    return f"{run.engine.week} weeks, {run.columns['delivered'].sum():,} chips delivered"


def judge() -> list[Score]:
    """Run every world with its books checked."""
    scores = []
    for number, (name, scenario, policies) in enumerate(worlds(), start=1):
        finding = conserved(scenario, policies)
        result, id_ = verdict(finding.passed), f"C{number}"
        scores.append(Score("conservation", id_, name, RULE, "must", "MODEL 14", "", result, finding.found, 0))
    return scores
