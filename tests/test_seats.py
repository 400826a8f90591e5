"""Seats: counted by address, given up when room is short, and kept while nobody needs them."""

from __future__ import annotations

import pytest
from supplysim.viz.seats import AWAY, MOST_SOCKETS, QUIET, Full, Seats, address_of


class Room:
    """Seats with a clock that is set by hand, and the pages that were ended."""

    def __init__(self, most=6, per_address=3, memory=10**9):
        self.now, self.ended, self.gone = 0.0, [], set()
        self.seats = Seats(most, per_address, memory, self.ended.append, lambda k: k not in self.gone, lambda: self.now)

    def fill(self, *addresses, each=3):
        for address in addresses:
            for number in range(each):
                self.seats.take(f"{address}{number}", address)


def test_an_address_has_its_seats_and_no_more():
    room = Room()
    room.fill("a")
    with pytest.raises(Full, match="3 pages are open from your address"):
        room.seats.take("a3", "a")
    room.seats.take("b0", "b")
    assert room.ended == []


def test_an_address_that_opens_one_more_gives_up_its_own_page_that_is_gone():
    room = Room()
    room.fill("a")
    room.seats.leave("a1")
    room.seats.take("a3", "a")
    assert room.ended == ["a1"]


def test_a_page_that_comes_back_finds_its_seat():
    room = Room()
    room.fill("a")
    room.seats.leave("a1")
    room.now = 1500.0
    room.seats.take("a1", "a")
    assert room.ended == []


def test_a_page_that_was_closed_frees_its_seat_at_once():
    room = Room()
    room.fill("a", "b")
    room.seats.leave("a1")
    room.gone.add("a1")
    room.seats.take("c0", "c")
    assert room.ended == []


def test_in_a_full_house_whoever_is_away_for_a_while_gives_up_the_seat():
    room = Room()
    room.fill("a", "b")
    room.seats.leave("b2")
    room.now = AWAY - 1.0
    with pytest.raises(Full, match="6 people use this server"):
        room.seats.check("c")
    room.now = AWAY
    room.seats.check("c")
    assert room.ended == []  # asking ends nobody
    room.seats.take("c0", "c")
    assert room.ended == ["b2"]


def test_in_a_full_house_an_address_that_holds_many_and_is_quiet_gives_one_up_within_a_minute():
    room = Room()
    room.fill("a", "b")
    room.now = QUIET - 10.0
    for kernel in ("a0", "a1", "a2", "b0", "b2"):
        room.seats.hear(kernel)
    room.now = QUIET
    room.seats.take("c0", "c")
    assert room.ended == ["b1"]
    with pytest.raises(Full):  # the others spoke
        room.seats.take("d0", "d")


def test_people_who_have_one_page_each_are_not_sent_away():
    room = Room()
    room.fill(*"abcdef", each=1)
    room.now = 10 * QUIET
    with pytest.raises(Full):
        room.seats.take("g0", "g")


def test_a_class_behind_one_address_can_be_freed_of_the_limit_and_takes_turns_page_by_page():
    room = Room()
    room.fill("a")
    assert room.seats.party("a0") == "a"
    room.seats.lifted.add("a")
    room.seats.take("a3", "a")
    assert room.seats.party("a0") == "a0"


def test_a_page_has_few_connections_and_memory_has_an_end():
    room = Room()
    for _ in range(MOST_SOCKETS):
        room.seats.take("a0", "a")
    with pytest.raises(Full, match="open already"):
        room.seats.take("a0", "a")
    with pytest.raises(Full, match="no memory"):
        Room(memory=0).seats.take("a0", "a")


@pytest.mark.parametrize(
    ("client", "address"),
    [
        ("127.0.0.2", "127.0.0.2"),
        ("::1", "::1"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_addresses_of_one_machine_count_as_one(client, address):
    assert address_of(client) == address
