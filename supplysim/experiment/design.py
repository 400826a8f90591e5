"""Which parameters each pair of runs gets: every name its own even points, paired with the others' by chance.

The first 2**m points of a name lie one in each of 2**m equal cells, for every m (a Latin hypercube that is refined
by doubling), and hang on the seed and the name alone. So a comparison can be extended; a parameter is drawn at the
same points whatever else is uncertain, fixed or new; and no two parameters go together by more than chance, as they do
in the first points of a Sobol sequence (docs/decisions/0019). What is drawn is kept on disk: what draws it takes
longer to load than a known answer.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.edition import foreign
from supplysim.environment import cache_root
from supplysim.errors import InputError, nearest
from supplysim.experiment import kept as keeping
from supplysim.experiment.even_points import even_points
from supplysim.experiment.state_draws import with_states, with_values
from supplysim.limits import MOST_PAIRS
from supplysim.setup import gate

if TYPE_CHECKING:
    from supplysim.evidence.priors import Prior
    from supplysim.setup.scenario import Scenario


MOST = 12  # exponent of two up to which draws are kept: six megabytes for 190 parameters
SHARE = "row of the posterior sample"  # name of the points that choose one


def sample(priors: Mapping[str, Prior], shares: Sequence[str], points: int, seed: int) -> np.ndarray:
    """Return one column a prior with its values at the first points, then one of plain shares for each name."""
    if not priors and not shares:
        return np.empty((points, 0))
    exponent = (points - 1).bit_length()  # whole powers of two are even
    made_by = ([*shares], exponent, seed, priors, version("scipy"), version("numpy"), platform.machine())
    name, folder = keeping.digest(repr(made_by).encode()), cache_root() / "draws"
    shape = (2**exponent, len(priors) + len(shares))
    content = keeping.find(folder, name, ".draws") if exponent <= MOST else None
    if content is not None:
        kept = np.frombuffer(content).reshape(shape)
    else:
        kept = np.empty(shape)
        for place, (own, prior) in enumerate(priors.items()):
            kept[:, place] = prior.quantile(even_points(own, exponent, seed))
        for place, own in enumerate(shares, len(priors)):
            kept[:, place] = even_points(own, exponent, seed)
        if exponent <= MOST:
            keeping.keep(folder, name, ".draws", kept.tobytes())
    return kept[:points]


MODES = ("central", "prior", "posterior")
DATA = Path(__file__).parents[1] / "data"
POSTERIOR = DATA / "posterior.parquet"  # has looked at 2022 to 2024
POSTERIOR_2025 = DATA / "posterior-2025.parquet"  # has looked at 2022 to 2025
SEES_2025 = date(2026, 1, 1)  # policies of a scenario that may use it start on this day or later
WEIGHT = "weight"  # its column beside one a parameter
ORIGIN = b"supplysim"  # key of the file's metadata: how it was made


def parameter_draws(scenario: Scenario, mode: str, pairs: int, seed: int) -> list[dict[str, float]]:
    """Return the parameters of the first `pairs` pairs; pair r runs them with a model seed of its own.

    Draw r is the same however many pairs are asked for, so a comparison can be extended without
    repeating what is done.

    Parameters
    ----------
    scenario : Scenario
        Names the uncertain parameters and their priors.
    mode : {"central", "prior", "posterior"}
        One central value for all pairs (of a state: the most probable one), draws from the priors, or draws from
        the weighted sample that `posterior_of` names (and from the priors of what is not in it, or of what the
        scenario itself has a prior of).
    pairs : int
        Number of draws, at least 1.
    seed : int
        Moves the points; independent of the seeds of the model.

    Returns
    -------
    list of dict
        Parameter name -> value in the parameter's own unit, one dict a pair; a `Draw`, which has the value of each
        state too, if the scenario has states.

    Raises
    ------
    InputError
        If the mode is unknown or not available, or `pairs` is less than 1.
    """
    pairs = gate.whole(pairs, "pairs", 1, MOST_PAIRS, "choose 32, say")
    seed = gate.seed_of(seed)
    if not isinstance(mode, str) or mode not in MODES:
        raise InputError("parameters", mode, "there is no such choice", nearest(mode, MODES))
    if mode == "central":
        return [with_values(dict(scenario.central_parameters()), scenario.states, {}) for _ in range(pairs)]
    priors = dict(sorted(scenario.uncertain().items()))
    posterior = learnt(scenario) if mode == "posterior" else {}
    rest = {name: prior for name, prior in priors.items() if name not in posterior}
    drawn = sample(rest, [SHARE] if posterior else [], pairs, seed)
    columns = dict(zip(rest, drawn.T, strict=False))
    if posterior:
        chosen = _weighted_rows(posterior[WEIGHT], drawn[:, -1])
        columns |= {name: posterior[name][chosen] for name in priors if name in posterior}  # the others are fixed
    names = sorted(columns)
    rows = zip(*(columns[name].tolist() for name in names), strict=True) if names else [()] * pairs
    return with_states([dict(zip(names, row, strict=True)) for row in rows], scenario.states, seed)


def learnt(scenario: Scenario) -> dict[str, np.ndarray]:
    """Return the posterior sample without the parameters of which a scenario has a prior of its own, which holds."""
    found = posterior_sample(posterior_of(scenario))
    return {name: column for name, column in found.items() if not isinstance(scenario.parameters.get(name), Mapping)}


def posterior_of(scenario: Scenario) -> Path:
    """Return the sample that a scenario's pairs are drawn from.

    What a policy does is asked of years that the sample has not looked at: the one that has looked at 2025 is for
    scenarios whose policies start in 2026 or later (`SEES_2025`), and all others have the one to 2024.
    """
    return POSTERIOR_2025 if scenario.policy_start >= SEES_2025 else POSTERIOR


def sees(path: Path) -> int:
    """Return the last year that a shipped sample has looked at."""
    return 2025 if path == POSTERIOR_2025 else 2024


def posterior_origin(path: Path) -> dict[str, Any]:
    """Return how a sample was made: command, seed, versions, edition of the rules, runs; empty if it does not say.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    import pyarrow.parquet as pq

    try:
        return json.loads((pq.read_schema(path).metadata or {}).get(ORIGIN, b"{}"))
    except (OSError, ValueError) as error:
        raise InputError(str(path), None, f"cannot be read ({error})", "make it again: supplysim calibrate") from error


