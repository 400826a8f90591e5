"""What stops a command: SIGTERM (systemd, Docker, Slurm, timeout) and SIGHUP do what Ctrl-C does."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")  # those that a system has


class Heard:
    """Which signal came, if any.

    Attributes
    ----------
    number : int
        The first one's; SIGINT until one comes.
    """

    def __init__(self) -> None:
        self.number = int(signal.SIGINT)
        self.came = False

    @property
    def status(self) -> int:
        """Exit status by the custom of shells: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP."""
        return 128 + self.number

    def take(self, number: int, frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt in the main thread, wherever it is."""
        if not self.came:
            self.number, self.came = number, True
        raise KeyboardInterrupt


@contextmanager
def heard() -> Iterator[Heard]:
    """Let the signals that stop a command raise KeyboardInterrupt; one that the caller ignores (nohup) stays ignored.

    Outside the main thread signals are not ours to hear, and nothing changes.
    """
    told = Heard()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {}
    for name in STOPPING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, told.take)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
