"""What protects the server: how many visitors it takes, and what a message of a browser may do.

ipyvue lets a browser create any Python class by name ("create_widget"); the app needs none of that.
"""

from __future__ import annotations

import itertools
import json
import os
import threading
from typing import Any

from supplysim.environment import whole

MOST_SESSIONS = whole("SUPPLYSIM_APP_SESSIONS", 60, 1, 1_000_000)
MOST_MEMORY = whole("SUPPLYSIM_APP_MEMORY_MB", 3000, 1, 1_000_000_000)
LARGEST_MESSAGE = 200_000  # characters of an event's data
_numbers = itertools.count(1)
_seated: set[int] = set()
_lock = threading.Lock()


class Full(RuntimeError):
    """The server takes no more visitors now."""


def enter() -> int:
    """Return the number of a new visitor.

    Raises
    ------
    Full
        If too many are here, or memory is short.
    """
    with _lock:
        if len(_seated) >= MOST_SESSIONS:
            raise Full(f"{MOST_SESSIONS} people use this server already; please come back in a few minutes")
        if memory_mb() > MOST_MEMORY:
            raise Full("this server has no memory to spare; please come back in a few minutes")
        number = next(_numbers)
        _seated.add(number)
    return number


def leave(number: int) -> None:
    """Free the place of a visitor."""
    with _lock:
        _seated.discard(number)


def memory_mb() -> float:
    """Return the memory of this process, MB; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0


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
