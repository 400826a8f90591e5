"""Words of the screens in the world of a pack: what is called a chip here may be a lens there.

Only what people read is said in a pack's words: screens, reports, the app. Names that are typed (measures, levers,
parameters, codes of countries), JSON and tables for machines stay as they are, so that no script depends on a pack.
"""

from __future__ import annotations

import re
from functools import cache

from supplysim.packs.pack import active

OUTSIDE = re.compile(r"(<style.*?</style>|<script.*?</script>|<[^>]*>)", re.DOTALL)  # of the text of a page
SPOKEN = re.compile(r'(?<= )(alt|title|aria-label)="([^"]*)"')  # attributes that are read aloud, or shown


@cache
def _pattern() -> re.Pattern[str] | None:
    pack = active()
    if pack is None or not pack.words:
        return None
    longest_first = sorted(pack.words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)


def said(text: str) -> str:
    """Return a text in the words of this process's world; a word given in small letters keeps a capital."""
    pattern, pack = _pattern(), active()
    if pattern is None or pack is None:
        return text
    words = {word.lower(): other for word, other in pack.words.items()}

    def other(found: re.Match[str]) -> str:
        word = found[1]
        new = words[word.lower()]
        return new if word in pack.words or not word[0].isupper() else new[0].upper() + new[1:]

    return pattern.sub(other, text)


def said_on_page(html: str) -> str:
    """Return an HTML page with its text, and what is read aloud, in the words of this world; no script changes."""
    if _pattern() is None:
        return html

    def inside(tag: str) -> str:
        opening = tag.startswith("<") and not tag.startswith(("<style", "<script"))
        return SPOKEN.sub(lambda found: f'{found[1]}="{said(found[2])}"', tag) if opening else tag

    return "".join(inside(part) if OUTSIDE.fullmatch(part) else said(part) for part in OUTSIDE.split(html))
