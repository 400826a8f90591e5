"""Which language is spoken here, and what a message is in it.

The language belongs to the context, not to the process: two visitors of one server read different ones. Whatever is
kept for several readers is kept by language (`by_language`). Messages without a translation stay English.
"""

from __future__ import annotations

import gettext as standard
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from supplysim.errors import InputError, nearest
from supplysim.language.pseudo import Pseudo

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "messages.pot"
ENGLISH: Final = "en"
PSEUDO: Final = "en-XA"  # every message accented and in brackets: what is not, was never collected
BROWSER = ("viz/panels/", "supplysim/evidence/countries.csv")  # whose messages are needed where the browser draws
CONTEXT = "\x04"  # between a context and its message, as gettext has it

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Language(NamedTuple):
    """What a language calls itself, and the marks inside its numbers."""

    name: str
    decimal: str
    thousands: str


LANGUAGES: dict[str, Language] = {ENGLISH: Language("English", ".", ","), "de": Language("Deutsch", ",", ".")}
_spoken: ContextVar[str] = ContextVar("supplysim_language", default=ENGLISH)
_MARK = re.compile(r"(?<=\d)[.,](?=\d)")


def language() -> str:
    """Return the code of the language that is spoken here."""
    return _spoken.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language inside the block.

    Raises
    ------
    InputError
        If there is no catalogue of it.
    """
    if code not in LANGUAGES and code != PSEUDO:
        raise InputError("language", code, "there is no catalogue of it", nearest(code, LANGUAGES))
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


def preferred(*wanted: str | None, accepted: str = "") -> str:
    """Return the language of the first wish that is known, else of a browser's ``Accept-Language``, else English.

    Examples
    --------
    >>> preferred(None, "de"), preferred("xx", accepted="fr, de-CH;q=0.8, en;q=0.5"), preferred("")
    ('de', 'de', 'en')
    """
    for code in wanted:
        if code in LANGUAGES or code == PSEUDO:
            return code
    liked = []
    for place, piece in enumerate(accepted[:1000].replace(" ", "").split(",")[:30]):
        code, _, weight = piece.strip().partition(";q=")
        quality = float(weight) if re.fullmatch(r"[01](\.\d{1,3})?", weight) else 1.0
        liked.append((-quality, place, code.split("-")[0].lower()))
    return next((code for quality, _, code in sorted(liked) if code in LANGUAGES and quality), ENGLISH)


@cache
def _catalogue(code: str) -> standard.NullTranslations:
    """Return the messages of a language."""
    if code == PSEUDO:
        return Pseudo()
    if code == ENGLISH:
        return standard.NullTranslations()
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, _read(FOLDER / f"{code}.po"))
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def _read(path: Path) -> Any:
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file)


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the language spoken here, with values in its braces."""
    text = _catalogue(_spoken.get()).gettext(message) if message else ""
    return text.format(**values) if values else text


def ngettext(one: str, many: str, number: float, /, **values: object) -> str:
    """Return the message for one thing or for another number of them, with values in its braces."""
    text = _catalogue(_spoken.get()).ngettext(one, many, number)  # type: ignore[arg-type]
    return text.format(**values) if values else text


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Return a message that means something else in another context."""
    text = _catalogue(_spoken.get()).pgettext(context, message)
    return text.format(**values) if values else text


def gettext_noop(message: str) -> str:
    """Return the message itself: it is collected here and translated where it is used."""
    return message


def numerals(text: str) -> str:
    """Return the text of a number with the marks of the language spoken here: ``1,234.5`` is ``1.234,5`` in German."""
    spoken = LANGUAGES.get(_spoken.get())
    if spoken is None or spoken.decimal == ".":
        return text
    return _MARK.sub(lambda mark: spoken.decimal if mark[0] == "." else spoken.thousands, text)


def by_language(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Keep what a function returns, once for each language and its (hashable) arguments."""

    @cache
    def kept(code: str, *arguments: Any, **named: Any) -> Made:
        return function(*arguments, **named)

    @wraps(function)
    def asked(*arguments: Given.args, **named: Given.kwargs) -> Made:
        return kept(_spoken.get(), *arguments, **named)  # type: ignore[arg-type]

    asked.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
    return asked


@by_language
def browser_messages(*files: str) -> Mapping[str, str | list[str]]:
    """Return the messages that the browser needs, with what they are in the language spoken here; none for English.

    Of some files only if they are named.

    A message with a plural has its forms in a list; one with a context has it before itself, as gettext does.
    """
    if language() == ENGLISH:
        return {}
    found: dict[str, str | list[str]] = {}
    for message in _read(TEMPLATE):
        if not message.id or not any(place.startswith(files or BROWSER) for place, _ in message.locations):
            continue
        if isinstance(message.id, str):
            before = f"{message.context}{CONTEXT}" if message.context else ""
            words = pgettext(message.context, message.id) if message.context else gettext(message.id)
            found[before + message.id] = words
        else:
            one, many = message.id
            found[one] = [ngettext(one, many, number) for number in (1, 2)]
    return found
