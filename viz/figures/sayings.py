"""Sentences that a worker makes: a message and its values. Whoever shows them says them in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from supplysim.language import gettext, numerals


class Saying(NamedTuple):
    """A message marked with `gettext_noop`, and what stands in its braces: names, numbers, other sayings."""

    message: str
    values: Mapping[str, Any] = {}

    def spoken(self) -> str:
        """Return it in the language spoken here."""
        values = {name: numerals(one) if isinstance(one, str) else spoken(one) for name, one in self.values.items()}
        return gettext(self.message, **values)


def spoken(value: Any) -> Any:
    """Return a structure with every saying in it said."""
    if isinstance(value, Saying):
        return value.spoken()
    if isinstance(value, Mapping):
        return {name: spoken(one) for name, one in value.items()}
    return [spoken(one) for one in value] if isinstance(value, (list, tuple)) else value
