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


ASKS = ("hasattr", "sys.platform", "os.name", "getattr")


def guarded(tree):
    """Return the nodes that run only where a test of the system lets them: this very statement is under the test."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.If, ast.IfExp)):
            tests, under = [node.test], node.body
        elif isinstance(node, ast.BoolOp):
            tests, under = node.values[:-1], node.values[1:]
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            tests, under = [test for one in node.generators for test in one.ifs], node
        elif isinstance(node, ast.With):
            tests, under = [], node.body if any("suppress" in ast.unparse(one) for one in node.items) else []
        elif isinstance(node, ast.Try):
            tests, under = [], node.body
        else:
            continue
        if isinstance(node, (ast.With, ast.Try)) or any(word in ast.unparse(test) for test in tests for word in ASKS):
            parts = under if isinstance(under, list) else [under]
            found |= {inner for part in parts for inner in ast.walk(part)}
    return found


def test_a_guard_covers_its_own_statement_alone():
    tree = ast.parse("if hasattr(os, 'nice'):\n    os.nice(1)\nos.nice(2)\nx = os.nice if os.name == 'posix' else None")
    safe = guarded(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "nice"]
    assert sorted((node.lineno, node in safe) for node in calls) == [(2, True), (3, False), (4, True)]


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
            elif isinstance(node, ast.Attribute) and node.attr in NAMES and node not in safe:
                name = ast.unparse(node)
                needed += [f"{path.name}:{node.lineno}: {name}"] if name.startswith(("os.", "signal.")) else []
    assert needed == []


def test_without_them_a_world_is_run():
    code = WITHOUT.replace("WORDS", repr(["run", "minimal"]))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, timeout=1200)
    assert done.returncode == 0, done.stderr
    assert "diverted chips reached China" in " ".join(done.stdout.split())
