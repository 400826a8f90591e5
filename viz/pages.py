"""Which pages there are, what stays the same on each, and what a visit shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from supplysim import __version__
from supplysim.viz.figures.explore import TITLES
from supplysim.viz.levers import GROUPS, PRESETS, panel
from supplysim.viz.session import Session

PAGES = ("explore", "compare", "learn", "watch", "assumptions", "evidence", "info", "present")
NAMES = {"explore": "Explore", "compare": "Compare", "learn": "Learn", "watch": "Watch", "assumptions": "Assumptions", "evidence": "Evidence", "info": "Info", "present": "Present"}


@cache
def shared() -> dict[str, Any]:
    """Return what every page needs."""
    return {
        "version": __version__,
        "pages": [{"id": name, "title": NAMES[name]} for name in PAGES],
        "levers": panel(),
        "groups": [{"id": key, "title": title} for key, title in GROUPS.items()],
        "presets": [{"id": key, "title": title, "text": text} for key, (title, text) in PRESETS.items()],
        "graphs": [{"id": key, "title": title} for key, title in TITLES.items()],
        "scenarios": scenarios(),
    }


def scenarios() -> list[dict[str, str]]:
    """Return the shipped scenarios."""
    from supplysim.scenario import available

    return [{"id": name, "title": title} for name, title in available().items()]


@cache
def contents(name: str) -> dict[str, Any]:
    """Return what stays the same on a page."""
    return shared()


class Visit(Session):
    """A session and the page it looks at."""

    def __init__(self, query: str, publish: Callable[[], None]) -> None:
        super().__init__(query, publish)
        self.name = "explore"
        self.reply: dict[str, Any] = {}

    def link(self) -> str:
        """Return the query of the link to what is shown."""
        from supplysim.viz.links import encode

        return encode(self.state)

    def show(self, name: str) -> None:
        """Prepare a page that is about to be shown."""
        self.name = name

    def view(self, name: str) -> dict[str, Any]:
        """Return what changes on a page."""
        return self.explore()
