"""Levers: one file each, plus the registry that finds them and the reader of what people write."""

from __future__ import annotations

from typing import Any

from supplysim.policies.base import Policy
from supplysim.policies.registry import SIX, levers
from supplysim.policies.text import Package, build, parse

__all__ = ["Package", "Policy", "build", "levers", "parse", "six"]


def six() -> tuple[Policy, ...]:
    """Return the six recommendations of CNAS (2025) at full strength, in the order of the report."""
    return tuple(levers()[name]() for name in SIX)


def __getattr__(name: str) -> Any:
    """Offer every lever by its class name, whether shipped or from another package."""
    if name[:1].isupper():  # asking for a module must not import all levers
        for lever in levers().values():
            if lever.__name__ == name:
                return lever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
