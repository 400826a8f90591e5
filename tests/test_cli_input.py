"""What is typed beside a verb: numbers with limits, parameters to set, names, settings of levers; and the defaults."""

import inspect
import json

import pytest
import typer.main

import supplysim as ss
from supplysim.cli import app
from supplysim.cli.names import named, world
from supplysim.errors import InputError
from supplysim.experiment.arms import arms_of
from supplysim.experiment.compare import ask as question
from supplysim.experiment.pairs import Pairing
from supplysim.experiment.runner import Archive
from supplysim.experiment.store import Store
from supplysim.lessons import lessons, results
from supplysim.limits import LIMITS
from supplysim.policies import levers
from supplysim.policies.text import parse
from supplysim.setup.scenario import Scenario

VERBS = typer.main.get_command(app).commands


def refuses(answer, *parts):
    status, output, errors = answer
    assert (status, output) == (2, "")
    assert errors.count("\n") == 1
    for part in parts:
        assert part in errors


# A verb's own numbers, and one too large for any machine.
NUMBERS = [
    (verb, option.opts[0])
    for verb, command in VERBS.items()
    for option in command.params
    if option.metavar in ("N", "SHARE") and option.opts[0] not in ("--answer", "--choose")
]
NEEDED = {"run": ["minimal"], "compare": ["minimal"]}


@pytest.mark.parametrize(("verb", "flag"), NUMBERS)
@pytest.mark.parametrize("value", [10**12, 2**200, -1])
def test_every_number_has_limits_and_says_why(ask, verb, flag, value):
    if flag == "--seed" and value == 10**12:
        return  # a seed may be as large as that
    refuses(ask(verb, *NEEDED.get(verb, []), flag, value), flag, " to ", "(", "choose a number inside that range")


def test_every_verb_with_numbers_is_tried():
    assert {flag for _, flag in NUMBERS} == {
        *("--seed", "--pairs", "--precision", "--replicates", "--workers", "--draws", "--port", "--target")
    }
    assert LIMITS["workers"].high >= 8


@pytest.mark.parametrize("wrong", [{"pairs": 10**12}, {"replicates": 10**9}, {"seed": 2**63}, {"precision": 0.0}])
def test_python_holds_the_same_limits(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        question("minimal", ["border"], **wrong)


@pytest.mark.parametrize("call", [ss.compare, ss.Engine, ss.attribute])
def test_defaults_are_the_same_in_python_and_on_the_command_line(call):
    verb = VERBS["run" if call is ss.Engine else "compare"]
    typed = {option.name: option.default for option in verb.params}
    python = {name: it.default for name, it in inspect.signature(call).parameters.items()}
    shared = {name for name in python.keys() & typed.keys() if python[name] is not inspect.Parameter.empty}
    assert shared >= {"seed"} | ({"pairs", "precision", "replicates", "parameters"} if call is ss.compare else set())
    nothing = {name for name in shared if python[name] == () and typed[name] is None}  # of what may be repeated
    assert {name: python[name] for name in shared - nothing} == {name: typed[name] for name in shared - nothing}


def test_a_parameter_that_is_set_changes_the_world_and_its_title():
    changed = world("minimal", ["fte=30", "market_scale=0.5"])
    assert changed.parameters["investigators"] == 30.0
    assert changed.population.market_scale == 0.5
    assert changed.title == "Sixty firms, two years, with fte = 30, market_scale = 0.5"
    assert "investigators" not in changed.uncertain()


def test_a_parameter_that_is_set_enters_the_key_of_kept_runs(tmp_path):
    shelves = {
        Archive(Pairing(world("minimal", settings), {}, 0, None), Store(tmp_path)).shelf.folder
        for settings in ([], ["fte=30"], ["fte=31"], ["investigators=30"])
    }
    assert len(shelves) == 3  # the symbol and the name are the same parameter


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("fet=20", "did you mean 'fte'?"),
        ("fte=-3", "its range is 0 to 2000"),
        ("fte=nan", "its range is 0 to 2000"),
        ("fte=many", "it is not a number"),
        ("fte", "it is not written name=number"),
        ("market_scale=0", "greater than or equal to 0.001"),
        ("enforcement_budget.grwth=2", "that is a lever and none of its settings"),
    ],
)
def test_a_wrong_parameter_is_refused_by_the_gate_of_scenario_files(ask, setting, part):
    refuses(ask("run", "minimal", "--set", setting), "--set", part)


def test_a_parameter_set_twice_is_refused_also_under_its_other_name(ask):
    refuses(ask("run", "minimal", "--set", "fte=2", "--set", "fte=3"), "it is set twice")
    refuses(ask("run", "minimal", "--set", "fte=2", "--set", "investigators=3"), "is another name of")


