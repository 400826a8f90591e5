"""Leave one source out: whether the ranking of policies changes when a piece of evidence is not believed.

A source that a prior cites is dropped by widening that prior; one that a target cites, by weighing the runs of the
calibration without that target. Compared on the same seeds and, where nothing was dropped, the same parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from supplysim import evidence
from supplysim.calibration import latent
from supplysim.calibration.bank import Bank
from supplysim.calibration.sequential import SUPPORTED, weigh
from supplysim.calibration.targets import PARTITION, targets
from supplysim.calibration.volume import Partition
from supplysim.evidence import ASSUMPTION, Parameter, Prior
from supplysim.sensitivity.ranking import order

WIDER = 2.0  # times the spread
TOP = 3
RESAMPLES = 400


@dataclass(frozen=True)
class Dropped:
    """Evidence ids that the same parameters or the same targets rest on, dropped together."""

    ids: tuple[str, ...]
    parameters: tuple[str, ...]
    targets: tuple[str, ...]


def widened(prior: Prior, parameter: Parameter) -> Prior:
    """Return a prior with `WIDER` times the spread, about the same middle, within the parameter's range."""
    if prior.kind == "uniform":
        low, high = prior.arguments
        middle, half = (low + high) / 2, WIDER * (high - low) / 2
        floor = -np.inf if parameter.low is None else parameter.low
        ceiling = np.inf if parameter.high is None else parameter.high
        return Prior("uniform", (max(middle - half, floor), min(middle + half, ceiling)))
    if prior.kind == "beta":
        a, b = prior.arguments
        return Prior("beta", (a / WIDER**2, b / WIDER**2), prior.low, prior.high)
    *rest, spread = prior.arguments
    return Prior(prior.kind, (*rest, WIDER * spread), prior.low, prior.high)


def sources(priors: Mapping[str, Prior]) -> list[Dropped]:
    """Return what can be dropped: every cited id, those with the same consequences together."""
    table, held = evidence.parameters(), targets()
    of_parameters = {name: table[name].sources for name in priors}
    of_targets = {target.name: target.sources for target in held}
    cited = {ref for refs in (*of_parameters.values(), *of_targets.values()) for ref in refs} - {ASSUMPTION}
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for ref in sorted(cited):
        consequences = (
            tuple(name for name, refs in of_parameters.items() if ref in refs),
            tuple(name for name, refs in of_targets.items() if ref in refs),
        )
        groups.setdefault(consequences, []).append(ref)
    return [Dropped(tuple(ids), *consequences) for consequences, ids in groups.items()]


@dataclass(frozen=True)
class Worlds:
    """The posterior as runs and weights, and how to draw from it."""

    bank: Bank
    log_importance: np.ndarray
    priors: dict[str, Prior]
    partition: Partition

    def draws(self, without: Dropped | None, shares: np.ndarray, wide: np.ndarray) -> list[dict[str, float]]:
        """Return parameters, one a share in (0, 1), with some evidence dropped.

        Parameters
        ----------
        without : Dropped or None
        shares : ndarray, shape (draws,)
            Place of each draw in the posterior, runs in the order of their volume.
        wide : ndarray, shape (draws, parameters)
            Standard normal numbers for the priors that are widened, and for what was not calibrated.
        """
        names = () if without is None else without.targets
        held = [target for target in targets() if target.name not in names]
        partition = self.partition if any(target.kind == PARTITION for target in held) else None
        weight = weigh(self.bank, self.log_importance, held, partition, SUPPORTED)
        by_volume = np.argsort(self.bank.summary["delivered"], kind="stable")
        running = np.cumsum(weight[by_volume])
        rows = by_volume[np.minimum(np.searchsorted(running, shares * running[-1]), by_volume.size - 1)]
        calibrated = {name: self.priors[name] for name in self.bank.names}
        columns = latent.values(self.bank.z[rows], calibrated)
        for at, (name, prior) in enumerate(self.priors.items()):
            if without is not None and name in without.parameters:
                columns |= latent.values(wide[:, [at]], {name: widened(prior, evidence.parameters()[name])})
            elif name not in calibrated:  # no run of a calibration has that lever
                columns |= latent.values(wide[:, [at]], {name: prior})
        return [{name: float(column[row]) for name, column in columns.items()} for row in range(shares.size)]


@dataclass(frozen=True)
class Verdict:
    """What dropping some evidence does to the ranking.

    Attributes
    ----------
    top : tuple of int
        The first three levers, as columns of the falls.
    changed : bool
        Whether these are other levers than with all evidence.
    first_changed : bool
        Whether another lever ranks first.
    share_changed : float
        Share of bootstrap samples of the draws in which the set of the first three differs.
    """

    dropped: Dropped
    top: tuple[int, ...]
    changed: bool
    first_changed: bool
    share_changed: float


def judge(dropped: Dropped, usual: np.ndarray, found: np.ndarray, seed: int) -> Verdict:
    """Compare the falls without some evidence with the usual ones, both of shape (draws, levers)."""
    before, after = order(usual)[:TOP], order(found)[:TOP]
    return Verdict(
        dropped,
        tuple(after.tolist()),
        set(before.tolist()) != set(after.tolist()),
        bool(before[0] != after[0]),
        instability(usual, found, seed),
    )


def instability(usual: np.ndarray, found: np.ndarray, seed: int) -> float:
    """Return how often the first three of resampled draws are not the usual three."""
    rng = np.random.default_rng(seed)
    three = set(order(usual)[:TOP].tolist())
    differs = [
        set(order(found[rng.integers(0, len(found), len(found))])[:TOP].tolist()) != three for _ in range(RESAMPLES)
    ]
    return float(np.mean(differs))


def tops(verdicts: Sequence[Verdict], levers: Sequence[str]) -> list[str]:
    """Return the first three of each verdict in words."""
    return [", ".join(levers[at] for at in verdict.top) for verdict in verdicts]
