"""numba, told which functions only compiled code calls, so that nothing is made into machine code twice.

numba makes machine code of every function, and again of each function that calls it. Of a kernel, which is written
out wherever it is called, that work is thrown away: here only its optimised intermediate code is kept and handed on.
(Left unoptimised until its caller is, it would compile a tenth faster, and run 7 % more instructions.) This reaches
into parts of numba that it does not promise; where they are not as expected, kernels compile as ever, to the same
bits, only later.
"""

from __future__ import annotations

import weakref
from typing import Any

PARTS: set[str] = set()  # qualified names of the kernels


def install() -> None:
    """Make numba treat the functions in `PARTS` as parts of others, if it can be told."""
    try:
        from numba.core.codegen import JITCodeLibrary as Library
        from numba.core.codegen import JITCPUCodegen as Codegen

        create_library, set_env = Codegen.create_library, Codegen.set_env
        for name in ("_finalize_dynamic_globals", "_verify_declare_only_symbols"):
            getattr(Library, name)
    except (ImportError, AttributeError):
        return

    class Part(Library):
        """The code of a kernel: never run by itself, so not made into machine code."""

        def _finalize_final_module(self) -> None:
            self._finalize_dynamic_globals()
            self._verify_declare_only_symbols()
            self._final_module.__library = weakref.proxy(self)
            self._finalized = True

    def part_or_whole(self: Any, name: str, **options: Any) -> Any:
        return Part(self, name, **options) if name in PARTS else create_library(self, name, **options)

    def set_env_if_there(self: Any, name: str, env: Any) -> None:
        if self._engine.get_global_value_address(name):  # a part has no machine code that could use it
            set_env(self, name, env)

    Codegen.create_library, Codegen.set_env = part_or_whole, set_env_if_there
