"""The keys of a scenario file, their types and ranges, and how a breach reads in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from unicodedata import category

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from supplysim import evidence
from supplysim.errors import InputError, nearest
from supplysim.policies.values import NAME
from supplysim.setup.rules import Decision, Triage

Slots = Annotated[int, Field(ge=1, le=1_000_000)]  # one slot is one firm; the upper limit guards the memory
MARKET_SCALE = "market_scale"  # the one parameter that belongs to [population]
PRIOR_FORM = '{ prior = "lognormal", median = 14, sigma = 0.35 }'
POLICY_START = date(2024, 12, 30)  # levers are proposals for the years after the calibration year 2024
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # they turn the letters that follow around


def _of_python(value: Any) -> Any:
    """Return NumPy's yes and no as Python's, which is no number; pydantic would take it for one."""
    return bool(value) if type(value).__name__ in ("bool", "bool_") else value


class Section(BaseModel):
    """A table of a scenario file: no unknown key, no silent conversion, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


T = TypeVar("T", bound=Section)


class Time(Section):
    """[time]: first day (week 0), last day, and the day from which policies without a start apply."""

    start: date
    end: date
    policy_start: date = POLICY_START


class Rules(Section):
    """[rules]: which of the competing theories of behaviour and enforcement hold in this world."""

    decision: Decision = "expected_utility"
    triage: Triage = "weighed"
    adaptive_inspection: bool = False
    announcement_form: Literal["harmonic", "product"] = "harmonic"
    calendar: bool = True


class Population(Section):
    """[population]: slots of each kind of firm, and the scale of supply and demand."""

    distributors: Slots = 160
    end_users: Slots = 1800
    intermediaries: Slots = 700
    buyers: Slots = 260
    market_scale: Annotated[float, BeforeValidator(_of_python)] = Field(default=1.0, ge=0.001, le=1000.0)


class Network(Section):
    """[network]: trade ties read from files instead of drawn: one GraphML file, or two CSV files."""

    graph: str | None = None
    nodes: str | None = None
    edges: str | None = None

    def files(self) -> tuple[str, ...]:
        """Return the files that are named, in the order graph, nodes, edges."""
        return tuple(path for path in (self.graph, self.nodes, self.edges) if path is not None)


def _shown(text: str, breaks: str) -> str:
    """Return a text once it is known to hold nothing that draws on a screen instead of being read."""
    for letter in text:
        if letter not in breaks and (category(letter) in ("Cc", "Cs", "Cn") or letter in TURNING):
            found = {"letter": ascii(letter)[1:-1]}
            raise PydanticCustomError("control_character", "it holds a control character ({letter})", found)
    return text


Line = Annotated[str, AfterValidator(partial(_shown, breaks=""))]
Prose = Annotated[str, AfterValidator(partial(_shown, breaks="\n\r\t"))]


class StateValue(Section):
    """One of the values of a state: what it is called, how probable it is, the parameters that it sets."""

    name: str = Field(pattern=rf"^{NAME}$", max_length=60)
    probability: Annotated[float, BeforeValidator(_of_python)] = Field(ge=0.0, le=1.0)
    set: dict[str, Any] = {}


class StateTable(Section):
    """[[states]]: what chance decides once for a pair, see `states.py`."""

    name: str = Field(pattern=rf"^{NAME}$", max_length=60)
    values: list[StateValue] = Field(min_length=1, max_length=20)


class TriggerTable(Section):
    """[[triggers]]: a policy that begins, or ends, when the public record crosses a mark, see `policies.trigger`."""

    watch: str
    window_weeks: int
    above: Annotated[float | None, Field(allow_inf_nan=True)] = None
    below: Annotated[float | None, Field(allow_inf_nan=True)] = None
    policy: str
    ends: bool = False


