"""Surroundings in which a number has to reach its user: `python -m tests.surroundings` tries all and prints a table.

Each is what somebody's machine, terminal, disk, folders or settings of other libraries are like.
"""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
QUESTION = ["compare", "minimal", "-p", "border", "--pairs", "2", "--parameters", "central", "--workers", "1"]
FILES = ("comparison.csv", "report.html", "effects.png", "tables.xlsx")


class Surrounding(NamedTuple):
    """A broken surrounding, and what still has to come.

    Attributes
    ----------
    kind, name : str
    settings : dict
        Of the environment; None: not set. ``{}`` stands for the folder of the trial.
    shell : str
        Around the command, which stands for ``CALL``.
    prepare : callable
        Takes the folder of the trial, before the command.
    status : int
    said : str
        On standard error.
    shown : bool
        Whether the table is on standard output.
    written : tuple of str
        Files that are in the output folder.
    """

    kind: str
    name: str
    settings: dict[str, str | None] = {}
    shell: str = "CALL --out {}/out"
    prepare: Callable[[Path], object] = lambda folder: None
    status: int = 0
    said: str = ""
    shown: bool = True
    written: tuple[str, ...] = FILES


def file(name, content=""):
    def make(folder):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    return make


def locked(name):
    def make(folder):
        (folder / name).mkdir()
        (folder / name).chmod(stat.S_IRUSR | stat.S_IXUSR)

    return make


