"""What the model shows in a lesson: its runs, the numbers it quotes with their intervals, its graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim import arguments
from supplysim.experiment.compare import compare
from supplysim.experiment.ledger import ENTRIES
from supplysim.experiment.statistics import CONFIDENCE, mean_error, student_t
from supplysim.lessons.expression import Term, parse
from supplysim.lessons.extras import QUARTERS, is_extra, with_extras
from supplysim.lessons.lesson import Lesson
from supplysim.lessons.names import BASELINE, YOURS
from supplysim.lessons.results import TWIST, Found, Point, Results
from supplysim.limits import MOST_PAIRS
from supplysim.policies import Package
from supplysim.policies.text import parse as parse_policy
from supplysim.setup import gate

if TYPE_CHECKING:
    from supplysim.experiment.comparison import Comparison
    from supplysim.lessons.schema import Goal
    from supplysim.setup.scenario import Scenario

PAIRS, SEED = 64, 7
NOTHING = ""  # the package of a learner who does nothing


# --- numbers of a lesson ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Runs:
    """The comparisons a lesson needs: one a world, and which policy text stands for which arm."""

    worlds: Mapping[str, Comparison]
    arms: Mapping[str, str]

    def values(self, term: Term) -> np.ndarray:
        """Return the values of a term, shape (pairs,)."""
        comparison = self.worlds[term.world]
        arm = self.arms.get(term.arm, term.arm)
        if arm == NOTHING:
            arm = BASELINE
        if term.quantity.startswith("ledger."):
            if arm == BASELINE:
                return np.zeros(comparison.pairs)
            return np.array([getattr(it, term.quantity.removeprefix("ledger.")) for it in comparison.ledgers[arm]])
        values = comparison.values(arm, term.quantity, term.year or comparison.window)
        if term.quantity in comparison.measures and not term.year and is_extra(term.quantity):
            return values * len(comparison.policy_years)  # the window's mean of yearly sums
        return values

    def found(self, key: str, of: str, over: str | None, statistic: str = "mean", bound: float = 0.0) -> Found:
        """Return a number of a lesson over all pairs; see `number`."""
        top = parse(of, key).values(self.values)
        return number(key, top, None if over is None else parse(over, key).values(self.values), statistic, bound)


def number(key: str, of: np.ndarray, over: np.ndarray | None, statistic: str = "mean", bound: float = 0.0) -> Found:
    """Return a number over pairs with its 90 % interval.

    Parameters
    ----------
    of, over : ndarray, shape (pairs,)
        With `over` the number is a ratio of means, its error by linearisation: that of mean(of - ratio x over).
    statistic : {"mean", "p05", "median", "p95"}
        A quantile has the interval of order statistics (binomial).
    bound : float
        Pairs below it are counted.
    """
    known = np.isfinite(of) if over is None else np.isfinite(of) & np.isfinite(over)
    of = of[known]
    each = of if over is None else np.divide(of, over[known], out=np.full(of.size, np.nan), where=over[known] != 0.0)
    p05, p95 = np.nanquantile(each, [0.05, 0.95])
    if statistic == "mean":
        if over is None:
            value, error = of.mean(), mean_error(of)[0]
        else:
            value = of.mean() / over[known].mean()
            error = mean_error(of - value * over[known])[0] / abs(over[known].mean())
        half = student_t(of.size) * error if of.size > 1 else np.nan
        low, high = value - half, value + half
    else:
        value, low, high = quantile_interval(each, {"p05": 0.05, "median": 0.5, "p95": 0.95}[statistic])
    below = int((each < bound).sum())
    return Found(key, float(value), float(low), float(high), float(p05), float(p95), int(each.size), below)


def quantile_interval(values: np.ndarray, level: float) -> tuple[float, float, float]:
    """Return a quantile and the order statistics that hold it with 90 % confidence or more, if there are any."""
    from scipy.stats import binom

    ordered = np.sort(values)
    tail = (1.0 - CONFIDENCE) / 2.0
    low = int(binom.ppf(tail, ordered.size, level)) - 1
    high = int(binom.ppf(1.0 - tail, ordered.size, level))
    clip = ordered.size - 1
    return float(np.quantile(values, level)), float(ordered[max(low, 0)]), float(ordered[min(high, clip)])


# --- running ------------------------------------------------------------------------------------------------


def world_of(lesson: Lesson, name: str = "") -> tuple[Scenario, str]:
    """Return the scenario of one of a lesson's worlds, ``twist`` too, and where its parameters come from."""
    from supplysim.setup.scenario import Scenario

    if name == TWIST:
        return twisted(lesson)
    world = lesson.worlds[name]
    scenario = Scenario.load(world.scenario)
    rules = getattr(world, "rules", {})
    return (scenario.with_(rules=rules) if rules else scenario), world.parameters


