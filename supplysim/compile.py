"""Compile the kernels once, in set-up, and say so: `python -m supplysim.compile`.

Where a linker is found, the code is also linked into a library (see `_object_code`), so that later processes need no
numba: beside the package, or in a folder given as argument for each kind of processor that a wheel serves.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from supplysim import _compiled
from supplysim._object_code import LEVELS, SHIPPED, library_name, processor_levels


def compiled_world() -> Any:
    """Run a small world, which compiles every kernel into the cache that all processes share; return it."""
    from supplysim.engine import Engine

    engine = Engine("minimal", seed=1, check=True)
    engine.run(2)
    return engine.world


def link(folder: Path, level: str) -> Path:
    """Link what this process has compiled into a library in a folder; return its path.

    Raises
    ------
    OSError, subprocess.CalledProcessError
        If there is no linker, or it cannot.
    """
    linker = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if linker is None:
        raise FileNotFoundError("no linker (cc)")
    target = folder / library_name(_compiled.source_hash(), level)
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        objects = []
        for name, dispatcher in _compiled.ENTRIES.items():
            (result,) = dispatcher.overloads.values()
            path = Path(aside) / f"{name}.o"
            path.write_bytes(_object(result))
            objects.append(path)
            entries[name] = {"symbol": result.fndesc.llvm_func_name, "words": sum(map(_words, result.fndesc.argtypes))}
        linked, described = Path(aside) / target.name, Path(aside) / "described.json"
        command = [linker, "-shared", "-s", "-o", str(linked), *map(str, objects), "-lm"]
        subprocess.run(command, check=True, capture_output=True)
        described.write_text(json.dumps({"bytes": linked.stat().st_size, "entries": entries}, indent=1))
        os.replace(described, target.with_suffix(".json"))
        os.replace(linked, target)  # last: a library that is found is whole, and so is what describes it
    return target


def _object(result: Any) -> bytes:
    """Return the machine code of one compiled function, without the wrappers through which numba calls it."""
    import llvmlite.binding as llvm

    library = result.library
    module = llvm.parse_bitcode(library._final_module.as_bitcode())
    if result.fndesc.llvm_func_name not in {function.name for function in module.functions}:
        raise OSError("the kernels came from numba's cache, which keeps no code that can be linked")
    for function in module.functions:
        if not function.is_declaration and function.name != result.fndesc.llvm_func_name:
            function.linkage = "internal"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    machine = library.codegen._tm
    passes.run(module, llvm.create_pass_builder(machine, llvm.PipelineTuningOptions()))
    return machine.emit_object(module)


def _words(kind: Any) -> int:
    """Return how many words a value of a numba type is passed as; see `_object_code.words`."""
    from numba import types

    if isinstance(kind, types.BaseTuple):
        return sum(map(_words, kind))
    if isinstance(kind, types.Array):
        return 5 + 2 * kind.ndim
    if isinstance(kind, types.Integer):
        return 1
    raise TypeError(f"an entry takes whole numbers, arrays and tuples of these, not {kind}")


def main() -> None:
    """Compile for this machine; with a folder, build the libraries of a wheel there."""
    if len(sys.argv) > 1:
        folder, *noted = map(Path, sys.argv[1:])
        build_one(folder, *noted) if noted else build(folder)
        return
    if _compiled.OBJECT_CODE is not None or not _compiled.COMPILED:
        print("supplysim: nothing to compile", file=sys.stderr)
        return
    if _compiled.cache_folder().exists() and shutil.which("cc"):  # the cache keeps no code that can be linked
        with tempfile.TemporaryDirectory() as cache:
            command = [sys.executable, "-m", "supplysim.compile"]
            raise SystemExit(subprocess.run(command, env=os.environ | {"SUPPLYSIM_CACHE": cache}).returncode)
    started = time.perf_counter()
    print("supplysim: compiling the model's kernels (about two minutes, once) ...", file=sys.stderr, flush=True)
    compiled_world()
    print(f"supplysim: kernels ready after {time.perf_counter() - started:.0f} s", file=sys.stderr)
    try:
        for old in SHIPPED.glob("*"):
            if not old.name.startswith(_compiled.source_hash()[:16]):  # of another source, whatever the world's shape
                old.unlink()
        link(SHIPPED, processor_levels()[0])
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"supplysim: not linked, so every process loads numba ({error})", file=sys.stderr)


def build(folder: Path) -> None:
    """Build the libraries of a wheel, each in a process of its own that compiles for one kind of processor.

    The first is a kind that runs here: it runs a world and notes down what the entries take. The others compile the
    same without running it, since this machine may lack what their code asks for.
    """
    here = processor_levels()
    names = sorted(LEVELS, key=lambda name: name not in here) if here[0] in LEVELS else here
    with tempfile.TemporaryDirectory() as cache:
        for name in names:
            chosen = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": ""} if name in LEVELS else {"NUMBA_CPU_NAME": name}
            settings = {"SUPPLYSIM_NUMBA": "1", "SUPPLYSIM_CACHE": str(Path(cache) / name)}
            command = [sys.executable, "-m", "supplysim.compile", str(folder.resolve()), str(Path(cache) / "kinds")]
            subprocess.run(command, env=os.environ | settings | chosen, check=True)


def build_one(folder: Path, noted: Path) -> None:
    """Build the library of the processor that numba is set to; `noted` holds the types that entries take, or will."""
    if noted.exists():
        import supplysim.engine  # noqa: F401  (declares the entries)

        for name, kinds in pickle.loads(noted.read_bytes()).items():
            _compiled.ENTRIES[name].compile(kinds)
    else:
        compiled_world()
        kinds = {name: entry.signatures[0] for name, entry in _compiled.ENTRIES.items()}
        noted.write_bytes(pickle.dumps(kinds))
    print(link(folder, os.environ["NUMBA_CPU_NAME"]).name)


if __name__ == "__main__":
    main()
