"""A class's room: thirty phones join, vote and see only what they may; a reload and a restart lose nothing."""

from __future__ import annotations

import csv
import io
import json
import threading

import pytest

from supplysim.errors import InputError
from supplysim.lessons import lesson, results
from supplysim.lessons.roles import role_play

pytest.importorskip("solara")
pytest.importorskip("segno")

from supplysim.viz import hosting, rooms
from supplysim.viz.gate import Gate
from supplysim.viz.hosting import Hosting
from supplysim.viz.phones import LARGEST, MOST_WRONG, Phones
from supplysim.viz.rooms import KEPT_DAYS, MOST_PHONES, Rooms, code_of
from supplysim.viz.seats import Full, Seats
from supplysim.viz.visit import Visit

from supplysim.report.formatting import written
from tests.asgi import Client
from tests.stand_in import Kept
from tests.test_learn import giveaways

LESSON, PAGE = "squeeze-one-port", "http://10.1.2.3:8765"


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def there(tmp_path):
    """The rooms of a server, in a file of this test."""
    one = Rooms(tmp_path / "data" / "rooms.sqlite", clock=Clock())
    rooms.use(one)
    hosting.serve_as(Hosting("0.0.0.0", names=("10.1.2.3",)))
    yield one
    rooms.use(None)
    hosting.serve_as(Hosting())
    one.close()


@pytest.fixture
def seats():
    return Seats(60, 2, 10**9)


@pytest.fixture
def door(seats):
    """What a phone reaches, past the gate."""
    return Gate(lambda *_: None, Hosting("0.0.0.0", names=("10.1.2.3",)), seats, phones=Phones(seats).app)


class Phone:
    """A browser that joined a room."""

    def __init__(self, door, code):
        self.client = Client(door, PAGE)
        self.path = f"/room/{code}"
        self.page = self.client.get(self.path)

    def now(self):
        return self.client.get(f"{self.path}/now").json()

    def say(self, what, **message):
        return self.client.post(f"{self.path}/{what}", json=message)


def teacher():
    return Visit(pool=Kept())


def order(visit, what, **more):
    visit.act({"do": "room", "what": what, **more})
    assert visit.notice == ""
    return visit.view("present")["room"]


def open_room(visit, tail=LESSON):
    visit.show("present", tail)
    return order(visit, "room", order="open", page=PAGE)["room"]


# --- a class -------------------------------------------------------------------------------------------


