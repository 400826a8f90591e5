"""What a stored number depends on: the rules that made it, the policies, the parameters. No compiled code is loaded."""

from __future__ import annotations

import hashlib
import inspect
import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from supplysim.edition import PACKAGE, rule_files
from supplysim.packs import stamp

if TYPE_CHECKING:
    from supplysim.policies.base import Policy

ARITHMETIC = ("numba", "numpy")  # packages whose version can change a last bit
STATISTICS = ("pandas", "scipy", "scikit-learn", "ema_workbench")  # the same of what is said of runs


@cache
def rules_hash() -> str:
    """Return a hash of everything but the question that can change a run: source, evidence, world pack, arithmetic.

    It covers more than the compiled kernels (`_compiled.source_hash`): set-up, levers, measures and the
    tables of evidence move numbers as well.
    """
    digest = hashlib.sha256()
    for path in rule_files(PACKAGE):
        digest.update(str(path.relative_to(PACKAGE)).encode())
        digest.update(path.read_bytes())
    for name in ARITHMETIC:
        digest.update(f"{name} {installed(name)}".encode())
    digest.update(platform.machine().encode())
    digest.update(stamp().encode())  # of the world pack
    return digest.hexdigest()


@cache
def program_hash() -> str:
    """Return a hash of everything that can change a word of what is said of runs: the whole program, its libraries."""
    digest = hashlib.sha256(rules_hash().encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(str(path.relative_to(PACKAGE)).encode())
            digest.update(path.read_bytes())
    for name in STATISTICS:
        digest.update(f"{name} {installed(name)}".encode())
    return digest.hexdigest()


def installed(package: str) -> str | None:
    """Return the version of a package, None if it is not there: with object code nothing needs numba."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def parameters_hash(parameters: Mapping[str, float]) -> str:
    """Return a fingerprint of parameter values, equal for equal values in any order."""
    return _short(json.dumps(parameters, sort_keys=True))


def policies_hash(policies: tuple[Policy, ...]) -> str:
    """Return a fingerprint of policies with all their settings, in their order.

    Order changes no chip, but the last bit of a sum of costs. A lever from elsewhere also counts by its `fingerprint`.
    """
    parts: list[str] = []
    for policy in policies:
        parts += [told(policy), *(f"beside {told(other)}" for other in policy.beside), policy.fingerprint()]
    return _short("\n".join(parts))


def told(policy: Policy) -> str:
    """Return a policy in full: its settings and, if it has them, the state in which it acts and its trigger."""
    return "".join([repr(policy), *(f"[{condition}]" for condition in (policy.when, policy.trigger) if condition)])


def function_hash(function: Any) -> str:
    """Return a fingerprint of a function by its name and source."""
    return _short(f"{function.__module__}.{function.__qualname__}\n{inspect.getsource(function)}")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
