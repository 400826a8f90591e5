"""Files of levers without code: TOML, one table a lever, checked before anything else reads it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from re import compile as pattern
from typing import Any

from supplysim import arguments
from supplysim.environment import reason
from supplysim.errors import InputError, nearest
from supplysim.evidence.parameters import AUTHORITIES
from supplysim.policies.base import GROUPS, SCOPES, Policy
from supplysim.policies.declared import HOW, PAYERS, Declared, of_table
from supplysim.policies.movable import movable, nameable

LARGEST = 1_000_000  # bytes
NAME = pattern(r"[a-z][a-z0-9_]{0,59}")
MOST_WEEKS = 1040  # of a ramp: the longest scenario
SAYS = ("title", "does", "mechanism", "response", "unknown", "payer", "burden")  # texts that every lever has
MAY_SAY = ("short", "law")
SETTING = ("default", "low", "high", "unit", "meaning")
PHYSICAL = ("without", "full", "unit", "decimals")
COST = ("payer", "authority", "meaning", "fixed", "variable")
KEYS = (*SAYS, *MAY_SAY, "group", "sources", "ramp_weeks", "scopes", "needs_scope", "physical")
TABLES = ("settings", "shifts", "costs")
# What a condition differs by -> the scopes that narrow a shift of it.
NARROWS = {
    "countries": ("countries", "agencies"),
    "agencies": ("countries", "agencies"),
    "vendors": ("vendors",),
    "chips": ("skus",),
}


def read(path: str | Path, place: str = "levers") -> dict[str, type[Declared]]:
    """Return the levers of a file by name; `place` is what asked for it.

    Raises
    ------
    InputError
        When the file cannot be read, or anything in it is wrong.
    """
    file = arguments.path(path, place, "name a TOML file")
    remedy = "name a readable TOML file"
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise InputError(str(file), None, "is larger than a megabyte", "keep levers alone in it")
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(str(file), None, "is not text in UTF-8", "name a TOML file") from error
    except InputError:
        raise
    except OSError as error:
        raise InputError(place, str(path), f"it cannot be read ({reason(error)})", remedy) from error
    except (ValueError, RecursionError) as error:
        told = "nested too deeply" if isinstance(error, RecursionError) else error
        raise InputError(str(file), None, f"is not valid TOML ({told})", "correct it there") from error
    if not raw:
        raise InputError(str(file), None, "has no lever", "add a table, as [port_searches]")
    return of_tables(raw, str(file))


def of_tables(raw: Mapping[str, Any], place: str) -> dict[str, type[Declared]]:
    """Return the levers of tables by name, checked; `place` is what messages begin with."""
    return {name: of_table(name, _checked(name, table, f"{place}: {name}")) for name, table in raw.items()}


def _checked(name: str, raw: Any, at: str) -> dict[str, Any]:
    """Return all that is to be known of a lever, what the file leaves out included."""
    if not NAME.fullmatch(name):
        raise InputError(at, None, "is no name of a lever", "use small letters, digits and _, as port_searches")
    raw = arguments.table(raw, at, f"write [{name}] and its keys below")
    _keys(raw, (*KEYS, *TABLES), at)
    for key in (*SAYS, "group", "ramp_weeks", "shifts"):
        if key not in raw:
            raise InputError(f"{at}.{key}", None, "is missing", "add it")
    told: dict[str, Any] = {key: _text(raw[key], f"{at}.{key}") for key in SAYS}
    told |= {"short": "", "law": Policy.law} | {key: _text(raw[key], f"{at}.{key}") for key in MAY_SAY if key in raw}
    told["group"] = arguments.known(raw["group"], GROUPS, f"{at}.group", "group")
    told["ramp_weeks"] = int(_number(raw["ramp_weeks"], f"{at}.ramp_weeks", 0, MOST_WEEKS))
    told["sources"] = _texts(raw.get("sources", ["assumption"]), f"{at}.sources")
    told["settings"] = _settings(raw.get("settings", {}), f"{at}.settings")
    told["scopes"] = _texts(raw.get("scopes", []), f"{at}.scopes")
    for scope in told["scopes"]:
        arguments.known(scope, SCOPES, f"{at}.scopes", "scope")
    told["needs_scope"] = arguments.truth(raw.get("needs_scope", False), f"{at}.needs_scope")
    if told["needs_scope"] and "countries" not in told["scopes"]:
        raise InputError(
            f"{at}.needs_scope", True, "it cannot be narrowed to countries", 'write scopes = ["countries"]'
        )
    told["physical"] = _physical(raw.get("physical", {}), f"{at}.physical")
    amount = partial(_amount, told["settings"])
    told["shifts"] = [_shift(one, where, amount) for one, where in _rows(raw["shifts"], f"{at}.shifts")]
    if not told["shifts"]:
        raise InputError(f"{at}.shifts", None, "shifts nothing", f"add [[{name}.shifts]]")
    told["costs"] = [_cost(one, where, amount) for one, where in _rows(raw.get("costs", []), f"{at}.costs")]
    named = [row.get(key) for row in (*told["shifts"], *told["costs"]) for key in (*HOW, "fixed", "variable")]
    for idle in told["settings"].keys() - {value for value in named if isinstance(value, str)}:
        rule = "no shift and no cost names it"
        raise InputError(f"{at}.settings.{idle}", None, rule, "name it in one, or leave it out")
    narrowed = {scope for one in told["shifts"] for scope in NARROWS.get(movable()[one["condition"]].along, ())}
    for scope in told["scopes"]:
        if scope not in narrowed:
            raise InputError(f"{at}.scopes", scope, "no condition that it shifts differs by them", "leave it out")
    return told


def _shift(raw: Mapping[str, Any], at: str, amount: Callable[[Any, str], float | str]) -> dict[str, Any]:
    _keys(raw, ("condition", *HOW, "only"), at)
    name = arguments.known(raw.get("condition"), movable(), f"{at}.condition", "condition")
    given = [key for key in HOW if key in raw]
    if len(given) != 1:
        rule = f"it says {' and '.join(given)}" if given else "it does not say how far"
        raise InputError(at, None, rule, "write one of add = 0.5, times = 2 and to = 0.9")
    found: dict[str, Any] = {"condition": name, given[0]: amount(raw[given[0]], f"{at}.{given[0]}")}
    if "to" in found and movable()[name].share and isinstance(found["to"], float) and not 0 <= found["to"] <= 1:
        raise InputError(f"{at}.to", found["to"], f"{name} is a share", "write a number between 0 and 1")
    if "only" in raw:
        along = movable()[name].along
        if not along:
            raise InputError(f"{at}.only", None, f"{name} is one number for the whole world", "leave it out")
        found["only"] = sorted(
            {
                arguments.known(one, nameable(along), f"{at}.only", f"place among {along}")
                for one in _texts(raw["only"], f"{at}.only")
            }
        )
        if not found["only"]:
            raise InputError(f"{at}.only", None, "names nothing", f"name one of {', '.join(nameable(along)[:4])}, ...")
    return found


def _cost(raw: Mapping[str, Any], at: str, amount: Callable[[Any, str], float | str]) -> dict[str, Any]:
    _keys(raw, COST, at)
    found: dict[str, Any] = {"payer": arguments.known(raw.get("payer"), PAYERS, f"{at}.payer", "payer")}
    if "authority" in raw:
        found["authority"] = arguments.known(raw["authority"], AUTHORITIES, f"{at}.authority", "authority")
    if "meaning" in raw:
        found["meaning"] = _text(raw["meaning"], f"{at}.meaning")
    found |= {part: amount(raw[part], f"{at}.{part}") for part in ("fixed", "variable") if part in raw}
    if not {"fixed", "variable"} & found.keys():
        raise InputError(at, None, "it names no sum", "write fixed = 2e6 or variable = 2e6, US$ a year")
    return found


def _settings(raw: Any, at: str) -> dict[str, dict[str, Any]]:
    found = {}
    for name, table in arguments.table(raw, at, "write [lever.settings]").items():
        where = f"{at}.{name}"
        if not NAME.fullmatch(name) or hasattr(Declared, name):
            raise InputError(where, None, "no setting can be called that", "choose another name")
        table = arguments.table(
            table, where, 'write { default = 2, low = 0, high = 9, unit = "share", meaning = "..." }'
        )
        _keys(table, SETTING, where)
        for key in SETTING:
            if key not in table:
                raise InputError(f"{where}.{key}", None, "is missing", "add it")
        low, high = (_number(table[key], f"{where}.{key}") for key in ("low", "high"))
        if low > high:
            raise InputError(f"{where}.low", low, f"high is {high:g}", "choose a lower one")
        told = {key: _text(table[key], f"{where}.{key}") for key in ("unit", "meaning")}
        default = _number(table["default"], f"{where}.default", low, high)
        found[name] = {"default": default, "low": low, "high": high, **told}
    return found


def _physical(raw: Any, at: str) -> dict[str, Any]:
    raw = arguments.table(raw, at, 'write { without = 2, full = 10, unit = "% opened" }')
    if not raw:
        return {}
    _keys(raw, PHYSICAL, at)
    for key in PHYSICAL[:3]:
        if key not in raw:
            raise InputError(f"{at}.{key}", None, "is missing", "add it")
    numbers = {key: _number(raw[key], f"{at}.{key}") for key in ("without", "full")}
    decimals = int(_number(raw.get("decimals", 0), f"{at}.decimals", 0, 9))
    return {**numbers, "unit": _text(raw["unit"], f"{at}.unit"), "decimals": decimals}


def _amount(settings: Mapping[str, Any], value: Any, at: str) -> float | str:
    """Return a number, or the name of a setting."""
    if isinstance(value, str):
        if value not in settings:
            remedy = nearest(value, settings) if settings else "write a number, or declare it under settings"
            raise InputError(at, value, "there is no such setting", remedy)
        return value
    return _number(value, at)


def _number(value: Any, at: str, low: float = -math.inf, high: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(at, value, "it is not a number", "write a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or not low <= number <= high:
        told = "it is not finite" if not math.isfinite(number) else f"it must lie between {low:g} and {high:g}"
        raise InputError(at, value, told, "choose another number")
    return number


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(at, value, "it is no text", "write some words in quotes")
    if not value.replace("\n", " ").isprintable():
        raise InputError(at, None, "it holds a control character", "leave it out")
    return " ".join(value.split())


def _texts(value: Any, at: str) -> list[str]:
    if not isinstance(value, list):
        raise InputError(at, value, "it is no list", 'write ["SG", "MY"]')
    return [_text(one, at) for one in value]


def _rows(value: Any, at: str) -> list[tuple[Mapping[str, Any], str]]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise InputError(
            at, value, "it is no list of tables", "write it in double brackets, as [[port_searches.shifts]]"
        )
    return [(one, f"{at}[{index}]") for index, one in enumerate(value)]


def _keys(raw: Mapping[str, Any], known: Sequence[str], at: str) -> None:
    for key in raw:
        if key not in known:
            raise InputError(f"{at}.{key}", None, "there is no such key", nearest(str(key), known))
