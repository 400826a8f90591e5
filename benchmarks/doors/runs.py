"""Doors of worlds and their runs."""

# ruff: noqa: E731

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import supplysim as ss
from benchmarks.doors.takes import Door, among, either, held, keyed, nobody, parameter, parameters, truth, whole
from supplysim.run import Drive, Point, run_arms
from supplysim.setup.scenario import Scenario, shipped


def runs_doors(world: Scenario) -> Iterator[Door]:
    group = "worlds and runs"
    seed, empty = whole(0, 2**63 - 1), either(among(None), held(nobody))
    without_policies = lambda value: all(isinstance(arm, str) and empty(policies) for arm, policies in value.items())
    for kind in (ss.Engine, ss.SupplyChain):
        yield Door(group, f"{kind.__name__}(scenario)", kind, among(*shipped()), ("minimal",))
        yield Door(
            group,
            f"{kind.__name__}(policies)",
            lambda value, kind=kind: kind(world, value),
            empty,
            ("border", ["border=0.5"], ss.policies.Border(), ()),
        )
        yield Door(
            group,
            f"{kind.__name__}(parameters)",
            lambda value, kind=kind: kind(world, parameters=value),
            parameters,
            ({"investigators": 20},),
        )
        for name in ("investigators", "border_exposure", "no_such"):
            takes = nobody if name == "no_such" else parameter(name)
            yield Door(
                group,
                f"{kind.__name__}(parameters.{name})",
                lambda value, kind=kind, name=name: kind(world, parameters={name: value}),
                takes,
            )
        yield Door(
            group,
            f"{kind.__name__}(parameters' name)",
            lambda value, kind=kind: kind(world, parameters=keyed(value, 1.0)),
            lambda value: value == "nothing",
        )
        yield Door(
            group,
            f"{kind.__name__}(check)",
            lambda value, kind=kind: kind(world, check=value),
            truth,
            (True, np.bool_(False)),
        )
        one = kind(world)
        yield Door(
            group, f"{kind.__name__}.run", one.run, lambda value: value is None or whole(0, 10**500)(value), (1,)
        )
        yield Door(
            group,
            f"{kind.__name__}.run_phase",
            lambda value, kind=kind: kind(world).run_phase(value),
            whole(0, len(ss.PHASES) - 1),
            (0,),
        )
    yield Door(group, "Engine(seed)", lambda value: ss.Engine(world, seed=value), seed, (7, np.int64(7)))
    mesa = lambda value: (
        value is None
        or seed(value)
        or (isinstance(value, (list, tuple, np.ndarray)) and len(value) > 0 and all(seed(i) for i in value))
    )
    yield Door(
        group,
        "SupplyChain(rng)",
        lambda value: ss.SupplyChain(world, rng=value),
        mesa,
        (7, None, np.random.default_rng(1)),
    )
    yield Door(
        group,
        "SupplyChain(seed)",
        lambda value: ss.SupplyChain(world, seed=value),
        lambda value: mesa(value) or isinstance(value, (str, bytes)),
        (7, "seven"),
    )
    engine = ss.Engine(world)
    yield Door(group, "Engine.course", engine.course, empty, ("border",))
    yield Door(group, "Engine.fork", engine.fork, lambda value: empty(value) or value == [[]], ("border",))
    yield Door(group, "Engine.fork(over)", lambda value: engine.fork((), value), among(None), (engine.fork(()),))
    point, arms = Point(0, 7, {}), {"baseline": ()}
    yield Door(group, "run_arms(scenario)", lambda value: run_arms(value, arms, point), among("minimal"), (world,))
    yield Door(group, "run_arms(arms)", lambda value: run_arms(world, value, point), without_policies)
    yield Door(group, "run_arms(arms' policies)", lambda value: run_arms(world, {"mine": value}, point), empty)
    yield Door(
        group,
        "run_arms(arms' name)",
        lambda value: run_arms(world, keyed(value, ()), point),
        lambda value: isinstance(value, str),
    )
    yield Door(group, "run_arms(point)", lambda value: run_arms(world, arms, value))
    pair = whole(0, 2**63 - 1)
    yield Door(group, "run_arms(point.pair)", lambda value: run_arms(world, arms, Point(value, 7, {})), pair)
    yield Door(group, "run_arms(point.seed)", lambda value: run_arms(world, arms, Point(0, value, {})), seed)
    yield Door(group, "run_arms(point.parameters)", lambda value: run_arms(world, arms, Point(0, 7, value)), parameters)
    yield Door(group, "run_arms(outputs)", lambda value: run_arms(world, arms, point, value), lambda value: value == {})
    yield Door(group, "run_arms(output)", lambda value: run_arms(world, arms, point, {"mine": value}), callable)
    yield Door(
        group,
        "run_arms(first_week)",
        lambda value: run_arms(world, arms, point, {}, value),
        whole(0, world.weeks),
        (world.weeks,),
    )
    yield Door(
        group,
        "run_arms(drive)",
        lambda value: run_arms(world, arms, point, {}, 0, value),
        lambda value: value is None or value == {},
        ({"baseline": Drive(0, str)},),
    )
    yield Door(
        group,
        "run_arms(drive.week)",
        lambda value: run_arms(world, arms, point, {}, 0, {"baseline": Drive(value, str)}),
        whole(0, world.weeks),
    )
    yield Door(
        group,
        "run_arms(drive.act)",
        lambda value: run_arms(world, arms, point, {}, 0, {"baseline": Drive(0, value)}),
        callable,
    )
    yield Door(group, "run_arms(check)", lambda value: run_arms(world, arms, point, {}, 0, None, value), truth)
