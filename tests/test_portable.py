"""Nothing that only some systems have is needed to import the package or to start a worker."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import supplysim

PACKAGE = Path(supplysim.__file__).parent
SOURCES = [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "viz").rglob("*.py")]
MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "crypt"}
NAMES = {
    *("nice", "fork", "forkpty", "getuid", "geteuid", "getgid", "sched_getaffinity", "setsid", "killpg", "getpgid"),
    *("SIGKILL", "SIGHUP", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGPIPE", "mkfifo", "chown", "lchown", "uname", "WNOHANG"),
}
WITHOUT = f"""
import os, signal, sys
# Other packages have ways of their own on every system.
import duckdb, matplotlib, mesa, networkx, numba, pandas, platformdirs, pyarrow, scipy.stats, typer.rich_utils
for name in {sorted(MODULES)!r}:
    sys.modules[name] = None
for place in (os, signal):
    for name in {sorted(NAMES)!r}:
        if hasattr(place, name):
            delattr(place, name)
import supplysim.api, supplysim.cli, supplysim.model, supplysim.experiment.pool, supplysim.experiment.store
from supplysim.cli import main
raise SystemExit(main(WORDS))
"""


def guarded(tree):
    """Return the names that stand under a hasattr, a try, or an if on the system."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.If, ast.Try, ast.IfExp, ast.With, ast.BoolOp, ast.ListComp, ast.DictComp)):
            text = ast.unparse(node)
            if any(word in text for word in ("hasattr", "sys.platform", "os.name", "except", "suppress", "getattr")):
                found |= {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    return found


def test_no_source_needs_what_only_some_systems_have():
    needed = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        safe = guarded(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                needed += [f"{path.name}: import {one.name}" for one in node.names if one.name in MODULES]
            elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
                needed.append(f"{path.name}: import {node.module}")
            elif isinstance(node, ast.Attribute) and node.attr in NAMES - safe:
                name = ast.unparse(node)
                needed += [f"{path.name}:{node.lineno}: {name}"] if name.startswith(("os.", "signal.")) else []
    assert needed == []


def test_without_them_a_world_is_run():
    code = WITHOUT.replace("WORDS", repr(["run", "minimal"]))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert "diverted chips reached China" in " ".join(done.stdout.split())
