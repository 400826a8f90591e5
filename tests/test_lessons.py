"""The lessons: what their files must say, that nothing shows before a prediction, and that what they say is true."""

import shutil
from dataclasses import asdict, fields

import numpy as np
import pytest

from supplysim.cli import main
from supplysim.errors import InputError
from supplysim.language import LANGUAGES, speaking
from supplysim.lessons import Attempt, Found, NotYet, Opening, Prediction, lesson, lessons, prose, results, runs
from supplysim.lessons import checks as analysis
from supplysim.lessons.expression import parse
from supplysim.lessons.lesson import judged
from supplysim.lessons.library import folder, load
from supplysim.lessons.results import stored, values, write, written
from supplysim.lessons.schema import FACTS, MOST_MINUTES, Option

ALL = list(lessons().values())
EACH = pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.id)


def found(value, low=None, high=None, key="it"):
    return Found(key, value, value if low is None else low, value if high is None else high, value, value, 64, 0)


# --- the files ----------------------------------------------------------------------------------------------


def test_there_are_thirteen_lessons_and_a_capstone_in_order():
    assert [lesson.document.number for lesson in ALL] == list(range(1, 15))
    assert ALL[-1].document.level == 3


def test_the_lessons_cover_the_facts_that_were_planned():
    covered = {fact for lesson in ALL for fact in lesson.document.tests}
    assert {"F1", "F5", "F6", "F7", "F8", "F9", "F11", "F12", "F14", "F15"} <= covered <= set(FACTS)


@EACH
def test_a_lesson_can_be_read_aloud_in_its_minutes_in_plain_words(lesson):
    assert all(check.passed for check in analysis.words(lesson))
    assert sum(lesson.document.teacher.timing) <= lesson.document.minutes <= MOST_MINUTES


@EACH
def test_the_solution_keeps_to_the_rules_a_learner_has(lesson):
    assert analysis.allowed(lesson).passed


@EACH
def test_every_claim_holds_in_the_stored_numbers_or_says_mixed(lesson):
    failed = [check for check in analysis.judge(lesson, results()[lesson.id]) if not check.passed]
    assert not failed


@EACH
def test_stored_numbers_come_from_64_pairs_and_fill_every_place_in_the_text(lesson):
    numbers = results()[lesson.id]
    assert {it.pairs for key, it in numbers.found.items()} <= {64, 63, 62}
    after = lesson.after(lesson.opening.predict(0, 50), numbers)
    assert "{{" not in after.explain + after.remember + "".join(after.notice)
    assert [
        point for point in numbers.series if point.measure == "delivered"
    ] or "delivered" not in lesson.document.run.measures


@EACH
def test_no_lesson_names_a_person_gives_a_forecast_or_helps_to_avoid_a_check(lesson):
    text = (lesson.spoken() + lesson.prose["Misread"]).lower()
    for word in ("we forecast", "will be smuggled", "to avoid detection", "how to smuggle", "undetected"):
        assert word not in text


