"""Who is here: a page that is open is a seat, counted by address; where room is short, whoever is away gives it up.

A seat is the kernel of a page. It stays for half an hour after the page is gone, so that a laptop may sleep.
"""

from __future__ import annotations

import ipaddress
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from supplysim.language import gettext

AWAY = 20.0  # seconds without a connection after which a seat is given up when all are taken
QUIET = 60.0  # seconds without a word after which one of an address that has many is
LIFTED = 3 * 3600.0  # seconds for which a phone in a room lifts the limit of its address
MOST_CLASSES = 100  # addresses with a lifted limit
MOST_SOCKETS = 3  # of one page: a reconnection may overlap with what it replaces


class Full(RuntimeError):
    """There is no seat; the message says why, and when to come back."""


@dataclass
class Seat:
    """One page: whose it is, its open connections, and when it last spoke or left, seconds."""

    address: str
    sockets: int
    heard: float


class Seats:
    """The seats of a server.

    Parameters
    ----------
    most, per_address : int
        Seats, and how many of them one address may have.
    memory_mb : int
        Memory of the server above which nobody new is let in.
    end : callable
        Ends the page of a kernel, by its id.
    lives : callable
        Says whether a kernel is still there.
    clock : callable
        Seconds that never go back.

    Attributes
    ----------
    lifted : set of str
        Addresses without a limit of their own, such as that of a class behind one router; its pages count one by one
        where turns are taken.
    """

    def __init__(
        self,
        most: int,
        per_address: int,
        memory_mb: int,
        end: Callable[[str], None] = lambda _: None,
        lives: Callable[[str], bool] = lambda _: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most, self.per_address, self.memory_mb = most, per_address, memory_mb
        self.lifted: set[str] = set()
        self._until: dict[str, float] = {}  # address of a class -> second up to which it has no limit of its own
        self._end, self._lives, self._clock = end, lives, clock
        self._seats: dict[str, Seat] = {}
        self._lock = threading.RLock()

    def take(self, kernel: str, address: str) -> None:
        """Give a page a seat, or let it come back to its own.

        Raises
        ------
        Full
            If there is none for this address now.
        """
        leaver = None
        with self._lock:
            seat = self._seats.get(kernel)
            if seat is None:
                leaver = self._room(address)
                if leaver is not None:
                    del self._seats[leaver]
                self._seats[kernel] = seat = Seat(address, 0, 0.0)
            elif seat.sockets >= MOST_SOCKETS:
                raise Full(gettext("this page is open already; load it anew"))
            seat.sockets, seat.heard = seat.sockets + 1, self._clock()
        if leaver is not None:
            self._end(leaver)

    def check(self, address: str) -> None:
        """Raise Full unless a page from this address would get a seat."""
        with self._lock:
            self._room(address)

    def hear(self, kernel: str) -> None:
        """Note that a page spoke."""
        with self._lock:
            if kernel in self._seats:
                self._seats[kernel].heard = self._clock()

    def leave(self, kernel: str) -> None:
        """Note that a connection of a page ended."""
        with self._lock:
            if kernel in self._seats:
                seat = self._seats[kernel]
                seat.sockets, seat.heard = seat.sockets - 1, self._clock()

    def lift(self, address: str, seconds: float = LIFTED) -> None:
        """Let an address have no limit of its own for a while: a class sits behind it."""
        with self._lock:
            now = self._clock()
            self._until = {one: until for one, until in self._until.items() if until > now}
            if len(self._until) < MOST_CLASSES or address in self._until:
                self._until[address] = now + seconds

    def _free(self, address: str) -> bool:
        return address in self.lifted or self._until.get(address, -math.inf) > self._clock()

    def party(self, kernel: str) -> str:
        """Return who takes turns: the address of a page, or the page itself where that has no limit."""
        with self._lock:
            seat = self._seats.get(kernel)
            return kernel if seat is None or self._free(seat.address) else seat.address

    def _room(self, address: str) -> str | None:
        """Return whose seat a newcomer takes, None for a free one; raises Full."""
        for kernel in [k for k, seat in self._seats.items() if not seat.sockets and not self._lives(k)]:
            del self._seats[kernel]
        now, held = self._clock(), Counter(seat.address for seat in self._seats.values())
        away = sorted((seat.heard, k) for k, seat in self._seats.items() if not seat.sockets)
        if memory_mb() > self.memory_mb:
            raise Full(gettext("this server has no memory to spare; please come back in a few minutes"))
        if held[address] >= self.per_address and not self._free(address):
            own = [k for _, k in away if self._seats[k].address == address]
            if own:
                return own[0]
            raise Full(
                gettext(
                    "{n} pages are open from your address, which is the most; close one and come back", n=held[address]
                )
            )
        if len(self._seats) < self.most:
            return None
        if away and now - away[0][0] >= AWAY:
            return away[0][1]
        many = max(held.values())
        quiet = [
            (seat.heard, k)
            for k, seat in self._seats.items()
            if held[seat.address] == many and many > held[address] + 1 and now - seat.heard >= QUIET
        ]
        if quiet:
            return min(quiet)[1]
        raise Full(gettext("{n} people use this server already; please come back in a minute", n=self.most))


_here: Seats | None = None


def open_seats(seats: Seats) -> None:
    """Let these be the seats of this process."""
    global _here
    _here = seats


def party(kernel: str) -> str:
    """Return who takes turns for a page; without seats, the page itself."""
    return kernel if _here is None else _here.party(kernel)


def address_of(client: str) -> str:
    """Return what counts as one address: the network of an IPv6 address, since a machine has many of them."""
    try:
        known = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        if not known.is_loopback:
            return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def memory_mb() -> float:
    """Return the memory of this process, MB; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0
