"""Whether every lesson is true of the model: its claims on paired runs, its goal, its length and its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from supplysim.experiment.compare import compare
from supplysim.lessons.extras import with_extras
from supplysim.lessons.lesson import Lesson
from supplysim.lessons.results import Found, Results
from supplysim.lessons.runs import PAIRS, SEED, Runs, met, reached, results, run, world_of
from supplysim.policies import Package
from supplysim.policies.text import parse as parse_policy
from supplysim.report.formatting import written

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

SCREENING_PAIRS = 16
HARDEST_GRADE = 9.0  # Flesch-Kincaid; a reader of 17 has eleven years of school


@dataclass(frozen=True)
class Check:
    """One thing a lesson says of itself or of the model: what, what was found, whether that holds."""

    lesson: str
    what: str
    found: str
    passed: bool


def check_lessons(
    lessons: Iterable[Lesson],
    pairs: int = PAIRS,
    seed: int = SEED,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
) -> tuple[list[Check], dict[str, Results]]:
    """Run every lesson's claims; return the checks and what was measured, by lesson."""
    lessons = list(lessons)
    everything = run(lessons, pairs, seed, workers, progress)
    measured = {lesson.id: results(lesson, everything[lesson.id]) for lesson in lessons}
    return [check for lesson in lessons for check in judge(lesson, measured[lesson.id])], measured


def judge(lesson: Lesson, results: Results) -> list[Check]:
    """Return the checks of one lesson on what was measured: claims, goal, words."""
    return [*_claims(lesson, results), *_goal(lesson, results), *words(lesson)]


def _claims(lesson: Lesson, results: Results) -> Iterable[Check]:
    for it in lesson.document.findings:
        found = results.found[it.key]
        text = f"{written(found.value, it.form)} ({written(found.low, it.form)} to {written(found.high, it.form)})"
        if it.expect is not None:
            verdict = found.verdict(it.bound)
            wanted = f"{it.expect} {written(it.bound, it.form)}" if it.bound else it.expect
            yield Check(lesson.id, f"{it.text} [{wanted}]", text, verdict == it.expect)


def _goal(lesson: Lesson, results: Results) -> Iterable[Check]:
    d = lesson.document.try_
    for name in ("nothing", "solution"):
        found = [results.found[f"{name}.{i}"] for i in range(len(d.goal))]
        reach = all(met(goal, it) for goal, it in zip(d.goal, found, strict=True))
        text = "; ".join(written(it.value, goal.form) for goal, it in zip(d.goal, found, strict=True))
        if name == "nothing":
            yield Check(lesson.id, "the goal is not met by doing nothing", text, not reach)
        else:
            yield Check(lesson.id, f"the goal is met by {d.solution}", text, reach)
    yield allowed(lesson)


def allowed(lesson: Lesson) -> Check:
    """Return whether the solution takes only the levers, levels and moves that a learner has."""
    d = lesson.document.try_
    terms = d.solution.split("+")
    pairs = [term.partition("=") for term in terms]
    fits = all(lever in d.levers and float(level or 1.0) in d.levels for lever, _, level in pairs)
    return Check(lesson.id, "the solution keeps to the rules", f"{len(terms)} moves", fits and len(terms) <= d.moves)


def words(lesson: Lesson) -> list[Check]:
    """Return whether a lesson can be read aloud in its minutes, and in plain words."""
    aloud, minutes, grade = lesson.minutes_aloud, lesson.document.minutes, lesson.grade
    return [
        Check(lesson.id, f"read aloud in under {minutes} minutes", f"{aloud:.1f} minutes", aloud < minutes),
        Check(lesson.id, f"reading grade at most {HARDEST_GRADE:g}", f"{grade:.1f}", grade <= HARDEST_GRADE),
    ]


# --- solving ------------------------------------------------------------------------------------------------


def solve(
    lesson: Lesson, pairs: int = SCREENING_PAIRS, seed: int = SEED, workers: int | None = None
) -> list[tuple[str, list[Found]]]:
    """Return packages that meet a lesson's goal, with its numbers: those of the fewest moves found first.

    For 1, 2, ... levers, all at the strongest level are run first, then at the next, then at mixed ones.
    """
    d = lesson.document.try_
    scenario, parameters = world_of(lesson)
    for size in range(1, d.moves + 1):
        even = [(level,) * size for level in sorted(d.levels, reverse=True)]
        mixed = [levels for levels in product(d.levels, repeat=size) if len(set(levels)) > 1]
        for strengths in (*([levels] for levels in even), mixed):
            texts = [
                "+".join(name if x == 1.0 else f"{name}={x:g}" for name, x in zip(chosen, levels, strict=True))
                for chosen in combinations(d.levers, size)
                for levels in strengths
            ]
            if not texts:
                continue
            found = tried(lesson, texts, scenario, parameters, pairs, seed, workers)
            solutions = [(text, it) for text, it in found.items() if all(map(met, d.goal, it))]
            if solutions:
                return solutions
    return []


def tried(
    lesson: Lesson,
    packages: Sequence[str],
    scenario: Scenario,
    parameters: str,
    pairs: int = SCREENING_PAIRS,
    seed: int = SEED,
    workers: int | None = None,
) -> dict[str, list[Found]]:
    """Return the numbers of a lesson's goal for some packages; those that cannot be read are refused first."""
    whole = [Package(text, parse_policy(text, scenario).policies) for text in packages]
    comparison = with_extras(
        compare(scenario, whole, pairs, seed=seed, parameters=parameters, replicates=0, workers=workers, quarters=True)
    )
    runs = Runs({"": comparison}, {arm.name: arm.policy for arm in lesson.document.arms})
    return {
        text: [reached(f"goal.{i}", goal, text, runs) for i, goal in enumerate(lesson.document.try_.goal)]
        for text in packages
    }
