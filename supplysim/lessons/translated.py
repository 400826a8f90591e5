"""The words of a lesson in the reader's language; its numbers, names and expressions stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from supplysim.language import gettext
from supplysim.lessons import prose

WORDS = frozenset(  # keys of a lesson file whose text people read
    {"title", "named", "text", "objective", "notice", "caution", "question", "rubric", "task", "hint", "told"}
    | {"name", "card", "wants", "ask"}  # of the role play
)
NOT_WORDS = frozenset({"arms.name"})


def messages_of(table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield every text of a lesson's table that people read."""
    for key, value in table.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                yield from messages_of(item, key)
            elif isinstance(item, str) and key in WORDS and f"{above}.{key}" not in NOT_WORDS:
                yield item


def in_language(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return a lesson's table with its texts in the language spoken here."""

    def said(key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [said(key, item) for item in value]
        if isinstance(value, Mapping):
            return in_language(value, key)
        readable = isinstance(value, str) and key in WORDS and f"{above}.{key}" not in NOT_WORDS
        return gettext(value) if readable else value

    return {key: said(key, value) for key, value in table.items()}


def prose_in_language(sections: Mapping[str, str]) -> dict[str, str]:
    """Return the sections of a lesson's Markdown file in the language spoken here, paragraph by paragraph."""
    return {name: "\n\n".join(map(gettext, prose.blocks(body))) for name, body in sections.items()}
