"""A visit in another language: what Python says there, what a room keeps, and what is handed out in English."""

from __future__ import annotations

import base64
import re

import pytest

pytest.importorskip("solara")
pytest.importorskip("segno")

from supplysim.viz import hosting, rooms
from supplysim.viz.backend import BROKEN, Backend, Busy
from supplysim.viz.compare_page import make_file
from supplysim.viz.gate import Gate
from supplysim.viz.hosting import Hosting
from supplysim.viz.jobs import Job, World
from supplysim.viz.pages import PAGES, contents, parameters
from supplysim.viz.phones import Phones
from supplysim.viz.rooms import Rooms
from supplysim.viz.seats import Seats
from supplysim.viz.spoken import COOKIE
from supplysim.viz.visit import Visit, twins

from supplysim.experiment.store import Store
from supplysim.language import ENGLISH, PSEUDO, gettext, speaking
from supplysim.lessons import lesson
from supplysim.outputs.notes import notes
from supplysim.policies import parse
from supplysim.setup.scenario import Scenario
from tests.asgi import Client
from tests.stand_in import Kept

PAGE = "http://10.1.2.3:8765"
INSIDE = re.compile(r"⟦[^⟦⟧]*⟧")


def plain(text):
    """Return what of a text is in no message."""
    while INSIDE.search(text):
        text = INSIDE.sub("", text)
    return text.strip()


def visit(query="", language=PSEUDO):
    return Visit(query, pool=Kept(), language=language)


@pytest.fixture
def pseudo():
    with speaking(PSEUDO):
        yield


# --- what pages say ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        ("levers", ("title", "long", "mechanism", "response", "unknown", "payer", "burden")),
        ("groups", ("title",)),
        ("presets", ("title",)),
        ("bills", ("title", "note")),
        ("graphs", ("title",)),
        ("scenarios", ("title",)),
        ("measures", ("title",)),
        ("pages", ("title",)),
    ],
)
def test_what_every_page_needs_is_in_the_catalogue(pseudo, part, keys):
    shown = [entry[key] for entry in contents("info")[part] for key in keys]
    assert len(shown) > 4
    assert [text for text in shown if plain(text) or not text] == []


def test_settings_and_places_of_levers_are_in_the_catalogue(pseudo):
    levers = contents("info")["levers"]
    settings = [it for lever in levers for it in lever["settings"]]
    places = [place["name"] for lever in levers for place in lever["countries"]]
    assert len(settings) > 20
    assert len(places) > 20
    assert [it for it in settings if plain(it["meaning"]) or plain(it["unit"])] == []
    assert [name for name in places if plain(name)] == []


def test_texts_of_info_and_assumptions_are_in_the_catalogue(pseudo):
    said = [text for title, texts in contents("info")["info"] for text in (title, *texts)]
    said += [
        it[key] for name in ("rules", "sources") for it in contents("assumptions")[name] for key in ("title", "text")
    ]
    said += [cell for group in parameters() for row in group["rows"] for cell in (group["title"], *row[:2])]
    assert len(said) > 400
    assert [text for text in said if plain(text)] == []


def test_titles_badges_and_notes_are_in_the_catalogue(pseudo):
    seen = visit("p=border=0.5")
    told = seen.view("explore")
    said = [seen.title(name).removesuffix(" · supplysim") for name in PAGES if name != "explore"]
    said += [told["badge"]["text"], told["drawn"], told["scenario_title"], *told["notes"]]
    assert len(told["notes"]) > 0
    assert [text for text in said if plain(text)] == []


def test_two_languages_are_kept_apart():
    with speaking(PSEUDO):
        there = contents("explore")["presets"][1]["title"]
    assert there.startswith("⟦")
    assert contents("explore")["presets"][1]["title"] == "All six CNAS recommendations"


def test_notes_are_english_where_english_is_spoken():
    policies = parse("whistleblower@2030-12-16", scenario := Scenario.load("baseline-2027")).policies
    said = notes(scenario, {"it": policies})
    with speaking(PSEUDO):
        there = notes(scenario, {"it": policies})
    assert len(said) == len(there)
    assert [text for text in there if plain(text)] == []
    assert "Projected from 1 Jul 2026 on: supply, demand" in said[0]


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        {"do": "seed", "seed": -1},
        {"do": "choose", "key": "unit", "value": "x"},
        {"do": "desk", "what": "download", "kind": "csv"},
        {"do": "room", "what": "step", "to": "nowhere"},
        {"do": "upload", "text": "extends = 'x'", "name": "a.toml"},
        {"do": "seed"},
    ],
)
def test_what_is_refused_is_said_in_the_reader_s_language(pseudo, message):
    seen = visit()
    seen.show("compare")
    seen.act(message)
    assert seen.notice.startswith("⟦")
    assert plain(seen.notice) == ""


def test_what_is_wrong_in_a_link_is_said_in_the_reader_s_language(pseudo):
    problems = visit("p=bogus!!&seed=x&l=zzz&lang=qq&v=0.0").problems
    assert len(problems) == 5
    assert [text for text in problems if plain(text)] == []


# --- other threads -------------------------------------------------------------------------------------


def test_a_pool_s_thread_tells_in_the_language_of_who_asked(tmp_path):
    pool = Backend(1, Store(tmp_path))
    heard = []
    with speaking(PSEUDO):
        job = Job(
            "a", World(Scenario.load("minimal")), ((),), lambda job, _: heard.append((job.failed, gettext("Seed")))
        )
    pool._jobs["a"] = job
    pool._fail(job, BROKEN, error="OSError")
    assert heard == [("⟦á řúñ fáíléd (OSError)⟧", "⟦Šééd⟧")]
    pool.close()
    with speaking(PSEUDO), pytest.raises(Busy, match="⟦"):
        pool.start()


