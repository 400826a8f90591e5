"""The Learn and Present pages without a browser: nothing before a prediction or Reveal, and only what is allowed."""

from __future__ import annotations

import json
from concurrent.futures import Future

import pytest

from supplysim.language import PSEUDO, speaking
from supplysim.lessons import Attempt, NotYet, lesson, lessons, results
from supplysim.lessons.score import brier, calibration, in_words
from supplysim.report.formatting import written

pytest.importorskip("solara")

from supplysim.viz.visit import Visit
from supplysim.viz.votes import OUTCOMES, outcome, voted

from supplysim.lessons.checks import tried
from supplysim.lessons.runs import met, world_of
from supplysim.lessons.words import span, title_of
from tests.stand_in import Kept

ALL = pytest.mark.parametrize("name", list(lessons()))


class SlowPool(Kept):
    """A pool that answers only when told."""

    def call(self, function, *arguments):
        return Future()

    def answer(self, job, pairs):
        """Run the first pairs of a job here and say that they are its last."""
        job.done = [job.pairing((point, tuple(job.pairing.arms))) for point in job.world.points(pairs)]
        job.deliver(job, pairs)


@pytest.fixture
def visit():
    one = Visit(pool=SlowPool())
    yield one
    one.close()


def learn(visit, what, **more):
    visit.act({"do": "learn", "what": what, **more})
    return visit.view("learn")["learn"]["lesson"]


def giveaways(name):
    """Return texts that stand for what a lesson finds: raw numbers, and sentences of its explanation and rubrics."""
    mine, numbers = lesson(name), results()[name]
    raw = {f"{value:.6g}" for it in numbers.found.values() for value in (it.value, it.low, it.high)}
    shown = {written(it.value, mine.forms.get(key, "count")) for key, it in numbers.found.items()}
    opening = json.dumps(mine.opening.__dict__, default=str, ensure_ascii=False)
    told = [mine.prose["Explain"], mine.prose["Remember"], mine.document.try_.hint, mine.document.twist.text]
    told += [text for question in mine.document.check for text in (question.question, *question.rubric)]
    sentences = {text.strip()[:50].split("{{")[0] for text in told}
    numbers_only = {text for text in raw | shown if len(text.strip("+−-0.")) >= 4 and text not in opening}
    return numbers_only | {text for text in sentences if len(text) > 15}


@ALL
def test_before_a_prediction_a_lesson_holds_nothing_of_what_it_finds(visit, name):
    visit.show("learn", name)
    page = json.dumps(visit.view("learn"), ensure_ascii=False)
    assert lesson(name).document.predict.question in page
    assert len(giveaways(name)) > 10
    assert [text for text in giveaways(name) if text in page] == []


@ALL
@pytest.mark.parametrize(
    "message",
    [
        {"what": "go", "step": "explain"},
        {"what": "try", "levers": {"border": 1.0}},
        {"what": "again", "option": 0, "confidence": 50},
        {"what": "hint"},
        {"what": "answer", "question": 0, "text": "x"},
    ],
)
def test_no_message_gets_past_the_prediction(visit, name, message):
    visit.show("learn", name)
    seen = learn(visit, **message)
    assert "after" not in seen
    assert "predict first" in visit.notice


@ALL
def test_after_the_prediction_every_step_shows_what_it_should(visit, name):
    visit.show("learn", name)
    assert learn(visit, "lock", option=0, confidence=70)["step"] == "run"
    keys = {"run": "graphs", "notice": "notice", "explain": "explain", "try": "try", "twist": "twist", "check": "check"}
    for step, key in keys.items():
        seen = learn(visit, "go", step=step)["after"]
        assert seen[key]
        assert "solution" not in json.dumps(seen)
    assert len(visit.view("learn")["learn"]["record"]) == 1


