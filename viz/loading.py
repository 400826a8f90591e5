"""What stands in the page while it loads: its frame, that it needs JavaScript, what is wrong if it does not come."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from supplysim.language import gettext, language

LOOK = (
    "<style>#frame{position:fixed;inset:0;z-index:9000;background:#ecf2f6;font:1rem/1.5 sans-serif;color:#22394a}"
    "#frame b{display:block;background:#0b2a3c;color:#fff;padding:.8rem 1.2rem}#frame p{margin:1.2rem}"
    "#frame i{display:block;height:22vh;margin:1rem 1.2rem;border-radius:10px;background:#fff}"
    "@media(prefers-color-scheme:dark){#frame{background:#1a2024;color:#c8d6df}#frame i{background:#101315}}"
    "@media print{#frame{display:none}}</style>"
)
SHEETS = re.compile(r"<link\b[^>]*\brel=\"stylesheet\"[^>]*>(?:</link>)?|<style\b.*?</style>", re.DOTALL)
WATCH = Path(__file__).parent / "panels" / "loading.js"


def frame() -> str:
    """Return what is drawn until the page is there."""
    loading = escape(gettext("The page is loading."))
    return f'{LOOK}<div id="frame" role="status"><b translate="no">supplysim</b><p>{loading}</p><i></i><i></i></div>'


def needs() -> str:
    """Return what is shown where scripts are switched off."""
    title = escape(gettext("supplysim needs JavaScript"))
    text = escape(
        gettext(
            "The pages of this app are drawn in the browser. Switch JavaScript on for this address and load the page "
            "again, or use the command line: {command}."
        )
    ).format(command='<code translate="no">supplysim compare</code>')
    return (
        "<noscript><style>#frame{display:none}</style>"
        '<main style="font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem">'
        f"<h1>{title}</h1><p>{text}</p></main></noscript>"
    )


def watch() -> str:
    """Return the script that watches the loading, with what it may have to say."""
    words = {
        "again": gettext("Load again"),
        "missing": gettext("A file of the app could not be loaded: {file}."),
        "stopped": gettext("The app stopped while loading: {why}."),
        "refused": gettext(
            "The server does not let this page in: too many pages may be open, or cookies may be switched off."
        ),
        "late": gettext(
            "The app has not started yet. The server may be busy; load the page again if it stays like this."
        ),
    }
    said = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return f"<script>{WATCH.read_text('utf-8').rstrip()}({said});</script>"


def explained(page: str) -> str:
    """Return Solara's page with its language, a watch on its loading, and a frame drawn before any sheet is there.

    A browser draws nothing until the sheets of the head are there, but draws what stands in the body before a sheet.
    """
    head, ends, after = page.replace("<html>", f'<html lang="{language()}">', 1).partition("</head>")
    between, body, rest = after.partition("<body")
    tag, closed, content = rest.partition(">")
    sheets = SHEETS.findall(head)
    head = SHEETS.sub("", head).replace("<head>", f"<head>{watch()}", 1)
    return "".join([head, ends, between, body, tag, closed, frame(), needs(), *sheets, content])


def explain() -> None:
    """Let Solara's pages say so if they do not load."""
    from solara.server import server

    plain: Callable[..., Any] = server.read_root

    def read_root(*arguments: Any, **named: Any) -> str | None:
        page = plain(*arguments, **named)
        return None if page is None else explained(page)

    server.read_root = read_root
