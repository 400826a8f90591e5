"""Sequential ABC: every population proposes where the last one found weight, and no run is thrown away.

Adaptive multiple importance sampling (Cornuet et al. 2012) with ABC weights. Its first population is the
bank of prior runs; docs/decisions/0010 says why it is not accept-and-reject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

from supplysim import arguments
from supplysim.calibration import latent
from supplysim.calibration.bank import Bank, Model, run_bank
from supplysim.calibration.targets import Target, log_weights
from supplysim.calibration.volume import Partition
from supplysim.calibration.weighted import effective_size
from supplysim.errors import InputError
from supplysim.evidence import Prior
from supplysim.limits import MOST_PAIRS
from supplysim.run import pair_seed
from supplysim.setup import gate
from supplysim.setup.population import shares_to_counts

GROUPS = (0.0, 0.35, 0.7, 0.85, 1.0)  # shares of the weight by volume that get a Gaussian each: the top is hardest
FITTED = 60.0  # effective runs behind a Gaussian; weights are flattened until there are as many
CLEAR = 2.0  # standard errors from the prior's that a mean or variance must lie for a proposal to follow it
DEFENSIVE = 0.2  # share of a proposal drawn from the prior: bounds every weight
WIDER = 1.15  # spread of a proposal over that of the weighted runs it is fitted to, where it follows them
SUPPORTED = 5.0  # effective runs that a cell of the volume needs to keep its probability in the end
SAME = 1e-9  # points closer than this are the same: rounding of matrix products differs between machines
SEEDS_A_STEP = 1_000_000  # no two runs of a calibration share a model seed


@dataclass(frozen=True)
class Gaussian:
    """A normal distribution in the latent space.

    Attributes
    ----------
    mean : ndarray, shape (parameters,)
    root : ndarray, shape (parameters, parameters)
        Lower Cholesky factor of the covariance.
    """

    mean: np.ndarray
    root: np.ndarray

    @property
    def followed(self) -> int:
        """How many parameters it draws otherwise than the prior does."""
        return int(((np.diag(self.root) != 1.0) | (self.mean != 0.0)).sum())

    def log_density(self, z: np.ndarray) -> np.ndarray:
        """Return the log density at points, without the constant that all share, shape (draws,)."""
        from scipy.linalg import solve_triangular

        away = solve_triangular(self.root, (z - self.mean).T, lower=True)
        return -0.5 * (away * away).sum(axis=0) - np.log(np.diag(self.root)).sum()


@dataclass(frozen=True)
class Proposal:
    """A mixture of Gaussians, and how many runs were drawn from each."""

    parts: tuple[Gaussian, ...]
    counts: tuple[int, ...]

    def draw(self, seed: int) -> np.ndarray:
        """Return the points, part after part, evenly in every column, shape (sum of counts, parameters)."""
        blocks = []
        for at, (part, count) in enumerate(zip(self.parts, self.counts, strict=True)):
            if count:
                blocks.append(part.mean + latent.points(part.mean.size, count, seed + at) @ part.root.T)
        return np.vstack(blocks)


@dataclass(frozen=True)
class Calibration:
    """All runs of a calibration and what they are worth.

    Attributes
    ----------
    priors : dict of str to Prior
    bank : Bank
        Runs of all populations, the prior's first.
    proposals : tuple of Proposal
        One a population.
    log_importance : ndarray, shape (runs,)
        Log of prior over proposal density of each run.
    weight : ndarray, shape (runs,)
        Posterior weights; sum to 1.
    history : tuple of float
        Effective sample size after each population.
    """

    priors: dict[str, Prior]
    bank: Bank
    proposals: tuple[Proposal, ...]
    log_importance: np.ndarray
    weight: np.ndarray
    history: tuple[float, ...]

    @property
    def effective(self) -> float:
        """Effective sample size."""
        return effective_size(self.weight)

    @property
    def followed(self) -> int:
        """The most parameters that any proposal follows; it draws the others from the prior."""
        return max(part.followed for proposal in self.proposals for part in proposal.parts)

    @property
    def prior_weight(self) -> np.ndarray:
        """Weights that turn the runs into a sample of the prior; they sum to 1."""
        weight = np.exp(self.log_importance - self.log_importance.max())
        return weight / weight.sum()


def importance(z: np.ndarray, proposals: Sequence[Proposal]) -> np.ndarray:
    """Return log prior over proposal density of each run, shape (runs,).

    The density is that of the mixture of all proposals, each by its share of the runs (deterministic
    mixture, Owen and Zhou 2000): a run is worth the same whichever population drew it.
    """
    parts = [(part, n) for p in proposals for part, n in zip(p.parts, p.counts, strict=True) if n]
    total = sum(n for _, n in parts)
    density = special.logsumexp([part.log_density(z) + np.log(n / total) for part, n in parts], axis=0)
    return latent.log_prior(z) - density


def weigh(
    bank: Bank, log_importance: np.ndarray, held: Sequence[Target], partition: Partition | None, supported: float = 0.0
) -> np.ndarray:
    """Return posterior weights of runs, summing to 1.

    Prior over proposal, times the targets' weights, then Jeffrey's rule on the cells of the volume that
    have `supported` effective runs.
    """
    log = log_importance + log_weights(bank.summary, held)
    weight = np.exp(log - log.max())
    if partition is None:
        return weight / weight.sum()
    return partition.reweighted(bank.summary["delivered"], weight, supported)


def fit(bank: Bank, weight: np.ndarray, runs: int) -> Proposal:
    """Return the next proposal: the prior, and a Gaussian for each group of runs by volume.

    Groups whose weight rests on few runs get more draws, in inverse proportion to the root of their
    effective number.
    """
    size = bank.z.shape[1]
    order = np.argsort(bank.summary["delivered"], kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    parts, need = [], []
    for low, high in zip(GROUPS[:-1], GROUPS[1:], strict=True):
        chosen = order[(share > low) & (share <= high)]
        if chosen.size > 1 and weight[chosen].sum() > 0.0:
            parts.append(_fitted(bank.z[chosen], weight[chosen]))
            need.append(effective_size(weight[chosen]) ** -0.5)
    counts = shares_to_counts(np.array(need), runs - round(DEFENSIVE * runs))
    prior = Gaussian(np.zeros(size), np.eye(size))
    return Proposal((prior, *parts), (runs - int(counts.sum()), *counts.tolist()))


def _fitted(z: np.ndarray, weight: np.ndarray) -> Gaussian:
    """Return the Gaussian of weighted points: `WIDER` than they are in what they clearly say, else the prior.

    Every parameter that a proposal widens or moves without need costs weight, and a hundred of them cost nearly all
    of it; so the others stay the prior's. Of those that are followed most correlations are noise still: their
    covariance is shrunk towards the prior's by the effective runs a parameter.
    """
    share = flattened(weight, FITTED)
    n = effective_size(share)
    mean = share @ z
    away = z - mean
    narrower = 1.0 - share @ (away * away)
    clear = np.flatnonzero((np.abs(mean) > CLEAR / np.sqrt(n)) | (narrower > CLEAR * np.sqrt(2.0 / n)))
    keep = n / (n + clear.size)
    away = away[:, clear]
    covariance = keep * (away * share[:, None]).T @ away + (1 - keep) * np.eye(clear.size)
    root, centre = np.eye(z.shape[1]), np.zeros(z.shape[1])
    root[np.ix_(clear, clear)] = WIDER * np.linalg.cholesky(covariance)
    centre[clear] = mean[clear]
    return Gaussian(centre, root)


def flattened(weight: np.ndarray, least: float) -> np.ndarray:
    """Return the weights to the highest power up to 1 that leaves `least` effective runs; they sum to 1."""
    scaled = weight / weight.max()
    for power in np.linspace(1.0, 0.0, 21):
        flat = np.where(scaled > 0.0, scaled**power, 0.0)
        if effective_size(flat) >= least:
            break
    return flat / flat.sum()


def prior_proposal(parameters: int, runs: int) -> Proposal:
    """Return the first proposal: the prior alone."""
    return Proposal((Gaussian(np.zeros(parameters), np.eye(parameters)),), (runs,))


def calibrate(
    priors: Mapping[str, Prior],
    model: Model,
    held: Sequence[Target],
    partitions: tuple[Partition, Partition] | None,
    first: int,
    later: Sequence[int],
    seed: int,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    known: Bank | None = None,
    kept: Path | None = None,
) -> Calibration:
    """Run the populations one after another and weigh all their runs together.

    Parameters
    ----------
    priors : mapping of str to Prior
        In the order of the latent space.
    model : callable
        Takes (seed, parameters), returns the summary; must give ``delivered`` and what the targets name.
    held : sequence of Target
    partitions : tuple of Partition, or None
        Distribution of the volume in cells, while populations are proposed and, with cells joined that have
        fewer than `SUPPORTED` effective runs, in the end; None: there is no such target.
    first : int
        Runs from the prior.
    later : sequence of int
        Runs of each later population.
    seed : int
        Of the designs and, from it, of every run. The result does not depend on the executor.
    executor, workers
        See `run_ordered`.
    progress : callable, optional
        Called as ``progress(stage, done, total)``.
    known : Bank, optional
        Runs of an earlier calibration: those that this one proposes again are not repeated.
    kept : Path, optional
        Where finished runs are kept for the same calibration asked again, see `run_bank`.
    """
    most = MOST_PAIRS * 10
    first = gate.whole(first, "first", 1, most, "choose 4096, say")
    sizes = arguments.items(later, "later", "write [1024]")
    later = [gate.whole(size, "later", 1, most, "choose 1024, say") for size in sizes]
    seed = gate.whole(seed, "seed", 0, gate.SEEDS // SEEDS_A_STEP - len(later) - 1, "choose 1, say")
    arguments.table(priors, "priors", "give scenario.uncertain()")
    for one in arguments.items(held, "held", "give targets()"):
        arguments.one_of(Target, one, "held", "give targets()")
    cells = (None, None) if partitions is None else arguments.items(partitions, "partitions", "give two, or None")
    if len(cells) != 2 or not all(cell is None or isinstance(cell, Partition) for cell in cells):
        raise InputError("partitions", partitions, "it is no pair of partitions", "give (coarse, fine), or None")
    coarse, fine = cells
    proposals = [prior_proposal(len(priors), first)]
    history: list[float] = []
    bank: Bank | None = None
    log_importance = weight = np.zeros(0)
    for step in range(len(later) + 1):
        if bank is not None:
            proposals.append(fit(bank, weight, later[step - 1]))
        z = proposals[-1].draw(seed + 100 * step)
        seeds = np.array([pair_seed(seed, step * SEEDS_A_STEP + number) for number in range(len(z))])
        new = None if known is None else _found(known, 0 if bank is None else bank.size, z, seeds)
        if new is None:
            tell = _teller(progress, f"population {step + 1} of {len(later) + 1}")
            new = run_bank(z, seeds, priors, model, executor, workers, tell, kept)
        bank = new if bank is None else bank.joined(new)
        log_importance = importance(bank.z, proposals)
        weight = weigh(bank, log_importance, held, coarse)
        history.append(effective_size(weight))
    assert bank is not None
    weight = weigh(bank, log_importance, held, fine, SUPPORTED)
    return Calibration(dict(priors), bank, tuple(proposals), log_importance, weight, tuple(history))


def _found(known: Bank, start: int, z: np.ndarray, seeds: np.ndarray) -> Bank | None:
    """Return the runs from `start` on if they are at these points and seeds, else None."""
    part = known.part(start, start + len(z))
    same = part.size == len(z) and np.array_equal(part.seeds, seeds) and np.allclose(part.z, z, rtol=0.0, atol=SAME)
    return part if same else None


def _teller(progress: Callable[[str, int, int], None] | None, stage: str) -> Callable[[int, int, Any], None] | None:
    return None if progress is None else lambda done, total, _: progress(stage, done, total)