def test_thirty_phones_join_vote_at_once_and_see_the_truth_when_the_teacher_shows_it(there, door):
    visit = teacher()
    opened = open_room(visit)
    assert opened["join"] == "10.1.2.3:8765/room"
    assert opened["qr"].startswith("data:image/svg+xml")
    phones = [Phone(door, opened["code"]) for _ in range(30)]
    assert {phone.page.status_code for phone in phones} == {200}
    assert [phone.now()["number"] for phone in phones] == list(range(1, 31))
    hidden = giveaways(LESSON)
    before = json.dumps([phone.now() for phone in phones[:3]], ensure_ascii=False)
    assert phones[0].say("answer", option=0).status_code == 422  # it is not asked yet
    order(visit, "step", to="vote")
    question = phones[0].now()
    assert question["options"] == list(lesson(LESSON).opening.options)
    errors = []

    def vote(number, phone):
        if phone.say("answer", option=number % 3, sure=70).status_code != 200:
            errors.append(number)

    threads = [threading.Thread(target=vote, args=each) for each in enumerate(phones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert phones[0].say("answer", option=1, sure=25).json()["mine"] == [1, 25]  # changed its mind
    room = visit.view("present")["room"]
    assert room["tally"] == [9, 11, 10, 0]
    assert (room["room"]["joined"], room["room"]["answered"]) == (30, 30)
    order(visit, "vote", option=3)  # one hand without a phone
    before += json.dumps([phone.now() for phone in phones[:3]], ensure_ascii=False)
    assert [text for text in hidden if text in before] == []
    told = order(visit, "step", to="truth")
    asked = lesson(LESSON).finding(lesson(LESSON).document.predict.finding)
    value = written(results()[LESSON].found[asked.key].value, asked.form)
    assert [row["hands"] for row in told["result"]["graphs"][0]["rows"]] == [9, 11, 10, 1]
    seen = phones[2].now()
    assert value in seen["said"]
    assert seen["verdicts"][2] == "best"
    assert phones[2].say("answer", option=0).status_code == 422  # too late
    assert seen["mine"][0] == 2
    assert order(visit, "step", to="why")["result"]["explain"]
    assert phones[2].now()["more"] == f"/learn/{LESSON}"
    visit.close()


def test_the_teacher_steps_and_every_step_is_one_screen(there):
    visit = teacher()
    visit.show("present", "record-seizures")
    named = lesson("record-seizures").arms["mystery"].named
    screens = {step: order(visit, "step", to=step) for step in ("public", "vote", "truth", "why")}
    assert [figure["id"] for figure in screens["public"]["record"]] == ["public_seized"]
    assert "result" not in screens["public"]
    assert "result" not in screens["vote"]
    assert "explain" not in screens["truth"]["result"]
    assert [figure["id"] for figure in screens["truth"]["result"]["graphs"]] == ["asked"]
    for step, screen in screens.items():
        assert (named in json.dumps(screen, ensure_ascii=False)) is (step == "why")
    order(visit, "vote", option=1)
    cleared = order(visit, "clear")
    assert (cleared["votes"], cleared["step"]) == ([0, 0, 0], "why")
    visit.act({"do": "room", "what": "step", "to": "nowhere"})
    assert "there is no such step" in visit.notice
    visit.close()


def test_a_room_outlives_a_reload_and_a_restart_of_the_server(there, door, tmp_path):
    visit = teacher()
    opened = open_room(visit)
    phone = Phone(door, opened["code"])
    phone.now()
    order(visit, "step", to="vote")
    phone.say("answer", option=2, sure=90)
    order(visit, "vote", option=0)
    visit.close()
    there.close()  # the server ends
    rooms.use(Rooms(tmp_path / "data" / "rooms.sqlite", clock=Clock()))
    assert phone.now()["mine"] == [2, 90]
    again = teacher()
    again.show("present")
    room = order(again, "room", order="restore", code=opened["code"], secret=opened["secret"], page=PAGE)
    assert (room["mode"], room["lesson"], room["step"]) == ("lesson", LESSON, "vote")
    assert room["tally"] == [1, 0, 1, 0]
    assert again.address("present") == f"/present/{LESSON}"
    order(again, "step", to="truth")
    assert phone.now()["verdicts"]
    again.close()


def test_a_package_on_the_wall_comes_back_too(there):
    visit = teacher()
    visit.act({"do": "preset", "name": "border"})
    opened = open_room(visit, "")
    order(visit, "step", to="vote")
    order(visit, "vote", option=1)
    visit.close()
    again = teacher()
    again.show("present")
    room = order(again, "room", order="restore", code=opened["code"], secret=opened["secret"], page=PAGE)
    assert again.state.text() == visit.state.text() != ""
    assert (room["step"], room["votes"]) == ("vote", [0, 1, 0, 0])
    again.close()


@pytest.mark.parametrize("secret", ["", "x", None])
def test_nobody_takes_a_room_without_its_secret(there, secret):
    visit = teacher()
    opened = open_room(visit)
    visit.act(
        {"do": "room", "what": "room", "order": "restore", "code": opened["code"], "secret": secret, "page": PAGE}
    )
    assert "it is over" in visit.notice
    visit.close()


def test_results_of_a_class_say_what_is_kept_and_for_how_long(there, door):
    visit = teacher()
    opened = open_room(visit)
    order(visit, "step", to="vote")
    for option in (0, 2):
        Phone(door, opened["code"]).say("answer", option=option, sure=50)
    order(visit, "room", order="csv")
    import base64

    def rows():
        text = base64.b64decode(visit.reply["base64"]).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    first, head, *answers = rows()
    assert f"deleted {KEPT_DAYS} days after" in first[0]
    assert head == ["question", "phone", "answer", "sure_percent", "verdict"]
    assert [row[2:] for row in answers] == [[lesson(LESSON).opening.options[at], "50", ""] for at in (0, 2)]
    order(visit, "step", to="truth")
    order(visit, "room", order="csv")
    assert [row[4] for row in rows()[2:]] == ["wrong", "best"]
    visit.close()


# --- the role play -------------------------------------------------------------------------------------


def test_teams_tick_their_levers_and_see_their_own_desk_only(there, door):
    visit = teacher()
    opened = open_room(visit, "roles")
    agency, press = Phone(door, opened["code"]), Phone(door, opened["code"])
    assert len(agency.now()["desk"]["teams"]) == len(role_play().roles)
    agency.say("team", team="agency")
    press.say("team", team="journalist")
    assert agency.say("team", team="journalist").status_code == 422  # once chosen, no look at another desk
    assert "does not move that" in agency.say("levers", levers={"border:SG": 1.0}).json()["trouble"]
    assert press.say("levers", levers={"whistleblower": 1.0}).status_code == 422
    assert agency.say("levers", levers={"whistleblower": 1, "penalties": 0.5}).json()["desk"]["choice"]
    assert order(visit, "step", to="public")["choices"]["agency"] == "whistleblower+penalties=0.5"
    assert order(visit, "step", to="vote")["package"]
    assert press.say("answer", option=2).status_code == 200
    job, practice = visit.pool.jobs[visit.number, "table"], visit.present.roleplay.practice
    practice.target = 2
    job.done = [job.pairing((point, tuple(job.pairing.arms))) for point in job.world.points(2)]
    job.deliver(job, 2)
    assert order(visit, "step", to="truth")["ready"]
    mine, theirs = agency.now()["desk"], press.now()["desk"]
    assert [row[0] for row in theirs["rows"]] == [
        "seized chips that were in the news",
        "prosecutions that were in the news",
    ]
    assert len(mine["rows"]) == len(role_play().role("agency").sees)
    assert {row[0] for row in mine["rows"]}.isdisjoint(row[0] for row in theirs["rows"])
    assert press.say("headline", text="=Seizures up, down 1 to 20 %").status_code == 200
    assert agency.say("headline", text="no").status_code == 422
    told = order(visit, "step", to="why")["debrief"]
    assert told[0]["headline"] == "=Seizures up, down 1 to 20 %"
    assert told[0]["votes"][2] == 1
    assert "desks" not in visit.view("present")["room"]
    order(visit, "step", to="truth")
    assert order(visit, "next")["step"] == "public"
    assert agency.now()["desk"]["choice"] == "whistleblower+penalties=0.5"  # as in the round before, to be changed
    order(visit, "again")
    assert "teams" in agency.now()["desk"]
    visit.close()


# --- what is refused -----------------------------------------------------------------------------------


def test_a_phone_needs_its_cookie_a_room_and_something_that_can_be_read(there, door):
    code, _ = there.open()
    phone = Phone(door, code)
    assert phone.page.cookies
    bare = Client(door, PAGE)
    assert bare.get(f"/room/{code}/now").status_code == 403
    wrong = phone.client.get("/room/BBBBB/now")
    assert (wrong.status_code, wrong.json()["gone"]) == (404, True)
    for body in ("", "[]", "{", '{"option": "x"}', '{"option": 1e99}', "null"):
        assert phone.client.post(f"/room/{code}/answer", content=body).status_code == 422
    assert phone.client.post(f"/room/{code}/answer", content="x" * (LARGEST + 1)).status_code == 413
    assert phone.client.post(f"/room/{code}/no-such-thing", json={}).status_code == 422
    other = phone.client.post(f"/room/{code}/answer", json={}, headers={"Origin": "http://evil.example"})
    assert other.status_code == 403


def test_codes_cannot_be_guessed_at_length(there, door):
    code, _ = there.open()
    phone = Phone(door, code)
    answers = [phone.client.get("/room/BBBBB/now").status_code for _ in range(MOST_WRONG + 1)]
    assert answers[-2:] == [404, 429]


def test_a_code_is_read_however_it_is_typed():
    assert code_of(" bcd-fg ") == "BCDFG"
    assert code_of("BCDF") == code_of("BCDF1") == code_of("../..") == ""


def test_a_room_lifts_the_limit_of_its_address_and_takes_no_seat(there, door, seats):
    code, _ = there.open()
    for page in ("one", "two"):
        seats.take(page, "10.1.2.9")
    with pytest.raises(Full):
        seats.check("10.1.2.9")
    phone = Phone(door, code)
    with pytest.raises(Full):
        seats.check("10.1.2.9")  # the page alone does not
    assert phone.now()["number"] == 1
    seats.take("three", "10.1.2.9")
    assert seats.party("three") == "three"


def test_a_lifted_limit_ends():
    now = [0.0]
    seats = Seats(60, 1, 10**9, clock=lambda: now[0])
    seats.lift("a", 10.0)
    seats.take("one", "a")
    seats.take("two", "a")
    now[0] = 11.0
    with pytest.raises(Full):
        seats.check("a")


def test_a_room_is_deleted_when_its_time_is_over_or_its_teacher_ends_it(there, tmp_path):
    code, secret = there.open()
    there.join(code, "t" * 22)
    there.answer(code, "q", "t" * 22, 1)
    ended, _ = there.open()
    there.end(ended)
    with pytest.raises(InputError, match="there is no such room"):
        there.state(ended)
    there._file.clock.now += 86_400.0 * KEPT_DAYS + 1.0
    assert not there.is_teacher(code, secret)
    with pytest.raises(InputError, match="there is no such room"):
        there.join(code, "u" * 22)
    there.open()
    assert there.answers(code) == []
    assert there.phone(code, "t" * 22) is None


def test_there_are_only_so_many_rooms_and_phones(tmp_path):
    one = Rooms(tmp_path / "rooms.sqlite", most=1)
    code, _ = one.open()
    with pytest.raises(InputError, match="1 rooms are in use"):
        one.open()
    for number in range(MOST_PHONES):
        one.join(code, f"{number:022d}")
    with pytest.raises(InputError, match="share one"):
        one.join(code, "x" * 22)
    one.close()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="nothing can be kept there"):
        Rooms(tmp_path / "file" / "rooms.sqlite")


# --- where phones find it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("served", "page", "address"),
    [
        (Hosting("0.0.0.0", names=("sim.example.org",)), "https://sim.example.org", "https://sim.example.org"),
        (Hosting("0.0.0.0", names=("sim.example.org",)), "http://localhost:8765", "http://sim.example.org:8765"),
        (Hosting("10.1.2.3", 80, prefix="/sim"), "http://127.0.0.1:80", "http://10.1.2.3:80/sim"),
        (Hosting(), "http://127.0.0.1:8765", ""),
        (Hosting(), "http://evil.example", ""),
        (Hosting(), "http://[", ""),
    ],
)
def test_the_qr_code_leads_to_a_name_that_the_server_answers_to(served, page, address):
    assert served.reached(page) == address


def test_the_address_in_the_qr_code_is_allowed_by_itself(monkeypatch):
    monkeypatch.setattr(hosting, "outward", lambda: "192.168.7.9")
    served = Hosting("0.0.0.0")
    assert served.reached("http://localhost:8765") == "http://192.168.7.9:8765"
    assert "192.168.7.9" in served.known()
    assert "192.168.7.9" not in Hosting().known()


def test_without_a_way_in_the_teacher_is_told_so(there):
    hosting.serve_as(Hosting())
    visit = teacher()
    opened = open_room(visit)
    assert opened["qr"] == ""
    assert "--host 0.0.0.0" in opened["trouble"]
    visit.close()


# --- the kit -------------------------------------------------------------------------------------------


def test_the_facilitators_kit_is_in_the_app_and_its_links_lead_somewhere(door):
    import re

    client = Client(door, PAGE)
    front = client.get("/kit")
    assert "Teaching with supplysim" in front.text
    links = set(re.findall(r'href="(/kit/[^"]+)"', front.text))
    assert len(links) > 15
    assert {client.get(link).status_code for link in links} == {200}
    assert client.get("/kit/..%2f..%2fsetup.py").status_code == 404
    assert client.get("/kit/no-such.md").status_code == 404
