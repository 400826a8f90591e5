"""Doors of comparisons and of what they found."""

# ruff: noqa: E731

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np

import supplysim as ss
from benchmarks.doors.takes import SHORT, Door, among, either, folder, held, keyed, nobody, number, truth, unless, whole
from supplysim.emulator.predict import emulator
from supplysim.experiment.breakdown import BY
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.store import Store
from supplysim.limits import MOST_PAIRS
from supplysim.setup.scenario import Scenario


def comparisons_doors(world: Scenario) -> Iterator[Door]:
    group = "comparisons"

    def asked(value: Any, name: str, call: Callable[..., Any] = ss.compare) -> Any:
        given = {"scenario": world, "policies": "border", "pairs": 1, **SHORT, name: value}
        return call(given.pop("scenario"), given.pop("policies"), given.pop("pairs"), **given)

    rules = among("expected_utility", "salience", "habit")
    takes: dict[str, tuple[Callable[[Any], bool], tuple[Any, ...]]] = {
        "scenario": (nobody, ("minimal", world)),
        "policies": (nobody, ("border=0.5", ["border"], [("border", "penalties")], ss.policies.Border())),
        "pairs": (nobody, (1, np.int64(2))),
        "seed": (whole(0, 2**63 - 1 - MOST_PAIRS), (0, np.int32(5))),
        "parameters": (nobody, ("central", "prior")),
        "rule": (lambda value: value is None or rules(value), ("habit", None)),
        "precision": (nobody, (0.9, None)),
        "rules": (either(among(None), held(nobody)), (["habit"], "all")),
        "replicates": (whole(0, MOST_PAIRS), (0, 1, None)),
        "states": (lambda value: value is None or value == {}, ({}, None)),
        "given": (either(among(None), held(nobody)), (None,)),
        "workers": (nobody, (1,)),
        "executor": (among(None), ()),
        "progress": (
            lambda value: value is None or isinstance(value, bool) or value is not object and callable(value),
            (lambda *a: None, False),
        ),
        "store": (lambda value: value is None or truth(value), (False, True)),
        "simulate": (among(None), ()),
        "out": (among(None), ()),
    }
    for name, (right, good) in takes.items():
        if name in ("simulate", "out", "store"):  # any function, folder or text may be meant
            right = either(right, callable, folder)
        if name == "scenario":
            right = lambda value: False
        if name == "policies":
            right = either(among(None), held(nobody))
        if name in ("pairs", "precision"):
            right = {"pairs": whole(1, MOST_PAIRS), "precision": number(0.0001, 0.9999)}[name]
            right = either(among(None), right)
        if name in ("workers", "replicates"):
            right = {"workers": whole(1, 4), "replicates": whole(0, MOST_PAIRS)}[name]
            right = either(among(None), right)
        skip = {"progress", "pairs", "policies", "workers", "precision", "store", "out", "simulate"}
        call = partial(asked, name=name) if name not in skip else partial(unless, right, partial(asked, name=name))
        yield Door(group, f"compare({name})", call, right, good)
    yield Door(group, "compare(executor of threads)", lambda value: asked(value, "executor"), among(None))
    own = {"workers": 1, "store": False, "replicates": 0}
    call = lambda value: ss.compare(world, "border", draws=value, **own)
    yield Door(group, "compare(draws)", partial(unless, among(None), call), among(None), ([{"fte": 10}], {"fte": [9]}))
    swept = {"parameters": "central", "workers": 1, "store": False}
    call = lambda value: ss.sweep(world, value, pairs=1, **swept)
    yield Door(group, "sweep(grid)", call, nobody, ({"fte": [10], "border": [0.5]},))
    call = lambda value: ss.sweep(world, {"fte": value}, pairs=1, **swept)
    yield Door(group, "sweep(values)", call, held(number(0, 2000)), ([10], np.array([9.0])))
    package = "border+penalties"
    yield Door(
        group,
        "attribute(package)",
        lambda value: ss.attribute(world, value, 1, **SHORT),
        nobody,
        (package, ["border", ss.policies.Penalties()]),
    )
    yield Door(
        group,
        "attribute(orders)",
        lambda value: ss.attribute(world, package, 1, orders=value, **SHORT),
        lambda value: whole(2, 10_000)(value) and value % 2 == 0,
        (2,),
    )
    for name in ("seed", "rule", "parameters", "replicates", "workers", "executor"):
        right = {
            "seed": takes["seed"][0],
            "rule": takes["rule"][0],
            "replicates": lambda v: v is None or takes["replicates"][0](v),
            "executor": among(None),
            "workers": among(None),
        }.get(name, nobody)
        call = lambda value, name=name: ss.attribute(world, package, 1, **{**SHORT, name: value})
        yield Door(group, f"attribute({name})", partial(unless, right, call) if name == "workers" else call, right)
    draws = whole(1, MOST_PAIRS)
    yield Door(group, "parameter_draws(pairs)", lambda value: parameter_draws(world, "central", value, 7), draws, (3,))
    yield Door(group, "parameter_draws(mode)", lambda value: parameter_draws(world, value, 1, 7), nobody, ("central",))