def twisted(lesson: Lesson) -> tuple[Scenario, str]:
    """Return the world of a lesson's twist: its own but for one assumption."""
    from supplysim.setup.scenario import Scenario

    twist = lesson.document.twist
    scenario, parameters = world_of(lesson)
    if twist.scenario is not None:
        scenario = Scenario.load(twist.scenario)
    return scenario.with_(rules={**twist.rules}) if twist.rules else scenario, parameters


def asked(lesson: Lesson) -> list[str]:
    """Return the policies that the question of a lesson is about, as text."""
    finding = lesson.finding(lesson.document.predict.finding)
    terms = [term for text in (finding.of, finding.over) if text for term in parse(text, finding.key).terms]
    return [lesson.arms[arm].policy for arm in dict.fromkeys(term.arm for term in terms) if arm != BASELINE]


def needed(lesson: Lesson) -> dict[str, list[str]]:
    """Return world -> texts of the policies that run in it."""
    arms = [arm.policy for arm in lesson.document.arms]
    policies = {"": [*arms, lesson.document.try_.solution], TWIST: asked(lesson)}
    for name, world in lesson.document.worlds.items():
        policies[name] = arms if world.arms is None else [lesson.arms[arm].policy for arm in world.arms]
    return policies


def run(
    lessons: Iterable[Lesson],
    pairs: int = PAIRS,
    seed: int = SEED,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
) -> dict[str, Runs]:
    """Run all that some lessons need, each world once; return it by lesson."""
    lessons = arguments.items(lessons, "lessons", "write [lesson(id)]")
    pairs = gate.whole(pairs, "pairs", 1, MOST_PAIRS, "choose 64, say")
    for lesson in lessons:
        arguments.one_of(Lesson, lesson, "lessons", "give lesson(id)")
    asked: dict[tuple[str, str], dict[str, None]] = {}
    scenarios: dict[tuple[str, str], Scenario] = {}
    for lesson in lessons:
        for name, texts in needed(lesson).items():
            scenario, parameters = world_of(lesson, name)
            key = (scenario.hash(), parameters)
            scenarios[key] = scenario
            asked.setdefault(key, {}).update(dict.fromkeys(texts))
    done = {}
    for key, wanted in asked.items():
        packages = [Package(text, parse_policy(text, scenarios[key]).policies) for text in wanted]
        study = compare(
            scenarios[key],
            packages,
            pairs,
            seed=seed,
            parameters=key[1],
            replicates=0,
            workers=workers,
            progress=progress,
            quarters=True,
        )
        done[key] = with_extras(study)
    return {
        lesson.id: Runs(
            {name: done[world_of(lesson, name)[0].hash(), world_of(lesson, name)[1]] for name in needed(lesson)},
            {arm.name: arm.policy for arm in lesson.document.arms},
        )
        for lesson in lessons
    }


def results(lesson: Lesson, runs: Runs) -> Results:
    """Return what the model showed in a lesson: its findings, the ledger of its arm, the goal, the graphs."""
    d = lesson.document
    found = [runs.found(it.key, it.of, it.over, it.statistic, it.bound) for it in d.findings]
    if d.run.ledger:
        found += [runs.found(f"ledger.{entry}", f"{d.run.arm}.ledger.{entry}", None) for entry in ENTRIES]
    for name, package in (("nothing", NOTHING), ("solution", d.try_.solution)):
        found += [reached(f"{name}.{i}", goal, package, runs) for i, goal in enumerate(d.try_.goal)]
    if TWIST in runs.worlds:
        it = lesson.finding(d.predict.finding)
        found.append(Runs({"": runs.worlds[TWIST]}, runs.arms).found(TWIST, it.of, it.over, it.statistic, it.bound))
    return Results({it.key: it for it in found}, tuple(series(lesson, runs)))


def reached(key: str, goal: Goal, package: str, runs: Runs) -> Found:
    """Return the number of a goal's condition for a learner's package, which has run in the lesson's own world."""
    mine = Runs(runs.worlds, {**runs.arms, YOURS: package})
    bound = goal.at_most if goal.at_most is not None else goal.at_least
    return mine.found(key, goal.of, goal.over, bound=bound or 0.0)


def met(goal: Goal, found: Found) -> bool:
    """Whether a condition holds on average over the pairs."""
    return found.value <= goal.at_most if goal.at_most is not None else found.value >= (goal.at_least or 0.0)


def series(lesson: Lesson, runs: Runs) -> list[Point]:
    """Return the graphs: for every quarter, quantiles over pairs of baseline, policy and paired difference."""
    comparison, d = runs.worlds[""], lesson.document
    arm, points = runs.arms[d.run.arm], []
    for measure in d.run.measures:
        for year, quarter in product(comparison.years[1:], range(1, QUARTERS + 1)):
            sides = [comparison.values(name, f"{measure}:q{quarter}", str(year)) for name in (BASELINE, arm)]
            for line, values in (("baseline", sides[0]), ("policy", sides[1]), ("difference", sides[1] - sides[0])):
                marks = map(float, np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]))
                points.append(Point(line, measure, f"{year}-Q{quarter}", *marks))
    return points
