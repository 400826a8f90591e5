"""What protects the server from messages: a browser may only name the events of a page.

ipyvue lets a browser create any Python class by name ("create_widget"); the app needs none of that.
"""

from __future__ import annotations

import json
from typing import Any

LARGEST_MESSAGE = 200_000  # characters of an event's data


def _handle_event(self: Any, _: Any, content: dict[str, Any], buffers: Any) -> None:
    """Pass an event of the page on; ignore everything else."""
    name = content.get("event") if isinstance(content, dict) else None
    if not isinstance(name, str) or not name.isidentifier() or buffers:
        return
    handler = getattr(self, "vue_" + name, None)
    data = content.get("data", {})
    if handler is not None and len(json.dumps(data, ensure_ascii=False)) <= LARGEST_MESSAGE:
        handler(data)


def harden() -> None:
    """Replace ipyvue's reader of browser messages."""
    from ipyvue.VueTemplateWidget import Events

    Events._handle_event = _handle_event
