"""The pool of processes, given what comes next and little more: what is in its hands cannot be taken back."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from functools import partial
from typing import Any

from supplysim.viz.turns import Turn, Turns, Wish

from supplysim.experiment.pool import Pool


class Workers:
    """Processes that take turns.

    Parameters
    ----------
    count : int
        Processes.
    niceness, kept_worlds : int
        As of the pool.
    lock : RLock
        Of whoever asks; calls are told of without it.
    pool : Pool, optional
        Default: one that is opened when it is needed.
    """

    def __init__(
        self, count: int, niceness: int, kept_worlds: int, lock: threading.RLock, pool: Pool | None = None
    ) -> None:
        self.count, self._settings, self._lock, self.pool = count, (niceness, kept_worlds), lock, pool
        self._turns = Turns()
        self._in_hand = 0

    def start(self) -> None:
        """Start processes; harmless when they run."""
        if self.pool is None:
            self.pool = Pool(self.count, *self._settings)
            self.pool.warm()

    def close(self) -> None:
        """Stop; what waits is never begun."""
        with self._lock:
            pool, self.pool = self.pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def add(self, turn: Turn, wish: Wish) -> None:
        """Let something wait for its turn, until the next `feed`."""
        self._turns.add(turn, wish)

    def feed(self) -> None:
        """Give the pool what comes next: one more than it has processes, so that none has to wait."""
        while True:
            with self._lock:
                if self.pool is None or self._in_hand > self.count or (turn := self._turns.next()) is None:
                    return
                self._in_hand += 1
                future = self.pool.ask(0.0, *turn.call)
            future.add_done_callback(partial(self._ended, turn))

    def _ended(self, turn: Turn, future: Future[Any]) -> None:
        with self._lock:
            self._in_hand -= 1
        turn.told(future)
        self.feed()
