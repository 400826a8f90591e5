"""The keys of a lesson file, their types and ranges, and how a breach reads in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from supplysim.errors import InputError, nearest
from supplysim.setup.schema import REMEDIES, key_path

GRAPHS = Literal["fan", "effect", "map", "sankey", "ledger", "funnel", "price", "sellers", "honest", "record", "costs"]
FACTS = tuple(f"F{number}" for number in range(1, 17))  # MODEL section 12
LEAST_MINUTES, MOST_MINUTES = 8, 15

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Prose = Annotated[str, Field(min_length=1, max_length=700)]


class Section(BaseModel):
    """A table of a lesson file: no unknown key, no silent conversion, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Setup(Section):
    """[setup]: the world of the lesson, and what is on screen."""

    scenario: str = "baseline-2024"
    parameters: Literal["central", "prior"] = "prior"
    levers: list[str] = []
    graphs: list[GRAPHS] = ["fan", "effect"]
    record: Literal["truth", "public"] = "truth"


class World(Section):
    """[worlds.name]: a second world in which the same arms run."""

    scenario: str = "baseline-2024"
    parameters: Literal["central", "prior"] = "prior"
    rules: dict[str, Any] = {}
    arms: list[Key] | None = None


class Arm(Section):
    """[[arms]]: policies that are compared with the world as it stands; `named` is its title from Explain on."""

    name: Key
    title: Prose
    named: Prose | None = None
    policy: Prose


class Finding(Section):
    """[[findings]]: a number that the lesson quotes, and what it claims about it."""

    key: Key
    text: Prose
    of: Prose
    over: Prose | None = None
    statistic: Literal["mean", "p05", "median", "p95"] = "mean"
    form: Literal["count", "share", "percent", "dollars", "ratio", "number"] = "count"
    expect: Literal["below", "above", "mixed"] | None = None
    bound: float = 0.0


class Option(Section):
    """An answer to choose: it is right when the finding lies under `below` and not under an earlier option's."""

    text: Prose
    below: float | None = None


class Predict(Section):
    """[predict]: the question before anything is shown."""

    question: Prose
    finding: Key
    options: Annotated[list[Option], Field(min_length=2, max_length=5)]


class Run(Section):
    """[run]: which arm is shown against the world as it stands, and the measures drawn by quarter."""

    arm: Key
    measures: list[str] = ["delivered"]
    ledger: bool = True


class Goal(Section):
    """[[try.goal]]: a condition on the learner's own package, the arm ``yours``."""

    text: Prose
    of: Prose
    over: Prose | None = None
    form: Literal["count", "share", "percent", "dollars", "ratio", "number"] = "count"
    at_most: float | None = None
    at_least: float | None = None


class Try(Section):
    """[try]: a goal to reach with some levers in a few moves."""

    task: Prose
    levers: Annotated[list[str], Field(min_length=1)]
    levels: Annotated[list[float], Field(min_length=1)] = [0.5, 1.0]
    moves: Annotated[int, Field(ge=1, le=6)]
    goal: Annotated[list[Goal], Field(min_length=1)]
    hint: Prose
    solution: Prose
    rules: list[str] = []


class Twist(Section):
    """[twist]: the question of the beginning once more, in the same world but for one assumption; `told` after it."""

    text: Prose
    told: Prose
    scenario: str | None = None
    rules: dict[str, Any] = {}


class Question(Section):
    """[[check]]: a question at the end: to choose from (with `finding` and `options`) or to answer in words."""

    question: Prose
    rubric: Annotated[list[Prose], Field(min_length=1)]
    finding: Key | None = None
    options: list[Option] = []


class Teacher(Section):
    """[teacher]: how the minutes divide over predict, run and notice, explain, try, check; sources."""

    timing: Annotated[list[int], Field(min_length=5, max_length=5)]
    sources: list[str] = []


class Document(Section):
    """A lesson file; expressions, names and prose are checked against the model later."""

    id: Id
    number: Annotated[int, Field(ge=1, le=14)]
    title: Annotated[str, Field(min_length=1, max_length=70)]
    minutes: Annotated[int, Field(ge=LEAST_MINUTES, le=MOST_MINUTES)]
    level: Annotated[int, Field(ge=1, le=3)]
    tests: list[str] = []
    needs: list[Id] = []
    objective: Prose
    setup: Setup = Setup()
    worlds: dict[str, World] = {}
    arms: Annotated[list[Arm], Field(min_length=1)]
    findings: Annotated[list[Finding], Field(min_length=1)]
    predict: Predict
    run: Run
    notice: Annotated[list[Prose], Field(min_length=1, max_length=4)]
    caution: Prose
    try_: Try = Field(alias="try")
    twist: Twist
    check: Annotated[list[Question], Field(min_length=1, max_length=4)]
    teacher: Teacher


def check(raw: Mapping[str, Any], place: str) -> Document:
    """Return the checked document of a lesson file as tomllib reads it.

    Raises
    ------
    InputError
        For the first breach of the schema, in one line.
    """
    try:
        return Document.model_validate(raw)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
    at = f"{place}: {key_path(detail['loc'])}"
    if detail["type"] == "extra_forbidden":
        return _refuse(at, None, "there is no such key", nearest(str(detail["loc"][-1]), _keys(detail["loc"][:-1])))
    if detail["type"] == "missing":
        return _refuse(at, None, "is missing", "add it")
    rule = detail["msg"].replace("Input should", "it should").replace("String", "it").replace("Value", "it")
    return _refuse(at, detail["input"], rule, REMEDIES.get(detail["type"], "choose a value that is"))


def _refuse(place: str, value: Any, rule: str, remedy: str) -> Document:
    raise InputError(place, value, rule, remedy)


def _keys(loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table at a path may have."""
    table: type[BaseModel] = Document
    for step in (step for step in loc if isinstance(step, str)):
        field = next((field for name, field in table.model_fields.items() if step in (name, field.alias)), None)
        if field is None:  # the name of a world
            continue
        table = _section_of(field.annotation) or table
    return [field.alias or name for name, field in table.model_fields.items()]


def _section_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((found for found in map(_section_of, get_args(annotation)) if found is not None), None)