def test_the_lesson_on_the_press_shows_the_public_record_first_and_names_its_policy_last(visit):
    visit.show("learn", "record-seizures")
    seen = learn(visit, "lock", option=0, confidence=50)["after"]
    assert {figure["id"] for figure in seen["graphs"]} == {"public_seized", "public_seized-change"}
    named = lesson("record-seizures").arms["mystery"].named
    for step in ("run", "predict", "notice"):
        page = json.dumps(learn(visit, "go", step=step), ensure_ascii=False)
        assert named not in page
        assert "remote_kyc" not in page
        assert ("asked" in page) is (step == "notice")
    assert learn(visit, "go", step="explain")["after"]["named"] == named


@ALL
def test_the_first_figure_at_run_is_what_was_asked_with_the_learners_guess_on_it(visit, name):
    visit.show("learn", name)
    seen = learn(visit, "lock", option=1, confidence=25)["after"]
    if lesson(name).document.setup.record == "public":
        seen = learn(visit, "go", step="notice")["after"]
    figure, asked = seen["graphs"][0], lesson(name).finding(lesson(name).document.predict.finding)
    found = results()[name].found[asked.key]
    assert figure["title"] == asked.text
    assert figure["value"] == written(found.value, asked.form)
    assert [row["mine"] for row in figure["rows"]].index(True) == 1
    best = next(row for row in figure["rows"] if row["verdict"] == "best")
    assert best["from"] <= figure["marks"]["value"] <= best["to"]
    marks = figure["marks"]
    assert 0.0 <= marks["low"] <= marks["value"] <= marks["high"] <= 100.0
    spans = [(row["from"], row["to"]) for row in figure["rows"]]
    assert all(end - start >= 2.0 for start, end in spans)  # every answer can be seen
    places = [place for place, _ in figure["ticks"]]
    assert all(b - a >= 13.0 for a, b in zip(places, places[1:], strict=False))
    assert spans[0][0] == 0.0
    assert spans[-1][1] == 100.0
    assert all(a[1] == b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_every_step_has_an_address_and_a_title_of_its_own(visit):
    visit.show("learn", "squeeze-one-port")
    assert visit.address("learn") == "/learn/squeeze-one-port"
    learn(visit, "lock", option=0, confidence=50)
    assert visit.address("learn") == "/learn/squeeze-one-port/run"
    learn(visit, "go", step="explain")
    assert visit.title("learn") == "Explain: Squeeze one port, watch the others · supplysim"
    visit.show("learn", "squeeze-one-port/run")  # the browser's Back
    assert visit.view("learn")["learn"]["lesson"]["step"] == "run"
    visit.show("learn")
    assert visit.view("learn")["learn"]["lesson"] is None


def test_an_address_of_a_step_opens_it_once_the_browser_gave_back_the_prediction(visit):
    attempt = Attempt(lesson("squeeze-one-port").opening).lock(1, 70).go("check")
    visit.show("learn", "squeeze-one-port/explain")
    assert visit.view("learn")["learn"]["lesson"]["step"] == "predict"
    visit.act({"do": "learn", "what": "restore", "record": [attempt.record()]})
    assert visit.view("learn")["learn"]["lesson"]["step"] == "explain"


def test_a_rubric_waits_for_an_answer(visit):
    visit.show("learn", "squeeze-one-port")
    learn(visit, "lock", option=0, confidence=50)
    before = learn(visit, "go", step="check")["after"]["check"]
    assert all("rubric" not in question and "verdicts" not in question for question in before)
    after = learn(visit, "answer", question=1, text="Out of how many?")["after"]["check"]
    assert "rubric" not in after[0]
    assert after[1]["rubric"]


@pytest.mark.parametrize(
    ("levers", "said"),
    [
        ({}, "move 1 to 2"),
        ({"border": 1.0, "penalties": 1.0, "close_country:SG": 1.0}, "3 levers moved"),
        ({"border": 0.7}, "not on offer"),
        ({"whistleblower": 1.0}, "move 1 to 2"),
    ],
)
def test_a_learner_moves_only_what_the_lesson_offers(visit, levers, said):
    visit.show("learn", "squeeze-one-port")
    learn(visit, "lock", option=0, confidence=50)
    learn(visit, "try", levers=levers)
    assert said in visit.notice
    assert visit.learn.attempts["squeeze-one-port"].moves == ()


def test_a_goal_is_judged_on_the_models_own_runs(visit):
    visit.show("learn", "how-a-chip-moves")
    learn(visit, "lock", option=0, confidence=50)
    learn(visit, "go", step="try")
    learn(visit, "try", levers={"border": 1.0})
    job = visit.pool.jobs[visit.number, "try"]
    visit.pool.answer(job, 2)
    task = learn(visit, "go", step="try")["after"]["try"]
    assert task["pairs"] == 2
    assert task["tried"] == [title_of("border")]
    mine = lesson("how-a-chip-moves")
    (found,) = tried(mine, ["border"], *world_of(mine), pairs=2, workers=1)["border"]
    assert task["conditions"][0]["value"] == span(found, mine.document.try_.goal[0].form)
    assert task["met"] is met(mine.document.try_.goal[0], found)


@ALL
def test_the_twist_answers_at_once_from_kept_runs_and_says_a_sentence(visit, name):
    visit.show("learn", name)
    learn(visit, "lock", option=0, confidence=90)
    assert learn(visit, "go", step="twist")["after"]["twist"]["verdict"] is None
    seen = learn(visit, "again", option=0, confidence=90)["after"]["twist"]["verdict"]
    mine = lesson(name)
    asked, kept = mine.finding(mine.document.predict.finding), results()[name].found
    assert seen["result"] == span(kept["twist"], asked.form)
    assert seen["before"] == span(kept[asked.key], asked.form)
    assert len(seen["told"]) > 30
    assert "{{" not in seen["told"]
    assert visit.view("learn")["learn"]["score"]["count"] == 2
    assert visit.pool.jobs.keys().isdisjoint({(visit.number, "twist")})


# --- record and score ----------------------------------------------------------------------------------


def test_a_record_gives_back_the_attempt():
    opening = lesson("squeeze-one-port").opening
    attempt = Attempt(opening).lock(1, 70).tried("border").answered(1, "Out of how many?").lock_again(2, 90).go("check")
    assert Attempt.restored(opening, json.loads(json.dumps(attempt.record()))) == attempt


def test_a_record_gives_back_the_answers_in_another_language():
    with speaking(PSEUDO):
        attempt = Attempt(lesson("squeeze-one-port").opening).lock(1, 70).lock_again(2, 90)
    restored = Attempt.restored(lesson("squeeze-one-port").opening, attempt.record())
    assert (restored.prediction, restored.again) == (attempt.prediction, attempt.again)


@pytest.mark.parametrize("place", [{}, {"option": None}, {"option": 99}, {"option": True}])
def test_a_record_without_places_gives_back_the_answer_by_its_text(place):
    opening = lesson("squeeze-one-port").opening
    record = {"prediction": opening.options[2], "confidence": 70, **place}
    assert Attempt.restored(opening, record).prediction == opening.predict(2, 70)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"prediction": "nonsense", "confidence": 70, "step": "check"},
        {"prediction": 3, "confidence": "x", "moves": 5, "answers": [1]},
        {"twist": "More than 90: nearly all of it moves", "twist_confidence": 90, "step": "twist"},
    ],
)
def test_a_record_that_predicts_nothing_opens_nothing(record):
    attempt = Attempt.restored(lesson("squeeze-one-port").opening, record)
    assert attempt.prediction is None
    assert attempt.step == "predict"


