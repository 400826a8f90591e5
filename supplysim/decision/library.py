"""Libraries that only some analyses of a choice take: had, or asked for in one line."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from supplysim.errors import InputError


def library(module: str) -> Any:
    """Return a module of scikit-learn.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise InputError("decide", None, "scikit-learn is not installed", "pip install 'supplysim[decide]'") from error
