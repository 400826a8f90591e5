"""Doors of lessons, validation, calibration and evidence."""

# ruff: noqa: E731

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import supplysim as ss
from benchmarks.doors.takes import Door, among, held, nobody, number, truth, unless, whole
from supplysim import lessons
from supplysim.calibration import bank, sequential
from supplysim.evidence import Prior
from supplysim.experiment.design import parameter_draws
from supplysim.lessons import library, roleplay, roles, runs, score
from supplysim.limits import MOST_PAIRS
from supplysim.setup.scenario import Scenario
from supplysim.validation import sampling, scoreboard


def lessons_doors() -> Iterator[Door]:
    group = "lessons"
    one = lessons.lesson("squeeze-one-port")
    opening, results = one.opening, lessons.results()[one.id]
    attempt = lessons.Attempt(opening)
    locked = attempt.lock(0, 70)
    options, sure = whole(0, len(opening.options) - 1), among()
    yield Door(group, "lesson", lessons.lesson, nobody, (one.id,))
    yield Door(group, "Lesson.load", lessons.Lesson.load, nobody)
    yield Door(group, "opening.predict(option)", lambda value: opening.predict(value, 70), options, (0, np.int64(1)))
    yield Door(group, "opening.predict(confidence)", lambda value: opening.predict(0, value), sure, (50, 70, 90))
    yield Door(group, "attempt.lock(option)", lambda value: attempt.lock(value, 70), options)
    yield Door(group, "attempt.lock_again(option)", lambda value: locked.lock_again(value, 70), options)
    yield Door(group, "attempt.go", locked.go, nobody, lessons.STEPS)
    yield Door(group, "attempt.tried", locked.tried, lambda value: isinstance(value, str))
    yield Door(group, "attempt.answered(question)", lambda value: locked.answered(value, "yes"), whole(0, 10**500))
    yield Door(
        group, "attempt.answered(answer)", lambda value: locked.answered(0, value), lambda value: isinstance(value, str)
    )
    yield Door(group, "attempt.after(lesson)", lambda value: locked.after(value, results), nobody, (one,))
    yield Door(group, "attempt.after(results)", lambda value: locked.after(one, value), nobody, (results,))
    yield Door(group, "lesson.after(prediction)", lambda value: one.after(value, results), nobody, (locked.prediction,))
    yield Door(group, "lesson.finding", one.finding)
    yield Door(
        group,
        "Attempt.restored",
        lambda value: lessons.Attempt.restored(opening, value),
        lambda value: isinstance(value, dict),
        ({}, locked.record()),
    )
    empty = lambda value: isinstance(value, (list, tuple, set, frozenset, np.ndarray)) and len(value) == 0
    yield Door(group, "brier", score.brier, empty, ([(50, True), (90, False)],))
    yield Door(group, "brier(percent)", lambda value: score.brier([(value, True)]), nobody, (50, 70, 90))
    yield Door(group, "brier(right)", lambda value: score.brier([(50, value)]), truth)
    yield Door(group, "calibration", score.calibration, empty, ([(50, True)],))
    play = roles.role_play()
    yield Door(group, "role_play().role", play.role, nobody, (play.roles[0].id,))
    yield Door(group, "merged", roles.merged, lambda value: value == {}, ({play.roles[0].id: ""},))
    yield Door(
        group,
        "merged(choice)",
        lambda value: roles.merged({play.roles[0].id: value}),
        lambda value: isinstance(value, str) and not value.strip(),
    )
    yield Door(group, "play(rounds)", roleplay.play)
    yield Door(group, "play(round)", lambda value: roleplay.play({"one": value}))
    yield Door(group, "runs.run(lessons)", runs.run, empty)
    yield Door(
        group,
        "runs.run(pairs)",
        lambda value: partial(unless, whole(1, MOST_PAIRS), lambda value: runs.run([one], value))(value),
        whole(1, MOST_PAIRS),
    )
    yield Door(group, "library.load", library.load, nobody)


def plain(task: tuple[int, dict[str, float]]) -> dict[str, float]:
    """Return what a model would, without one."""
    return {"delivered": 1.0}