def check_posterior(path: Path) -> None:
    """Look whether there is a posterior sample that this edition of the rules made.

    Raises
    ------
    InputError
        If there is none: one line that names the remedy.
    """
    if not path.is_file():
        rule, remedy = "no posterior sample is shipped yet", "use prior (all that is uncertain varies) or central"
        raise InputError("parameters", "posterior", rule, remedy)
    other = foreign(posterior_origin(path).get("edition"))
    if other:
        remedy = f"use prior, or make it again: supplysim calibrate --to {sees(path)} --out {path}"
        raise InputError("parameters", "posterior", f"the sample was {other}", remedy)


def posterior_sample(path: Path) -> dict[str, np.ndarray]:
    """Return the posterior sample: one column a parameter, and ``weight``.

    Raises
    ------
    InputError
        If there is no such file, it is no sample of parameters, or another edition of the rules made it.
    """
    from supplysim.evidence import parameters

    check_posterior(path)
    import pandas as pd

    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InputError(str(path), None, f"cannot be read ({error})", "make it again: supplysim calibrate") from error
    known = [*parameters(), WEIGHT]
    for name in table:
        if name not in known:
            raise InputError(str(path), name, "there is no such parameter", nearest(str(name), known))
    sample = {str(name): table[name].to_numpy(dtype=float) for name in table}
    weight = sample.get(WEIGHT, np.zeros(0))
    if not (all(np.isfinite(column).all() for column in sample.values()) and (weight >= 0).all() and weight.sum() > 0):
        rule = "its numbers must be finite, and its weights not negative and not all zero"
        raise InputError(str(path), None, rule, "make it again: supplysim calibrate")
    return sample


def _weighted_rows(weight: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return rows drawn with probability in proportion to their weight, one a share in (0, 1)."""
    running = np.cumsum(weight)
    return np.minimum(np.searchsorted(running, shares * running[-1], side="right"), np.flatnonzero(weight)[-1])
