"""Which parameters each pair of runs gets: one scrambled Sobol sequence over the uncertain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.errors import InputError, nearest

if TYPE_CHECKING:
    from supplysim.scenario import Scenario

MODES = ("central", "prior", "posterior")

_STREAM = 0x50B01  # sets these draws apart from every stream of the model


def parameter_draws(scenario: Scenario, mode: str, pairs: int, seed: int) -> list[dict[str, float]]:
    """Return the parameters of the first `pairs` pairs; pair r runs them with the model seed ``seed + r``.

    Draw r is the same however many pairs are asked for, so a comparison can be extended without
    repeating what is done.

    Parameters
    ----------
    scenario : Scenario
        Names the uncertain parameters and their priors.
    mode : {"central", "prior", "posterior"}
        One central value for all pairs, or draws from the priors.
    pairs : int
        Number of draws, at least 1.
    seed : int
        Scrambles the sequence; independent of the seeds of the model.

    Returns
    -------
    list of dict
        Parameter name -> value in the parameter's own unit, one dict a pair.

    Raises
    ------
    InputError
        If the mode is unknown or not available, or `pairs` is less than 1.
    """
    if pairs < 1:
        raise InputError("pairs", pairs, "a comparison needs at least 1", "choose 32, say")
    if mode == "central":
        return [dict(scenario.central_parameters()) for _ in range(pairs)]
    if mode == "posterior":
        rule, remedy = ("no posterior sample is shipped yet", "use prior (all that is uncertain varies) or central")
        raise InputError("parameters", mode, rule, remedy)
    if mode != "prior":
        raise InputError("parameters", mode, "there is no such choice", nearest(mode, MODES))
    priors = sorted(scenario.uncertain().items())
    shares = _sobol(len(priors), pairs, seed)
    return [{name: float(prior.quantile(u)) for (name, prior), u in zip(priors, row, strict=True)} for row in shares]


def _sobol(dimensions: int, points: int, seed: int) -> np.ndarray:
    """Return the first points of a scrambled Sobol sequence, inside (0, 1), shape (points, dimensions)."""
    if dimensions == 0:
        return np.empty((points, 0))
    from scipy.stats import qmc  # slow to import, and central runs do without

    bits = 30
    sequence = qmc.Sobol(dimensions, scramble=True, bits=bits, rng=np.random.default_rng([seed, _STREAM]))
    exponent = (points - 1).bit_length()  # whole powers of two keep the sequence balanced
    # The points lie on multiples of 2**-bits; half a step keeps 0, where a quantile is infinite, out.
    return sequence.random_base2(exponent)[:points] + 0.5 ** (bits + 1)
