"""`supplysim export`: Explore as one file that works without a server."""

from __future__ import annotations

from pathlib import Path

from supplysim.folders import write_together


def export_command(file: str, scenario: str) -> None:
    """Write the page and say where it is.

    Raises
    ------
    InputError
        If the file cannot be written, or the scenario has no quick estimate for these rules.
    """
    path = Path(file)
    from supplysim.cli.screen import console
    from supplysim.emulator.page import page_of

    text = page_of(scenario)
    write_together(path.parent, {path.name: lambda where: where.write_text(text, "utf-8")})
    console().print(
        f"{file}: {len(text.encode()) / 1e3:,.0f} kB; opens from disk, without a connection", highlight=False
    )
