"""``supplysim train``: a quick estimate for the world of a pack, kept in the user's cache under its fingerprint."""

from __future__ import annotations

import json

from supplysim import arguments
from supplysim.cli.screen import console
from supplysim.cli.tables import print_table
from supplysim.emulator.designed import SIZES
from supplysim.emulator.held_out import CHECKED
from supplysim.emulator.predict import FILES, file_of
from supplysim.emulator.train import train
from supplysim.environment import reason
from supplysim.errors import InputError
from supplysim.packs import stamp
from supplysim.setup.scenario import shipped

TOLD = ("median_error", "bias", "rank_correlation", "sign", "inside")


def train_command(scenario: str, *, size: str, workers: int | None, as_json: bool) -> None:
    """Train and print how well packages that were kept out are told.

    Raises
    ------
    InputError
        If there is no such scenario, its estimate comes with the program, or the file cannot be written.
    """
    arguments.known(scenario, shipped(), "SCENARIO", "scenario")
    if scenario in FILES and not stamp():
        remedy = "name a world pack with --world"
        raise InputError("SCENARIO", scenario, "its quick estimate comes with the program", remedy)
    file = file_of(scenario)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(str(file.parent), None, f"it cannot be made ({reason(error)})", "free it") from error
    report = train(scenario, file, workers, SIZES[size])
    if as_json:
        print(json.dumps(report | {"file": str(file)}, indent=1))
        return
    rows = [
        [name, *("-" if report[name][key] is None else f"{report[name][key]:g}" for key in TOLD)] for name in CHECKED
    ]
    title = f"{report['test_packages']} packages that were kept out, {report['test_pairs']} worlds each"
    print_table(console(), title, ("measure", *(key.replace("_", " ") for key in TOLD)), rows)
    print(f"Kept in {file}")
