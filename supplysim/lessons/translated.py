"""The words of a lesson in the reader's language; its numbers, names and expressions stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from supplysim.language import gettext
from supplysim.lessons import prose
from supplysim.lessons.schema import Section

WORDS = frozenset(  # keys of a lesson file whose text people read
    {"title", "named", "text", "objective", "notice", "caution", "question", "rubric", "task", "hint", "told"}
    | {"name", "card", "wants", "ask"}  # of the role play
)
NOT_WORDS = frozenset({"arms.name"})
Table = TypeVar("Table", bound=Section)


def messages_of(table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield every text of a lesson's table that people read."""
    for key, value in table.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                yield from messages_of(item, key)
            elif isinstance(item, str) and _read(key, above):
                yield item


def in_language(table: Table, above: str = "") -> Table:
    """Return a lesson's checked table with its texts in the language spoken here; a translation may be longer."""

    def said(key: str, value: Any) -> Any:
        if isinstance(value, list):
            return [said(key, item) for item in value]
        if isinstance(value, Section):
            return in_language(value, key)
        return gettext(value) if isinstance(value, str) and _read(key, above) else value

    return table.model_copy(update={key: said(key, value) for key, value in table})


def prose_in_language(sections: Mapping[str, str]) -> dict[str, str]:
    """Return the sections of a lesson's Markdown file in the language spoken here, paragraph by paragraph."""
    return {name: "\n\n".join(map(gettext, prose.blocks(body))) for name, body in sections.items()}


def _read(key: str, above: str) -> bool:
    """Whether people read the text of a key in a table."""
    return key in WORDS and f"{above}.{key}" not in NOT_WORDS
