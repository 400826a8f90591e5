"""What is asked of a decision, checked: the money, the world that is run, and the one that is searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from supplysim.decision.problem import Problem
from supplysim.emulator.predict import FILES, emulator, refusal
from supplysim.errors import InputError
from supplysim.experiment.arms import Policies, arms_of
from supplysim.experiment.beliefs import Beliefs, Believed
from supplysim.experiment.compare import ask, loaded
from supplysim.experiment.design import SEES_2025
from supplysim.policies.text import Package
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

SEARCHED = 1  # seed of the worlds in which the quick estimate and the cost curves were made
SEED, PAIRS = 2, 64  # of the report, unless others are asked for
PROPOSALS = ("cnas-six",)  # what stands beside the portfolios unless others are named


@dataclass(frozen=True)
class Question:
    """A decision that was checked and for which nothing has run yet.

    Attributes
    ----------
    problem : Problem
    scenario : Scenario
        The world that the exact runs are of, beliefs put in.
    default : Scenario
        The same without beliefs.
    searched : str
        Baseline whose quick estimate is searched.
    proposals : tuple of Package
    seed, pairs : int
    rules : str or None
        "all" if the report is run under every decision rule of the traders.
    notes : tuple of str
        What a reader must know of the search, a sentence each.
    """

    problem: Problem
    scenario: Scenario
    default: Scenario
    searched: str
    proposals: tuple[Package, ...]
    seed: int
    pairs: int
    case: tuple[tuple[str, str], ...] = ()
    beliefs: Beliefs | None = None
    rules: str | None = None
    notes: tuple[str, ...] = field(default=())


def question(
    scenario: str | Path | Scenario,
    asked: Problem,
    proposals: Policies = PROPOSALS,
    *,
    pairs: int = PAIRS,
    seed: int = SEED,
    states: Mapping[str, str] | None = None,
    beliefs: Believed = None,
    rules: str | None = None,
) -> Question:
    """Check what is asked; nothing runs and nothing is written.

    Raises
    ------
    InputError
        See `decide`.
    """
    world = loaded(scenario)
    entries = gate.entries_of(proposals)
    checked = ask(world, entries or None, pairs, seed=seed, states=states, replicates=0, beliefs=beliefs, rules=rules)
    if checked.seed == SEARCHED:
        raise InputError("seed", seed, "the search was made in the worlds of this seed", f"choose another, say {SEED}")
    world = checked.worlds[0]
    searched, notes = world.name, []
    if searched not in FILES:
        searched = "baseline-2027" if world.policy_start >= SEES_2025 else "baseline-2024"
    known = emulator(searched)
    if known is None:
        raise InputError("scenario", world.name, refusal(searched).lower(), "make results remakes the quick estimate")
    names = {state.name for state in known.states}
    case = tuple(sorted((name, value) for name, value in (states or {}).items() if name in names))
    if checked.beliefs is not None or not known.covers(loaded(scenario).hash()):
        notes.append(
            f"The search used the quick estimate of {searched}, which is another world than this; "
            "what is reported was run in this one."
        )
    if case:
        notes.append("By state the quick estimate is rough; the exact runs are of that state.")
    named = arms_of(entries, world) if entries else {}
    packages = tuple(Package(name, policies) for name, policies in named.items())
    default = world if checked.beliefs is None else checked.beliefs.default
    return Question(
        *(asked, world, default, searched, packages, checked.seed, pairs, case, checked.beliefs, rules, tuple(notes))
    )
