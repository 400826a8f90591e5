"""Whose turn it is: of all who wait, whoever had least so far, counted by the cost of what was run for them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

MOST_KEPT = 2_000  # who is remembered though nothing of theirs waits
Entry = tuple[float, int, "Turn"]  # rank, number, what waits


@dataclass(frozen=True)
class Wish:
    """Whose wish something is: who takes turns (an address), and their session."""

    party: Hashable
    session: Hashable


@dataclass(eq=False)
class Turn:
    """Something to be run.

    Attributes
    ----------
    rank : float
        Of what one session wishes, the lower comes first.
    cost : float
        In runs of the baseline.
    call : tuple
        A function, importable by name, and its arguments.
    told : callable
        Hears of the end, with the call's future.
    begun : bool
        Whether it runs or has run.
    wishes : set of Wish
        Whose it is; without any it is not begun.
    """

    rank: float
    cost: float
    call: tuple[Any, ...]
    told: Callable[[Future[Any]], None]
    begun: bool = False
    wishes: set[Wish] = field(default_factory=set)


class Account:
    """What each of some had so far; who was not here does not save up what the others had meanwhile."""

    def __init__(self) -> None:
        self.had: dict[Hashable, float] = {}
        self.now = 0.0

    def of(self, who: Hashable) -> float:
        """Return what somebody had, at least what the last one served had had."""
        return max(self.had.get(who, 0.0), self.now)

    def arrive(self, who: Hashable) -> None:
        """Let somebody begin to wait."""
        self.had[who] = self.of(who)

    def charge(self, who: Hashable, cost: float) -> None:
        """Let somebody have something."""
        self.had[who] = self.had.get(who, self.now) + cost

    def forget(self, waiting: Container[Hashable]) -> None:
        """Forget who neither waits nor is ahead of the others, once many are known."""
        if len(self.had) > MOST_KEPT:
            self.had = {who: had for who, had in self.had.items() if who in waiting or had > self.now}


class Turns:
    """Everything that waits. Not safe for threads: its owner's lock is."""

    def __init__(self) -> None:
        self._number = itertools.count()
        self._parties = Account()
        self._waiting: dict[Hashable, Party] = {}

    def add(self, turn: Turn, wish: Wish) -> None:
        """Let something wait on somebody's account; what several wish waits on each."""
        if wish.party not in self._waiting:
            self._waiting[wish.party] = Party()
            self._parties.arrive(wish.party)
        self._waiting[wish.party].add(wish.session, (turn.rank, next(self._number), turn))
        turn.wishes.add(wish)

    def next(self) -> Turn | None:
        """Return what is to be run now, charged to all who wish it; None if nothing waits."""
        for who, party in [*self._waiting.items()]:
            if not party.clear(who):
                del self._waiting[who]
        self._parties.forget(self._waiting)
        if not self._waiting:
            return None
        who = min(self._waiting, key=lambda who: (self._parties.of(who), self._waiting[who].first()[:2]))
        turn = self._waiting[who].take()
        self._parties.now = max(self._parties.now, self._parties.of(who))
        for wish in turn.wishes:
            share = turn.cost / len(turn.wishes)
            self._parties.charge(wish.party, share)
            if wish.party in self._waiting:
                self._waiting[wish.party].sessions.charge(wish.session, share)
        return turn


class Party:
    """What the sessions of one party wait for, and what each had since the party waits."""

    def __init__(self) -> None:
        self.sessions = Account()
        self._heaps: dict[Hashable, list[Entry]] = {}

    def add(self, session: Hashable, entry: Entry) -> None:
        """Let something wait for a session."""
        if session not in self._heaps:
            self._heaps[session] = []
            self.sessions.arrive(session)
        heappush(self._heaps[session], entry)

    def first(self) -> Entry:
        """Return what comes first here: of the session that had least, what ranks lowest."""
        return self._heaps[self._next()][0]

    def take(self) -> Turn:
        """Begin what comes first."""
        session = self._next()
        self.sessions.now = max(self.sessions.now, self.sessions.of(session))
        turn = heappop(self._heaps[session])[2]
        turn.begun = True
        return turn

    def _next(self) -> Hashable:
        return min(self._heaps, key=lambda who: (self.sessions.of(who), self._heaps[who][0][:2]))

    def clear(self, who: Hashable) -> bool:
        """Forget what is begun or no longer wished; return whether anything is left."""
        for session, heap in [*self._heaps.items()]:
            wish = Wish(who, session)
            while heap and (heap[0][2].begun or wish not in heap[0][2].wishes):
                heappop(heap)
            if not heap:
                del self._heaps[session]
        return bool(self._heaps)
