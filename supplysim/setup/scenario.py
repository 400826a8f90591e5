"""Scenario: the world of a run, read from TOML, checked once, then frozen."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from supplysim import arguments, evidence
from supplysim.environment import reason
from supplysim.errors import InputError, nearest, shown
from supplysim.outputs.periods import INPUTS_START
from supplysim.packs.asked import check_world
from supplysim.packs.pack import stamp, written
from supplysim.policies import values
from supplysim.policies.base import Policy
from supplysim.policies.declared import tables_of
from supplysim.policies.entries import build, check_dates, check_duplicates, identity, linked, table_of
from supplysim.policies.lever_files import of_tables
from supplysim.policies.registry import add, from_file
from supplysim.policies.trigger import Trigger, trigger_of
from supplysim.setup import bill as bills
from supplysim.setup import states as chance
from supplysim.setup.schema import (
    MARKET_SCALE,
    Document,
    Network,
    Population,
    Rules,
    TriggerTable,
    check,
    check_as,
    full_parameters,
    network_paths,
    prior_of,
    toml_lines,
)

LARGEST_FILE = 1_000_000  # bytes; a scenario is prose and a few dozen numbers
LONGEST_CHAIN = 20  # files that extend one another
MOST_WEEKS = 1040  # twenty years: beyond that no input series means anything
PROSE = ("name", "title", "question", "why", "sources", "bill")  # what a scenario says of itself; never inherited


@dataclass(frozen=True)
class Scenario:
    """A world to simulate: period, overridden parameters, rules of behaviour, population, standing policies.

    Parameters
    ----------
    name, title, question, why : str
        What the scenario is called, shows and is for.
    sources : tuple of str
        Evidence behind it.
    start, end : date
        Day 0 of week 0, and the last day.
    policy_start : date
        First day of policies that name none.
    parameters : mapping of str to float or mapping
        Differences from the evidence table under its full names: a number, or a prior as written in the file.
    rules : Rules
        Competing theories that hold in this world.
    population : Population
        Slots of each kind of firm and the scale of the market.
    network : Network
        Files with trade ties, absolute paths; empty when ties are drawn.
    policies : tuple of Policy
        Policies that belong to the world, in force in every run of it, or in a value of a state alone.
    states : tuple of State
        What chance decides once for a pair of runs; see `states.py`.
    bill : Bill, optional
        What a proposal says, if the scenario is the card of one; see `bill.py`.
    triggers : tuple of Trigger
        Policies that wait for the public record. They act where the file is a package of policies, not a world.
    world : str
        Name and fingerprint of the world pack that it was read in; empty for the shipped world.
    """

    name: str
    title: str
    question: str
    why: str
    sources: tuple[str, ...]
    start: date
    end: date
    policy_start: date
    parameters: Mapping[str, float | Mapping[str, Any]]
    rules: Rules
    population: Population
    network: Network
    policies: tuple[Policy, ...]
    states: tuple[chance.State, ...] = ()
    bill: bills.Bill | None = None
    triggers: tuple[Trigger, ...] = ()
    world: str = field(default_factory=stamp)

    @classmethod
    def load(cls, name_or_path: str | Path) -> Scenario:
        """Read a shipped scenario by name, or a TOML file by path.

        Raises
        ------
        InputError
            When there is no such scenario or anything in it is wrong: one line naming file, key, value,
            rule and remedy.
        """
        name = str(name_or_path)
        return _scenario(_load(name, Path(), "scenario", ()), f"scenario {shown(name)}")

    @classmethod
    def from_text(cls, text: str, place: str) -> Scenario:
        """Read a scenario from TOML text; `place` is its path, against which other paths are resolved."""
        arguments.one_of(str, text, "scenario", "give the text of a TOML file")
        place = str(arguments.path(place, "scenario: place"))
        return _scenario(_read(text, place, Path(place).parent, ()), place)

    @property
    def weeks(self) -> int:
        """Return the number of weeks from start to end."""
        return (self.end - self.start).days // 7

    def week_of(self, day: date) -> int:
        """Return the week that holds a day; week 0 begins on `start`, earlier days are negative."""
        if type(day) is not date:
            day = values.day(day, "day")
        return (day - self.start).days // 7

    def central_parameters(self) -> dict[str, float]:
        """Return every parameter: default, the scenario's number, or the median of the scenario's prior."""
        values = {name: parameter.default for name, parameter in evidence.parameters().items()}
        for name, value in self.parameters.items():
            values[name] = prior_of(name, value).quantile(0.5) if isinstance(value, Mapping) else value
        return values | {MARKET_SCALE: self.population.market_scale}

    def uncertain(self) -> dict[str, evidence.Prior]:
        """Return the priors to sample: the scenario's own, and the evidence's where it fixes nothing."""
        table = evidence.parameters()
        free = {name: parameter.prior for name, parameter in table.items() if name not in self.parameters}
        own = {name: prior_of(name, value) for name, value in self.parameters.items() if isinstance(value, Mapping)}
        return {name: prior for name, prior in (free | own).items() if prior is not None}

    def fixed(self, values: Mapping[str, str], place: str = "states") -> Scenario:
        """Return the scenario with one value of some states for certain: ``{"law": "passed"}``."""
        return replace(self, states=chance.fixed(self.states, values, place))

    def settled(self, values: Mapping[str, str]) -> Scenario:
        """Return the world in which states have these values, the others their most probable one.

        Parameters and policies of these values are then the scenario's own, and its states certain.
        """
        if not self.states:
            return self
        chosen = chance.complete(self.states, values)
        sets = {name: number for state in self.states for name, number in state.sets(chosen[state.name]).items()}
        return replace(
            self,
            parameters={**self.parameters, **sets},
            policies=chance.acting(self.policies, chosen),
            states=tuple(state.certain(chosen[state.name]) for state in self.states),
        )

    def without_states(self) -> Scenario:
        """Return what all values of the states have in common."""
        return replace(self, states=(), policies=chance.acting(self.policies, {})) if self.states else self

    def with_(self, **changes: Any) -> Scenario:
        """Return a scenario with some keys changed and everything checked again.

        Parameters
        ----------
        **changes
            Keys of a scenario file: ``rules={"decision": "habit"}`` changes one rule and keeps the others,
            ``policies=[...]`` (tables or `Policy` objects) replaces the list, and so does ``states=[...]``.
        """
        place = f"scenario {self.name} with changes"
        states = chance.checked(changes.pop("states", self.states), f"{place}: states")
        remedy = "write [Border(intensity=0.5)]"
        given = arguments.items(changes.pop("policies", self.policies), f"{place}: policies", remedy)
        policies = [
            (policy if isinstance(policy, Policy) else build(policy, at), at)
            for index, policy in enumerate(given)
            for at in [f"{place}: policies[{index}]"]
        ]
        document = self._document()
        prose = {key: document[key] for key in PROSE if document[key] is not None}
        layer = _layer(prose | changes, place, Path())
        return _scenario(_merge(document, layer) | {"policies": policies, "states": states}, place)

    def hash(self) -> str:
        """Return a SHA-256 over what can change a run: no prose and no probability, but the network files' content."""
        content = {key: value for key, value in self._document().items() if key not in (*PROSE, "states")}
        content["policies"] = [f"{policy!r}{policy.when}{policy.fingerprint()}" for policy in self.policies]
        if self.world:
            content["world"] = self.world
        setting = [state for state in self.states if any(one.sets for one in state.values)]
        if setting:
            content["states"] = {state.name: {one.name: one.sets for one in state.values} for state in setting}
        content["network"] = [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in self.network.files()]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    def to_toml(self) -> str:
        """Return the whole scenario as one TOML file that extends nothing."""
        own = {"policies": [table_of(policy) for policy in self.policies], "levers": tables_of(self.policies)}
        document = self._document() | own
        return "\n".join(toml_lines({key: value for key, value in document.items() if value})) + "\n"

    def _document(self) -> dict[str, Any]:
        """Return the scenario as the tables of a file, policies apart."""
        return {
            **{key: getattr(self, key) for key in PROSE},
            **({"world": written()} if self.world else {}),
            **({"triggers": [trigger.table() for trigger in self.triggers]} if self.triggers else {}),
            "sources": list(self.sources),
            "bill": None if self.bill is None else self.bill.table(),
            "time": {"start": self.start, "end": self.end, "policy_start": self.policy_start},
            "parameters": dict(self.parameters),
            "rules": self.rules.model_dump(warnings=False),
            "population": self.population.model_dump(warnings=False),
            "network": self.network.model_dump(exclude_none=True, warnings=False),
            "states": [state.table() for state in self.states],
        }


