"""The gate: whom the server answers, and with which headers. Requests are made as a server hands them on."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("solara")

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from supplysim.viz.gate import Gate
from supplysim.viz.hosting import Hosting, hosting
from supplysim.viz.seats import Seats

from supplysim.errors import InputError

SESSION = "0f0e0d0c-0b0a-4908-8706-050403020100"
COOKIE = {"cookie": f"solara-session-id={SESSION}"}
SOCKET = "/jupyter/api/kernels/k1/channels"


async def page(request):
    reply = PlainTextResponse(f"{request.scope['root_path']}|{request.url.path}")
    reply.set_cookie("solara-session-id", SESSION, samesite="none", secure=True)
    reply.set_cookie("other", "1", samesite="none")
    return reply


async def channel(socket):
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def gate(seats=None, owner=lambda _: None, **settings):
    routes = [
        WebSocketRoute("/jupyter/api/kernels/{kernel}/channels", channel),
        Route("/{path:path}", page, methods=["GET", "POST"]),
    ]
    return Gate(Starlette(routes=routes), Hosting(**settings), seats or Seats(10, 5, 10**9), owner)


class Reply:
    def __init__(self, messages):
        start = next((m for m in messages if m["type"].endswith("response.start")), {"status": 101, "headers": []})
        self.status = start["status"]
        self.headers = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
        self.text = b"".join(m.get("body", b"") for m in messages).decode()
        self.said = [m["text"] for m in messages if m["type"] == "websocket.send"]

    def header(self, name):
        return [value for key, value in self.headers if key == name]


def ask(app, path="/", headers=(), client="127.0.0.1", socket=False, method="GET", host="localhost:8765"):
    """Make one request and return the answer."""
    messages = []
    given = [] if host is None else [(b"host", host.encode())]
    given += [(name.encode(), value.encode()) for name, value in dict(headers).items()]
    scope = {
        "type": "websocket" if socket else "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": given,
        "client": (client, 50000),
        "server": ("127.0.0.1", 8765),
        "scheme": "ws" if socket else "http",
        "extensions": {"websocket.http.response": {}},
        "subprotocols": [],
    }

    async def receive():
        return {"type": "websocket.connect"} if socket else {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        messages.append(message)

    asyncio.run(app(scope, receive, send))
    return Reply(messages)


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST", "localhost."])
def test_this_machine_is_answered(host):
    assert ask(gate(), host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.nip.io", "192.168.1.20", "",
     "localhost:x", "a localhost", "localhost@evil.example", "[::2]", "0.0.0.0", "localhost\r", "x" * 300],
)  # fmt: skip
@pytest.mark.parametrize("socket", [False, True])
def test_another_name_is_refused_in_one_line(host, socket):
    reply = ask(gate(), SOCKET if socket else "/", COOKIE, host=host, socket=socket)
    assert reply.status == 403
    assert reply.text.count("\n") == 1
    assert "--host-name" in reply.text


def test_no_name_or_two_are_refused():
    assert ask(gate(), host=None).status == 403
    assert ask(gate(), headers={"host": "localhost"}).status == 403


def test_names_that_were_given_are_answered_and_no_others():
    app = gate(host="0.0.0.0", names=("sim.example.org",))
    assert ask(app, host="sim.example.org").status == 200
    assert ask(app, host="0.0.0.0:8765").status == 403
    assert ask(app, host="other.example.org").status == 403
    assert ask(gate(host="192.168.1.20"), host="192.168.1.20:8765").status == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost:3000", "null", "", "http://localhost:8765.evil.example", "file://", "http://[",
     "chrome-extension://localhost:8765"],
)  # fmt: skip
@pytest.mark.parametrize("socket", [False, True])
def test_a_page_of_another_site_may_not_speak(origin, socket):
    reply = ask(gate(), SOCKET if socket else "/", COOKIE | {"origin": origin}, socket=socket)
    assert reply.status == 403
    assert reply.text.count("\n") == 1
    assert reply.said == []


def test_our_own_pages_may_speak_also_behind_a_proxy_that_calls_us_otherwise():
    assert ask(gate(), SOCKET, COOKIE | {"origin": "http://localhost:8765"}, socket=True).said == ["hello"]
    app = gate(names=("sim.example.org",))
    assert ask(app, SOCKET, COOKIE | {"origin": "https://sim.example.org"}, socket=True).said == ["hello"]
    assert ask(app, SOCKET, COOKIE | {"origin": "https://evil.example"}, socket=True).said == []


# --- sessions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cookie", ["", "solara-session-id=", "solara-session-id=x", "other=" + SESSION])
def test_without_the_session_cookie_there_is_no_websocket(cookie):
    reply = ask(gate(), SOCKET, {"cookie": cookie}, socket=True)
    assert reply.status == 403
    assert "session cookie" in reply.text


def test_a_websocket_goes_nowhere_but_to_a_kernel():
    assert ask(gate(), "/elsewhere", COOKIE, socket=True).status == 404


def test_nobody_closes_the_page_of_another():
    app = gate(owner={"k1": SESSION, "k2": "somebody else"}.get)
    for kernel, status in (("k1", 200), ("k2", 403), ("gone", 200)):
        assert ask(app, f"/_solara/api/close/{kernel}", COOKIE, method="POST").status == status
    assert ask(app, "/_solara/api/close/k1", method="POST").status == 403
    assert ask(app, "/_solara/api/evict/k1", COOKIE, method="POST").status == 403


# --- seats -------------------------------------------------------------------------------------------------


def test_who_finds_no_seat_gets_a_page_that_says_so_and_no_websocket():
    seats = Seats(2, 1, 10**9)
    app = gate(seats)
    seats.take("k0", "10.0.0.1")
    assert ask(app, "/", client="10.0.0.2").status == 200
    reply = ask(app, "/compare", client="10.0.0.1")
    assert reply.status == 503
    assert "This server is full: 1 pages are open from your address" in reply.text
    assert reply.header("retry-after") == ["20"]
    assert ask(app, "/static/main.js", client="10.0.0.1").status == 200
    assert ask(app, SOCKET, COOKIE, client="10.0.0.1", socket=True).status == 503
    assert ask(app, SOCKET, COOKIE, client="10.0.0.2", socket=True).said == ["hello"]


# --- what is for this machine only ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/resourcez", "/readyz", "/resourcez/", "//resourcez"])
def test_pages_about_the_server_are_for_this_machine(path):
    app = gate(names=("sim.example.org",), proxies=("127.0.0.1/32",))
    assert ask(app, path).status == 200
    assert ask(app, path, client="10.0.0.1").status == 403
    assert ask(app, path, host="sim.example.org").status == 403  # a proxy on this machine
    assert ask(app, path, {"x-forwarded-for": "127.0.0.1"}).status == 403


# --- headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "host"),
    [("/", "localhost"), ("/static/x.js", "localhost"), ("/", "evil.example"), ("/resourcez", "localhost")],
)
def test_every_answer_carries_the_security_headers(path, host):
    reply = ask(gate(), path, host=host, client="10.0.0.1")
    assert reply.header("x-content-type-options") == ["nosniff"]
    assert reply.header("x-frame-options") == ["DENY"]
    assert reply.header("referrer-policy") == ["same-origin"]
    [policy] = reply.header("content-security-policy")
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy


def test_cookies_are_not_for_pages_of_other_sites():
    cookies = ask(gate()).header("set-cookie")
    assert len(cookies) == 2
    assert all("SameSite=lax" in cookie for cookie in cookies)


# --- a path below a proxy ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sim/compare", "/compare"])  # a proxy leaves the prefix, or takes it off
def test_below_a_prefix_pages_are_found_either_way(path):
    assert ask(gate(prefix="/sim"), path).text == "/sim|/sim/compare"


def test_the_prefix_alone_leads_to_the_first_page():
    reply = ask(gate(prefix="/sim"), "/sim")
    assert reply.status in (302, 303, 307, 308)
    assert reply.header("location") == ["/sim/"]


def test_below_a_prefix_websockets_speak_and_inward_pages_stay_inward():
    app = gate(prefix="/sim")
    assert ask(app, "/sim" + SOCKET, COOKIE, socket=True).said == ["hello"]
    assert ask(app, SOCKET, COOKIE, socket=True).said == ["hello"]
    assert ask(app, "/sim/resourcez", client="10.0.0.1").status == 403
    assert ask(app, "/sim/sim/resourcez", client="10.0.0.1").text == "/sim|/sim/sim/resourcez"


# --- settings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"names": ["https://sim.example.org"]}, "--host-name"),
        ({"names": ["a b"]}, "--host-name"),
        ({"prefix": "sim"}, "--prefix"),
        ({"prefix": "/../x"}, "--prefix"),
        ({"prefix": "/learn"}, "page /learn of its own"),
        ({"proxies": ["proxy"]}, "--proxy"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(wrong, said):
    with pytest.raises(InputError, match=said):
        hosting("127.0.0.1", 8765, **wrong)


def test_the_environment_says_what_flags_do_not(monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_APP_HOST_NAMES", "Sim.example.org, 10.0.0.5")
    monkeypatch.setenv("SOLARA_ROOT_PATH", "/sim/")
    monkeypatch.setenv("SUPPLYSIM_APP_SESSIONS", "7")
    wanted = hosting("0.0.0.0", 8765, proxies=["10.0.0.1"])
    assert wanted.names == ("sim.example.org", "10.0.0.5")
    assert (wanted.prefix, wanted.proxies, wanted.sessions) == ("/sim", ("10.0.0.1/32",), 7)
    assert wanted.url() == "http://sim.example.org:8765/sim/"
    monkeypatch.setenv("SUPPLYSIM_APP_PROXIES", "nobody")
    with pytest.raises(InputError, match="environment variable SUPPLYSIM_APP_PROXIES"):
        hosting("0.0.0.0", 8765)
