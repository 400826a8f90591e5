"""What several tests need: the command line in this process, and what is shipped taken for an answer of these rules."""

import json
import os
from contextlib import suppress

import pytest

from supplysim import edition as editions
from supplysim.cli import ONE_THREAD, main

for name in ONE_THREAD:  # two workers on two cores; NumPy, not loaded here yet, would start as many threads in each
    os.environ.setdefault(name, "1")


@pytest.fixture
def its_edition(monkeypatch):
    """Let the rules and the countries be those that the shipped emulator was trained for."""
    import numpy as np

    from supplysim.emulator import predict

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


@pytest.fixture
def ask(capsys):
    """Return a function that runs the command line: words -> (status, output, errors)."""

    def run(*words):
        status = main([str(word) for word in words])
        return status, *capsys.readouterr()

    return run