def folder() -> Path:
    """Return where the scenarios that come with the package lie."""
    return Path(str(files("supplysim.scenarios").joinpath("baseline-2024.toml"))).parent


def shipped() -> dict[str, Path]:
    """Return the files of the scenarios that come with the package, by name."""
    return {path.stem: path for path in sorted(folder().glob("*.toml"))}


def available() -> dict[str, str]:
    """Return the scenarios that come with the package: name -> title."""
    return {name: tomllib.loads(path.read_text("utf-8")).get("title", "") for name, path in shipped().items()}


def _load(name: str, base: Path, place: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """Return the merged document of a shipped name or a path relative to `base`; `place` asked for it."""
    known = shipped()
    path = known.get(name, base / name)
    try:
        if path.is_dir():
            raise InputError(place, name, "it is a folder", "name a TOML file")
        if not path.is_file():
            raise InputError(place, name, "there is no such scenario or file", nearest(name, known))
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(path), None, "is not text in UTF-8", "name a TOML file") from error
    except InputError:
        raise
    except (OSError, ValueError) as error:  # no permission, or no possible file name
        raise InputError(place, name, f"it cannot be read ({reason(error)})", "name a readable TOML file") from error
    itself = str(path.resolve())
    if itself in chain:
        circle = " -> ".join(Path(link).name for link in (*chain[chain.index(itself) :], itself))
        raise InputError(place, name, f"that makes a circle ({circle})", "break the circle")
    if len(chain) == LONGEST_CHAIN:
        raise InputError(place, name, f"more than {LONGEST_CHAIN} files extend one another", "merge some of them")
    shown_path = f"scenarios/{path.name}" if name in known else str(path)
    return _read(text, shown_path, path.parent, (*chain, itself))


