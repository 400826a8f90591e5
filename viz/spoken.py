"""Which language a visitor reads: what the link says, else what was chosen before, else what the browser asks for."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from supplysim.language import LANGUAGES, browser_messages, language, preferred

COOKIE = "supplysim-language"


def of_page(query: str) -> str:
    """Return the language for a page whose kernel has begun."""
    from solara import lab  # not before launch.py has set what Solara reads

    cookies, headers = lab.cookies.value or {}, lab.headers.value or {}  # type: ignore[attr-defined]
    return preferred(said(query), cookies.get(COOKIE), accepted=", ".join(headers.get("accept-language", [])))


def of_request(scope: Any) -> str:
    """Return the language for the answer to a request."""
    headers = Headers(scope=scope)
    chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE)
    wanted = said(scope.get("query_string", b"").decode("latin-1"))
    return preferred(wanted, chosen, accepted=headers.get("accept-language", ""))


def said(query: str) -> str | None:
    """Return the language that a link names."""
    return parse_qs(query.lstrip("?"), max_num_fields=100).get("lang", [None])[0] if query.count("&") < 100 else None


def spoken() -> dict[str, Any]:
    """Return what the browser needs of the language spoken here."""
    code = language()
    known = LANGUAGES.get(code, LANGUAGES["en"])
    return {"code": code, "decimal": known.decimal, "thousands": known.thousands, "messages": browser_messages()}
