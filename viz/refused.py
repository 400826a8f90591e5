"""Wrong input that only the app refuses: the message is in the reader's language, the engine's own stay English."""

from __future__ import annotations

from collections.abc import Iterable

from supplysim.errors import InputError, closest, one_line, shown
from supplysim.language import gettext


class Refused(InputError):
    """What a visitor asked for is wrong; place, rule and remedy are in the language spoken here."""

    def __str__(self) -> str:
        said = {"place": self.place, "rule": self.rule, "remedy": self.remedy}
        if self.value is None:
            return one_line(gettext("{place}: {rule}; {remedy}", **said))
        return one_line(gettext("{place} = {value}, but {rule}; {remedy}", value=shown(self.value), **said))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest known one, else all that are known."""
    close = closest(name, known)
    if close:
        return gettext("did you mean {name}?", name=repr(close))
    return gettext("known: {names}", names=", ".join(sorted(known)[:12]))