class Document(Section):
    """A scenario file; parameters and policies are checked against the evidence and the levers later."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)
    extends: str | None = None
    world: str | None = None
    title: Line = ""
    question: Prose = ""
    why: Prose = ""
    sources: list[Line] = []
    time: Time
    parameters: dict[str, Any] = {}
    rules: Rules = Rules()
    population: Population = Population()
    network: Network = Network()
    states: list[dict[str, Any]] = []
    levers: Any = None
    policies: list[dict[str, Any]] = []
    triggers: list[dict[str, Any]] = Field(default=[], max_length=20)
    bill: dict[str, Any] | None = None


REMEDIES = {
    "control_character": "leave it out",
    "bool_type": "write true or false",
    "date_type": "write a day such as 2023-01-02, without quotes",
    "dict_type": "write a table of keys and values",
    "float_type": "write a number",
    "int_type": "write a whole number",
    "list_type": "write a list",
    "too_long": "leave some out",
    "too_short": "add one",
    "literal_error": "choose one of them",
    "model_type": "write a table of keys and values",
    "string_pattern_mismatch": "use letters, digits, '-', '_' and '.' only",
    "string_type": "write text in quotes",
}


def check(raw: Mapping[str, Any], place: str, *, partial: bool = False) -> None:
    """Raise InputError for the first breach of the schema.

    Parameters
    ----------
    raw : mapping
        A scenario file as tomllib reads it.
    place : str
        The file, for the message.
    partial : bool
        Let missing tables and keys pass, because the file extends another; the name is always asked for.
    """
    try:
        Document.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if not (partial and detail["type"] == "missing" and detail["loc"] != ("name",)):
                raise _explained(detail, f"{place}: ") from None


def check_state(raw: Mapping[str, Any], place: str) -> None:
    """Raise InputError for the first breach of the schema by a [[states]] table."""
    check_as(StateTable, raw, place)


def check_as(kind: type[T], raw: Mapping[str, Any], place: str) -> T:
    """Return a table as a section of a file; raise InputError for the first breach of the schema."""
    try:
        return kind.model_validate(dict(raw))
    except ValidationError as error:
        details = error.errors(include_url=False)
        unknown = [detail for detail in details if detail["type"] == "extra_forbidden"]  # why another one is missing
        raise _explained((unknown or details)[0], f"{place}.", kind) from None


def _explained(detail: ErrorDetails, place: str, whole: type[Section] = Document) -> InputError:
    """Return pydantic's finding as one line in the words of the scenario file."""
    *outer, key = detail["loc"]
    at = f"{place}{key_path(detail['loc'])}"
    if detail["type"] == "extra_forbidden":
        fields = _inner(whole, [part for part in outer if isinstance(part, str)]).model_fields
        return InputError(at, None, "there is no such key", nearest(str(key), fields))
    if detail["type"] == "missing":
        remedy = "add it, or extend a scenario that has it" if whole is Document else "add it"
        return InputError(at, None, "is missing", remedy)
    rule = detail["msg"].replace("Input should", "it should").replace("String", "it").replace("Value", "it")
    remedy = REMEDIES.get(detail["type"], "choose a value that is")
    return InputError(at, detail["input"], rule, remedy)


def _inner(whole: type[Section], keys: Sequence[str]) -> type[Section]:
    """Return the table that keys lead to: a field's type, or what a list of such holds."""
    for key in keys:
        annotation = whole.model_fields[key].annotation
        (whole,) = (
            kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type) and issubclass(kind, Section)
        )
    return whole


def key_path(loc: tuple[int | str, ...]) -> str:
    """Return a key path as written in messages: ``policies[0].start``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in loc).lstrip(".")


def full_parameters(table: Mapping[str, Any], place: str) -> dict[str, float | dict[str, Any]]:
    """Return parameter overrides under their full names, checked against the evidence table's ranges.

    Parameters
    ----------
    table : mapping
        Name or symbol to a number or the table of a prior, whose median must lie in the range.
    place : str
        File and section, for messages.
    """
    values: dict[str, float | dict[str, Any]] = {}
    table = spread(table)
    for key, name in _full_names(table, place):
        value, at = table[key], f"{place}.{key}"
        if name == MARKET_SCALE:
            raise InputError(at, None, "belongs to the population", f"write {MARKET_SCALE} under [population]")
        number = value
        if isinstance(value, Mapping):
            try:
                number = prior_of(name, value).quantile(0.5)
            except (ValueError, OverflowError) as error:
                why = error.rule if isinstance(error, InputError) else error
                raise InputError(at, None, f"is not a usable prior ({why})", f"write it as {PRIOR_FORM}") from error
        checked = evidence.admissible(number, evidence.parameters()[name], at, f"write a number, or {PRIOR_FORM}")
        values[name] = dict(value) if isinstance(value, Mapping) else checked
    return values


def numbers(table: Mapping[str, Any], place: str) -> dict[str, float]:
    """Return the parameters of one run under their full names: numbers alone, each inside its range."""
    known = evidence.parameters()
    return {
        name: evidence.admissible(table[key], known[name], f"{place}.{key}") for key, name in _full_names(table, place)
    }


def extreme_numbers(table: Mapping[str, Any], place: str) -> evidence.Extreme:
    """Return the parameters of a limit case under their full names: finite numbers."""
    anything = replace(next(iter(evidence.parameters().values())), low=None, high=None)
    return evidence.Extreme(
        {name: evidence.admissible(table[key], anything, f"{place}.{key}") for key, name in _full_names(table, place)}
    )


def spread(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table of parameters with the settings of levers under their full names.

    TOML reads ``border.growth = 9`` as a table ``border`` that holds ``growth``.
    """
    levers = {name.partition(".")[0] for name in _names() if "." in name}
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key in levers and isinstance(value, Mapping):
            found |= {f"{key}.{name}": one for name, one in value.items()}
        else:
            found[key] = value
    return found


