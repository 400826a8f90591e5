"""A comparison's question as a document from which it can be asked again, with nothing else at hand.

The world is the whole text of a scenario file that extends nothing; trade ties that came from files go with it. A
seal over the document tells a copy that was damaged, or changed by hand, from the one that was written.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from supplysim.environment import reason
from supplysim.errors import InputError
from supplysim.experiment.given_draws import GIVEN
from supplysim.experiment.study import Study
from supplysim.policies.base import Policy
from supplysim.policies.entries import build, table_of
from supplysim.policies.text import Package
from supplysim.setup import bill as bills
from supplysim.setup.scenario import Scenario
from supplysim.setup.schema import toml_lines
from supplysim.setup.states import State, states_of

SEAL = "seal"
QUESTION = "question"
MOST_TIES = 20_000_000  # letters of files of trade ties that go with a document; larger ones are named only
LARGEST = 100_000_000  # bytes of a document
REMEDY = "take the copy that supplysim compare --out wrote"


@dataclass(frozen=True)
class Asked:
    """A question read from a document.

    Attributes
    ----------
    scenario : Scenario
        The world before beliefs.
    policies : list of Package
    settings : dict
        The other arguments of `supplysim.compare`.
    chances : dict
        Probabilities of states that counted instead of those drawn with.
    """

    scenario: Scenario
    policies: list[Package]
    settings: dict[str, Any]
    chances: dict[str, dict[str, float]]


def question_of(study: Study, beside: str | None = None) -> dict[str, Any]:
    """Return what was asked, in full."""
    world = study.scenario if study.beliefs is None else study.beliefs.default
    ties = {key: Path(file) for key, file in world.network.model_dump(exclude_none=True).items()}
    texts = {key: {"name": file.name, "text": file.read_text("utf-8")} for key, file in ties.items()}
    carried = sum(len(one["text"]) for one in texts.values()) <= MOST_TIES
    return {
        "scenario_toml": world.to_toml(),
        **({"network": texts} if texts and carried else {}),
        "bills": {one.name: "\n".join(toml_lines(one.bill.table())) for one in world.states if one.bill is not None},
        "policies": {arm: [_entry(policy) for policy in policies] for arm, policies in study.arms.items()},
        "pairs": study.pairs if study.left is None else study.left.of,
        "seed": study.seed,
        "parameters": study.parameters,
        "rule": study.rule,
        "rules": [*study.by_rule],
        "replicates": len(study.replicates),
        "precision": study.precision,
        "given": [] if study.left is None else [one.text for one in study.left.conditions],
        "beliefs": {} if study.beliefs is None else {one.name: one.table() for one in study.beliefs.items},
        "beside": beside,
        "draws": [{**draw, **states_of(draw)} for draw in study.draws] if study.parameters == GIVEN else None,
        "state_probabilities": {state: dict(values) for state, values in study.chances.items()},
    }


def _entry(policy: Policy) -> dict[str, Any]:
    """Return a policy, and those of its text that take turns with it."""
    beside = [_dated(table_of(other)) for other in policy.beside]
    return {**_dated(table_of(policy)), **({"beside": beside} if beside else {})}


def _dated(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in table.items()}


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with its seal."""
    return {**document, SEAL: _seal(document)}


def _seal(document: Mapping[str, Any]) -> str:
    bare = {key: value for key, value in document.items() if key != SEAL}
    return hashlib.sha256(json.dumps(json.loads(json.dumps(bare)), sort_keys=True).encode()).hexdigest()


def read(path: Path) -> dict[str, Any]:
    """Return a provenance document, once it is known to be whole.

    Raises
    ------
    InputError
        If there is no such file, it is no provenance of a comparison, or it is not as it was written.
    """
    place = str(path)
    try:
        if not path.is_file():
            rule = "it is a folder" if path.is_dir() else "there is no such file"
            raise InputError("provenance", place, rule, "name the provenance.json of a comparison")
        if path.stat().st_size > LARGEST:
            raise InputError(place, None, "is no provenance: it is too large", REMEDY)
        document = json.loads(path.read_bytes())
    except InputError:
        raise
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(place, None, "is not the JSON of a provenance (damaged?)", REMEDY) from error
    except (OSError, ValueError) as error:
        raise InputError("provenance", place, f"it cannot be read ({reason(error)})", "name a readable file") from error
    if not isinstance(document, dict) or "versions" not in document or "edition" not in document:
        raise InputError(place, None, "is no provenance of a comparison", REMEDY)
    if SEAL not in document or not isinstance(document.get(QUESTION), dict):
        raise InputError(
            place, None, "does not hold what was asked: an earlier version wrote it", "run the comparison again"
        )
    if document[SEAL] != _seal(document):
        raise InputError(place, None, "is not as it was written: its seal does not fit", REMEDY)
    return document


def asked(document: Mapping[str, Any], place: str, folder: Path) -> Asked:
    """Return the question of a document; files of trade ties are written into a folder.

    Raises
    ------
    InputError
        If something in it means nothing here, as a lever of another package that is not installed.
    """
    said = document[QUESTION]
    text = said["scenario_toml"]
    if "network" in said:
        table = tomllib.loads(text)
        for key, one in said["network"].items():
            file = folder / f"{key}-{Path(one['name']).name}"
            file.write_text(one["text"], "utf-8")
            table["network"][key] = str(file)
        text = "\n".join(toml_lines(table)) + "\n"
    world = Scenario.from_text(text, place)
    laws = {name: bills.checked(tomllib.loads(one), f"{place}: bills.{name}") for name, one in said["bills"].items()}
    if laws:
        world = replace(world, states=tuple(_with_bill(state, laws) for state in world.states))
    packages = [
        Package(arm, tuple(_policy(entry, f"{place}: policies.{arm}") for entry in entries))
        for arm, entries in said["policies"].items()
    ]
    names = ("pairs", "seed", "parameters", "rule", "replicates")
    settings = {name: said[name] for name in names} | {
        name: said[name] or None for name in ("given", "rules", "beliefs", "beside")
    }
    if said.get("draws"):
        settings |= {"draws": said["draws"], "pairs": None, "parameters": "prior"}
    return Asked(world, packages, settings, said["state_probabilities"])


def _with_bill(state: State, laws: Mapping[str, bills.Bill]) -> State:
    return replace(state, bill=laws.get(state.name))


def _policy(entry: Mapping[str, Any], place: str) -> Policy:
    own = build({key: value for key, value in entry.items() if key != "beside"}, place)
    beside = tuple(build(table, place) for table in entry.get("beside", ()))
    return replace(own, beside=beside) if beside else own
