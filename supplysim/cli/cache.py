"""``supplysim cache``: the finished runs that are kept, and how to be rid of them."""

from __future__ import annotations

import json
import shutil

from supplysim.cli.screen import console
from supplysim.cli.tables import print_table
from supplysim.experiment.store import Store
from supplysim.report import drawn_before


def cache_command(clear: bool, as_json: bool) -> None:
    """Print what is kept, or delete it, with the decisions and the figures that were made of it."""
    store = Store()
    contents = store.contents()
    if clear:
        store.clear()
        shutil.rmtree(drawn_before.folder(), ignore_errors=True)
    if as_json:
        print(json.dumps({"folder": str(store.folder), "cleared": clear, "scenarios": contents}, indent=2))
        return
    screen = console()
    runs, size = sum(row["runs"] for row in contents), sum(row["bytes"] for row in contents)
    kept = f"{runs:,} runs, {size / 1e6:,.1f} MB"
    screen.print(f"{'Deleted' if clear else 'Kept'} in {store.folder}: {kept}", soft_wrap=True)
    if contents and not clear:
        headings = ("Scenario", "Version", "Rules", "Runs", "Files", "MB")
        rows = [
            (
                *(row["scenario"], row["version"], "present" if row["current"] else "older"),
                *(f"{row['runs']:,}", str(row["files"]), f"{row['bytes'] / 1e6:.1f}"),
            )
            for row in contents
        ]
        print_table(screen, "", headings, rows, left=3)
