"""Doors of scenarios and policies."""

# ruff: noqa: E731

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

import supplysim as ss
from benchmarks.doors.takes import SHORT, Door, among, either, held, nobody, number, parameter, parameters
from supplysim.policies.base import SCOPES
from supplysim.policies.text import Package, parse
from supplysim.policies.values import CONDITION
from supplysim.setup.scenario import Scenario, shipped
from supplysim.setup.states import State, Value


def scenarios_doors(world: Scenario) -> Iterator[Door]:
    group = "scenarios"
    yield Door(group, "Scenario.load", Scenario.load, among(*shipped()), ("minimal", Path(str(shipped()["minimal"]))))
    yield Door(group, "Scenario.from_text(text)", lambda value: Scenario.from_text(value, "mine.toml"))
    source = shipped()["minimal"].read_text("utf-8")
    yield Door(
        group,
        "Scenario.from_text(place)",
        lambda value: Scenario.from_text(source, value),
        lambda value: isinstance(value, (str, Path)) and bool(str(value).strip()),
    )
    law = State("law", (Value("passed", 0.3), Value("not", 0.7)))
    chance = world.with_(states=[law])
    yield Door(group, "Scenario.fixed", chance.fixed, lambda value: value == {}, ({"law": "not"}, {}))
    yield Door(
        group, "Scenario.fixed(law)", lambda value: chance.fixed({"law": value}), among("passed", "not"), ("not",)
    )
    for key in ("time", "parameters", "rules", "population", "network", "policies", "states", "nonsense"):
        own = {
            "parameters": lambda value: value is not None and parameters(value),
            "nonsense": nobody,
            "policies": held(nobody),
            "states": held(nobody),
        }
        takes = own.get(key, lambda value: value == {})
        yield Door(group, f"Scenario.with_({key})", lambda value, key=key: world.with_(**{key: value}), takes)
    for section, keys in {
        "time": ("start", "end", "policy_start"),
        "rules": ("decision", "triage", "calendar"),
        "population": ("buyers", "market_scale"),
        "network": ("graph",),
    }.items():
        for key in keys:
            takes = {
                "buyers": lambda v: type(v) is int and 1 <= v <= 1_000_000,
                "market_scale": lambda v: (
                    isinstance(v, (int, float, np.floating)) and not isinstance(v, bool) and 0.001 <= v <= 1000
                ),
                "calendar": lambda v: type(v) is bool,
                "graph": lambda v: v is None,
            }.get(key, nobody)
            yield Door(
                group,
                f"Scenario.with_({section}.{key})",
                lambda value, section=section, key=key: world.with_(**{section: {key: value}}),
                takes,
            )
    for name in ("investigators", "border_exposure", "complicit_share"):
        yield Door(
            group,
            f"Scenario.with_(parameters.{name})",
            lambda value, name=name: world.with_(parameters={name: value}),
            parameter(name),
        )
    yield Door(
        group,
        "Scenario.week_of",
        world.week_of,
        lambda value: isinstance(value, dt.date) and not isinstance(value, dt.datetime),
        (world.end,),
    )
    for name in (
        "start",
        "end",
        "policy_start",
        "parameters",
        "rules",
        "population",
        "network",
        "policies",
        "states",
        "sources",
        "name",
        "title",
    ):
        takes = {
            "parameters": lambda v: v == {},
            "policies": lambda v: v in ((), []),
            "states": lambda v: v in ((), []),
            "sources": lambda v: isinstance(v, (tuple, list)) and all(type(i) is str for i in v),
        }.get(name, nobody)
        if name == "title":
            takes = lambda value: type(value) is str and value.isprintable()
        if name == "name":
            takes = lambda value: bool(re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]{,79}", value))
        yield Door(
            group,
            f"replace(scenario, {name})",
            lambda value, name=name: ss.Engine(replace(world, **{name: value})),
            takes,
        )


def policies_doors(world: Scenario) -> Iterator[Door]:
    for kind in ss.policies.levers().values():
        scope = {"countries": ("SG",)} if kind.needs_scope else {}
        for name, it in kind.settings().items():
            middle, drawn = (it["low"] + it["high"]) / 2, name in kind.evidence()  # what is drawn may be left out
            inside = number(it["low"], it["high"])
            yield Door(
                "policies",
                f"{kind.__name__}({name})",
                lambda value, kind=kind, name=name, scope=scope: kind(**scope, **{name: value}),
                either(among(None), inside) if drawn else inside,
                (it["low"], np.float64(middle), it["high"]),
            )
        for name in ("start", "end"):
            yield Door(
                "policies",
                f"{kind.__name__}({name})",
                lambda value, kind=kind, name=name, scope=scope: kind(**scope, **{name: value}),
                lambda value: value is None or type(value) is dt.date,
                ("2025-06", "2025-06-02", dt.date(2025, 6, 2), None),
            )
        for name in SCOPES:
            empty = (
                (lambda value: isinstance(value, (tuple, list)) and not value)
                if not kind.needs_scope and not kind.default_scope()
                else nobody
            )
            if name not in kind.scopes:
                empty = lambda value, kind=kind: (
                    not kind.needs_scope and (isinstance(value, (tuple, list)) and not value or value is None)
                )
            yield Door(
                "policies", f"{kind.__name__}({name})", lambda value, kind=kind, name=name: kind(**{name: value}), empty
            )
        yield Door(
            "policies",
            f"{kind.__name__}(beside)",
            lambda value, kind=kind, scope=scope: kind(**scope, beside=value),
            lambda value: value == () and isinstance(value, tuple),
        )
    yield Door(
        "policies",
        "Border(when)",
        lambda value: ss.policies.Border(when=value),
        lambda value: value is None or value == "" or (type(value) is str and bool(CONDITION.fullmatch(value))),
        ("law:passed", "", None),
    )
    yield Door(
        "policies",
        "Package(states)",
        lambda value: ss.Engine(world, [Package("mine", (ss.policies.Border(),), value)]),
        lambda value: isinstance(value, (tuple, list)) and not value,
        ((State("law", (Value("passed", 1.0),)),), ()),
    )
    yield Door(
        "policies",
        "parse(text)",
        lambda value: parse(value),
        among(*ss.policies.levers()),
        ("border=0.5", "minimal" if world.policies else "border"),
    )
    yield Door("policies", "from_file", ss.policies.from_file)
    yield Door("policies", "parse(scenario)", lambda value: parse("border", value), among(None, *shipped()), (world,))
    yield Door(
        "policies", "build(table)", lambda value: ss.policies.build(value, "mine"), nobody, ({"lever": "border"},)
    )
    yield Door(
        "policies",
        "Package(policies)",
        lambda value: ss.Engine(world, [Package("mine", value)]),
        lambda value: isinstance(value, (tuple, list)) and not value,
        (("border",),),
    )
    yield Door(
        "policies",
        "Package(name)",
        lambda value: ss.compare(world, [Package(value, (ss.policies.Border(),))], 1, **SHORT),
        lambda value: isinstance(value, str) and value.isprintable() and bool(value.strip()) and len(value) < 1000,
    )
