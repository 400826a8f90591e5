"""matplotlib as it comes: a report looks the same whatever the user has set for his own figures."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

BACKEND = "MPLBACKEND"  # a name that matplotlib does not know ends its import


@contextmanager
def undisturbed() -> Iterator[None]:
    """Set aside what environment, matplotlibrc and styles say, and warnings of missing letters, for figures."""
    asked = os.environ.pop(BACKEND, None)
    try:
        import matplotlib
    finally:
        if asked is not None:
            os.environ[BACKEND] = asked
    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.simplefilter("ignore")
        matplotlib.rcdefaults()
        yield
