"""What stands in the page while it loads: its frame, that it needs JavaScript, what is wrong if it does not come."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

NEEDS = (
    "<noscript><style>#frame{display:none}</style>"
    '<main style="font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem">'
    "<h1>supplysim needs JavaScript</h1><p>The pages of this app are drawn in the browser. Switch JavaScript on for "
    "this address and load the page again, or use the command line: <code>supplysim compare</code>.</p>"
    "</main></noscript>"
)
FRAME = (
    "<style>#frame{position:fixed;inset:0;z-index:9000;background:#ecf2f6;font:1rem/1.5 sans-serif;color:#22394a}"
    "#frame b{display:block;background:#0b2a3c;color:#fff;padding:.8rem 1.2rem}#frame p{margin:1.2rem}"
    "#frame i{display:block;height:22vh;margin:1rem 1.2rem;border-radius:10px;background:#fff}"
    "@media(prefers-color-scheme:dark){#frame{background:#1a2024;color:#c8d6df}#frame i{background:#101315}}"
    "@media print{#frame{display:none}}</style>"
    '<div id="frame" role="status"><b>supplysim</b><p>The page is loading.</p><i></i><i></i></div>'
)
SHEETS = re.compile(r"<link\b[^>]*\brel=\"stylesheet\"[^>]*>(?:</link>)?|<style\b.*?</style>", re.DOTALL)
WATCH = Path(__file__).parent / "panels" / "loading.js"


def explained(page: str) -> str:
    """Return Solara's page with a watch on its own loading, and a frame that is drawn before any style sheet is there.

    A browser draws nothing until the sheets of the head are there, but draws what stands in the body before a sheet.
    """
    watch = f"<script>{WATCH.read_text('utf-8')}</script>"
    head, ends, after = page.partition("</head>")
    between, body, rest = after.partition("<body")
    tag, closed, content = rest.partition(">")
    sheets = SHEETS.findall(head)
    head = SHEETS.sub("", head).replace("<head>", f"<head>{watch}", 1)
    return "".join([head, ends, between, body, tag, closed, FRAME, NEEDS, *sheets, content])


def explain() -> None:
    """Let Solara's pages say so if they do not load."""
    from solara.server import server

    plain: Callable[..., Any] = server.read_root

    def read_root(*arguments: Any, **named: Any) -> str | None:
        page = plain(*arguments, **named)
        return None if page is None else explained(page)

    server.read_root = read_root