GOOD_TOML = (folder() / "03-squeeze-one-port.toml").read_text("utf-8")
GOOD_TEXT = (folder() / "03-squeeze-one-port.md").read_text("utf-8")
WRONG = {
    "an unknown key": (
        'title = "Squeeze',
        'titel = "x"\ntitle = "Squeeze',
        "titel: there is no such key; did you mean 'title'?",
    ),
    "a missing key": ("level = 1\n", "", "level: is missing; add it"),
    "too many minutes": ("minutes = 12", "minutes = 40", "minutes = 40, but it should be less than or equal to 15"),
    "an unknown arm": (
        'arm = "closed"',
        'arm = "close"',
        "run.arm = close, but nothing has that name; did you mean 'closed'?",
    ),
    "an unknown measure": (
        '"closed.delivered - baseline.delivered"',
        '"closed.deliverd - baseline.delivered"',
        "there is no such measure",
    ),
    "an expression that is code": (
        '"closed.delivered - baseline.delivered"',
        '"__import__(1)"',
        "cannot be read; write arm.measure",
    ),
    "a lever that does not exist": ('"close_country", "border"]', '"close_contry"]', "setup.levers[0] = close_contry"),
    "a policy that cannot be read": ('policy = "close_country:SG"', 'policy = "close_country:XX"', "knows no 'XX'"),
    "a finding nobody measured": ('finding = "moved"', 'finding = "mooved"', "predict.finding = mooved"),
    "options in disorder": ("below = 0.1 }", "below = 0.6 }", "each larger than the one before"),
    "parts longer than the lesson": (
        "timing = [2, 2, 3, 3, 2]",
        "timing = [5, 5, 5, 5, 5]",
        "the parts take 25 minutes",
    ),
    "a goal without a bound": ("at_most = 100e6\n", "", "needs either at_most or at_least"),
    "a twist that changes nothing": (
        'rules = { decision = "habit" }\n',
        "",
        "twist: changes nothing; name a scenario or rules",
    ),
    "a twist in no known world": (
        'rules = { decision = "habit" }',
        'scenario = "no-such-world"',
        "twist.scenario = no-such-world",
    ),
    "a fact that is none": ('tests = ["F5"]', 'tests = ["F99"]', "tests[0] = F99"),
    "no TOML": ('id = "', 'id = ["', "is not valid TOML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_refused_in_one_line(case, tmp_path):
    old, new, message = WRONG[case]
    assert old in GOOD_TOML
    (tmp_path / "a.toml").write_text(GOOD_TOML.replace(old, new, 1))
    (tmp_path / "a.md").write_text(GOOD_TEXT)
    with pytest.raises(InputError) as caught:
        load(tmp_path / "a.toml")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("lessons/a.toml")


def test_the_question_of_a_lesson_is_about_its_own_world(tmp_path):
    other = GOOD_TOML.replace("[[arms]]", '[worlds.other]\nrules = { decision = "habit" }\n\n[[arms]]', 1)
    asked = 'over = "baseline.touched:SG"'
    assert asked in other
    (tmp_path / "a.toml").write_text(other.replace(asked, 'over = "baseline[other].touched:SG"', 1))
    (tmp_path / "a.md").write_text(GOOD_TEXT)
    with pytest.raises(InputError, match="predict.finding = moved, but the twist asks it in another world"):
        load(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("## Explain", "## Why", "## Why"),
        ("## Remember", "## Before", "it stands there twice"),
        ("{{fall}}", "{{fal}}", "did you mean 'fall'?"),
        (
            "Here is a thought experiment.",
            "It falls by {{fall}}.",
            "a number of the model stands before the prediction",
        ),
    ],
)
def test_wrong_prose_is_refused_in_one_line(old, new, message, tmp_path):
    (tmp_path / "a.toml").write_text(GOOD_TOML)
    (tmp_path / "a.md").write_text(GOOD_TEXT.replace(old, new, 1))
    with pytest.raises(InputError, match="lessons/a") as caught:
        load(tmp_path / "a.toml")
    assert message in str(caught.value)


def test_a_lesson_without_its_markdown_is_refused(tmp_path):
    (tmp_path / "a.toml").write_text(GOOD_TOML)
    with pytest.raises(InputError, match=r"a\.md"):
        load(tmp_path / "a.toml")


# --- nothing before a prediction ----------------------------------------------------------------------------


@EACH
def test_the_opening_holds_no_result_no_answer_and_no_explanation(lesson):
    texts = " ".join(map(str, asdict(lesson.opening).values()))
    assert lesson.prose["Explain"] not in texts
    assert lesson.document.try_.solution not in texts or lesson.document.try_.solution in lesson.document.setup.levers
    assert "below" not in {field.name for field in fields(Opening)}
    for text in values(results()[lesson.id].found, lesson.forms).values():
        assert len(text) < 5 or text not in texts


def test_nothing_is_shown_before_a_prediction_is_locked():
    it = lesson("squeeze-one-port")
    attempt = Attempt(it.opening)
    with pytest.raises(NotYet):
        attempt.after(it, results()[it.id])
    for step in ("run", "notice", "explain", "try", "check"):
        with pytest.raises(NotYet):
            attempt.go(step)
    with pytest.raises(InputError):
        it.after(None, results()[it.id])


def test_a_locked_prediction_cannot_be_changed():
    it = lesson("squeeze-one-port")
    attempt = Attempt(it.opening).lock(0, 70)
    assert attempt.lock(1, 90).prediction == Prediction(it.id, 0, 70)
    assert attempt.step == "run"
    assert attempt.go("predict").go("check").step == "check"


def test_a_prediction_of_another_lesson_opens_nothing():
    other = lesson("how-big-is-it").opening.predict(0, 50)
    with pytest.raises(InputError, match="predict here first"):
        lesson("squeeze-one-port").after(other, results()["squeeze-one-port"])


@pytest.mark.parametrize(("option", "confidence"), [(9, 50), (-1, 50), (0, 51)])
def test_a_prediction_is_one_of_those_on_offer(option, confidence):
    with pytest.raises(InputError):
        lesson("squeeze-one-port").opening.predict(option, confidence)


def test_the_learning_record_is_plain_and_keeps_what_was_done():
    attempt = Attempt(lesson("how-big-is-it").opening).lock(2, 90).tried("border").answered(0, "a range")
    record = attempt.record()
    assert record["confidence"] == 90
    assert record["moves"] == ["border"]
    assert record["answers"] == {"0": "a range"}


def test_an_answer_is_best_open_or_wrong_by_the_interval():
    options = [Option(text="less", below=-0.1), Option(text="same", below=0.1), Option(text="more")]
    assert [it.verdict for it in judged(options, found(0.05, -0.05, 0.2))] == ["wrong", "best", "open"]
    assert [it.verdict for it in judged(options, found(-0.5, -0.6, -0.4))] == ["best", "wrong", "wrong"]


# --- numbers ------------------------------------------------------------------------------------------------


def test_an_expression_is_a_weighted_sum_over_arms_worlds_and_years():
    read = parse("2 * a.delivered@2026 - baseline[other].route_share:SG", "here")
    assert read.terms[0] == (2.0, "a", "", "delivered", "2026")
    assert read.terms[1] == (-1.0, "baseline", "other", "route_share:SG", "")
    assert read.values(lambda term: np.array([1.0, 3.0])).tolist() == [1.0, 3.0]


def test_a_ratio_of_means_has_an_interval_by_linearisation():
    over = np.array([1.0, 2.0, 3.0, 4.0])
    exact = runs.number("it", 2.0 * over, over)
    assert exact.value == exact.low == exact.high == 2.0
    loose = runs.number("it", np.array([-1.0, -1.5, -0.5, -1.0]), np.ones(4))
    assert loose.value == -1.0
    assert loose.low < -1.0 < loose.high < 0.0
    assert loose.pairs_below == 4


def test_a_quantile_has_the_interval_of_order_statistics():
    value, low, high = runs.quantile_interval(np.arange(64.0), 0.5)
    assert value == 31.5
    assert 22 <= low < 31.5 < high <= 41


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (-0.214, "percent", "−21 %"), (0.034, "percent", "+3.4 %"), (0.0, "percent", "0.0 %"), (0.5, "share", "50 %"),
        (141832.0, "count", "142,000"), (-38.2, "count", "−38"), (2.4e7, "dollars", "$24 million"),
        (-1.2e9, "dollars", "−$1.2 billion"), (4.7, "ratio", "4.70"), (float("nan"), "count", "unknown"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_a_lesson_says_them(number, form, text):
    assert written(number, form) == text


def test_results_come_back_from_their_files_as_they_were(tmp_path):
    it = results()["squeeze-one-port"]
    write(tmp_path, "made by a test", {"squeeze-one-port": it})
    again = stored(tmp_path)["squeeze-one-port"]
    assert again == it


def test_missing_results_say_how_to_make_them(tmp_path):
    with pytest.raises(InputError, match="validate --lessons --write"):
        stored(tmp_path)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat. The dog ran.", -3.0, 1.0),
        (
            "Organisational interdependencies necessitate comprehensive international coordination mechanisms.",
            20.0,
            50.0,
        ),
    ],
)
def test_the_reading_grade_tells_plain_from_heavy(text, low, high):
    assert low < prose.grade(text) < high


