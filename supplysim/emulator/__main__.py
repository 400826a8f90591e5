"""Train an emulator, or print the report of a shipped one: `python -m supplysim.emulator [--train] [SCENARIO]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from supplysim.emulator.predict import FILES, SCENARIO, Emulator
from supplysim.emulator.train import train


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, or print the report of the file that is shipped."""
    parser = argparse.ArgumentParser(description="The emulator of the app.")
    parser.add_argument("--train", action="store_true", help="run the design, fit and write the file")
    parser.add_argument("scenario", nargs="?", default=SCENARIO, choices=list(FILES), help="the world that it knows")
    parser.add_argument("--out", type=Path, help="where to write it")
    asked = parser.parse_args(arguments)
    file = asked.out or FILES[asked.scenario]
    if not asked.train and not file.is_file():
        print("There is no emulator yet; --train makes one.", file=sys.stderr)
        return 1
    if asked.train:
        train(asked.scenario, file)
    report = Emulator.load(file).report
    print(
        json.dumps(
            {k: {a: b for a, b in v.items() if a != "points"} if isinstance(v, dict) else v for k, v in report.items()},
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
