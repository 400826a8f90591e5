"""Assumptions of one's own: a TOML file of numbers and ranges, each with its source, in place of the shipped ones.

    [investigators]
    range = [20, 60]                 # 90 %; or value = 35; or prior = "lognormal", median = 35, sigma = 0.3
    source = "Staffing plan of May 2026, p. 4"
    why = "The agency has hired since."

    ["due_diligence.sensitivity"]    # a setting of a lever: its strength or its cost
    value = 0.3
    source = "Interviews with three distributors"
    why = "Screening tells less than the usual 0.6."

Everything that is not named stays as it is, to the draw: a parameter is drawn at the same even points whatever else is
changed (`design.py`). So two tables of the same seed differ by the beliefs alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from supplysim import arguments
from supplysim.environment import reason
from supplysim.errors import InputError
from supplysim.evidence import Prior, admissible, parameters
from supplysim.experiment.ranges import ENDS, prior_between, table_of
from supplysim.setup.scenario import LARGEST_FILE, Scenario
from supplysim.setup.schema import MARKET_SCALE, Line, Prose, Section, check_as, full_parameters, prior_of, spread

FORMS = 'write value = 3, or range = [2, 5], or prior = "lognormal", median = 3, sigma = 0.3'
NONE = "it holds no assumption"


class BeliefTable(Section):
    """One table of the file, but for the arguments of a prior."""

    value: Any = None
    range: Any = None
    source: Line
    why: Prose


@dataclass(frozen=True)
class Belief:
    """One parameter that somebody sees otherwise, checked.

    Attributes
    ----------
    name : str
        Full name of the parameter, lever setting or cost.
    given : float, tuple of (float, float) or Prior
        A number for certain, the ends of a 90 % range, or a prior.
    source, why : str
        What it rests on, and the reason; never empty.
    place : str
        File and key, for messages.
    """

    name: str
    given: float | tuple[float, float] | Prior
    source: str
    why: str
    place: str

    def table(self) -> dict[str, Any]:
        """Return the table of the file that says this."""
        said = {"source": self.source, "why": self.why}
        if isinstance(self.given, Prior):
            return {**table_of(self.given), **said}
        return {"range": list(self.given), **said} if isinstance(self.given, tuple) else {"value": self.given, **said}

    def in_world(self, scenario: Scenario) -> float | Prior:
        """Return the number or the prior that stands in a scenario's parameters then."""
        if not isinstance(self.given, tuple):
            return self.given
        return prior_between(parameters()[self.name], usual(scenario, self.name), *self.given, self.place)


@dataclass(frozen=True)
class Changed:
    """A belief beside what it replaces, as pages tell it."""

    name: str
    meaning: str
    default: str
    believed: str
    source: str
    why: str


