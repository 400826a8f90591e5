"""Whose turn it is: whoever had least so far, by cost; nobody saves up, nobody is starved."""

from __future__ import annotations

from supplysim.viz.turns import Turn, Turns, Wish


def turn(rank=0.0, cost=1.0, name=""):
    return Turn(rank, cost, (name,), print)


def served(turns, most=1000):
    names = []
    while len(names) < most and (one := turns.next()) is not None:
        names.append(one.call[0])
    return names


def waiting(*lists):
    turns = Turns()
    for party, session, count, cost in lists:
        for rank in range(count):
            turns.add(turn(rank, cost, f"{party}{session}"), Wish(party, session))
    return turns


def test_one_who_wants_much_and_one_who_wants_little_alternate():
    assert "".join(served(waiting(("a", 1, 150, 1.0), ("b", 1, 3, 1.0)), 6)) == "a1b1a1b1a1b1"


def test_turns_are_counted_by_cost():
    names = served(waiting(("a", 1, 10, 10.0), ("b", 1, 30, 1.0)), 13)
    assert names[0] == "a1"
    assert names[1:11] == ["b1"] * 10


def test_twenty_sessions_of_one_address_have_together_what_another_address_has():
    turns = waiting(*(("a", session, 8, 1.0) for session in range(20)), ("b", 1, 8, 1.0))
    names = served(turns, 16)
    assert names.count("b1") == 8
    assert len({name for name in names if name != "b1"}) == 8  # and among themselves they take turns


def test_who_comes_late_is_served_next_and_has_saved_nothing_up():
    turns = waiting(("a", 1, 100, 1.0))
    assert len(served(turns, 50)) == 50
    for rank in range(100):
        turns.add(turn(rank, 1.0, "b1"), Wish("b", 1))
    names = served(turns, 20)
    assert names[0] == "b1"
    assert 9 <= names.count("b1") <= 11
    for rank in range(20):  # another session of the first address, which has had much
        turns.add(turn(rank, 1.0, "a2"), Wish("a", 2))
    assert 4 <= served(turns, 20).count("a2") <= 6


def test_what_two_wish_is_run_once_when_the_first_has_a_turn_and_charged_to_both():
    turns = waiting(("a", 1, 50, 1.0))
    shared = turn(99.0, 10.0, "shared")
    turns.add(shared, Wish("a", 1))
    turns.add(shared, Wish("b", 1))
    names = served(turns)
    assert names.index("shared") <= 1
    assert names.count("shared") == 1
    assert len(names) == 51


def test_what_nobody_wishes_any_more_is_not_begun():
    turns, gone = Turns(), turn(name="gone")
    turns.add(gone, Wish("a", 1))
    turns.add(turn(name="stays"), Wish("a", 1))
    gone.wishes.clear()
    assert served(turns) == ["stays"]
    assert not gone.begun


def test_of_one_session_the_lowest_rank_comes_first():
    turns = Turns()
    for rank in (3.0, -1.0, 2.0):
        turns.add(turn(rank, 1.0, str(rank)), Wish("a", 1))
    assert served(turns) == ["-1.0", "2.0", "3.0"]
