"""A decision as it is told, kept beside its runs: the same question again is read and not reckoned anew.

What is kept is found by all that was asked and by a hash of the whole program, so that no answer is older than a word
of what makes it. No library that only the making takes is loaded here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from supplysim.decision.question import Question
from supplysim.emulator.predict import emulator
from supplysim.experiment import kept
from supplysim.experiment.compare import store_for
from supplysim.experiment.fingerprint import policies_hash, program_hash
from supplysim.setup.scenario import Scenario

SUFFIX = ".json"


@dataclass(frozen=True)
class Part:
    """A table with what stands above it, how it is read, and what is said below it, key and sentence."""

    above: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str
    facts: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """All that is told of a decision.

    Attributes
    ----------
    title : str
    parts : sequence of Part
        The quick estimate, the exact runs, those under the shipped assumptions: as many as there are.
    facts : sequence of (str, str)
        Below all tables.
    copies : sequence of str
        The best of each budget as a command line takes it.
    closing : sequence of str
    document : str
        JSON, see `Decision.to_json`.
    """

    title: str
    parts: Sequence[Part]
    facts: Sequence[Sequence[str]]
    copies: Sequence[str]
    closing: Sequence[str]
    document: str


class Place(NamedTuple):
    """Where an answer is kept: beside the runs of its scenario, under a name for all else that it hangs on."""

    folder: Path
    name: str

    def find(self) -> Answer | None:
        """Return the answer if it is kept as it was written; else None."""
        content = kept.find(self.folder, self.name, SUFFIX)
        if content is None:
            return None
        told = json.loads(content)
        return Answer(**told | {"parts": [Part(**part) for part in told["parts"]]})

    def keep(self, answer: Answer) -> None:
        """Keep an answer for the next time that the same is asked."""
        kept.keep(self.folder, self.name, SUFFIX, json.dumps(asdict(answer)).encode())


def place_of(asked: Question, quick: bool, beside: str | None) -> Place | None:
    """Return where the answer to a question is kept; None if nothing is kept on this machine."""
    store = store_for(None, None)
    if store is None:
        return None
    known = emulator(asked.searched, asked.case)
    parts: list[Any] = [
        *(
            program_hash(),
            asdict(asked.problem),
            asked.searched,
            asked.seed,
            asked.pairs,
            asked.case,
            asked.rules,
            asked.notes,
        ),
        *(quick, beside, _whole(asked.scenario), _whole(asked.default)),
        [(package.name, policies_hash(package.policies)) for package in asked.proposals],
        None if asked.beliefs is None else asked.beliefs.document(),
        None if known is None else known.report,
    ]
    name = kept.digest(json.dumps(parts, sort_keys=True, default=str).encode())
    return Place(store.shelf(asked.scenario).folder, f"decision-{name}")


def _whole(world: Scenario) -> list[str]:
    return [world.hash(), world.to_toml(), repr(world.states)]
