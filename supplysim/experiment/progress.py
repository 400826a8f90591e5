"""Progress on screen: a bar of tqdm, which knows notebooks from terminals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from supplysim.errors import InputError
from supplysim.experiment.executors import Progress


@contextmanager
def shown(progress: Callable[[int, int, Any], None] | bool | None) -> Iterator[Progress | None]:
    """Give what is called after each pair: a bar's function for True, none for False, and a function as it is.

    Raises
    ------
    InputError
        If a bar is wanted and tqdm is not installed.
    """
    if progress is not True:
        yield None if progress is False else progress
        return
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        remedy = "pip install tqdm, or give a function of (done, total, runs)"
        raise InputError("progress", True, "tqdm is not installed", remedy) from error
    with tqdm(unit="pair") as bar:

        def update(done: int, total: int, _: Any) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield update
