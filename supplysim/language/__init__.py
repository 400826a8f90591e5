"""The reader's language: gettext's calls by their usual names, one catalogue a language, how numbers are written.

English is the source. A text is written where it is used, ``gettext("{n} of {all} worlds", n=3, all=10)``; messages
are collected into `messages.pot` and translated in ``CODE.po`` (docs/languages.md).
"""

from supplysim.language.catalogue import (
    ENGLISH,
    LANGUAGES,
    PSEUDO,
    browser_messages,
    by_language,
    gettext,
    gettext_noop,
    language,
    ngettext,
    numerals,
    pgettext,
    preferred,
    speaking,
)

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "PSEUDO",
    "browser_messages",
    "by_language",
    "gettext",
    "gettext_noop",
    "language",
    "ngettext",
    "numerals",
    "pgettext",
    "preferred",
    "speaking",
]
