"""Compile the kernels once, in set-up, and say so: `python -m supplysim.compile`."""

from __future__ import annotations

import sys
import time

from supplysim._compiled import COMPILED, cache_folder


def main() -> None:
    """Run a small world, which compiles every kernel into the cache that all processes share."""
    if not COMPILED:
        print("NUMBA_DISABLE_JIT is set: nothing to compile")
        return
    started = time.perf_counter()
    known = cache_folder().exists()
    print(
        "supplysim: " + ("checking" if known else "compiling") + " the model's kernels (about a minute, once) ...",
        file=sys.stderr,
        flush=True,
    )
    from supplysim.engine import Engine

    Engine("minimal", seed=1, check=True).run(2)
    print(f"supplysim: kernels ready after {time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
