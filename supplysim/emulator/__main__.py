"""Train the emulator, or print the report of the one that is shipped: `python -m supplysim.emulator [--train]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from supplysim.emulator.predict import FILE, Emulator
from supplysim.emulator.train import train


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, or print the report of the file that is shipped."""
    parser = argparse.ArgumentParser(description="The emulator of the app.")
    parser.add_argument("--train", action="store_true", help="run the design, fit and write the file")
    parser.add_argument("--out", type=Path, default=FILE, help="where to write it")
    asked = parser.parse_args(arguments)
    if not asked.train and not asked.out.is_file():
        print("There is no emulator yet; --train makes one.", file=sys.stderr)
        return 1
    if asked.train:
        train(asked.out)
    report = Emulator.load(asked.out).report
    print(
        json.dumps(
            {k: {a: b for a, b in v.items() if a != "points"} if isinstance(v, dict) else v for k, v in report.items()},
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
