"""What a class from elsewhere does, as one hash: its functions and every constant that they name.

An edited notebook cell makes a class of the same name; finished runs of the old one must not answer for it.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any
from uuid import uuid4

PLAIN = (int, float, complex, str, bytes, bool, type(None), type(...))
MADE = ("__module__", "__dict__", "__weakref__", "__doc__", "__firstlineno__", "__static_attributes__")
GENERATED = ("__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__", "__replace__")


def code_hash(kind: type) -> str:
    """Return a hash of a class: its code, defaults, closures, and the functions and constants that its code names.

    What belongs to the same package counts by its content, modules by their whole source; what belongs to another
    package counts by that package's version. Something that has no content to be read (a connection, say) makes a
    hash that no other call repeats: a run is then never taken for another.

    Examples
    --------
    >>> code_hash(int) == code_hash(int) != code_hash(float)
    True
    """
    digest = hashlib.sha256()
    for part in _Reader(kind.__module__.partition(".")[0]).read(kind):
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()[:24]


class _Reader:
    """Reads objects of one package, each once."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.seen: dict[int, Any] = {}  # by identity; kept, so that no other object takes its place

    def read(self, thing: Any) -> Iterator[str]:
        """Yield texts that differ when the thing does something else."""
        if isinstance(thing, PLAIN):
            yield repr(thing)
        elif isinstance(thing, CodeType):
            yield from self._code(thing)
        elif id(thing) in self.seen:
            yield "again"
        else:
            self.seen[id(thing)] = thing
            yield from self._object(thing)

    def _object(self, thing: Any) -> Iterator[str]:
        if isinstance(thing, (list, tuple)):
            yield type(thing).__name__
            for one in thing:
                yield from self.read(one)
        elif isinstance(thing, (set, frozenset)):
            yield type(thing).__name__
            yield from sorted("\n".join(self.read(one)) for one in thing)
        elif isinstance(thing, Mapping):
            for key, value in thing.items():
                yield from (*self.read(key), *self.read(value))
        elif isinstance(thing, ModuleType):
            yield from self._module(thing)
        elif isinstance(thing, (FunctionType, type)) and not self._ours(thing):
            yield from (f"{thing.__module__}.{thing.__qualname__}", _version(thing.__module__))
        elif isinstance(thing, FunctionType):
            yield from self._function(thing)
        elif isinstance(thing, type):
            yield from self._class(thing)
        elif isinstance(thing, MethodType):
            yield from (*self.read(thing.__func__), *self.read(thing.__self__))
        elif isinstance(thing, (staticmethod, classmethod)):
            yield from (type(thing).__name__, *self.read(thing.__func__))
        elif isinstance(thing, property):
            yield from (text for part in (thing.fget, thing.fset, thing.fdel) for text in self.read(part))
        elif isinstance(getattr(thing, "py_func", None), FunctionType):  # compiled
            yield from self.read(thing.py_func)
        elif hasattr(thing, "__wrapped__"):  # with a cache
            yield from self.read(thing.__wrapped__)
        elif hasattr(thing, "tobytes") and hasattr(thing, "dtype"):  # an array, or a number of NumPy
            yield f"{thing.dtype} {getattr(thing, 'shape', ())} {hashlib.sha256(thing.tobytes()).hexdigest()}"
        elif type(thing).__module__ == "builtins" and hasattr(thing, "__qualname__"):  # a built-in function, a slot
            yield thing.__qualname__
        else:
            yield from self._instance(thing)

    def _instance(self, thing: Any) -> Iterator[str]:
        """Yield an object by its class and state, or something unique if neither can be read."""
        yield f"{type(thing).__module__}.{type(thing).__qualname__}"
        if self._ours(type(thing)):
            yield from self.read(type(thing))
        state = None
        with suppress(Exception):  # of somebody else's class
            state = thing.__reduce_ex__(4)
        if isinstance(state, tuple):
            yield from self.read([part for part in state if not isinstance(part, Iterator)])
            yield from (text for part in state if isinstance(part, Iterator) for text in self.read(list(part)))
        elif isinstance(state, str):
            yield state
        else:
            yield uuid4().hex

    def _module(self, module: ModuleType) -> Iterator[str]:
        """Yield the source of a module of this package; of another one its name and version."""
        yield module.__name__
        if not self._of(module.__name__):
            yield _version(module.__name__)
            return
        try:
            yield inspect.getsource(module)
        except (OSError, TypeError):
            yield uuid4().hex

    def _class(self, kind: type) -> Iterator[str]:
        for base in kind.__mro__[1:]:
            if self._ours(base):
                yield from self.read(base)
            else:
                yield f"{base.__module__}.{base.__qualname__}"
        for name, value in sorted(vars(kind).items()):
            if name not in MADE and not _generated(name, value):
                yield name
                yield from self._annotations(value) if name == "__annotations__" else self._attribute(name, value)
        module = sys.modules.get(kind.__module__)
        if module is not None and getattr(module, "__file__", None) and kind.__module__ != "__main__":
            yield from self.read(module)

    def _attribute(self, name: str, value: Any) -> Iterator[str]:
        if name == "__dataclass_fields__":
            for one in value.values():
                yield one.name
                yield from (*self.read(_given(one.default)), *self.read(_given(one.default_factory)))
                yield from self.read(dict(one.metadata))
        elif not name.startswith("__dataclass") and name != "__match_args__":
            yield from self.read(value)

    def _annotations(self, value: Mapping[str, Any]) -> Iterator[str]:
        yield from value

    def _function(self, function: FunctionType) -> Iterator[str]:
        yield from self._code(function.__code__)
        yield from (*self.read(function.__defaults__), *self.read(function.__kwdefaults__))
        for cell in function.__closure__ or ():
            with suppress(ValueError):  # not filled yet
                yield from self.read(cell.cell_contents)
        for name in sorted(_names(function.__code__)):
            if name in function.__globals__:
                yield name
                yield from self.read(function.__globals__[name])
            elif name in sys.modules and self._of(name):  # imported inside the function
                yield from self.read(sys.modules[name])

    def _code(self, code: CodeType) -> Iterator[str]:
        yield from (code.co_name, code.co_code.hex(), *code.co_names, *code.co_varnames, *code.co_freevars)
        for one in code.co_consts:
            yield from self.read(one)

    def _ours(self, thing: Any) -> bool:
        return not thing.__module__ or self._of(thing.__module__)  # what was compiled by hand has no module

    def _of(self, module: str) -> bool:
        return module.partition(".")[0] == self.package


def _generated(name: str, value: Any) -> bool:
    """Return whether a method was written by `dataclass`: it follows from the fields."""
    code = getattr(inspect.unwrap(value) if callable(value) else value, "__code__", None)
    return name in GENERATED and code is not None and code.co_filename == "<string>"


def _given(value: Any) -> Any:
    """Return a default; dataclasses mark what has none by an object of their own."""
    return None if type(value).__name__ == "_MISSING_TYPE" else value


def _names(code: CodeType) -> set[str]:
    """Return all names that code and the functions inside it look up."""
    return {*code.co_names}.union(*(_names(one) for one in code.co_consts if isinstance(one, CodeType)))


def _version(module: str) -> str:
    with suppress(PackageNotFoundError, ValueError):
        return version(module.partition(".")[0])
    return ""
