"""Who would tell: the sources on record for a factor, or that it is an assumption."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from supplysim.evidence import parameters
from supplysim.language import gettext
from supplysim.report.standing import listed

SHOWN = 3  # titles in a sentence


class Sources(NamedTuple):
    """What is on record.

    Attributes
    ----------
    titles, links : tuple of str
        Of the sources, each once.
    assumed : bool
        Whether no source was found, or only for part of it.
    """

    titles: tuple[str, ...]
    links: tuple[str, ...]
    assumed: bool

    def sentence(self) -> str:
        """Return it in words."""
        if not self.titles:
            if self.assumed:
                return gettext("An assumption: nothing on record would tell.")
            return gettext("Only time tells.")
        more = len(self.titles) - SHOWN
        names = listed([*self.titles[:SHOWN], *([gettext("{n} more", n=more)] if more > 0 else [])])
        if self.assumed:
            return gettext("In part an assumption; on record: {titles}.", titles=names)
        return gettext("On record: {titles}.", titles=names)


def sources_of(name: str, kind: str = "factor") -> Sources:
    """Return the sources of a factor; of anything else there are none to look up."""
    known = parameters().get(name) if kind == "factor" else None
    if known is None:
        return Sources((), (), kind == "factor")
    found = {row.source_title: row.source_url for row in known.evidence}
    return Sources((*found,), (*found.values(),), known.assumed)


def titles_in(lines: Iterable[str]) -> list[str]:
    """Return the titles of sources that stand in some lines, the longest first: they stay in their own language."""
    known = {row.source_title for parameter in parameters().values() for row in parameter.evidence}
    text = "\n".join(lines)
    return sorted((title for title in known if title in text), key=lambda title: (-len(title), title))


def group_of(name: str) -> str:
    """Return the group of a factor by the table of evidence; of a setting, its lever."""
    known = parameters().get(name)
    if known is None:
        return gettext("others")
    if known.lever:
        return gettext("how {lever} works and what it costs", lever=gettext(known.lever.replace("_", " ")))
    return gettext(known.group)
