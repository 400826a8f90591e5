"""Wrong input: one error class whose message is one line naming place, value, rule and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

LONGEST = 80  # characters of a value or name that are shown; a message must stay one readable line

INPUT_IS_WRONG, INTERRUPTED = 2, 130  # exit statuses of the command line


class InputError(ValueError):
    """What somebody typed or wrote into a file is wrong; the program is not.

    Parameters
    ----------
    place : str
        File and key, or the command line option, for example ``mine.toml: policies[0].start``.
    value : object
        What was found there; None when there is no value to show.
    rule : str
        What the value breaks, phrased to follow "but".
    remedy : str
        What to do about it.

    Examples
    --------
    >>> print(InputError("mine.toml: time.end", "2021", "time.start is 2023-01-02", "choose a later end"))
    mine.toml: time.end = 2021, but time.start is 2023-01-02; choose a later end
    """

    def __init__(self, place: str, value: Any, rule: str, remedy: str) -> None:
        super().__init__(place, value, rule, remedy)  # all four, so that the error crosses process borders
        self.place, self.value, self.rule, self.remedy = place, value, rule, remedy

    def __str__(self) -> str:
        place, rule = _ends(self.place), _ends(self.rule)
        found = f"{place}: {rule}" if self.value is None else f"{place} = {shown(self.value)}, but {rule}"
        return one_line(f"{found}; {self.remedy}")


class RunFailed(RuntimeError):
    """A run stopped with an error; the message says which, so that it can be repeated alone."""


class WorkersLost(RuntimeError):
    """Worker processes ended again and again before they answered, or none can be started.

    Attributes
    ----------
    killed : bool
        Whether the system, or somebody, ended them: most often for want of memory.
    """

    def __init__(self, message: str, killed: bool) -> None:
        super().__init__(message, killed)  # both, so that the error crosses process borders
        self.killed = killed

    def __str__(self) -> str:
        return str(self.args[0])


def _ends(text: str) -> str:
    """Return both ends of a text that may name what somebody typed, of any length: a path is known by them."""
    return text if len(text) <= 4 * LONGEST else f"{text[: 2 * LONGEST]} ... {text[-2 * LONGEST :]}"


def one_line(text: str) -> str:
    """Return the text on one line, with control characters escaped: input must not draw on a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in " ".join(text.split()))


def shown(value: Any) -> str:
    """Return a value as its writer knows it: TOML spelling, shortened."""
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > 10**LONGEST:  # Python refuses to spell out very long ones
        return "a whole number of more than 80 digits"
    try:
        text = str(value)
    except Exception:  # of somebody else's class, or a very long number inside a collection
        return f"a {type(value).__name__}"
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like another; empty if none is like it."""
    return next(iter(get_close_matches(str(name)[:LONGEST], sorted(known), n=1)), "")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest known one, else all that are known.

    Examples
    --------
    >>> nearest("policy", ["policies", "rules"])
    "did you mean 'policies'?"
    """
    names = sorted(known)
    close = closest(name, names)
    if close:
        return f"did you mean {close!r}?"
    if not names:
        return "none is known"
    return "known: " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
