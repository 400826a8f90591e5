"""`supplysim export`: Explore, or the lessons, as one file that works without a server."""

from __future__ import annotations

from pathlib import Path

from supplysim.folders import write_together


def export_command(file: str, scenario: str, lessons: bool) -> None:
    """Write the page of a scenario, or that of the lessons, and say where it is.

    Raises
    ------
    InputError
        If the file cannot be written, the scenario has no quick estimate for these rules, a lesson is wrong, or
        Explore is asked for in another language.
    """
    path = Path(file)
    from supplysim.cli.options import english_only
    from supplysim.cli.screen import console
    from supplysim.emulator import page as explore
    from supplysim.lessons import page as teaching

    if not lessons:
        english_only("Explore is exported")
    text = teaching.page() if lessons else explore.page_of(scenario)
    write_together(path.parent, {path.name: lambda where: where.write_text(text, "utf-8")})
    console().print(
        f"{file}: {len(text.encode()) / 1e3:,.0f} kB; opens from disk, without a connection", highlight=False
    )