def _read(text: str, place: str, base: Path, chain: tuple[str, ...]) -> dict[str, Any]:
    """Return a file's document merged over the one it extends."""
    if len(text.encode()) > LARGEST_FILE:
        raise InputError(place, None, "is larger than a megabyte", "keep data out of scenario files")
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise InputError(place, None, f"is not valid TOML ({reason})", "correct it there") from error
    layer = _layer(raw, place, base)
    if "extends" not in layer:
        return layer
    return _merge(_load(layer.pop("extends"), base, f"{place}: extends", chain), layer)


def _layer(raw: Mapping[str, Any], place: str, base: Path) -> dict[str, Any]:
    """Return one file's tables, checked: full parameter names, absolute paths, (policy, place) pairs."""
    check(raw, place, partial=True)
    layer = dict(raw)
    if "world" in layer:
        check_world(layer.pop("world"), base, f"{place}: world")
    if "parameters" in raw:
        layer["parameters"] = full_parameters(raw["parameters"], f"{place}: parameters")
    if "network" in raw:
        layer["network"] = network_paths(raw["network"], base, f"{place}: network")
    if "states" in raw:
        layer["states"] = chance.checked(raw["states"], f"{place}: states")
    if "levers" in raw:
        _know(layer.pop("levers"), base, f"{place}: levers")
    if "policies" in raw:
        places = [f"{place}: policies[{index}]" for index in range(len(raw["policies"]))]
        layer["policies"] = [(build(table, at), at) for table, at in zip(raw["policies"], places, strict=True)]
        check_duplicates(layer["policies"])
    if "bill" in raw:
        bills.checked(raw["bill"], f"{place}: bill")
        bills.check_own(raw["name"], layer.get("policies", []))
    return layer