def test_a_second_answer_needs_a_first():
    with pytest.raises(NotYet):
        Attempt(lesson("squeeze-one-port").opening).lock_again(0, 50)


def test_the_brier_score_of_known_answers():
    assert brier([]) is None
    assert brier([(90, True)]) == 0.01
    assert brier([(90, False), (50, True)]) == 0.53
    assert calibration([(90, False), (90, True), (50, True)])[3] == ("almost certain", 90, 1, 2)
    assert in_words([]) == ""
    assert "A few more" in in_words([(90, False)])
    assert "surer than" in in_words([(90, False)] * 5)
    assert "less sure than" in in_words([(25, True)] * 5)
    assert "about as sure" in in_words([(50, True), (50, False)] * 3)


def test_an_unknown_lesson_in_a_link_is_said_to_be_unknown(visit):
    visit.show("learn", "no-such-lesson")
    assert "there is no such lesson" in visit.view("learn")["problems"][0]


# --- present -------------------------------------------------------------------------------------------


@ALL
def test_a_lesson_on_the_wall_shows_nothing_before_the_truth(visit, name):
    visit.show("present", name)
    page = json.dumps(visit.view("present")["room"], ensure_ascii=False)
    visit.act({"do": "room", "what": "step", "to": "vote"})
    visit.act({"do": "room", "what": "vote", "option": 1})
    page += json.dumps(visit.view("present")["room"], ensure_ascii=False)
    assert [text for text in giveaways(name) if text in page] == []
    assert "result" not in visit.view("present")["room"]
    visit.act({"do": "room", "what": "step", "to": "truth"})
    seen = visit.view("present")["room"]
    assert seen["result"]["graphs"][0]["rows"][1]["hands"] == 1
    visit.act({"do": "room", "what": "step", "to": "why"})
    assert visit.view("present")["room"]["result"]["explain"]
    assert visit.view("present")["room"]["votes"][1] == 1


