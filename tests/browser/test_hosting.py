"""The server under malformed links and uploads, over HTTP and the websocket, as whoever attacks it would come."""

from __future__ import annotations

import random
import string
from urllib.parse import quote

import pytest
from visitor import Visitor, get

pytestmark = pytest.mark.browser
LINKS, UPLOADS = 2_600, 2_600
PATHS = (
    "/",
    "/compare",
    "/learn",
    "/learn/squeeze-one-port",
    "/present",
    "/present/roles",
    "/assumptions",
    "/evidence",
    "/nowhere",
)
SEEDS = (
    "p=border=0.5+whistleblower=1@2025-06&l=map&r=ledger&seed=4&rule=habit&from=central&v=0.1.0",
    "p=close_country:SG=1@2025-06-02..2026-06-01!alarm:3&c=A~border%3D0.5|B~penalties&lesson=whack-a-mole",
)
NASTY = (
    "%00",
    "%ff",
    "../",
    "<script>",
    "{{7*7}}",
    "'",
    '"',
    "=" * 50,
    "+" * 50,
    "&" * 50,
    "nan",
    "inf",
    "1e999",
    "-1",
    "@",
    "..",
    "!",
    "%F0%9F%92%A5",
    "%E2%80%AE",
    "9" * 400,
)
GOOD = 'name = "mine"\nextends = "minimal"\n[time]\nend = 2024-12-29\n[parameters]\ninvestigators = 30\n[[policies]]\nlever = "border"\nintensity = 0.5\n'


def mangled(text, dice):
    for _ in range(dice.randint(1, 6)):
        place, kind = dice.randrange(len(text) + 1), dice.randrange(4)
        if kind == 0:
            text = text[:place] + dice.choice(NASTY) + text[place:]
        elif kind == 1:
            text = text[:place] + text[place + dice.randint(1, 9) :]
        elif kind == 2:
            text = text[:place] + dice.choice(string.printable) + text[place + 1 :]
        else:
            text = text * dice.choice((1, 2)) + dice.choice(SEEDS)
    return text


def said(view):
    return f"{view.get('problems')} {view.get('notice')} {view.get('failed')} {view.get('note')}"


def test_malformed_links_are_pages_never_a_500_or_a_traceback(server):
    dice = random.Random(21)
    statuses = set()
    for number in range(LINKS):
        query = quote(mangled(dice.choice(SEEDS), dice), safe="=&+%@:!.,~|/")[:7000]
        path = f"{dice.choice(PATHS)}?{query}"
        if number % 4 or path.startswith("/nowhere"):  # the page alone; the link is read on the websocket
            status, html, _ = get(server.url + path)
            assert status == (404 if path.startswith("/nowhere") else 200)
        else:
            visitor = Visitor(server.url, path)
            status, html = visitor.status, visitor.html
            assert "failed" not in visitor.view, path
            assert "Traceback (most" not in said(visitor.view)
            visitor.close()
        assert status < 500, path
        assert "Traceback (most" not in html
        statuses.add(status)
    print(f"{LINKS} links: statuses {sorted(statuses)}")


def test_malformed_uploads_and_messages_are_answered_politely(server):
    dice = random.Random(22)
    visitor = Visitor(server.url, "/assumptions")
    answered = 0
    for number in range(UPLOADS):
        if number % 2:
            message = {"do": "upload", "name": mangled("mine.toml", dice)[:300], "text": mangled(GOOD, dice)[:150_000]}
        else:
            names = (
                "levers",
                "detail",
                "graph",
                "choose",
                "seed",
                "scenario",
                "preset",
                "desk",
                "learn",
                "room",
                "watch",
                "undo",
                "__init__",
                "go",
            )
            values = (
                None,
                3,
                -1,
                1e999,
                "x",
                "border",
                [],
                {},
                [1, 2],
                {"border": "x"},
                {"border": 1e9},
                "../..",
                True,
            )
            keys = (
                "levers",
                "lever",
                "x",
                "name",
                "key",
                "value",
                "seed",
                "side",
                "what",
                "lesson",
                "option",
                "confidence",
                "step",
                "record",
                "choices",
                "place",
                "to",
                "drag",
                "seq",
                "start",
                "settings",
                "countries",
            )
            message = {"do": dice.choice(names)} | {
                dice.choice(keys): dice.choice(values) for _ in range(dice.randint(0, 4))
            }
        visitor.act(message)
        if number % 10 == 9:
            answered += 1
            visitor.act({"do": "nothing", "seq": 10**6 + number})
            visitor.wait(lambda number=number: visitor.view.get("seq", 0) == 10**6 + number, 60)
            assert "failed" not in visitor.view, message
            assert "Traceback" not in said(visitor.view)
    for odd in ({"event": "__class__"}, {"create_widget": ["subprocess", "Popen"]}, [], "x", None, {"event": 5}):
        visitor.raw(odd)
    visitor.act({"do": "upload", "name": "mine.toml", "text": GOOD})
    visitor.wait(lambda: "Loaded mine" in (visitor.view.get("notice") or ""), 120)
    visitor.close()
    assert answered == UPLOADS // 10
    print(f"{UPLOADS} uploads and messages")
    again = Visitor(server.url, "/?p=border=0.5")  # the server still serves
    assert again.view["text"] == "border=0.5"
    again.close()