def _full_names(table: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    """Yield (key, full name) for names and symbols of parameters; refuse what is none, or given twice."""
    full, seen = _names(), set()
    for key in table:
        name = full.get(key) if isinstance(key, str) else None
        if key in evidence.RETIRED:
            raise InputError(
                f"{place}.{key}", None, "the second edition of the rules has it no more", evidence.RETIRED[key]
            )
        if name is None:
            raise InputError(f"{place}.{key}", None, "there is no such parameter", nearest(str(key), full))
        if name in seen:
            raise InputError(
                f"{place}.{key}", None, f"is another name of {name}, which is given too", "keep one of them"
            )
        seen.add(name)
        yield key, name


@cache
def _names() -> dict[str, str]:
    """Return name or symbol -> full name of every parameter."""
    known = evidence.parameters()
    return {one.symbol: name for name, one in known.items() if one.symbol} | {name: name for name in known}


def prior_of(name: str, table: Mapping[str, Any]) -> evidence.Prior:
    """Return the prior that a scenario writes for a parameter, cut off at the parameter's range."""
    parameter = evidence.parameters()[name]
    return evidence.Prior.from_mapping(table, parameter.low, parameter.high)


def network_paths(table: Mapping[str, str], folder: Path, place: str) -> dict[str, str]:
    """Return [network] with absolute paths, once its files exist and hold a trade network."""
    table = {key: file for key, file in table.items() if file is not None}
    if table.keys() not in ({"graph"}, {"nodes", "edges"}, set()):
        raise InputError(place, None, "it takes either graph, or nodes and edges", "give one form only")
    paths = {key: (folder / path).absolute() for key, path in table.items()}
    for key, path in paths.items():
        try:
            exists = path.is_file()
        except (OSError, ValueError):  # a name that no file system takes
            exists = False
        if not exists:
            raise InputError(f"{place}.{key}", table[key], "there is no such file", "correct the path")
    if paths:
        from supplysim.network.graph_check import check_graph  # most scenarios have none

        try:
            check_graph(*(paths[key] for key in ("graph", "nodes", "edges") if key in paths))
        except InputError:
            raise
        except ValueError as error:
            raise InputError(place, None, f"it is no trade network ({error})", "repair the file") from error
    return {key: str(path) for key, path in paths.items()}


def toml_lines(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield a mapping of values, tables and lists of tables as lines of TOML."""
    sections = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    lists = {key: value for key, value in table.items() if isinstance(value, list) and value and _is_table(value[0])}
    yield from (f"{key} = {_toml(value)}" for key, value in table.items() if key not in sections | lists)
    for key, section in sections.items():
        yield from ("", f"[{key}]", *(f"{name} = {_toml(value)}" for name, value in section.items()))
    for key, rows in lists.items():
        for row in rows:
            yield from ("", f"[[{key}]]", *(f"{name} = {_toml(value)}" for name, value in row.items()))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):  # JSON's escapes are TOML's, except that TOML also escapes DEL
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    return value.isoformat() if isinstance(value, date) else repr(value)
