"""Remake what is generated from the model, in order, and only what is stale: `make results`, `make results-plan`.

    python -m docs.writers.results [--plan | --keep] [STEP ...]

Every step works in a folder of its own, named by the edition of the rules; its files take their places when all are
there, and ``made.json`` then says what made them. A step that is finished is not repeated after a kill, and the long
commands go on where they stopped. Naming a step makes it anew, stale or not; `--keep` makes
nothing, but writes down that what is there is what the named steps give today, which somebody has checked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from docs.writers.steps import STEPS, Step
from supplysim.edition import edition

ROOT = Path(__file__).parents[2]
MADE = "docs/writers/made.json"
EARLIER = "docs/writers/made_by_earlier_rules.toml"
FROZEN = "docs/predictions-2025.md and -2027.md are frozen and never made again"
INTERRUPTED = 130
Made = dict[str, dict[str, Any]]


def made(root: Path = ROOT) -> Made:
    """Return what made everything: step -> edition, hashes of inputs, writers and outputs, day and minutes."""
    file = root / MADE
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def earlier(root: Path = ROOT) -> dict[str, str]:
    """Return the steps that may be stale, with the reason."""
    return tomllib.loads((root / EARLIER).read_text("utf-8"))


def hashed(root: Path, patterns: Iterable[str]) -> str:
    """Return a short hash of files, of folders whole; line ends do not count."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            digest.update(f"\n{file.relative_to(root).as_posix()}\n".encode())
            digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def inputs(step: Step, root: Path = ROOT) -> str:
    """Return the hash of what a step reads: its own files, its commands, and what the steps before it made."""
    before = [file for other in STEPS if other.name in step.needs for file in other.outputs]
    return hashlib.sha256(f"{step.commands} {hashed(root, [*step.inputs, *before])}".encode()).hexdigest()[:12]


def stale(step: Step, known: Made, root: Path = ROOT) -> str:
    """Return why what is there is not what the rules and inputs of today give; nothing if it is."""
    row = known.get(step.name)
    if row is None:
        return "never made"
    if step.by_rules and row["edition"] != edition():
        return f"made by the rules {row['edition']}"
    if row["inputs"] != inputs(step, root):
        return "its inputs changed"
    changed = [file for file in step.outputs if row["outputs"].get(file) != hashed(root, [file])]
    return f"{', '.join(changed)} changed since it was made" if changed else ""


def reasons(known: Made, root: Path = ROOT) -> dict[str, str]:
    """Return the steps to make, in order, each with why: stale, made by older code, or after another one."""
    found: dict[str, str] = {}
    for step in STEPS:
        why = stale(step, known, root)
        if not why and known[step.name]["writers"] != hashed(root, step.writers):
            why = "the code that makes it changed"
        after = [name for name in step.needs if name in found]
        if why or after:
            found[step.name] = why or f"after {', '.join(after)}"
    for step in reversed(STEPS):  # what a step reads in the work folder of another may be gone
        for other in STEPS:
            missing = [name for name in other.leaves if not (work(other, root) / name).is_file()]
            if step.name in found and other.name in step.needs and missing:
                found.setdefault(other.name, f"{step.name} needs its {', '.join(missing)}")
    return {step.name: found[step.name] for step in STEPS if step.name in found}


def work(step: Step, root: Path = ROOT) -> Path:
    """Return the folder in which a step works."""
    return root / "out" / "results" / edition() / step.name


def make(step: Step, known: Made, root: Path = ROOT) -> bool:
    """Make a step, put its files in their places and write down what made them; return whether they changed.

    Raises
    ------
    SystemExit
        If a command fails or leaves out a file.
    """
    folder, started = work(step, root), time.time()
    folder.mkdir(parents=True, exist_ok=True)
    words = {"python": sys.executable, "work": str(folder)} | {other.name: str(work(other, root)) for other in STEPS}
    for command in step.commands:
        status = subprocess.run([word.format(**words) for word in command], cwd=root, check=False).returncode
        if status not in step.accepts:
            raise SystemExit(f"{step.name}: a command ended with status {status}; nothing was replaced")
    places = {root / file: folder / name if name else root / file for file, name in step.outputs.items()}
    absent = [str(new) for new in places.values() if not _written(new, started)]
    if absent:
        raise SystemExit(f"{step.name}: {', '.join(absent)} was not written; nothing was replaced")
    for place, new in places.items():
        if new != place:
            copy = place.with_name(f"{place.name}.new")
            shutil.copyfile(new, copy)
            os.replace(copy, place)
    before = known.get(step.name, {}).get("outputs")
    known[step.name] = noted(step, (time.time() - started) / 60.0, root)
    write(known, root)
    return known[step.name]["outputs"] != before


def noted(step: Step, minutes: float, root: Path = ROOT) -> dict[str, Any]:
    """Return what there is to know about outputs that were just made."""
    return {
        "edition": edition(),
        "inputs": inputs(step, root),
        "writers": hashed(root, step.writers),
        "outputs": {file: hashed(root, [file]) for file in step.outputs},
        "made": f"{date.today():%Y-%m-%d}",
        "minutes": round(minutes, 1),
    }


def write(known: Mapping[str, Any], root: Path = ROOT) -> None:
    """Write ``made.json`` whole, in the order of the steps."""
    new = root / f"{MADE}.new"
    rows = {step.name: known[step.name] for step in STEPS if step.name in known}
    new.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    os.replace(new, root / MADE)


def _written(path: Path, since: float) -> bool:
    """Return whether a file, or every file of a folder, was written after a moment; file systems round it."""
    files = list(path.iterdir()) if path.is_dir() else [path]
    return bool(files) and all(file.is_file() and file.stat().st_mtime >= since - 2.0 for file in files)


def plan(why: Mapping[str, str], known: Made) -> str:
    """Return the steps with their minutes and why they are made."""
    rows = [(step, known.get(step.name, {}).get("minutes", step.minutes)) for step in STEPS if step.name in why]
    lines = [f"{step.name:<12} {minutes:5.1f} min  {why[step.name]}" for step, minutes in rows]
    total = sum(minutes for _, minutes in rows)
    head = f"{len(rows)} of {len(STEPS)} steps to make with the rules {edition()}, about {total:.0f} minutes; {FROZEN}."
    return "\n".join([head, *lines])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the plan and carry it out; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs.writers.results", description=__doc__.splitlines()[0])
    parser.add_argument("--plan", action="store_true", help="print what would be made, and why")
    parser.add_argument("--keep", action="store_true", help="write down that what is there was checked to be right")
    parser.add_argument("steps", nargs="*", metavar="STEP", help="make these anew")
    given = parser.parse_args(arguments)
    unknown = set(given.steps) - {step.name for step in STEPS}
    if unknown:
        parser.error(f"no such step: {', '.join(sorted(unknown))}; known: {', '.join(step.name for step in STEPS)}")
    known = made()
    if given.keep:
        for step in STEPS:
            if step.name in given.steps:
                known[step.name] = noted(step, known.get(step.name, {}).get("minutes", step.minutes))
        write(known)
        return 0
    why = dict.fromkeys(given.steps, "asked for") or reasons(known)
    print(plan(why, known), flush=True)
    if given.plan:
        return 0
    for step in STEPS:
        if step.name in why:
            print(f"\n{step.name}: {why[step.name]}", flush=True)
            try:
                changed = make(step, known)
            except KeyboardInterrupt:
                print(f"Stopped in {step.name}; what is finished is not repeated.", file=sys.stderr)
                return INTERRUPTED
            print(f"{step.name}: {'made' if changed else 'equal to what was there'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