def studies_doors(study: Any) -> Iterator[Door]:
    group = "results"
    arm, year = among("baseline", "border", "penalties"), str(study.years[0])
    own = among("border", "penalties")
    measure = among("delivered")
    years = lambda value: (
        value is None
        or (isinstance(value, str) and value in (*map(str, study.years), study.window))
        or (isinstance(value, Integral) and not isinstance(value, bool) and value in study.years)
    )
    yield Door(group, "study.effect(arm)", study.effect, arm, ("border",))
    yield Door(group, "study.effect(measure)", lambda value: study.effect("border", value), measure, ("seized",))
    yield Door(
        group,
        "study.effect(year)",
        lambda value: study.effect("border", "delivered", value),
        years,
        (year, study.years[0], None),
    )
    yield Door(group, "study.values(arm)", lambda value: study.values(value, "delivered", year), arm)
    yield Door(group, "study.values(measure)", lambda value: study.values("border", value, year), measure)
    yield Door(group, "study.values(year)", lambda value: study.values("border", "delivered", value), years)
    yield Door(group, "study.variance_split(arm)", study.variance_split, arm)
    yield Door(group, "study.variance_split(measure)", lambda value: study.variance_split("border", value), measure)
    yield Door(
        group, "study.variance_split(year)", lambda value: study.variance_split("border", "delivered", value), years
    )
    yield Door(group, "study.by_state(arm)", study.by_state, own, ("border",))
    yield Door(group, "study.by_state(measure)", lambda value: study.by_state("border", value), measure)
    yield Door(group, "study.by_state(year)", lambda value: study.by_state("border", "delivered", value), years)
    yield Door(group, "study.reweighted", study.reweighted, lambda value: value == {}, ({},))
    yield Door(group, "study.ranking", study.ranking, among(None))
    arms = lambda value: isinstance(value, (list, tuple)) and bool(value) and all(own(name) for name in value)
    yield Door(group, "study.only", study.only, arms, (["border"], ("penalties", "border")))
    yield Door(group, "study.given", study.given)
    yield Door(group, "study.breakdown", partial(study.breakdown, workers=1), among(*BY), ("route", "mode"))
    count = lambda run: {"sent": len(run.engine.shipments())}
    yield Door(group, "study.analyse", partial(study.analyse, workers=1), nobody, (count,))
    yield Door(group, "beside(second)", lambda value: ss.beside(study, value), nobody, (study,))
    yield Door(group, "beside(names)", lambda value: ss.beside(study, study, value), nobody, (("a", "b"),))
    some = lambda value: isinstance(value, (list, tuple)) and all(measure(name) for name in value)
    yield Door(group, "beside(measures)", lambda value: ss.beside(study, study, measures=value), some, (["delivered"],))
    for name in ("extra_costs", "chips_prevented", "h100e_years_denied", "cost_per_chip", "cost_per_h100e_year"):
        yield Door(group, f"study.{name}", getattr(study, name), arm if "cost_per" not in name else own, ("border",))
    yield Door(group, "study.save", partial(unless, folder, study.save), folder)
    found = ss.attribute(study.scenario, "border+penalties", 2, **SHORT)
    for name in ("values", "shapley", "table", "interactions"):
        yield Door(group, f"attribution.{name}(measure)", getattr(found, name), measure, ("delivered",))
        yield Door(
            group, f"attribution.{name}(year)", lambda value, name=name: getattr(found, name)("delivered", value), years
        )
    predictor = emulator()
    if predictor is not None:
        strength = number(0.0, 1.0)
        yield Door(group, "Emulator.predict", predictor.predict, lambda value: value == {}, ({}, {"border": 0.5}))
        yield Door(
            group,
            "Emulator.predict(strength)",
            lambda value: predictor.predict({"border": value}),
            strength,
            (0, 1, np.float64(0.5)),
        )
        yield Door(group, "Emulator.predict(lever)", lambda value: predictor.predict(keyed(value, 0.5)), own)
    yield Door(
        group,
        "Store",
        lambda value: partial(unless, lambda value: isinstance(value, (str, Path)), Store)(value),
        lambda value: value is None or isinstance(value, (str, Path)),
    )
