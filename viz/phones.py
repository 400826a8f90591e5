"""What a phone in a room gets: one light page without a seat, what it may see now, and what it may say.

A phone sees what its teacher's step allows and, in the role play, its own team's desk; it is known by a random cookie.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from supplysim.viz import kit
from supplysim.viz.refused import Refused
from supplysim.viz.roleplay_page import in_words
from supplysim.viz.rooms import Phone, Rooms, code_of, rooms
from supplysim.viz.seats import Seats, address_of
from supplysim.viz.syllabus import told
from supplysim.viz.votes import asked_of

from supplysim.errors import InputError
from supplysim.language import ENGLISH, LANGUAGES, browser_messages, gettext, language
from supplysim.lessons import CONFIDENCE, lesson, results
from supplysim.lessons.roles import RolePlay, merged, role_play
from supplysim.lessons.words import title_of

CALL = re.compile(r'\{\{ gettext\("([^"]*)"\) \}\}')  # a message that stands in the page itself
COOKIE, TOKEN = "supplysim-phone", re.compile(r"[A-Za-z0-9_-]{22}")
PAGE = Path(__file__).parent / "panels" / "phone.html"
LARGEST = 4_000  # bytes of what a phone says
MOST_WRONG = 60  # codes that are none, from one address in a minute
LONGEST_HEADLINE = 200


def seen(there: Rooms, code: str, token: str) -> dict[str, Any]:
    """Return what a phone may see now.

    Raises
    ------
    InputError
        If there is no such room.
    """
    wall, phone = there.state(code).get("phones", {}), there.join(code, token)
    step, question = wall.get("step", ""), asked(wall)
    shown = {"code": code, "number": phone.number, "mode": wall.get("mode", ""), "step": step}
    shown["title"] = question.get("title", "")
    if wall.get("mode") == "roles":
        shown["desk"] = desk(there, code, wall, phone)
    if step in ("vote", "truth", "why"):
        mine = there.answer_of(code, wall["asked"], token)
        shown |= {"question": question["question"], "options": question["options"], "mine": mine}
    if step == "vote":
        shown["sure"] = [[percent, gettext(word)] for percent, word in CONFIDENCE.items()]
    if step in ("truth", "why"):
        more = f"/learn/{wall['lesson']}" if wall.get("lesson") else ""
        shown |= {"verdicts": wall.get("verdicts"), "said": said_of(wall), "more": more}
    return shown


def asked(wall: dict[str, Any]) -> dict[str, Any]:
    """Return what the wall asks, in the phone's language: title, question and options. Nothing before it asks."""
    kind, _, about = wall.get("asked", "").partition(" ")
    return asked_of(kind, wall.get("year") if kind == "package" else about) if kind else {}


def said_of(wall: dict[str, Any]) -> str:
    """Return what is said of the truth: of a lesson in the phone's language, of a package in the wall's."""
    if not wall.get("lesson") or "verdicts" not in wall:
        return wall.get("said", "")
    mine = lesson(wall["lesson"])
    return told(mine, mine.after(mine.opening.predict(0, 50), results()[mine.id]))


def desk(there: Rooms, code: str, wall: dict[str, Any], phone: Phone) -> dict[str, Any]:
    """Return the desk of a phone's team, and nothing of the others; the teams to choose from without one."""
    play = role_play()
    if not phone.team:
        sizes = there.teams(code)
        return {"teams": [[role.id, role.name, sizes.get(role.id, 0)] for role in play.roles]}
    role = play.role(phone.team)
    return {
        "name": role.name,
        "card": role.card,
        "wants": role.wants,
        "ask": role.ask,
        "levers": [[lever, title_of(lever)] for lever in role.levers],
        "levels": play.levels,
        "moves": play.moves,
        "round": wall.get("round", 1),
        "choice": there.choices(code, wall.get("round", 1)).get(role.id, ""),
        "rows": in_words(wall.get("desks", {}).get(role.id, [])) if wall.get("step") in ("truth", "why") else [],
    }


def said(there: Rooms, code: str, token: str, what: str, message: dict[str, Any]) -> None:
    """Take what a phone says: an answer, its team, the team's levers, the journalist's headline.

    Raises
    ------
    InputError
        If that is not to be said now.
    """
    wall, phone = there.state(code).get("phones", {}), there.join(code, token)
    step, roles = wall.get("step"), wall.get("mode") == "roles"
    if what == "answer" and step == "vote":
        option, sure = int(message["option"]), int(message.get("sure") or 0)
        if option not in range(len(asked(wall)["options"])) or sure not in (0, *CONFIDENCE):
            raise Refused(
                gettext("answer"), option, gettext("there is no such answer"), gettext("press one of the answers")
            )
        there.answer(code, wall["asked"], token, option, sure)
    elif what == "team" and roles and not phone.team:
        there.sit(code, token, role_play().role(str(message["team"])[:40]).id)
    elif what == "levers" and roles and phone.team and step == "public":
        there.choose(code, wall["round"], phone.team, chosen(role_play(), phone.team, message["levers"]))
    elif what == "headline" and roles and phone.team and step == "truth" and not role_play().role(phone.team).levers:
        there.choose(code, wall["round"], phone.team, " ".join(str(message["text"]).split())[:LONGEST_HEADLINE])
    else:
        raise Refused(gettext("room"), None, gettext("that is not asked now"), gettext("look at the wall"))