TABLE = "CALL"  # the table alone: no folder is asked for
NONE = ()
SURROUNDINGS = [
    *(
        Surrounding("encoding", code, {"PYTHONIOENCODING": code, "PYTHONUTF8": "0"}, TABLE, written=NONE)
        for code in ("cp1252", "gbk", "ascii", "latin-1", "cp437", "shift_jis", "utf-16", "koi8-r")
    ),
    Surrounding("encoding", "C locale", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    Surrounding("encoding", "JSON in ascii", {"PYTHONIOENCODING": "ascii"}, "CALL --json", written=NONE),
    Surrounding("output", "closed", {}, "CALL --out {}/out >&-", status=2, said="cannot be shown", shown=False),
    Surrounding("output", "full", {}, "CALL --out {}/out >/dev/full", status=2, said="cannot be shown", shown=False),
    Surrounding(
        "output", "nobody reads on", {}, "CALL --out {}/out | head -1 >/dev/null; exit ${PIPESTATUS[0]}", shown=False
    ),
    Surrounding("output", "both closed", {}, "CALL --out {}/out >&- 2>&-", status=2, shown=False),
    Surrounding("output", "errors closed", {}, "CALL --out {}/out 2>&-"),
    Surrounding("output", "errors full", {}, "CALL --out {}/out 2>/dev/full"),
    Surrounding("output", "no input", {}, "CALL --out {}/out <&-"),
    *(
        Surrounding("terminal", f"{name}={value}", {name: value}, TABLE, written=NONE)
        for name, value in (
            *(("TERM", "dumb"), ("TERM", "nonsense"), ("TERM", ""), ("NO_COLOR", "1"), ("FORCE_COLOR", "1")),
            *(("COLUMNS", "20"), ("COLUMNS", "1"), ("COLUMNS", "0"), ("COLUMNS", "wide"), ("COLUMNS", "9999")),
            *(("LINES", "0"), ("TTY_COMPATIBLE", "1"), ("TTY_INTERACTIVE", "1"), ("COLORTERM", "x")),
        )
    ),
    *(
        Surrounding("language", name, {"LC_ALL": name, "LANG": name, "LANGUAGE": name})
        for name in ("tr_TR.UTF-8", "de_DE", "xx_YY", "ar_SA.UTF-8")
    ),
    *(
        Surrounding("Python", f"{name}={value}", {name: value})
        for name, value in (
            *(("PYTHONWARNINGS", "error"), ("PYTHONOPTIMIZE", "2"), ("PYTHONHASHSEED", "77"), ("PYTHONDEVMODE", "1")),
            *(("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONUNBUFFERED", "1"), ("PYTHONSAFEPATH", "1")),
            *(("PYTHONUTF8", "1"), ("PYTHONPYCACHEPREFIX", "/proc/none"), ("PYTHONINTMAXSTRDIGITS", "640")),
        )
    ),
    *(
        Surrounding("threads", f"{name}={value}", {name: value})
        for name, value in (
            *(("OMP_NUM_THREADS", "7"), ("NUMBA_NUM_THREADS", "1"), ("NUMBA_CACHE_DIR", "/proc/none")),
            *(("NUMBA_DISABLE_PERFORMANCE_WARNINGS", "1"), ("OPENBLAS_NUM_THREADS", "0"), ("NUMBA_WARNINGS", "1")),
        )
    ),
    *(
        Surrounding("matplotlib", f"{name}={value}", {name: value})
        for name, value in (
            *(("MPLBACKEND", "nonsense"), ("MPLBACKEND", "TkAgg"), ("MPLCONFIGDIR", "/proc/none")),
            *(("MATPLOTLIBRC", "/nowhere"), ("MPLBACKEND", "module://none")),
        )
    ),
    *(
        Surrounding("matplotlib", text, {"MATPLOTLIBRC": "{}/matplotlibrc"}, prepare=file("matplotlibrc", text))
        for text in (
            *("text.usetex: True", "font.family: no such font", "backend: nonsense", "savefig.format: xyz"),
            *("figure.dpi: 100000", "savefig.bbox: tight", "axes.formatter.use_locale: True", "nonsense\n: : :"),
            *("path.effects: nonsense", "svg.fonttype: path", "savefig.directory: /proc/none"),
        )
    ),
    Surrounding("home", "none", {"HOME": None}),
    Surrounding("home", "nowhere", {"HOME": "/proc/none", "XDG_CACHE_HOME": None}),
    Surrounding("home", "a file", {"HOME": "{}/home"}, prepare=file("home")),
    Surrounding("home", "empty", {"HOME": "", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""}),
    Surrounding("home", "relative", {"HOME": "some where", "XDG_CACHE_HOME": "else"}),
    Surrounding("temporary", "TMPDIR missing", {"TMPDIR": "/proc/none"}),
    Surrounding("temporary", "TMPDIR a file", {"TMPDIR": "{}/file"}, prepare=file("file")),
    Surrounding("folder", "gone", {}, "mkdir {}/x && cd {}/x && rmdir {}/x && CALL --out {}/out"),
    Surrounding("folder", "gone, several workers", {}, "mkdir {}/x && cd {}/x && rmdir {}/x && CALL --workers 2"),
    Surrounding("folder", "umask 077", {}, "umask 077 && CALL --out {}/out"),
    Surrounding("folder", "[brackets] and spaces", {}, "CALL --out '{}/[bold]a [/b]/out' && mv {}/*/*/out {}/out"),
    Surrounding("folder", "other scripts", {}, "CALL --out '{}/出力 ñ/out' && mv {}/*/out {}/out"),
    Surrounding("folder", "bytes", {}, 'D=$(printf \'{}/a\\377b\') && CALL --out "$D" && mv "$D" {}/out'),
    Surrounding(
        "folder", "long name", {}, "CALL --out {}/" + "x" * 300, status=2, said="too long", shown=False, written=NONE
    ),
    Surrounding("folder", "a file", {}, prepare=file("out"), status=2, said="is a file", shown=False, written=NONE),
    Surrounding(
        "folder", "below a file", {}, "CALL --out {}/f/out", prepare=file("f"), status=2, shown=False, written=NONE
    ),
    Surrounding(
        "folder",
        "an image's name is a folder",
        {},
        prepare=lambda f: (f / "out/effects.png/x").mkdir(parents=True),
        said="cannot be written",
        written=("comparison.csv", "tables.xlsx", "report.html"),
    ),
    Surrounding(
        "disk",
        "full after the tables",
        {},
        "ulimit -f 60; trap '' XFSZ; CALL --out {}/out",
        said="cannot be written",
        written=("comparison.csv",),
    ),
]


def trial(one: Surrounding, folder: Path, cache: Path) -> list[str]:
    """Ask in a surrounding; return what did not hold. Figures are drawn in each, not looked up."""
    one.prepare(folder)
    shutil.rmtree(cache / "figures", ignore_errors=True)
    call = " ".join(["SUPPLYSIM", *QUESTION])
    command = (
        one.shell.replace("{}", str(folder))
        .replace("CALL", call)
        .replace("SUPPLYSIM", f"{sys.executable} -m supplysim")
    )
    environment = os.environ | {"SUPPLYSIM_CACHE": str(cache), "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    for name, value in one.settings.items():
        environment[name] = "" if value is None else value.replace("{}", str(folder))
        if value is None:
            del environment[name]
    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, check=False, cwd=folder, timeout=1200
    )
    encoding = one.settings.get("PYTHONIOENCODING") or "utf-8"
    shown, errors = done.stdout.decode(encoding, "replace"), done.stderr.decode(encoding, "replace")
    failed = []
    if one.status >= 0 and done.returncode != one.status:
        failed.append(f"status {done.returncode}")
    if "Traceback" in errors or "Exception ignored" in errors:
        failed.append("a traceback")
    if one.said not in errors:
        failed.append(f"{one.said!r} is not said")
    if one.shown and not ("bord" in shown and "chips" in shown):
        failed.append("the table is not shown")
    if one.written and "--out" in one.shell:
        failed += [f"{name} is not written" for name in one.written if not (folder / "out" / name).is_file()]
    return failed + ([errors[-600:]] if failed else [])


def main() -> int:
    tried, held = Counter(), Counter()
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as root:
        cache = filled(Path(root) / "cache")
        for number, one in enumerate(SURROUNDINGS):
            if wanted and one.kind not in wanted:
                continue
            folder = Path(root) / str(number)
            folder.mkdir()
            failed = trial(one, folder, cache)
            tried[one.kind] += 1
            held[one.kind] += not failed
            if failed:
                print(f"{one.kind}, {one.name}: {'; '.join(failed)}", file=sys.stderr, flush=True)
    print("| surrounding | tried | held | failed |\n|---|---|---|---|")
    for kind, count in tried.items():
        print(f"| {kind} | {count} | {held[kind]} | {count - held[kind]} |")
    print(f"| all | {tried.total()} | {held.total()} | {tried.total() - held.total()} |")
    return int(tried != held)


def filled(cache: Path) -> Path:
    """Return a cache with the compiled code of all and the answer to the question."""
    from supplysim._compiled import cache_folder

    cache.mkdir()
    (cache / "kernels").symlink_to(cache_folder().parent)
    environment = os.environ | {"SUPPLYSIM_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "supplysim", *QUESTION], env=environment, check=True, capture_output=True, timeout=1200
    )
    return cache


if __name__ == "__main__":
    sys.exit(main())
