"""Ensembles of paired runs: what a policy changes, how surely, at what cost, where the chips go instead."""

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
