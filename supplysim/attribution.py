"""The effect of a package divided among its policies, as a result that can be saved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from supplysim.experiment import attribution
from supplysim.report.files import save_attributions


@dataclass(frozen=True, eq=False)
class Attribution(attribution.Attribution):
    """The effect of a package divided among its policies, which can be saved."""

    def save(self, folder: str | Path) -> list[Path]:
        """Write ``attribution.csv`` and ``interactions.csv`` into a folder; return the files written."""
        return save_attributions([self], folder)
