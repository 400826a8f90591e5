"""Generated inputs through the running program: command lines, files, folders and environments, for every verb.

    python -m benchmarks.running [INPUTS] [SEED]

Every outcome must be status 0 (or 1: a check fell short) with something said, or status 2 with one line on standard
error, nothing on standard output and nothing written. One input in `APART` runs as a process of its own.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from supplysim._compiled import cache_folder
from supplysim.cli import main as program
from supplysim.environment import CACHE

INPUTS, APART = 10_000, 200
SHORT = ("--pairs", "1", "--workers", "1", "--parameters", "central")
ODD = [
    "",
    " ",
    "nan",
    "-1",
    "0",
    "1e309",
    "9" * 400,
    "\0",
    "a\nb",
    "\x1b[31m",
    "[bold]",
    "[/]",
    "=1+1",
    "+",
    "@",
    "--",
    "-",
]
ODD += ["../..", "/", "~", "%s", "{}", "\ud800", "\udcff", "\u202e", "١٢", "½", "None", "true", "0x10", "1_000", "inf"]
ODD += ["minimal", "border", "x" * 5000, "border=", "=border", "border=0.5@", "border=2", "border+border", "💥", "a\tb"]
ODD += ["border=0.5@2024-13", "border=0.5@2023-06..2022-01", "border@9999-12", "border=1e-400", "1.5", "baseline-2024"]
VERBS = ("list", "show", "run", "compare", "cache", "validate", "calibrate", "app")
KEYS = ("name", "extends", "title", "time", "time.start", "time.end", "parameters.supply_scale", "rules.decision", "policies",
        "population.buyers", "network.graph", "question", "sources", "why", "nonsense", "policies.lever", "time.policy_start")  # fmt: skip
VALUES = ('"minimal"', '""', '"a\\u0007b"', '"=cmd()"', '"[red]x[/]"', "1", "-1", "0.5", "nan", "inf", "true", "[]", "{}", "[[]]",
          "2023-01-02", "2024-12-30", "1e400", '"2023-01-02"', '"border"', "9999999999999999999999", "[1, 'a']", '"\\uFFFF"',
          "'''\nlong\n'''", "12", "0", "[{}]", "1979-05-27T07:32:00Z", '"../x"', '"nodes.csv"', "3000000000")  # fmt: skip


class Input(NamedTuple):
    """Words of a command line, and the environment beside them."""

    kind: str
    words: list[str]
    environment: dict[str, str] = {}


def words(draw: random.Random, folder: Path) -> Input:
    """Return a verb with arguments and options that somebody might have mistyped."""
    verb = draw.choice(VERBS)
    chosen = [draw.choice(ODD) for _ in range(draw.choice((0, 1, 1, 2)))]
    options = ["--json", "--out", "--seed", "--policy", "-p", "--rule", "--rules", "--draws", "--port", "--clear", "--answer",
               "--replicates", "--precision", "--bank", "--dask", "--attribute", "--nonsense", "--help", "--version"]  # fmt: skip
    for option in draw.sample(options, draw.choice((0, 1, 2))):
        chosen += [option, *([draw.choice(ODD)] if draw.random() < 0.8 else [])]
    chosen = [str(folder / "out" / word) if word in ("..", "../..", "/", "~", ".") else word for word in chosen]
    return Input("words", [verb, *chosen, *short(verb)])


def short(verb: str) -> tuple[str, ...]:
    """Return options that keep a verb short, or wrong where a right one would take long."""
    long = {"compare": SHORT, "validate": ("--draws", "0"), "calibrate": ("--draws", "63"), "app": ("--port", "0")}
    return long.get(verb, ())


def policies(draw: random.Random, folder: Path) -> Input:
    """Return a comparison or a run with texts of policies made of right and wrong pieces."""
    pieces = [
        "border",
        "whistleblower",
        "due_diligence",
        "location_verification",
        "borders",
        "=",
        "0.5",
        "1",
        "-1",
        "nan",
        "@",
    ]
    pieces += [
        "2023-06",
        "2024-01",
        "..",
        "2024-06-30",
        "+",
        " ",
        "(",
        ")",
        "growth=1.3",
        "[x]",
        "2",
        "é",
        "minimal",
        "\0",
    ]
    text = "".join(draw.choice(pieces) for _ in range(draw.randint(1, 7)))
    verb = draw.choice(("run", "compare"))
    return Input("policies", [verb, "minimal", "-p", text, *short(verb)])


def scenarios(draw: random.Random, folder: Path) -> Input:
    """Return a verb that reads a scenario file with right and wrong lines, or bytes that are none."""
    path = folder / f"{draw.choice(('mine', '[b]mine', 'a b', 'ñ'))}.toml"
    lines = ['name = "mine"', 'extends = "minimal"'][: draw.choice((1, 2, 2, 2, 2))]
    lines += [f"{draw.choice(KEYS)} = {draw.choice(VALUES)}" for _ in range(draw.choice((0, 1, 1, 2)))]
    if draw.random() < 0.2:
        lines += ["[[policies]]", f"lever = {draw.choice(VALUES)}", f"intensity = {draw.choice(VALUES)}"]
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    if draw.random() < 0.15:
        place = draw.randrange(len(content))
        content = content[:place] + draw.randbytes(draw.choice((0, 1, 4))) + content[place + draw.choice((0, 1)) :]
    path.write_bytes(content)
    verb = draw.choice(("show", "show", "run", "compare"))
    return Input("scenario files", [verb, str(path), *short(verb)])


def places(draw: random.Random, folder: Path) -> Input:
    """Return a verb whose folders and files are not what they should be."""
    (folder / "file").write_bytes(draw.randbytes(50))
    (folder / "folder").mkdir()
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "empty.parquet").write_bytes(b"")
    (folder / "cut.parquet").write_bytes(b"PAR1" + draw.randbytes(40) + b"PAR1")
    names = [
        "file",
        "folder",
        "loop",
        "loop/x",
        "file/x",
        "empty.parquet",
        "cut.parquet",
        "none",
        "\0",
        "x" * 300,
        "new/deep",
        "[i]x",
    ]
    where = str(folder / draw.choice(names))
    verb = draw.choice(
        (
            ["run", "minimal", "--out", where],
            ["compare", "minimal", "-p", "border", *SHORT, "--out", str(folder / draw.choice(names[:5] + names[8:10]))],
            ["calibrate", "--draws", draw.choice(("63", "64")), "--bank", where],
            ["calibrate", "--draws", "63", "--out", where],
            ["run", where],
            ["show", where + draw.choice(("", ".toml"))],
            ["validate", "--draws", "0", "--out", where],
        )
    )
    return Input("places", verb)


def environments(draw: random.Random, folder: Path) -> Input:
    """Return a verb that is right under an environment that is odd."""
    (folder / "file").write_bytes(b"")
    odd = [
        *(text for text in ODD if "\0" not in text and "\ud800" not in text),
        str(folder / "file"),
        str(folder / "file/x"),
    ]
    name = draw.choice(
        (CACHE, "XDG_CACHE_HOME", "COLUMNS", "LINES", "TERM", "NO_COLOR", "SUPPLYSIM_APP_WORKERS", "MPLBACKEND")
    )
    verb = draw.choice((["list"], ["cache"], ["show", "border"], ["compare", "minimal", "-p", "border", *SHORT]))
    value = draw.choice(odd)
    if name in (CACHE, "XDG_CACHE_HOME") and not value.startswith("/"):
        value = str(folder / "kept" / value) if value else value
    return Input("environments", verb, {name: value})


KINDS: tuple[Callable[[random.Random, Path], Input], ...] = (words, policies, scenarios, places, environments)


def inside(asked: Input) -> tuple[int, str, str]:
    """Return status, output and errors of the program run in this process."""
    out, err = io.StringIO(), io.StringIO()
    before = dict(os.environ)
    os.environ.update(asked.environment)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = program(asked.words)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return status, out.getvalue(), err.getvalue()


def apart(asked: Input) -> tuple[int, str, str]:
    """Return the same of a process of its own."""
    command = [sys.executable, "-m", "supplysim", *asked.words]
    done = subprocess.run(command, env=os.environ | asked.environment, capture_output=True, check=False, timeout=300)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def faults(asked: Input, folder: Path, run: Callable[[Input], tuple[int, str, str]]) -> list[str]:
    """Return what is wrong with an outcome."""
    before = sorted(folder.rglob("*"))
    try:
        status, out, err = run(asked)
    except BaseException as error:
        return [f"{type(error).__name__}: {error}"]
    if "Traceback" in err:
        return [err[-400:]]
    if status in (0, 1):
        return [] if out else ["nothing is said"]
    found = [] if status == 2 else [f"status {status}"]
    told = [line for line in err.splitlines() if line.startswith("supplysim: ")]
    if len(told) != 1 or not told[0].isprintable():
        found.append(f"{len(told)} messages: {err[:300]!r}")
    if out:
        found.append(f"output: {out[:100]!r}")
    if sorted(path for path in folder.rglob("*") if "kept" not in path.parts) != [
        p for p in before if "kept" not in p.parts
    ]:
        found.append(f"written: {sorted(set(folder.rglob('*')) - set(before))[:3]}")
    return found


def main(arguments: list[str]) -> int:
    inputs, seed = (int(arguments[at]) if len(arguments) > at else default for at, default in ((0, INPUTS), (1, 1)))
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as root:
        cache = Path(root) / "cache"
        cache.mkdir()
        (cache / "kernels").symlink_to(cache_folder().parent)
        os.environ[CACHE], os.environ["COLUMNS"] = str(cache), "100"
        home = os.getcwd()
        for number in range(inputs):
            draw = random.Random(f"{seed}-{number}")
            folder = Path(root) / "trial"
            folder.mkdir()
            os.chdir(folder)
            asked = draw.choice(KINDS)(draw, folder)
            alone = number % APART == 0 and not any("\0" in word or "\ud800" in word for word in asked.words)
            wrong = faults(asked, folder, apart if alone else inside)
            kind = f"{asked.kind}, as a process" if alone else asked.kind
            tried[kind] += 1
            failed[kind] += bool(wrong)
            if wrong:
                shown = [word[:60] for word in asked.words]
                print(f"{number}: {shown} {asked.environment}: {'; '.join(wrong)}", file=sys.stderr, flush=True)
            os.chdir(home)
            shutil.rmtree(folder, ignore_errors=True)
    print("| generated inputs | tried | held | failed |\n|---|---|---|---|")
    for kind in sorted(tried):
        print(f"| {kind} | {tried[kind]} | {tried[kind] - failed[kind]} | {failed[kind]} |")
    print(f"| all | {tried.total()} | {tried.total() - failed.total()} | {failed.total()} |")
    print(f"\n{time.monotonic() - begun:.0f} s")
    return int(failed.total() > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
