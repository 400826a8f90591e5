"""What every request and every websocket passes: the right name, the right page, a session, a seat; and headers.

A page of another site can make a visitor's browser ask this server; the browser says whose page it was (`Origin`),
and which name it looked up (`Host`), which an attacker's own name cannot be (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from html import escape
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from supplysim.viz.hosting import LOOPBACK, Hosting
from supplysim.viz.seats import Full, Seats, address_of
from supplysim.viz.spoken import of_request

from supplysim.language import gettext, language, speaking

COOKIES = ("solara-session-id", "solara-session-id-lax")
SESSION = re.compile(r"[0-9a-fA-F-]{32,36}")
KERNEL = re.compile(r"/jupyter/api/kernels/([^/]{1,64})/channels")
CLOSING = re.compile(r"/_solara/api/close/([^/]{1,64})")
LIGHT = ("room", "kit")  # first pieces of pages that are no Solara page and take no seat
FILES = ("static", "jupyter", "_solara")  # first pieces of what is no page
INWARD = ("resourcez", "readyz")  # what only this machine may ask
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
NAMING = (b"script-name", b"x-script-name")  # Solara would take a path from these, whoever sends them
HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?")
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)  # Vue compiles templates in the browser


class Refused(Exception):
    """A request that is not answered; the message says why in one line."""


class Gate:
    """Pass on what may pass.

    Parameters
    ----------
    app : ASGI application
        Solara's.
    hosting : Hosting
        How the app is served.
    seats : Seats
        Who is here.
    owner : callable
        Returns the session of a kernel, None without one.
    phones : ASGI application, optional
        The pages of phones in a room, which take no seat.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosting: Hosting,
        seats: Seats,
        owner: Callable[[str], str | None] = lambda _: None,
        phones: ASGIApp | None = None,
    ) -> None:
        self.app, self.hosting, self.seats, self.owner, self.phones = app, hosting, seats, owner, phones
        self.known = hosting.known()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let a websocket speak."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = self._guarded(send, headers.get("host", ""))
        path = self._path(scope["path"])
        try:
            self._check_names(headers)
            self._check_inward(path, scope, headers)
            self._check_session(path, scope, headers)
        except Refused as refused:
            await PlainTextResponse(f"{refused}\n", 403)(scope, receive, send)
            return
        if self.hosting.prefix and scope["path"] == self.hosting.prefix:
            await RedirectResponse(f"{self.hosting.prefix}/" + _query(scope))(scope, receive, send)
            return
        scope = self._placed(scope, path)
        if scope["type"] == "websocket":
            await self._speak(path, scope, receive, send)
        else:
            with speaking(of_request(scope)):
                await self._answer(path, scope, receive, send)

    # --- what is refused -------------------------------------------------------------------------------

    def _check_names(self, headers: Headers) -> None:
        """Refuse another name than ours, and pages of other sites."""
        host = headers.get("host", "").lower()
        if name_in(host) not in self.known or len(headers.getlist("host")) != 1:
            raise Refused(
                f"This server does not answer to the name {host[:80]!r}; start it with --host-name to add one."
            )
        origin = headers.get("origin")
        if origin is None:
            return
        try:
            page = urlsplit(origin.lower())
            ours = page.netloc == host or (page.hostname or "") in self.hosting.names
        except ValueError:
            ours = False
        if not ours or page.scheme not in ("http", "https"):
            raise Refused(f"A page of {origin[:80]!r} may not speak to this server.")

    def _check_inward(self, path: str, scope: Scope, headers: Headers) -> None:
        """Refuse to others what is for this machine only."""
        if path.strip("/").split("/")[0] not in INWARD:
            return
        near = loopback(_client(scope)) and name_in(headers.get("host", "").lower()) in LOOPBACK
        if not near or any(header in headers for header in FORWARDED):
            raise Refused("This page is for the machine that the server runs on.")

    def _check_session(self, path: str, scope: Scope, headers: Headers) -> None:
        """Refuse whoever speaks to a kernel, or closes one, without the cookie that its page brought."""
        closing = CLOSING.fullmatch(path)
        if scope["type"] == "http" and path.startswith("/_solara/api/") and not closing:
            raise Refused("There is nothing for a browser here.")
        if scope["type"] != "websocket" and not closing:
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        session = cookies.get(COOKIES[0]) or cookies.get(COOKIES[1]) or ""
        if not SESSION.fullmatch(session):
            raise Refused("This needs the session cookie that a page brings; load the page first.")
        if closing and self.owner(closing[1]) not in (None, session):
            raise Refused("This page is not yours to close.")

    # --- what is passed on -----------------------------------------------------------------------------

    def _path(self, path: str) -> str:
        """Return a path as the app knows it; a proxy may have taken the prefix off, or not."""
        prefix = self.hosting.prefix
        return path[len(prefix) :] or "/" if path == prefix or path.startswith(f"{prefix}/") else path

    def _placed(self, scope: Scope, path: str) -> Scope:
        whole = self.hosting.prefix + path
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in NAMING]
        return scope | {
            "path": whole,
            "raw_path": quote(whole).encode(),
            "root_path": self.hosting.prefix,
            "headers": kept,
        }

    async def _answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; a page only if there is a seat for it, or if it needs none."""
        if self.phones is not None and path.strip("/").split("/")[0] in LIGHT:
            await self.phones(scope, receive, send)
            return
        if path.strip("/").split("/")[0] not in (*FILES, *INWARD):
            try:
                self.seats.check(address_of(_client(scope)))
            except Full as full:
                await no_seat(str(full))(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _speak(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the page of a kernel speak while it has a seat."""
        found = KERNEL.fullmatch(path)
        if found is None:
            await PlainTextResponse("There is nobody to speak to here.\n", 404)(scope, receive, send)
            return
        kernel = found[1]
        try:
            self.seats.take(kernel, address_of(_client(scope)))
        except Full as full:
            await PlainTextResponse(f"{full}\n", 503)(scope, receive, send)
            return

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                self.seats.hear(kernel)
            return message

        try:
            await self.app(scope, heard, send)
        finally:
            self.seats.leave(kernel)

    def _guarded(self, send: Send, host: str) -> Send:
        """Return a `send` that puts the security headers on every answer."""
        policy = POLICY.format(host=host.lower() if HOST.fullmatch(host.lower()) else "localhost")

        async def guarded(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                cookies = headers.getlist("set-cookie")
                if cookies:  # Solara lets pages of other sites show it; nobody may here
                    del headers["set-cookie"]
                    for cookie in cookies:
                        headers.append("set-cookie", cookie.replace("SameSite=none", "SameSite=lax"))
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Frame-Options"] = "DENY"
            await send(message)

        return guarded


def no_seat(why: str) -> Response:
    """Return the page for whoever finds no seat: it needs no script, and comes back by itself."""
    title, head, told, again = map(
        escape,
        (
            gettext("supplysim: please wait"),
            gettext("Please wait a little"),
            gettext("This server is full: {why}.", why=why),
            gettext("This page tries again every 20 seconds."),
        ),
    )
    text = (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="20">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title></head>'
        '<body style="font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem">'
        f"<main id=main><h1>{head}</h1><p>{told}</p><p>{again}</p></main></body></html>"
    )
    return HTMLResponse(text, 503, {"Retry-After": "20", "Cache-Control": "no-store"})


def name_in(host: str) -> str:
    """Return the name in a `Host`, in lower case, without its port; empty if it is none."""
    found = HOST.fullmatch(host)
    return found[1].strip("[]").rstrip(".") if found else ""


def loopback(client: str) -> bool:
    """Return whether an address is this machine itself."""
    try:
        return ipaddress.ip_address(address_of(client)).is_loopback
    except ValueError:
        return False


def _client(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _query(scope: Scope) -> str:
    return "?" + scope["query_string"].decode("latin-1") if scope.get("query_string") else ""