def test_a_package_on_the_wall_shows_nothing_before_the_truth_and_a_new_one_hides_again(its_edition, visit):
    visit.act({"do": "preset", "name": "border"})
    visit.show("present")
    room = visit.view("present")["room"]
    assert "result" not in room
    visit.act({"do": "room", "what": "step", "to": "truth"})
    result = visit.view("present")["room"]["result"]
    assert result["verdicts"].count("best") == 1
    visit.act({"do": "preset", "name": "chip"})
    room = visit.view("present")["room"]
    assert room["step"] == "public"
    assert "result" not in room


def test_every_change_has_one_answer():
    assert [outcome(x) for x in (-0.9, -0.5, -0.3, -0.1, 0.0, 0.4)] == [0, 1, 1, 2, 3, 3]
    assert voted([0, 0], {"option": 1}) == [0, 1]
    assert voted([0, 0], {"option": 1, "by": -1}) == [0, 0]
    assert len(OUTCOMES) == 4


def test_the_role_play_tells_each_team_its_own_numbers_and_the_truth_last(visit):
    visit.show("present", "roles")
    visit.act({"do": "room", "what": "choices", "choices": {"agency": "border:SG"}})
    assert "does not move that" in visit.notice
    link = "http://localhost:8765/?p=border:SG=1&v=0.1.0"
    visit.act({"do": "room", "what": "choices", "choices": {"agency": "whistleblower=0.5", "singapore": link}})
    assert visit.notice == ""
    visit.act({"do": "room", "what": "brief", "role": "journalist"})
    visit.act({"do": "room", "what": "step", "to": "why"})
    assert "debrief" not in visit.view("present")["room"]  # no runs yet
    job = visit.pool.jobs[visit.number, "table"]
    visit.present.roleplay.practice.target = 2
    visit.pool.answer(job, 2)
    shown = visit.view("present")["room"]
    visit.act({"do": "room", "what": "step", "to": "truth"})
    seen = visit.view("present")["room"]
    assert [row[0] for row in seen["briefing"]["rows"]] == [
        "seized chips that were in the news",
        "prosecutions that were in the news",
    ]
    assert "debrief" not in seen
    assert shown["debrief"][0]["ledger"]["rows"]
    visit.act({"do": "room", "what": "next"})
    assert visit.view("present")["room"]["round"] == 2