def test_the_words_of_a_film_are_in_the_reader_s_language(pseudo):
    lots = {"picked": {"1": {"identity": "i"}, "2": {"identity": "other"}}, "orders": {"i": (3, 10, 4, 0)}}
    film = twins({"lots": lots}, {"lots": lots})
    assert [plain(lot["twin"].spoken()) for lot in film["worlds"][0]["lots"].values()] == ["", ""]


# --- another language from now on ----------------------------------------------------------------------


def test_what_was_said_before_is_said_anew():
    seen = visit("from=posterior", ENGLISH)
    seen.learn.open("squeeze-one-port")
    before = seen.outside
    assert before.startswith("The quick estimate knows only")
    seen.act({"do": "speak", "language": PSEUDO})
    assert seen.outside.startswith("⟦")
    assert seen.job.language == PSEUDO
    with speaking(PSEUDO):
        assert seen.learn.attempts["squeeze-one-port"].opening == lesson("squeeze-one-port").opening
    seen.act({"do": "speak", "language": ENGLISH})
    assert seen.outside == before


def test_an_answer_chosen_in_one_language_stays_chosen_in_another():
    seen = visit("", ENGLISH)
    seen.learn.open("squeeze-one-port")
    for message in ({"what": "lock", "option": 0, "confidence": 50}, {"what": "go", "step": "check"}):
        seen.learn.act(message)
    with speaking(PSEUDO):
        options = seen.learn.view()["lesson"]["after"]["check"][0]["options"]
        seen.learn.act({"what": "answer", "question": 0, "text": options[1]})
        seen.learn.act({"what": "answer", "question": 1, "text": "What of the total?"})
        assert [asked["answer"] for asked in seen.learn.view()["lesson"]["after"]["check"]] == [
            options[1],
            "What of the total?",
        ]
    first, second = seen.learn.view()["lesson"]["after"]["check"]
    assert first["answer"] == first["options"][1] == "By 15 to 40 %"
    assert second["answer"] == "What of the total?"


def test_packages_keep_their_names_and_are_called_in_the_reader_s_language(pseudo):
    seen = visit()
    seen.show("compare")
    shown = seen.view("compare")
    assert seen.compare.names[0] == "All six CNAS recommendations"
    assert shown["cards"][0]["name"] == "⟦Áll šíx ÇÑÁŠ řéçómméñdátíóñš⟧"
    assert "All%2520six" in shown["more"]


# --- a room read in several languages ------------------------------------------------------------------


@pytest.fixture
def door(tmp_path):
    there = Rooms(tmp_path / "rooms.sqlite")
    rooms.use(there)
    hosting.serve_as(Hosting("0.0.0.0", names=("10.1.2.3",)))
    yield Gate(lambda *_: None, Hosting("0.0.0.0", names=("10.1.2.3",)), Seats(60, 2, 10**9), phones=Phones().app)
    rooms.use(None)
    hosting.serve_as(Hosting())
    there.close()


def shown_to(door, path, language):
    client = Client(door, PAGE)
    client.cookies[COOKIE] = language
    client.get(path)
    return client.get(f"{path}/now").json()


@pytest.mark.parametrize("tail", ["squeeze-one-port", "package"])
def test_a_phone_is_asked_in_its_own_language_whatever_the_wall_s(door, tail):
    seen = visit("p=border=0.5", ENGLISH)
    seen.show("present", tail)
    seen.act({"do": "room", "what": "room", "order": "open", "page": PAGE})
    code = seen.view("present")["room"]["room"]["code"]
    seen.act({"do": "room", "what": "step", "to": "vote"})
    wall = seen.view("present")["room"]
    kept = rooms.rooms().state(code)["phones"]
    assert wall["question"] not in str(kept)
    assert wall["options"][0] not in str(kept)
    here, there = (shown_to(door, f"/room/{code}", language) for language in (ENGLISH, PSEUDO))
    assert (here["question"], here["options"]) == (wall["question"], wall["options"])
    assert plain(here["sure"][0][1]) == "a guess"
    with speaking(PSEUDO):
        assert there["question"] == seen.view("present")["room"]["question"]
    if tail == "package":
        assert [text for text in (there["question"], *there["options"]) if plain(text)] == []


def test_a_room_that_is_not_there_is_said_in_the_phone_s_language(door):
    assert plain(shown_to(door, "/room/BCDFG", PSEUDO)["trouble"]) == ""
    assert shown_to(door, "/room/BCDFG", ENGLISH)["trouble"] == "There is no such room: look at the wall for its code."


# --- what is handed out --------------------------------------------------------------------------------


def test_a_room_s_results_are_english(door, pseudo):
    seen = visit()
    seen.show("present", "squeeze-one-port")
    seen.act({"do": "room", "what": "room", "order": "open", "page": PAGE})
    seen.act({"do": "room", "what": "room", "order": "csv"})
    text = base64.b64decode(seen.reply["base64"]).decode("utf-8-sig")
    assert "Kept: answers under a number" in text
    assert "⟦" not in text


def test_a_file_of_a_comparison_is_english_whoever_makes_it(pseudo, monkeypatch):
    class Told:
        def save(self, folder):
            raise AssertionError(gettext("in words"))

    with pytest.raises(AssertionError, match="^in words$"):
        make_file("html", Told())
