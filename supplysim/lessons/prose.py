"""The words of a lesson: sections of its Markdown file, numbers filled in, length and reading level."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from supplysim.errors import InputError, nearest

SECTIONS = ("Before", "Explain", "Remember", "Misread")
WORDS_A_MINUTE = 130  # read aloud
PLACE = re.compile(r"\{\{([^}]*)\}\}")
_HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_MARKS = re.compile(r"[*_`#>|]|\[([^\]]*)\]\([^)]*\)|\{\{[^}]*\}\}")


def sections(text: str, place: str) -> dict[str, str]:
    """Return the sections of a lesson's Markdown file by heading, in their order.

    Raises
    ------
    InputError
        If one is missing, unknown, empty or there twice.
    """
    _, *parts = _HEADING.split(text)
    names, bodies = parts[::2], [body.strip() for body in parts[1::2]]
    for index, name in enumerate(names):
        if name not in SECTIONS:
            raise InputError(place, f"## {name}", "there is no such section", nearest(name, SECTIONS))
        if name in names[:index]:
            raise InputError(place, f"## {name}", "it stands there twice", "keep one")
        if not bodies[index]:
            raise InputError(place, f"## {name}", "it is empty", "write it")
    for name in SECTIONS:
        if name not in names:
            raise InputError(place, None, f"the section '## {name}' is missing", "add it")
    return dict(zip(names, bodies, strict=True))


def blocks(body: str) -> list[str]:
    """Return the paragraphs and lists of a section: each is a message of its own for translators."""
    return [block for block in re.split(r"\n\s*\n", body.strip()) if block]


def places(text: str) -> list[str]:
    """Return the names in double braces, such as ``fall`` and ``fall.interval``."""
    return [found.strip() for found in PLACE.findall(text)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the names in double braces replaced by their values."""
    return PLACE.sub(lambda found: values[found[1].strip()], text)


def plain(text: str) -> str:
    """Return Markdown as it is read aloud; a number still to be filled in counts as one word."""
    lines = [re.sub(r"^ *([-*]|\d+\.) +", "", line) for line in text.splitlines()]
    return _MARKS.sub(lambda found: found[1] or ("ten" if found[0].startswith("{{") else ""), "\n".join(lines))


def words(text: str) -> list[str]:
    """Return the words of a text: runs of letters and digits, with apostrophes, points and hyphens inside."""
    return re.findall(r"[A-Za-z0-9$]+(?:[.,'’\-][A-Za-z0-9]+)*", plain(text))


def minutes_aloud(text: str) -> float:
    """Return how long it takes to read a text aloud."""
    return len(words(text)) / WORDS_A_MINUTE


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: about the years of school that a text asks for.

    0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al., 1975). Syllables are counted by rule, so
    the grade is good to about one year.
    """
    spoken = words(text)
    sentences = [part for part in re.split(r"[.!?]+(?:\s|$)|\n\s*\n|\n(?=\s*[-*] )", plain(text)) if words(part)]
    if not spoken:
        return 0.0
    return 0.39 * len(spoken) / len(sentences) + 11.8 * sum(map(syllables, spoken)) / len(spoken) - 15.59


def syllables(word: str) -> int:
    """Return about how many syllables a word has: groups of vowels, less a silent ending."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if not letters:
        return 1  # a number
    groups = len(re.findall(r"[aeiouy]+", letters))
    if re.search(r"(?<![aeiouyl])e$|[^aeiouydt]ed$|(?<![sxzcg])es$(?<!ies)", letters) and groups > 1:
        groups -= 1
    return max(groups, 1)


def as_html(markdown: str, of: Callable[[str], str] | None = None) -> str:
    """Return Markdown as HTML; HTML inside it is shown, never run."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").render(of(markdown) if of else markdown)