@dataclass(frozen=True)
class Beliefs:
    """The assumptions of a file, and the scenario that they were put into.

    Attributes
    ----------
    items : tuple of Belief
        At least one, no parameter twice.
    default : Scenario
        The world without them.
    """

    items: tuple[Belief, ...]
    default: Scenario

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the file."""
        return tuple(one.name for one in self.items)

    @property
    def world(self) -> Scenario:
        """The scenario with the beliefs in place of its own assumptions; its title says so."""
        found = {one.name: one.in_world(self.default) for one in self.items}
        scale = {name: value for name, value in found.items() if name == MARKET_SCALE}
        changed = {
            name: table_of(value) if isinstance(value, Prior) else value
            for name, value in found.items()
            if name != MARKET_SCALE
        }
        count = f"{len(self.items)} own assumption{'s' if len(self.items) > 1 else ''}"
        title = f"{self.default.title}, with {count}"
        world = self.default.with_(title=title, parameters=changed, population=scale)
        return replace(world, states=self.default.states)  # which may hold a bill that no table says

    def only(self, name: str) -> Beliefs:
        """Return one of the beliefs alone."""
        return replace(self, items=tuple(one for one in self.items if one.name == name))

    def changed(self) -> list[Changed]:
        """Return what was changed, in words."""
        known = parameters()
        return [
            Changed(
                one.name,
                known[one.name].meaning,
                in_words(shipped(self.default, one.name), known[one.name].unit),
                in_words(one.in_world(self.default), known[one.name].unit),
                one.source,
                one.why,
            )
            for one in self.items
        ]

    def notes(self, parameters: str) -> list[str]:
        """Return what a reader must be told of the worlds that beliefs were put into."""
        if parameters == "posterior":
            return [
                "The posterior sample was learnt under the shipped assumptions: those of one's own replace their "
                "columns, and the rest was not learnt again."
            ]
        if parameters == "central" and any(not isinstance(one.given, float) for one in self.items):
            return ["Parameters are central: of a believed range only its middle counts."]
        return []

    def document(self) -> list[dict[str, Any]]:
        """Return the beliefs in full: what the file said, and what it replaced, in words."""
        said = zip(self.items, self.changed(), strict=True)
        return [
            {"name": one.name, **one.table(), "in_words": told.believed, "default_in_words": told.default}
            for one, told in said
        ]


Believed = str | Path | Mapping[str, Any] | Beliefs | None  # what `beliefs_of` takes


def usual(scenario: Scenario, name: str) -> Prior | None:
    """Return the prior that a parameter has in a scenario, or, where that fixes it, in the evidence."""
    own = scenario.parameters.get(name)
    return prior_of(name, own) if isinstance(own, Mapping) else parameters()[name].prior


def shipped(scenario: Scenario, name: str) -> float | Prior:
    """Return what a scenario takes a parameter for: the number that it fixes, or a prior."""
    if name == MARKET_SCALE:
        return scenario.population.market_scale
    own = scenario.parameters.get(name)
    if isinstance(own, (int, float)):
        return float(own)
    prior = usual(scenario, name)
    return parameters()[name].default if prior is None else prior


def in_words(found: float | Prior, unit: str) -> str:
    """Return a number, or the middle and the 90 % range of a prior."""
    if not isinstance(found, Prior):
        return f"{found:.4g} {unit} for certain"
    low, middle, high = (f"{found.quantile(share):.3g}" for share in (ENDS[0], 0.5, ENDS[1]))
    return f"{low} to {high} {unit} in 9 of 10 worlds, middle {middle} ({found.kind.replace('_', ' ')})"


def beliefs_of(given: Believed, scenario: Scenario) -> Beliefs | None:
    """Return the beliefs of a file, of a mapping as the file holds it, or of `Beliefs`; None for None.

    Parameters
    ----------
    given : str, Path, mapping or Beliefs, optional
    scenario : Scenario
        Whose assumptions they replace.

    Raises
    ------
    InputError
        If there is no such file, it is no TOML, names no parameter, a number lies outside its parameter's range, or a
        source or reason is missing; or if a state of the scenario sets the parameter.
    """
    if given is None:
        return None
    if isinstance(given, Beliefs):
        items = given.items
    elif isinstance(given, Mapping):
        items = tuple(_items(given, "beliefs"))
    else:
        path = arguments.path(given, "beliefs", "give the path of a TOML file, or a mapping of names to tables")
        items = tuple(_items(_read(path), str(path)))
    setters = {name: state.name for state in scenario.states for value in state.values for name, _ in value.sets}
    for one in items:
        if one.name in setters:
            rule = f"the state {setters[one.name]} sets it"
            raise InputError(one.place, None, rule, f"give --state {setters[one.name]}=VALUE instead")
    found = Beliefs(items, scenario)
    found.world  # noqa: B018  every range has its prior, or a message
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.is_dir():
            raise InputError("beliefs", str(path), "it is a folder", "name a TOML file")
        if not path.is_file():
            raise InputError("beliefs", str(path), "there is no such file", "correct the path")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise InputError(str(path), None, "is larger than a megabyte", "keep data out of it")
        return tomllib.loads(content.decode("utf-8-sig"))
    except InputError:
        raise
    except UnicodeDecodeError as error:
        raise InputError(str(path), None, "is not text in UTF-8", "name a TOML file") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else error
        raise InputError(str(path), None, f"is not valid TOML ({why})", "correct it there") from error
    except (OSError, ValueError) as error:  # no permission, or no possible file name
        raise InputError(
            "beliefs", str(path), f"it cannot be read ({reason(error)})", "name a readable file"
        ) from error


def _items(tables: Mapping[str, Any], place: str) -> Iterable[Belief]:
    """Yield the beliefs of a file's tables, checked."""
    flat, seen = spread(tables), set()
    if not flat:
        raise InputError(place, None, NONE, f"add a table such as [investigators], {FORMS}, with source and why")
    for key, raw in flat.items():
        at = f"{place}: {key}"
        name = _full_name(key, at)
        if name in seen:
            raise InputError(at, None, f"is another name of {name}, which is given too", "keep one of them")
        seen.add(name)
        yield _belief(name, arguments.table(raw, at, FORMS), at)


def _full_name(key: Any, place: str) -> str:
    """Return the name of the parameter that a table is called by, or by its symbol."""
    if key == MARKET_SCALE:
        return MARKET_SCALE
    known = parameters()
    default = next((one.default for name, one in known.items() if key in (name, one.symbol)), 0.0)
    (name,) = _placed(place, {key: default})
    return name


def _placed(place: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """Return `full_parameters` of one entry; what is wrong is told with the place of its table."""
    try:
        return full_parameters(table, "")
    except InputError as error:
        raise InputError(place, error.value, error.rule, error.remedy) from None


def _belief(name: str, raw: Mapping[str, Any], place: str) -> Belief:
    spelled = {key: value for key, value in raw.items() if key not in BeliefTable.model_fields and "prior" in raw}
    said = check_as(BeliefTable, {key: value for key, value in raw.items() if key not in spelled}, place)
    for key in ("source", "why"):
        if not getattr(said, key).strip():
            raise InputError(f"{place}.{key}", None, "is empty", "say what it rests on")
    forms = [key for key in ("value", "range") if key in raw] + (["prior"] if spelled else [])
    if len(forms) != 1:
        rule = f"it has {' and '.join(forms)}" if forms else "it says neither value nor range nor prior"
        raise InputError(place, None, rule, FORMS)
    if name == MARKET_SCALE and forms != ["value"]:
        raise InputError(place, None, f"{name} is the size of the world and not uncertain", "write value = 1, say")
    given: float | tuple[float, float] | Prior
    if forms == ["prior"]:
        given = prior_of(name, _placed(place, {name: spelled})[name])
    elif forms == ["value"]:
        given = admissible(said.value, parameters()[name], f"{place}.value")
    else:
        given = _range(said.range, name, f"{place}.range")
    return Belief(name, given, said.source, said.why, place)


def _range(given: Any, name: str, place: str) -> tuple[float, float]:
    ends = arguments.items(given, place, "write range = [2, 5]")
    if len(ends) != 2:
        raise InputError(place, None, f"it holds {len(ends)} numbers", "write its two ends, as in range = [2, 5]")
    low, high = (admissible(end, parameters()[name], place) for end in ends)
    if not low < high:
        raise InputError(
            place, f"[{low:g}, {high:g}]", "the low end is not below the high one", "write range = [2, 5], or value = 2"
        )
    return low, high
