"""What is shipped, taken for an answer of these rules: for tests of how it answers, whichever edition made it."""

import json
from contextlib import suppress

import numpy as np
import pytest

from supplysim import edition as editions
from supplysim.emulator import predict


@pytest.fixture
def its_edition(monkeypatch):
    """Let the rules and the countries be those that the shipped emulator was trained for."""
    with np.load(predict.FILE, allow_pickle=False) as stored:
        about = json.loads(bytes(stored["about"]).decode())
    routes = [name.partition(":")[2] for name in about["series"] if name.startswith("delivered_via:")]
    monkeypatch.setattr(editions, "edition", lambda: about["edition"])
    monkeypatch.setattr(predict, "ORIGINS", tuple(routes))
    with suppress(ImportError):  # without Solara there is no map
        monkeypatch.setattr("supplysim.viz.figures.flows.ORIGINS", tuple(routes))
    predict._shipped.cache_clear()
    yield about["edition"]
    monkeypatch.undo()
    predict._shipped.cache_clear()