@pytest.mark.parametrize(
    ("word", "count"),
    [("chip", 1), ("opened", 2), ("deliveries", 4), ("licence", 2), ("table", 2), ("cases", 2), ("2025", 1)],
)
def test_syllables_are_counted_as_spoken(word, count):
    assert prose.syllables(word) == count


# --- on the command line ------------------------------------------------------------------------------------


def test_the_lessons_are_listed_in_order(capsys):
    assert main(["list", "lessons"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("how-a-chip-moves")
    assert len(lines) == 14


def test_show_asks_first_and_tells_after_an_answer(capsys):
    assert main(["show", "squeeze-one-port"]) == 0
    before = capsys.readouterr().out
    assert "supplysim lesson squeeze-one-port" in before
    assert "ledger" not in before
    assert main(["lesson", "squeeze-one-port", "--choose", "1", "--predict", "70"]) == 0
    assert "the model" in capsys.readouterr().out


def test_show_refuses_an_answer_that_is_not_there(capsys):
    assert main(["lesson", "squeeze-one-port", "--choose", "9", "--predict", "70"]) == 2
    assert "the answers are 1 to 4" in capsys.readouterr().err


# --- the model ----------------------------------------------------------------------------------------------


def test_a_lesson_runs_on_the_model_and_its_ledger_closes():
    it = lesson("squeeze-one-port")
    runs = analysis.run([it], pairs=2, workers=1)[it.id]
    measured = analysis.results(it, runs)
    parts = sum(measured.ledger[name].value for name in ("substituted", "intercepted", "blocked", "delayed"))
    assert parts == pytest.approx(measured.ledger["prevented"].value)
    assert measured.found["nothing.0"].value == 0.0
    quarters = [point for point in measured.series if point.line == "difference" and point.quarter < "2025"]
    assert len(quarters) == 4
    assert all(point.p05 == point.p95 == 0.0 for point in quarters)
    year = runs.worlds[""].values("baseline", "delivered", "2025").mean()
    in_quarters = sum(runs.worlds[""].values("baseline", f"delivered:q{q}", "2025") for q in range(1, 5)).mean()
    assert in_quarters == year


@pytest.mark.slow
def test_every_lesson_is_true_of_the_model_on_64_pairs():
    checks, _ = analysis.check_lessons(ALL)
    failed = [check for check in checks if not check.passed]
    assert failed == []


@pytest.mark.parametrize(
    ("falls", "solutions"),
    [
        ({"border": -0.3}, ["border"]),  # one move is enough, at full strength
        ({"close_country:SG": -0.1, "border": -0.12}, ["close_country:SG+border"]),
        ({}, []),
    ],
)
def test_the_solver_finds_the_fewest_moves_that_reach_the_goal(falls, solutions, monkeypatch):
    def tried(lesson, packages, *_):
        def fall(text):
            return sum(falls.get(term, 0.0) for term in text.split("+"))

        return {text: [found(fall(text)), found(0.0)] for text in packages}

    monkeypatch.setattr(analysis, "tried", tried)
    assert [text for text, _ in analysis.solve(lesson("squeeze-one-port"))] == solutions


@pytest.mark.parametrize(("passed", "status"), [(True, 0), (False, 1)])
def test_validate_ends_with_1_if_a_lesson_says_what_the_model_does_not_show(passed, status, monkeypatch, capsys):
    check = analysis.Check("squeeze-one-port", "Deliveries fall [below]", "−11 %", passed)
    monkeypatch.setattr(analysis, "check_lessons", lambda *_: ([check], {}))
    assert main(["validate", "--lessons"]) == status
    assert ("1 of 1" if passed else "0 of 1") in capsys.readouterr().out


# --- handouts and role play ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_handouts_in_the_documentation_are_those_of_the_lessons(code):
    from docs.writers.handouts import pages, with_index

    teaching = folder().parents[1] / "docs" / "teaching"
    there = teaching / "handouts" if code == "en" else teaching / code / "handouts"
    if not there.is_dir():
        pytest.skip("installed without the documentation, or not written in this language")
    with speaking(code):
        made = pages()
    assert {path.name for path in there.glob("*.html")} == set(made)
    stale = [name for name, html in made.items() if (there / name).read_text("utf-8") != html]
    assert not stale, f"run python -m docs.writers.handouts {there} --language {code}"
    front = (there.parent / "README.md").read_text("utf-8")
    with speaking(code):
        assert with_index(front) == front


@EACH
def test_a_handout_asks_before_it_tells(lesson):
    from docs.writers.handouts import student

    first, _, second = student(lesson, results()[lesson.id]).partition("</section>")
    assert "Stop here" in first
    assert "What the model" not in first
    assert "svg" not in first
    assert "svg" in second


def test_the_teams_choices_become_one_package():
    from supplysim.lessons.roles import merged

    package = merged(
        {
            "agency": "whistleblower=0.5+penalties",
            "singapore": "http://127.0.0.1:8765/?p=border:SG=0.5&v=1",
            "malaysia": "border:MY",
            "journalist": "",
        }
    )
    assert package.name == "border:MY+border:SG=0.5+penalties+whistleblower=0.5"


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"singapore": "border:MY"}, "does not move that"),
        ({"agency": "penalties+intelligence+whistleblower"}, "choose at most 2"),
        ({"agency": "penalties=0.7"}, "that strength is not on offer"),
        ({"journalist": "border:SG"}, "does not move that"),
        ({"smuggler": ""}, "there is no such role"),
    ],
)
def test_a_team_moves_only_what_is_its_own(choices, message):
    from supplysim.lessons.roles import merged

    with pytest.raises(InputError, match=message):
        merged(choices)


def test_a_round_of_the_role_play_briefs_every_team_and_debriefs_from_the_ledger():
    from supplysim.lessons.roleplay import briefing, debrief, play
    from supplysim.lessons.roles import role_play

    comparison = play({"round1": {"singapore": "border:SG", "agency": "penalties"}}, pairs=2, workers=1)
    for role in role_play().roles:
        assert len(briefing(comparison, "round1", role)) == len(role.sees)
    assert any("seizures in the news" in line for line in debrief(comparison))


# --- the notebook -------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("python3") is None, reason="no Python")
def test_the_notebook_runs_from_top_to_bottom(monkeypatch):
    import json

    import matplotlib

    matplotlib.use("Agg")
    path = folder().parents[1] / "docs" / "notebooks" / "first-steps.ipynb"
    if not path.exists():
        pytest.skip("installed without the documentation")
    monkeypatch.setenv("SUPPLYSIM_NOTEBOOK_PAIRS", "2")
    space = {"__name__": "notebook"}
    for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), space)
    assert space["effects"].pairs == 2
