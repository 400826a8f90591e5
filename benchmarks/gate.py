"""Odd values through every public door of the Python side, as `benchmarks.running` tries the command line.

    python -m benchmarks.gate [INPUTS] [SEED]

A door is an argument of something that users call. What it takes must be accepted; everything else must end in one
`InputError` (place, rule, remedy, one printable line) before anything is written. `doors()` lists them, `odd()` draws
values: numbers that are none, text, arrays of the wrong kind, dates of other libraries, tables with foreign keys.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import math
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.doors.takes import Door
from supplysim.errors import InputError, RunFailed

INPUTS = 10_000
ODD: dict[str, list[Any]] = {
    "not a number": [math.nan, np.float64("nan"), np.float32("nan"), pd.NA, pd.NaT, Decimal("nan")],
    "infinite": [math.inf, -math.inf, np.float64("inf")],
    "negative": [-1, -0.5, -1e308, np.int64(-3), Fraction(-1, 3), -(2**80)],
    "huge": [1e300, 2**64, 10**400, np.uint64(2**64 - 1), Decimal("1e400")],
    "other numbers": [0.5000001, 2.5, 1 + 2j, np.complex64(1), Fraction(7, 2), Decimal("2.5"), np.float16(3.5), 3000],
    "text": [
        "",
        " ",
        "40",
        "nan",
        "no such name",
        "x" * 5000,
        "a\nb",
        "\x1b[31m",
        "[bold]",
        "\ud800",
        "\0",
        "=1+1",
        "{}",
        "%s",
        "١٢",
    ],
    "nothing": [None, ..., NotImplemented],
    "truth": [True, False, np.bool_(True)],
    "lists": [[], [1], [[]], (), (1, 2), [None], ["a"], {1, 2}, frozenset(), range(3), [math.nan], [[1, 2], [3]]],
    "arrays": [
        np.zeros(0),
        np.zeros(3),
        np.zeros((2, 2)),
        np.array(["a"]),
        np.array([None]),
        np.array(1.5),
        np.array([1], "M8[D]"),
        pd.Series([1.0]),
        pd.DataFrame({"a": [1]}),
        np.ma.masked,
        np.zeros(2, [("a", "f8")]),
    ],
    "bytes": [b"", b"minimal", bytearray(b"1"), memoryview(b"1")],
    "dates": [
        dt.date(1, 1, 1),
        dt.date(9999, 12, 31),
        dt.datetime(2025, 1, 1, 12),
        np.datetime64("2025-01-01"),
        np.datetime64("NaT"),
        pd.Timestamp("2025-01-01"),
        dt.time(1),
        dt.timedelta(3),
        "2025-13-01",
        "2025-02-30",
    ],
    "tables": [
        {},
        {"foreign": 1},
        {1: 2},
        {None: None},
        {"": ""},
        {"lever": "border", "foreign": 1},
        {"buyers": math.nan},
    ],
    "objects": [object(), lambda *a: None, Exception("x"), open, dt, type("Text", (str,), {})("odd")],
}


def odd(draw: random.Random) -> tuple[str, Any]:
    """Return the kind of an odd value and the value, now and then wrapped in a list, a table or an array."""
    kind = draw.choice(list(ODD))
    value = draw.choice(ODD[kind])
    wrap = draw.random()
    if wrap < 0.05:
        return "lists", [value, draw.choice(ODD[draw.choice(list(ODD))])]
    if wrap < 0.1:
        return "tables", {draw.choice(["buyers", "border", "investigators", "start", "x"]): value}
    if wrap < 0.12:
        return "arrays", np.array([value, 1], dtype=object)
    return kind, value


def judged(door: Door, value: Any, folder: Path) -> str:
    """Return what is wrong with what a door makes of a value; nothing if it is refused or accepted as it should."""
    try:
        taken = bool(door.takes(value))
    except Exception:  # an array has no one truth, a foreign object no order
        taken = False
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            door.call(value)
    except InputError as error:
        line = str(error)
        if taken:
            return f"it is right, and refused: {line[:150]}"
        if not line.isprintable() or len(line) > 700 or not (error.place and error.rule and error.remedy):
            return f"not one line with place, rule and remedy: {line[:200]!r}"
        return "written before it was refused" if any(folder.iterdir()) else ""
    except RunFailed:  # a user's own function failed, and is told by its pair and arm
        return "" if taken and callable(value) else "accepted"
    except BaseException as error:
        return f"{type(error).__name__}: {str(error)[:150]}"
    finally:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return "" if taken else "accepted"


def main(arguments: list[str]) -> int:
    from benchmarks.doors import doors

    inputs, seed = (int(arguments[at]) if len(arguments) > at else default for at, default in ((0, INPUTS), (1, 1)))
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as root, contextlib.chdir(root):
        folder = Path(root) / "trial"
        folder.mkdir()
        os.chdir(folder)
        entrances = doors(Path(root))
        for number in range(-1, inputs):
            draw = random.Random(f"{seed}-{number}")
            if number < 0:
                asked = [(door, "right values", value) for door in entrances for value in door.good]
            else:
                asked = [(draw.choice(entrances), *odd(draw))]
            for door, kind, value in asked:
                right = door._replace(takes=lambda value: True) if number < 0 else door
                wrong = judged(right, value, folder)
                tried[door.group] += 1
                kinds[kind] += 1
                failed[door.group] += bool(wrong)
                if wrong:
                    print(f"{number}: {door.name}: {kind} {ascii(value)[:70]}: {wrong}", file=sys.stderr, flush=True)
    print("| doors of Python | tried | held | failed |\n|---|---|---|---|")
    for group in sorted(tried):
        print(f"| {group} | {tried[group]} | {tried[group] - failed[group]} | {failed[group]} |")
    print(f"| all | {tried.total()} | {tried.total() - failed.total()} | {failed.total()} |")
    print("\nof these: " + ", ".join(f"{kinds[kind]:,} {kind}" for kind in sorted(kinds)))
    print(f"\n{len(entrances)} doors, {time.monotonic() - begun:.0f} s")
    return int(failed.total() > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
