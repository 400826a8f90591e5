"""How many visitors a server takes, and the polite refusal of one too many."""

from __future__ import annotations

import itertools
import os
import threading

MOST_SESSIONS = int(os.environ.get("SUPPLYSIM_APP_SESSIONS", "60"))
MOST_MEMORY = int(os.environ.get("SUPPLYSIM_APP_MEMORY_MB", "3000"))
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