def _know(levers: Any, base: Path, place: str) -> None:
    """Let the levers that a file brings be known: files of levers, beside it or elsewhere, or the tables themselves."""
    if isinstance(levers, Mapping):
        add(of_tables(levers, place), place)
        return
    for name in arguments.items(levers, place, 'write ["my_levers.toml"]'):
        from_file(base / arguments.path(name, place), place)


def _merge(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """Return the child's keys over the parent's; a policy of the same identity, or a state, replaces the parent's."""
    merged = {key: value for key, value in parent.items() if key not in PROSE}
    for key, value in child.items():
        if key in ("time", "parameters", "rules", "population"):
            merged[key] = merged.get(key, {}) | value
        elif key == "policies":
            replaced = {identity(policy) for policy, _ in value}
            kept = [entry for entry in merged.get(key, []) if identity(entry[0]) not in replaced]
            merged[key] = kept + value
        elif key == "states":
            merged[key] = [*({one["name"]: one for one in [*merged.get(key, []), *value]}.values())]
        else:
            merged[key] = value
    return merged


def _scenario(document: dict[str, Any], place: str) -> Scenario:
    """Return the frozen scenario of a merged document, after the checks that need all of it."""
    entries = document.pop("policies", [])
    check(document, place)
    parsed = Document.model_validate(document)
    start, end, policy_start = parsed.time.start, parsed.time.end, parsed.time.policy_start
    weeks = (end - start).days // 7
    if start < INPUTS_START:
        rule = f"there are no inputs before {INPUTS_START}"
        raise InputError(f"{place}: time.start", start, rule, "choose a start from January 2023 on")
    if weeks < 1:
        raise InputError(f"{place}: time.end", end, f"less than a week after the start {start}", "choose a later end")
    if weeks > MOST_WEEKS:
        rule = f"more than {MOST_WEEKS} weeks after the start {start}"
        raise InputError(f"{place}: time.end", end, rule, "choose an earlier end")
    if not start <= policy_start < end:
        rule = f"the scenario runs from {start} to {end}"
        raise InputError(f"{place}: time.policy_start", policy_start, rule, "choose a day in between")
    for index, raw in enumerate(document.get("triggers", [])):
        check_as(TriggerTable, raw, f"{place}: triggers[{index}]")
    triggers = [trigger_of(raw, f"{place}: triggers[{index}]") for index, raw in enumerate(parsed.triggers)]
    states = chance.of_tables(document.get("states", []), f"{place}: states")
    for policy, at in entries:
        check_dates(policy, start, end, policy_start, at)
        chance.check_when(policy, states, at)
    check_duplicates(entries, policy_start)
    bill = None if parsed.bill is None else bills.checked(parsed.bill, f"{place}: bill")
    if bill is not None:
        values = {state.name: state.names for state in states}
        bills.check_whole(bill, parsed.name, [policy for policy, _ in entries], values, place)
    return Scenario(
        name=parsed.name,
        title=parsed.title,
        question=parsed.question,
        why=parsed.why,
        sources=tuple(parsed.sources),
        start=start,
        end=end,
        policy_start=policy_start,
        parameters=parsed.parameters,
        rules=parsed.rules,
        population=parsed.population,
        network=parsed.network,
        policies=linked(policy for policy, _ in entries),
        states=states,
        bill=bill,
        triggers=tuple(triggers),
    )
