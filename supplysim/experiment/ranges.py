"""A 90 % range that somebody believes, as a prior of the family that the parameter has anyway."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from supplysim.errors import InputError
from supplysim.evidence import Parameter, Prior
from supplysim.evidence.priors import ARGUMENTS

ENDS = (0.05, 0.95)
WITHIN = 1e-3  # of the range: how far the quantiles found may lie from its ends
Z = 1.6448536269514722  # of the normal distribution at 95 %


def prior_between(parameter: Parameter, usual: Prior | None, low: float, high: float, place: str) -> Prior:
    """Return the prior with 5 % below `low` and 5 % above `high`, cut off at the parameter's range.

    Parameters
    ----------
    parameter : Parameter
        Its range cuts the prior off.
    usual : Prior or None
        Gives the family; of what is fixed otherwise it is lognormal for positive numbers, normal for others.
        Of ``zero_or_lognormal`` the lump at zero stays, and the range is that of the rest. ``uniform`` is widened by
        a twentieth at each end, as far as the parameter's range allows.
    low, high : float
        Inside the parameter's range, `low` below `high`.
    place : str
        For messages.

    Raises
    ------
    InputError
        If no prior of that family has such a range.
    """
    kind = usual.kind if usual is not None else "lognormal" if low > 0.0 else "normal"
    ends = parameter.low, parameter.high
    if kind == "uniform":
        more = (high - low) / 18.0  # the range is nine tenths of the whole
        bottom, top = low - more, high + more
        bottom = bottom if parameter.low is None else max(bottom, parameter.low)
        return Prior(kind, (bottom, top if parameter.high is None else min(top, parameter.high)), *ends)
    lump = usual.arguments[:1] if usual is not None and kind == "zero_or_lognormal" else ()
    if kind != "normal" and low <= 0.0:
        raise InputError(
            f"{place}.range", f"[{low:g}, {high:g}]", f"a {kind} begins above zero", "choose a low end above zero"
        )
    found = _fitted("lognormal" if lump else kind, low, high, ends)
    if found is None:
        rule = f"no {kind} that is cut off at the range of {parameter.name} has 90 % of its weight there"
        raise InputError(f"{place}.range", f"[{low:g}, {high:g}]", rule, "choose a narrower range, or write a prior")
    return replace(found, kind=kind, arguments=(*lump, *found.arguments))


def _fitted(kind: str, low: float, high: float, ends: tuple[float | None, float | None]) -> Prior | None:
    """Return the prior of two arguments whose quantiles at `ENDS` are the range; None if there is none."""
    from scipy.optimize import root

    wanted = np.array([low, high])

    def prior(x: np.ndarray) -> Prior:
        first, second = float(x[0]), math.exp(min(max(float(x[1]), -50.0), 50.0))
        positive = kind in ("lognormal", "beta")
        return Prior(kind, (math.exp(min(max(first, -50.0), 50.0)) if positive else first, second), *ends)

    def miss(x: np.ndarray) -> np.ndarray:
        try:
            return (prior(x).quantile(np.array(ENDS)) - wanted) / (high - low)
        except InputError:  # nothing between the bounds: as far off as can be
            return np.array([1e3, 1e3])

    found = root(miss, _start(kind, low, high), tol=1e-12)
    if not np.all(np.isfinite(found.x)) or np.abs(miss(found.x)).max() > WITHIN:
        return None
    return prior(found.x)


def _start(kind: str, low: float, high: float) -> list[float]:
    """Return arguments, as `_fitted` varies them, of which the range would be if nothing were cut off."""
    if kind == "lognormal":
        return [math.log(low * high) / 2.0, math.log(math.log(high / low) / (2.0 * Z))]
    middle, deviation = (low + high) / 2.0, (high - low) / (2.0 * Z)
    if kind == "normal":
        return [middle, math.log(deviation)]
    together = max(middle * (1.0 - middle) / deviation**2 - 1.0, 0.1)
    return [math.log(middle * together), math.log((1.0 - middle) * together)]


def table_of(prior: Prior) -> dict[str, float | str]:
    """Return a prior as the table of a scenario file, with the bounds that cut it off; a uniform one has its ends."""
    bounds = {} if prior.kind == "uniform" else {"low": prior.low, "high": prior.high}
    arguments = dict(zip(ARGUMENTS[prior.kind], prior.arguments, strict=True))
    return {"prior": prior.kind, **arguments, **{key: end for key, end in bounds.items() if end is not None}}
