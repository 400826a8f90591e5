"""A language nobody speaks: every message accented and in brackets, so that what was never collected stands out."""

from __future__ import annotations

import gettext as standard
import re

ACCENTED = str.maketrans("aceginoprsuyzACDEGINORSUYZ", "áçéğíñóþřšúýžÁÇĐÉĞÍÑÓŘŠÚÝŽ")
LIST = re.compile(r"(?:[-*]|\d+\.) |")  # the mark before the first item of a list, which has to stay first
KEPT = re.compile(r"\{\{.*?\}\}|\{[^{}]*\}|<[^<>]*>|`[^`]*`|\]\([^)]*\)|&\w+;")  # values, tags, code, links


def pseudo(message: str) -> str:
    """Return a message as the pseudo-language has it: ``{n} worlds`` is ``⟦{n} wóřldš⟧``."""
    mark = LIST.match(message)
    assert mark is not None  # it may be empty
    pieces, last = [], mark.end()
    for kept in KEPT.finditer(message, last):
        pieces += [message[last : kept.start()].translate(ACCENTED), kept[0]]
        last = kept.end()
    return f"{mark[0]}⟦{''.join([*pieces, message[last:].translate(ACCENTED)])}⟧"


class Pseudo(standard.NullTranslations):
    """The catalogue of the pseudo-language: it knows every message."""

    def gettext(self, message: str) -> str:
        """Return the accented message."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        """Return the accented message for one, or for more."""
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """Return the accented message, whatever the context."""
        return pseudo(message)