def others_doors(world: Scenario, root: Path) -> Iterator[Door]:
    group = "validation, calibration, evidence"
    arms = {"baseline": ()}
    draw = parameter_draws(world, "central", 1, 7)

    def ensemble(**given: Any) -> Any:
        return sampling.run_ensemble(
            **({"scenario": world, "arms": arms, "draws": draw, "pairs": 0, "seed": 7, "workers": 1} | given)
        )

    yield Door(group, "run_ensemble(scenario)", lambda value: ensemble(scenario=value), among("minimal"))
    yield Door(group, "run_ensemble(arms)", lambda value: ensemble(arms=value))
    yield Door(
        group,
        "run_ensemble(draws)",
        lambda value: ensemble(draws=value),
        lambda value: (  # none and an empty table are no parameters
            (isinstance(value, (list, tuple, set, frozenset)) or (isinstance(value, np.ndarray) and bool(value.ndim)))
            and all(one is None or (isinstance(one, dict) and not one) for one in value)
        ),
    )
    yield Door(group, "run_ensemble(pairs)", lambda value: ensemble(pairs=value), whole(0, MOST_PAIRS))
    yield Door(group, "run_ensemble(seed)", lambda value: ensemble(seed=value), whole(0, 2**63 - 1))
    yield Door(group, "run_ensemble(workers)", lambda value: ensemble(workers=value), among(None))

    def several(**given: Any) -> Any:
        asked = {"scenario": world, "rules": [{}], "draws": 1, "pairs": 0, "seed": 7, "workers": 1} | given
        return list(scoreboard.ensembles(**asked))

    yield Door(
        group,
        "ensembles(rules)",
        lambda value: several(rules=value),
        lambda value: isinstance(value, (list, tuple)) and not value,
    )
    yield Door(
        group,
        "ensembles(draws)",
        lambda value: partial(unless, whole(0, MOST_PAIRS), lambda value: several(draws=value))(value),
        whole(0, MOST_PAIRS),
    )
    yield Door(
        group,
        "ensembles(pairs)",
        lambda value: partial(unless, whole(0, MOST_PAIRS), lambda value: several(pairs=value))(value),
        whole(0, MOST_PAIRS),
    )
    yield Door(group, "ensembles(seed)", lambda value: several(seed=value), whole(0, 2**63 - 1 - MOST_PAIRS))
    priors = {"level": Prior("normal", (0.0, 1.0))}

    def runs_of(**given: Any) -> Any:
        asked = {
            "z": np.zeros((2, 1)),
            "seeds": np.array([1, 2]),
            "priors": priors,
            "model": plain,
            "workers": 1,
        } | given
        return bank.run_bank(**asked)

    yield Door(group, "run_bank(z)", lambda value: runs_of(z=value), nobody)
    yield Door(group, "run_bank(seeds)", lambda value: runs_of(seeds=value), nobody)
    yield Door(group, "run_bank(priors)", lambda value: runs_of(priors=value))
    yield Door(group, "run_bank(model)", partial(unless, callable, lambda value: runs_of(model=value)), callable)
    yield Door(group, "run_bank(workers)", lambda value: runs_of(workers=value), among(None))
    yield Door(
        group,
        "run_bank(kept)",
        lambda value: partial(unless, lambda value: isinstance(value, (str, Path)), lambda value: runs_of(kept=value))(
            value
        ),
        lambda value: value is None or isinstance(value, (str, Path)),
    )
    yield Door(group, "Bank.load", bank.Bank.load)
    calibrated = {
        "priors": priors,
        "model": plain,
        "held": (),
        "partitions": None,
        "first": 1,
        "later": (),
        "seed": 1,
        "workers": 1,
    }
    for name in ("priors", "model", "held", "partitions", "first", "later", "seed"):
        right = {
            "partitions": among(None),
            "model": callable,  # what a user's own function does is not ours
            "held": held(nobody),
            "later": held(whole(1, MOST_PAIRS)),
            "first": whole(1, MOST_PAIRS),
            "seed": whole(0, 2**63 - 1),
        }.get(name, nobody)
        call = lambda value, name=name: sequential.calibrate(**{**calibrated, name: value})
        yield Door(group, f"calibrate({name})", partial(unless, right, call), right)
    for name in ("table", "resolve"):
        yield Door(
            group,
            f"evidence.{name}",
            getattr(ss.evidence, name),
            nobody,
            ({"table": "countries", "resolve": "Q031"}[name],),
        )
    spread = lambda value: held(number(-1e308, 1e308))(value) and len(value) == 2 and value[1] > 0.0
    yield Door(group, "Prior(kind)", lambda value: Prior(value, (0.0, 1.0)), nobody, ("normal",))
    yield Door(group, "Prior(arguments)", lambda value: Prior("normal", value), spread, ((0.0, 1.0),))
    yield Door(group, "Prior(argument)", lambda value: Prior("normal", (value, 1.0)), number(-1e308, 1e308))
    yield Door(
        group,
        "Prior(low)",
        lambda value: Prior("normal", (0.0, 1.0), value),
        lambda value: value is None or number(-math.inf, 1e308)(value),
    )
    yield Door(group, "Prior.parse", Prior.parse, among("", " "), ("normal(0, 1)", "fixed"))
    yield Door(
        group,
        "prior.quantile",
        priors["level"].quantile,
        lambda value: number(1e-300, 0.9999999)(value),
        (0.5, np.array([0.1, 0.9])),
    )
