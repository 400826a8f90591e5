"""Ensembles of paired runs: what a policy changes, how surely, at what cost, where the chips go instead."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.compare import compare
    from supplysim.experiment.comparison import Comparison
    from supplysim.experiment.design import parameter_draws
    from supplysim.experiment.executors import Interrupted
    from supplysim.experiment.ledger import Ledger, displacement, mean_ledger
    from supplysim.experiment.pairs import run_pairs
    from supplysim.experiment.statistics import PairedEffect, paired_effect
    from supplysim.experiment.store import Store
    from supplysim.experiment.study import Study
    from supplysim.outputs.account import Account
    from supplysim.run import Run

_HOME = {
    "Account": "supplysim.outputs.account",
    "Attribution": "supplysim.experiment.attribution",
    "Comparison": "supplysim.experiment.comparison",
    "Interrupted": "supplysim.experiment.executors",
    "Ledger": "supplysim.experiment.ledger",
    "PairedEffect": "supplysim.experiment.statistics",
    "Run": "supplysim.run",
    "Store": "supplysim.experiment.store",
    "Study": "supplysim.experiment.study",
    "compare": "supplysim.experiment.compare",
    "displacement": "supplysim.experiment.ledger",
    "mean_ledger": "supplysim.experiment.ledger",
    "paired_effect": "supplysim.experiment.statistics",
    "parameter_draws": "supplysim.experiment.design",
    "run_pairs": "supplysim.experiment.pairs",
}
__all__ = [
    "Account",
    "Attribution",
    "Comparison",
    "Interrupted",
    "Ledger",
    "PairedEffect",
    "Run",
    "Store",
    "Study",
    "compare",
    "displacement",
    "mean_ledger",
    "paired_effect",
    "parameter_draws",
    "run_pairs",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'supplysim.experiment' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
