"""Prior distributions of uncertain parameters, written as one reads them: ``lognormal(14, 0.35)``.

Sampling goes through the inverse distribution function alone, so any design of points in the unit cube
(random, Sobol, Latin hypercube) becomes a sample, and the same point means the same world.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, overload

from supplysim import arguments
from supplysim.errors import InputError, nearest, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Function = Callable[[Any], Any]

# What the numbers between the brackets are.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "lognormal": ("median", "sigma"),
    "normal": ("mean", "sd"),
    "uniform": ("low", "high"),
    "beta": ("a", "b"),
    "zero_or_lognormal": ("p_zero", "median", "sigma"),
}
FORM = "lognormal(14, 0.35)"
POSITIVE = {"median", "sigma", "sd", "a", "b"}
SMALLEST_MASS = 1e-9  # less probability than this between the bounds is a mistake, not a prior


def _wrong(sentence: str) -> InputError:
    """Return the error that says what is wrong with a distribution."""
    return InputError("prior", None, sentence, f"write it as {FORM}")


def _number(value: Any, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(place, value, "it is not a number", f"write {FORM}")
    try:
        float(value)
    except OverflowError:
        raise InputError(place, value, "it is too large to reckon with", f"write {FORM}") from None


@dataclass(frozen=True)
class Prior:
    """A distribution, cut off outside ``low`` and ``high``.

    Parameters
    ----------
    kind : str
        A key of `ARGUMENTS`.
    arguments : tuple of float
        In the order of `ARGUMENTS`. ``sigma`` is the standard deviation of the logarithm.
    low, high : float or None
        Bounds; the probability between them is rescaled to one. They bound the non-zero part of
        ``zero_or_lognormal``, whose lump at zero keeps its probability.

    Raises
    ------
    InputError
        For an unknown kind, a wrong number of arguments, arguments out of range or bounds that cross.

    Examples
    --------
    >>> Prior.parse("lognormal(14, 0.35)").quantile(0.5)
    14.0
    """

    kind: str
    arguments: tuple[float, ...]
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in ARGUMENTS:
            raise _wrong(f"unknown prior {shown(self.kind)!r}; {nearest(str(self.kind), ARGUMENTS)}")
        names = ARGUMENTS[self.kind]
        for value in arguments.items(self.arguments, "prior: arguments", f"write {FORM}"):
            _number(value, "prior: arguments")
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                _number(getattr(self, name), f"prior: {name}")
                if math.isnan(getattr(self, name)):
                    raise _wrong(f"its bound {name} must be a number")
        if len(self.arguments) != len(names):
            raise _wrong(f"{self.kind} takes {', '.join(names)}, but got {len(self.arguments)} number(s)")
        object.__setattr__(self, "arguments", tuple(float(value) for value in self.arguments))
        for name, value in zip(names, self.arguments, strict=True):
            if not math.isfinite(value):
                raise _wrong(f"{self.to_text()}: {name} must be a finite number")
            if name in POSITIVE and value <= 0:
                raise _wrong(f"{self.to_text()}: {name} must be above zero")
            if name == "p_zero" and not 0 <= value < 1:
                raise _wrong(f"{self.to_text()}: p_zero must be a probability below one")
        low, high = self.bounds
        if not low < high:
            raise _wrong(f"{self.to_text()}: nothing lies between {low:g} and {high:g}; widen the bounds")

    @property
    def bounds(self) -> tuple[float, float]:
        """Where the (non-zero) values lie: what the distribution allows, cut by ``low`` and ``high``."""
        least, most = {"normal": (-math.inf, math.inf), "uniform": self.arguments, "beta": (0.0, 1.0)}.get(
            self.kind, (0.0, math.inf)
        )
        return (
            least if self.low is None else max(least, self.low),
            most if self.high is None else min(most, self.high),
        )

    @classmethod
    def parse(cls, text: str, low: float | None = None, high: float | None = None) -> Prior | None:
        """Read ``name(number, ...)``; empty text and ``fixed`` mean no prior and return None.

        Raises
        ------
        InputError
            When the text is anything else.
        """
        if arguments.one_of(str, text, "prior", f"write {FORM}").strip() in ("", "fixed"):
            return None
        match = re.fullmatch(r"\s*(\w+)\s*\(([^()]*)\)\s*", text)
        if match is None:
            raise _wrong(f"prior {shown(text)!r} is not of the form name(number, ...), like lognormal(14, 0.35)")
        kind, inside = match.groups()
        try:
            found = tuple(float(value) for value in inside.split(","))
        except ValueError:
            raise _wrong(f"prior {shown(text)!r}: {shown(inside)!r} is not a list of numbers") from None
        return cls(kind, found, low, high)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], low: float | None = None, high: float | None = None) -> Prior:
        """Read a table of a scenario file, ``{prior = "lognormal", median = 14, sigma = 0.35}``.

        ``low`` and ``high`` cut the distribution off; those of the mapping win over those given here
        (in a ``uniform`` they are its ends, and the ones given here cut it further).

        Raises
        ------
        InputError
            When a key is missing, unknown or no number.
        """
        kind = mapping.get("prior")
        if not isinstance(kind, str) or kind not in ARGUMENTS:
            raise _wrong(f"unknown prior {kind!r}; {nearest(str(kind), ARGUMENTS)}")
        names = ARGUMENTS[kind]
        known = ("prior", *names, *(name for name in ("low", "high") if name not in names))
        for name, value in mapping.items():
            if name not in known:
                raise _wrong(f"{kind}: unknown key {name!r}; {nearest(name, known)}")
            if name != "prior" and (isinstance(value, bool) or not isinstance(value, (int, float))):
                raise _wrong(f"{kind}: {name} = {value!r} is not a number")
        missing = [name for name in names if name not in mapping]
        if missing:
            raise _wrong(f"{kind}: {', '.join(missing)} missing; it takes {', '.join(names)}")
        if kind != "uniform":
            low, high = mapping.get("low", low), mapping.get("high", high)
        return cls(kind, tuple(mapping[name] for name in names), low, high)

    def to_text(self) -> str:
        """Return the distribution as `parse` reads it, without the bounds."""
        return f"{self.kind}({', '.join(format(value, '.12g') for value in self.arguments)})"

    @overload
    def quantile(self, u: float) -> float: ...
    @overload
    def quantile(self, u: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def quantile(self, u: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Return the value below which the share ``u`` of the distribution lies.

        Parameters
        ----------
        u : float or array
            Strictly between 0 and 1.

        Returns
        -------
        float or array
            Of the shape of ``u``, non-decreasing in ``u``, within the bounds.

        Raises
        ------
        InputError
            When ``u`` leaves (0, 1), or the bounds leave the distribution nothing.
        """
        import numpy as np  # here, because listing parameters must not wait for numpy

        share = np.asarray(u) if isinstance(u, (np.ndarray, Real)) else np.asarray(None)
        if share.dtype.kind not in "iuf" or np.ma.is_masked(u):
            raise _wrong(f"quantile: u = {shown(u)} is no number and no array of numbers")
        share = share.astype(float)
        if not np.all((share > 0) & (share < 1)):
            raise _wrong("quantile: u must lie strictly between 0 and 1")
        lump = self.arguments[0] if self.kind == "zero_or_lognormal" else 0.0
        distribution, inverse = self._functions()
        low, high = self.bounds
        below, above = float(distribution(low)), float(distribution(high))
        if above - below < SMALLEST_MASS:
            raise _wrong(f"{self.to_text()} has nothing between {low:g} and {high:g}; widen the bounds")
        rest = np.clip((share - lump) / (1 - lump), 0, 1)
        # The clip only mends the last bit of rounding: the shares were rescaled, not cut.
        values = np.clip(inverse(below + rest * (above - below)), low, high)
        values = np.where(share <= lump, 0.0, values)
        return float(values) if share.ndim == 0 else values

    def share(self, value: float) -> float:
        """Return the share of the distribution below a value, from 0 to 1."""
        distribution, _ = self._functions()
        low, high = (float(distribution(end)) for end in self.bounds)
        lump = self.arguments[0] if self.kind == "zero_or_lognormal" else 0.0
        inside = min(max((float(distribution(max(value, self.bounds[0]))) - low) / (high - low), 0.0), 1.0)
        return lump / 2.0 if lump and value <= 0.0 else lump + (1.0 - lump) * inside

    def _functions(self) -> tuple[Function, Function]:
        """Return the distribution function of the (non-zero) values and its inverse."""
        import numpy as np
        from scipy import special

        if self.kind == "uniform":
            start, width = self.arguments[0], self.arguments[1] - self.arguments[0]
            return (lambda x: (x - start) / width), (lambda p: start + p * width)
        if self.kind == "beta":
            a, b = self.arguments
            return (lambda x: special.betainc(a, b, x)), (lambda p: special.betaincinv(a, b, p))
        middle, spread = self.arguments[-2:]
        if self.kind == "normal":
            return (lambda x: special.ndtr((x - middle) / spread), lambda p: middle + spread * special.ndtri(p))
        return (
            lambda x: special.ndtr(math.log(x / middle) / spread) if x > 0 else 0.0,
            lambda p: middle * np.exp(spread * special.ndtri(p)),
        )
