"""What stands in the page while it loads: that it needs JavaScript, and what is wrong if it does not come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

NEEDS = (
    '<noscript><main style="font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem">'
    "<h1>supplysim needs JavaScript</h1><p>The pages of this app are drawn in the browser. Switch JavaScript on for "
    "this address and load the page again, or use the command line: <code>supplysim compare</code>.</p>"
    "</main></noscript>"
)
WATCH = Path(__file__).parent / "panels" / "loading.js"


def explained(page: str) -> str:
    """Return Solara's page with a watch on its own loading, before anything else loads."""
    watch = f"<script>{WATCH.read_text('utf-8')}</script>"
    head = page.replace("<head>", f"<head>{watch}", 1)
    before, body, after = head.partition("<body")
    tag, end, rest = after.partition(">")
    return before + body + tag + end + NEEDS + rest


def explain() -> None:
    """Let Solara's pages say so if they do not load."""
    from solara.server import server

    plain: Callable[..., Any] = server.read_root

    def read_root(*arguments: Any, **named: Any) -> str | None:
        page = plain(*arguments, **named)
        return None if page is None else explained(page)

    server.read_root = read_root