def test_names_go_to_policies_in_order_and_stand_in_the_answer(ask):
    packages = named(["border", "penalties+border=0.5"], ["tight [x]", "both"], Scenario.load("minimal"))
    assert list(arms_of(packages, Scenario.load("minimal"))) == ["tight [x]", "both"]
    words = ("-p", "border", "--name", "tight [x]", "--set", "fte=30", "--json")
    answer = json.loads(ask("run", "minimal", *words)[1])
    assert (answer["policies"], answer["set"]) == (["tight [x]"], {"fte": 30.0})


@pytest.mark.parametrize(
    ("names", "part"),
    [
        (["one"], "there are 1 names for 2 policies"),
        (["one", "one"], "two policies have that name"),
        (["one", "a\x1b[2J"], "control characters"),
        (["one", " "], "it is empty"),
        (["one", "=SUM(A1)"], "a formula"),
        (["one", "baseline"], "the world without a policy"),
        (["one", "x" * 61], "longer than 60"),
    ],
)
def test_names_that_cannot_stand_in_a_table_are_refused(ask, names, part):
    flags = [word for name in names for word in ("--name", name)]
    refuses(ask("compare", "minimal", "-p", "border", "-p", "penalties", *flags), "--name", part)


@pytest.mark.parametrize("lever", levers())
def test_settings_of_every_lever_are_read_and_printed_back(lever):
    kind = levers()[lever]
    scope = {"countries": ("SG",)} if kind.needs_scope else {}
    own = {name: it for name, it in kind.settings().items() if name != "intensity"}
    values = {name: it["low"] + (it["high"] - it["low"]) / 3 for name, it in own.items()}
    policy = kind(intensity=1 / 3, start="2025-02-03", end="2026-01", **values, **scope)
    assert parse(policy.label()).policies == (policy,)
    for name, it in own.items():
        with pytest.raises(InputError, match="outside its range; settings of"):
            parse(f"{lever}({name}={it['high'] + 1})")
    with pytest.raises(InputError, match="there is no such setting; settings of"):
        parse(f"{lever}(no_such=1)")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("enforcement_budget(growth=fast)", "it is not a number; settings of enforcement_budget: growth (0 to 20, m"),
        ("enforcement_budget(growth)", "a setting is written name=number"),
        ("enforcement_budget(growth=1,growth=2)", "stands there twice"),
        ("enforcement_budget(intensity=0.5)", "its strength is enforcement_budget=0.5"),
        ("enforcement_budget(growth=1", "cannot be read as a policy"),
        ("(growth=1)", "cannot be read as a policy"),
        ("border+chip-security-acts", "did you mean 'chip-security-act'?"),
    ],
)  # fmt: skip
def test_a_wrong_setting_or_name_is_refused_with_what_there_is(text, part):
    with pytest.raises(InputError) as refused:
        parse(text)
    assert part in str(refused.value)


def test_a_plus_inside_brackets_belongs_to_a_number():
    package = parse("enforcement_budget(growth=1e+1)=0.5@2025-01+border")
    assert [policy.label() for policy in package.policies] == ["enforcement_budget(growth=10)=0.5@2025-01-01", "border"]


def test_a_scenario_name_may_stand_in_a_package():
    whole = parse("chip-security-act").policies
    assert parse("border+chip-security-act").policies == (*parse("border").policies, *whole)


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb_fits_80_columns(ask, monkeypatch, verb):
    monkeypatch.setenv("COLUMNS", "80")
    status, output, _ = ask(verb, "--help")
    assert status == 0
    assert max(map(len, output.splitlines())) <= 80
    assert "…" not in output
    assert f"Example: supplysim {verb}" in output
    for option in VERBS[verb].params:
        assert option.param_type_name == "argument" or option.opts[0] in output


def test_a_lesson_takes_a_prediction_then_shows_and_scores_it(ask):
    name = "squeeze-one-port"
    lesson = lessons()[name]
    verdicts = lesson.after(lesson.opening.predict(0, 50), results()[name]).answers
    best = next(place for place, answer in enumerate(verdicts) if answer.verdict == "best") + 1
    seen = json.loads(ask("lesson", name, "--choose", best, "--predict", 90, "--json")[1])
    assert (seen["verdict"], seen["score"]) == ("best", pytest.approx(0.01))
    output = ask("lesson", name, "--choose", best, "--predict", 90)[1]
    assert "0.01 at 90 %" in output
    refuses(ask("lesson", name), "nobody is there to be asked", "--choose 1 --predict 70")
    refuses(ask("lesson", name, "--choose", 9, "--predict", 70), "the answers are 1 to")
    refuses(ask("lesson", name, "--choose", 1, "--predict", 71), "25 (a guess) or 50")


def test_list_parameters_shows_range_and_source_of_every_parameter(ask, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    shown = json.loads(ask("list", "parameters", "--json")[1])["parameters"]
    assert shown["investigators"].endswith("(20 FTE; 0 to 2000; P:E13, Q149)")
    assert "assumption" in shown["access"]
    assert len(ask("list", "parameters")[1].splitlines()) == len(shown)  # one line each, for grep