def chosen(play: RolePlay, team: str, levers: dict[str, Any]) -> str:
    """Return a team's ticks as a package.

    Raises
    ------
    InputError
        If they break the rules of the role play.
    """
    ticked = {str(name)[:60]: float(level) for name, level in list(levers.items())[:20] if level}
    text = "+".join(name if level == max(play.levels) else f"{name}={level:g}" for name, level in ticked.items())
    merged({team: text})
    return text


def worded(page: str) -> str:
    """Return a phone's page in the language spoken here, with the messages that its script needs."""
    words = {
        "code": language(),
        "languages": [[code, known.name] for code, known in LANGUAGES.items()],
        "messages": browser_messages("viz/panels/phone.html"),
    }
    kept = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    page = CALL.sub(lambda call: escape(gettext(call[1])), page)
    return page.replace("{{ language }}", language()).replace("{{ words }}", kept)


class Phones:
    """The pages of phones.

    Parameters
    ----------
    seats : Seats, optional
        Where the address of a phone in a room gets its limit lifted.
    """

    def __init__(self, seats: Seats | None = None) -> None:
        self.seats = seats
        self._wrong: Counter[str] = Counter()
        self._minute = 0.0
        self.app = Starlette(
            routes=[
                Route("/room", self.page),
                Route("/room/{code}", self.page),
                Route("/room/{code}/now", self.now),
                Route("/room/{code}/{what}", self.say, methods=["POST"]),
                Route("/kit", kit.index),
                Route("/kit/{name}", kit.page),
            ]
        )

    def page(self, request: Request) -> Response:
        """Give a phone its page, and a cookie if it has none."""
        answer = HTMLResponse(worded(PAGE.read_text("utf-8")), headers={"Cache-Control": "no-store"})
        if not TOKEN.fullmatch(request.cookies.get(COOKIE, "")):
            path = request.scope.get("root_path", "") + "/room"
            kept = {"max_age": 7 * 86_400, "path": path, "httponly": True, "samesite": "lax"}
            answer.set_cookie(COOKIE, secrets.token_urlsafe(16), secure=request.url.scheme == "https", **kept)
        return answer

    def now(self, request: Request) -> Response:
        """Tell a phone what it may see."""
        return self._answered(request, lambda there, code, token: seen(there, code, token))

    async def say(self, request: Request) -> Response:
        """Take what a phone says, and tell it what it may see then."""
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return JSONResponse({"trouble": gettext("That is too long.")}, 413)
        what = request.path_params["what"]

        def heard(there: Rooms, code: str, token: str) -> dict[str, Any]:
            message = json.loads(body)
            if not isinstance(message, dict):
                raise TypeError
            said(there, code, token, what, message)
            return seen(there, code, token)

        return await run_in_threadpool(self._answered, request, heard)

    def _answered(self, request: Request, answer: Any) -> Response:
        token, address = request.cookies.get(COOKIE, ""), address_of(request.client.host if request.client else "")
        if not TOKEN.fullmatch(token):
            return JSONResponse({"trouble": gettext("Load the page anew; this browser must keep its cookie.")}, 403)
        if self._tired(address):
            return JSONResponse({"trouble": gettext("Too many codes that are none; wait a minute.")}, 429)
        code, there = code_of(request.path_params["code"]), rooms()
        try:
            there.state(code)
        except InputError as error:
            self._wrong[address] += 1
            trouble = gettext("{rule}: {remedy}.", rule=error.rule, remedy=error.remedy)
            return JSONResponse({"trouble": trouble[:1].upper() + trouble[1:], "gone": True}, 404)
        if self.seats is not None:
            self.seats.lift(address)
        try:
            return JSONResponse(answer(there, code, token), headers={"Cache-Control": "no-store"})
        except InputError as error:
            tongue = {} if isinstance(error, Refused) else {"lang": ENGLISH}  # the engine's own are English
            return JSONResponse({"trouble": str(error), **tongue}, 422)
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
            return JSONResponse({"trouble": gettext("That could not be read; nothing was changed.")}, 422)

    def _tired(self, address: str) -> bool:
        """Whether an address has guessed too many codes in this minute."""
        if time.monotonic() - self._minute > 60.0:
            self._minute = time.monotonic()
            self._wrong.clear()
        return self._wrong[address] >= MOST_WRONG
