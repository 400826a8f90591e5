"""What a world pack holds once it has passed the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supplysim.packs.rows import EVIDENCE, Row, overlaid, read


@dataclass(frozen=True)
class Pack:
    """A pack that passed the gate.

    Parameters
    ----------
    name, title : str
        What it is called, and shows.
    not_covered : tuple of str
        What it leaves as it is shipped, in sentences for those who read its results.
    source, licence : str
        Where its numbers are from, and on which terms they may be used.
    folder : Path
    instead : tuple of str
        Tables whose shipped rows it leaves out.
    words : mapping of str to str
        Words of the screens -> what stands there in this world.
    tables : mapping of str to list of rows
        Its own rows by table.
    fingerprint : str
        Hash of its files, eight letters.
    """

    name: str
    title: str
    not_covered: tuple[str, ...]
    source: str
    licence: str
    folder: Path
    instead: tuple[str, ...]
    words: Mapping[str, str]
    tables: Mapping[str, list[Row]]
    fingerprint: str

    @property
    def lessons(self) -> Path | None:
        """Folder of its lessons, None if it has none. They are no part of the fingerprint: they move no run."""
        folder = self.folder / "lessons"
        return folder if folder.is_dir() else None

    @property
    def badge(self) -> str:
        """What tells results of this world apart."""
        return f"world: {self.name}"

    @property
    def stamp(self) -> str:
        """Name and fingerprint, as editions carry it."""
        return f"{self.name}-{self.fingerprint}"

    @property
    def limits(self) -> str:
        """What it does not cover, in one paragraph."""
        return f"{self.title} (world pack {self.name}). {' '.join(self.not_covered)}"

    def described(self) -> dict[str, Any]:
        """Return what provenance holds of it."""
        told = {name: getattr(self, name) for name in ("name", "title", "fingerprint", "source", "licence")}
        return told | {"not_covered": list(self.not_covered)}

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table in this world."""
        shipped = [] if name in self.instead else read(EVIDENCE / f"{name}.csv")
        return overlaid(name, shipped, self.tables.get(name, ()))
