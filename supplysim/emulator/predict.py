"""The emulator: what a package of levers probably does, in a millisecond, from runs made beforehand.

    python -m supplysim.emulator --train baseline-2027      # about ten minutes on two processors

Trained on paired runs of a baseline over a designed set of packages, all levers from the scenario's policy start,
without an end, their settings and the states of the world drawn with the pairs: what it tells is over these, or in
given states, and a setting of one's own is asked of exact runs. Outside that box it has no answer.

Mean and spread of paired differences are f(x, s) times what was fitted (`emulator.train`): the saturating curves of
every lever, their products, and how far each lever does something else in another state. f(0, s) = 0, so no lever
means no effect. Levers that start some years later: `emulator.later`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from supplysim import arguments
from supplysim.edition import edition, foreign
from supplysim.emulator.later import delayed
from supplysim.environment import cache_root
from supplysim.errors import InputError
from supplysim.evidence import HUBS, ORIGINS
from supplysim.experiment.effects import HUNDRED, LEDGER, LEVELS, SUBSTITUTES, VOLUMES, WINDOW, Effect, Summary
from supplysim.experiment.statistics import Interval
from supplysim.language import by_language, gettext
from supplysim.packs import badge, stamp
from supplysim.policies import values
from supplysim.policies.base import Policy
from supplysim.setup.states import State, Value

DATA = Path(__file__).parent.parent / "data"
FILES = {"baseline-2024": DATA / "emulator.npz", "baseline-2027": DATA / "emulator-2027.npz"}
FILE = FILES["baseline-2024"]
SCENARIO = "baseline-2024"
ANYWAY = ""  # the world as it is drawn, whatever the states
CLOSED = HUBS[0]  # the country that close_country closes in the training set
PARTS = ("substituted", "intercepted", "blocked", "delayed")  # of a fall in deliveries
BASE_PAIRS = 64  # runs of the baseline
STEEP = 3.0  # of the saturating curve
BASE = ("base_", "log_middle", "log_base")  # begin the names of arrays that are kept for every case of the states
STRENGTH = {"low": 0.0, "high": 1.0, "unit": "share"}


def lever_names() -> tuple[str, ...]:
    """Return the levers that an emulator is trained on, in its order: those of this package."""
    from supplysim.policies import levers

    return tuple(name for name, kind in levers().items() if kind.__module__.startswith("supplysim."))


def policies_of(package: Mapping[str, float]) -> tuple[Any, ...]:
    """Return a package of lever strengths as policies."""
    from supplysim.policies import levers

    kinds = levers()
    return tuple(
        kinds[name](intensity=float(x), countries=(CLOSED,)) if name == "close_country" else kinds[name](intensity=x)
        for name, x in package.items()
        if x > 0.0
    )


def features(x: np.ndarray, states: np.ndarray | None = None) -> np.ndarray:
    """Return f(x, s): two curves a lever, the product of every two levers' saturating curves, and the curves by state.

    Parameters
    ----------
    x : ndarray, shape (..., levers)
        Strengths from 0 to 1.
    states : ndarray, shape (..., indicators), optional
        1 less its probability where a state has a value, minus its probability where not; nothing without states.

    Returns
    -------
    ndarray, shape (..., 2 levers (1 + indicators) + levers (levers - 1) / 2)
    """
    bent = (1.0 - np.exp(-STEEP * x)) / (1.0 - np.exp(-STEEP))
    first, second = np.triu_indices(x.shape[-1], k=1)
    curves = np.concatenate([x, bent], axis=-1)
    parts = [curves, bent[..., first] * bent[..., second]]
    if states is not None:
        parts += [curves * states[..., [place]] for place in range(states.shape[-1])]
    return np.concatenate(parts, axis=-1)


def cases_of(states: Sequence[State]) -> list[dict[str, str]]:
    """Return the worlds that an emulator knows apart: as drawn, then every choice of values of some states."""
    known = product(*[(ANYWAY, *state.names) for state in states])
    return [
        {state.name: value for state, value in zip(states, values, strict=True) if value != ANYWAY} for values in known
    ]


def indicators(states: Sequence[State], case: Mapping[str, str]) -> np.ndarray:
    """Return what `features` takes for the world in which states have some values, shape (indicators,)."""
    return np.array(
        [
            float(case[state.name] == value) - chance if state.name in case else 0.0
            for state in states
            for value, chance in list(zip(state.names, state.probabilities, strict=True))[1:]
        ]
    )


# --- answering ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Emulator:
    """The fitted curves and the baseline they start from; see the module for the symbols."""

    levers: tuple[str, ...]
    years: tuple[int, ...]
    series: tuple[str, ...]
    measures: tuple[str, ...]
    first_quarter: int
    arrays: dict[str, np.ndarray]
    report: dict[str, Any]
    base: Summary
    states: tuple[State, ...] = ()
    case: tuple[tuple[str, str], ...] = ()  # states that have one value for certain

    @classmethod
    def load(cls, file: Path = FILE, case: Mapping[str, str] | None = None) -> Emulator:
        """Read a file that is shipped; with `case` for worlds in which states have given values.

        Raises
        ------
        InputError
            If it knows no such state or value.
        """
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files if name != "about"}
            about = json.loads(bytes(stored["about"]).decode())
        states = tuple(
            State(name, tuple(Value(value, chance, tuple(map(tuple, sets))) for value, chance, sets in values))
            for name, values in about["states"]
        )
        cases, chosen = cases_of(states), dict(case or {})
        if chosen not in cases:
            raise InputError(
                "emulator", chosen, "it knows no such states", f"choose one of {', '.join(map(str, cases))}"
            )
        arrays = {
            name: (array[cases.index(chosen)] if name.startswith(BASE) else array).astype(np.float64)
            for name, array in arrays.items()
        }
        series = {name: arrays["base_series"][:, :, i] for i, name in enumerate(about["series"])}
        mean_base = means_of(arrays, len(series), about["first_quarter"])
        years, measures = tuple(about["years"]), tuple(about["measures"])
        keys = [(m, str(y)) for m in measures for y in (*years, WINDOW)]
        zero = np.zeros(LEVELS.size)
        effects = {
            key: Effect(arrays["base_yearly"][:, i], arrays["base_yearly"][:, i], zero, 0.0, 0.0)
            for i, key in enumerate(keys)
        }
        spans = [*(str(year) for year in years if year >= years[0] + about["first_quarter"] // 4), WINDOW]
        levels = arrays["base_mean"][-len(measures) * len(spans) :]
        known_means = zip(product(measures, spans), levels, strict=True)
        effects |= {key: replace(effects[key], level=float(mean), mean=0.0) for key, mean in known_means}
        nothing = {name: np.zeros_like(values) for name, values in series.items()}
        base = Summary(
            status="exact",
            pairs=BASE_PAIRS,
            years=years,
            first_quarter=about["first_quarter"],
            series_base=series,
            series_policy=series,
            series_diff=nothing,
            mean_base=dict(zip(about["series"], mean_base, strict=True)),
            mean_diff={name: np.zeros(values.shape[1]) for name, values in series.items()},
            worlds={name: np.zeros(HUNDRED.size) for name in VOLUMES},
            effects=effects,
            ledger=dict.fromkeys((*LEDGER, *SUBSTITUTES), 0.0),
            cost={"government": 0.0, "industry": 0.0, "per_chip": (np.nan,) * 3, "verdict": "no clear effect"},
        )
        levers, first = tuple(about["levers"]), about["first_quarter"]
        known = tuple(sorted(chosen.items()))
        return cls(levers, years, tuple(series), measures, first, arrays, about["report"], base, states, known)

    def covers(self, scenario_hash: str) -> bool:
        """Return whether a scenario is the one that was trained on."""
        return scenario_hash == self.report["scenario_hash"]

    def unknown(self, package: Sequence[Policy]) -> Policy | None:
        """Return the first policy that it cannot answer for: another lever, or dates, places or settings of its own."""
        for place, policy in enumerate(package):
            if policy.lever not in self.levers or policy.lever in [other.lever for other in package[:place]]:
                return policy
            (usual,) = policies_of({policy.lever: 1.0})
            if replace(policy, intensity=1.0) != usual:
                return policy
        return None

    def answer(self, package: Sequence[Policy]) -> Summary:
        """Return what policies probably do, none of which is unknown."""
        return self.predict({policy.lever: policy.intensity for policy in package})

    def predict(self, package: Mapping[str, float], later: int = 0) -> Summary:
        """Return what a package probably does; lever name -> strength from 0 to 1.

        With `later` all its levers start so many years after the scenario's policies do, 0 to the last year but one.

        Raises
        ------
        InputError
            If it holds a lever that was not trained on, a strength that is no number from 0 to 1, or no such start.
        """
        most = self.years[-1] - self.policy_year
        if isinstance(later, bool) or not isinstance(later, int) or not 0 <= later <= most:
            raise InputError("later", later, f"it must be whole years from 0 to {most}", "choose 0")
        for name, strength in arguments.table(package, "emulator", 'write {"border": 0.5}').items():
            if not isinstance(name, str) or name not in self.levers:
                raise InputError("emulator", name, "it was not trained on this lever", "run the package exactly")
            values.number(strength, STRENGTH, f"emulator: {name}")
        x = np.array([float(package.get(name, 0.0)) for name in self.levers])
        if not x.any():
            return self.base
        f = features(x, indicators(self.states, dict(self.case)))
        a, rows = self.arrays, np.flatnonzero(f)  # few levers are on, and few rows count
        fitted = {name: f[rows] @ a[name][rows] for name in ("mean", "spread", "ratio", "variance", "mean_tail")}
        mean = fitted["mean"] * a["scale"]
        spread = np.maximum(fitted["spread"], 1e-6) * a["scale"]
        ratio, widened, z = fitted["ratio"], fitted["variance"], a["z"]
        tail = fitted["mean_tail"]
        if later:
            layout = len(self.series), len(self.measures), most + 1
            mean, spread, ratio, widened, z, remains = delayed(
                mean, spread, ratio, widened, z, a["base_mean"], layout, later
            )
            tail = tail * remains[self.measures.index("delivered")]
        diff = mean + spread * z  # (5, outputs)
        diff.sort(axis=0)
        width = np.sqrt(np.clip(1.0 + widened, 0.05, 20.0))
        level = np.exp(a["log_middle"] + ratio + a["log_base"] * width) - a["floor"]
        level = np.maximum(level, 0.0)
        quarters = len(self.series) * (a["base_series"].shape[1] - self.first_quarter)
        shape = (LEVELS.size, len(self.series), -1)
        series_diff, series_policy, mean_diff = {}, {}, {}
        by_quarter = mean[:quarters].reshape(shape[1:])
        window = {name: quarters + (most + 2) * (i + 1) - 1 for i, name in enumerate(self.measures)}
        late_diff, late_level = diff[:, :quarters].reshape(shape), level[:, :quarters].reshape(shape)
        for i, name in enumerate(self.series):
            before = a["base_series"][:, : self.first_quarter, i]
            series_policy[name] = np.concatenate([before, late_level[:, i]], axis=1)
            series_diff[name] = np.concatenate([np.zeros_like(before), late_diff[:, i]], axis=1)
            late_mean = by_quarter[i]
            if name in VOLUMES and name in self.measures:  # fitted apart, and so nearly their sum only
                late_mean = late_mean + (mean[window[name]] - late_mean.sum()) / late_mean.size
            mean_diff[name] = np.concatenate([np.zeros(self.first_quarter), late_mean])
        with np.errstate(divide="ignore", invalid="ignore"):  # of nothing, a share is unknown
            relative = np.where(a["base_mean"] != 0.0, mean / a["base_mean"], np.nan)
        effects = dict(self.base.effects)
        spans = [y for y in (*map(str, self.years), WINDOW) if y == WINDOW or int(y) >= self.policy_year]
        column = quarters
        for name in self.measures:
            for span in spans:
                base = self.base.effects[name, span].base
                q = diff[:, column]
                down = float(np.interp(0.0, q, LEVELS, left=0.02, right=0.98)) if q[0] < q[-1] else 0.0
                change = Interval(float(relative[column]), np.nan, np.nan)
                world = self.base.effects[name, span].level
                effects[name, span] = Effect(
                    base, level[:, column], q, down, 1.0 - down, change, world, float(mean[column])
                )
                column += 1
        ledger = dict(zip((*LEDGER, *SUBSTITUTES), tail[: len(LEDGER) + len(SUBSTITUTES)].tolist(), strict=True))
        sizes = {part: abs(ledger[part]) for part in PARTS}
        left = -float(mean[window["delivered"]]) - sum(ledger[part] for part in PARTS)
        whole = sum(sizes.values()) or 1.0
        ledger |= {part: ledger[part] + left * size / whole for part, size in sizes.items()}
        ledger["prevented"] = sum(ledger[part] for part in PARTS)
        government, industry = tail[-2:]
        return Summary(
            status="estimate",
            pairs=int(self.report["train_rows"]),
            years=self.years,
            first_quarter=self.first_quarter,
            series_base=self.base.series_base,
            series_policy=series_policy,
            series_diff=series_diff,
            mean_base=self.base.mean_base,
            mean_diff=mean_diff,
            worlds={name: hundred(effects[name, WINDOW].diff) for name in VOLUMES if name in self.measures},
            effects=effects,
            ledger=ledger,
            cost=_cost(government, industry, ledger["prevented"], effects["delivered", WINDOW].diff),
        )

    @property
    def policy_year(self) -> int:
        """Return the first year of the policy window."""
        return self.years[0] + self.first_quarter // 4


def means_of(arrays: Mapping[str, np.ndarray], series: int, first_quarter: int) -> np.ndarray:
    """Return the mean of every series of the baseline by quarter, shape (series, quarters).

    Unknown before the policies start in a file that was made before these means were kept.
    """
    quarters = arrays["base_series"].shape[1]
    late = arrays["base_mean"][: series * (quarters - first_quarter)].reshape(series, -1)
    return np.concatenate([arrays.get("base_early", np.full((series, first_quarter), np.nan)), late], axis=1)


def hundred(diff: np.ndarray) -> np.ndarray:
    """Return a hundred worlds, the lowest first, of which these are the quantiles; beyond them they go on in a line."""
    (first, second, *_), (*_, last_but_one, last) = diff, diff
    inner = (LEVELS[1] - LEVELS[0], LEVELS[-1] - LEVELS[-2])
    low = first - (second - first) / inner[0] * LEVELS[0]
    high = last + (last - last_but_one) / inner[1] * (1.0 - LEVELS[-1])
    return np.interp(HUNDRED, [0.0, *LEVELS, 1.0], [low, *diff, high])


def _cost(government: float, industry: float, prevented: float, diff: np.ndarray) -> dict[str, Any]:
    """Return cost per chip prevented, with an interval as wide as 64 pairs would leave it."""
    error = 1.67 * (diff[4] - diff[0]) / 3.29 / np.sqrt(BASE_PAIRS)
    cost: dict[str, Any] = {"government": government, "industry": industry}
    if prevented <= error:
        verdict = "clear rise" if prevented < -error else "no clear effect"
        return cost | {"per_chip": (np.nan,) * 3, "verdict": verdict}
    total_cost = government + industry
    bounds = sorted((total_cost / (prevented + error), total_cost / (prevented - error)))
    return cost | {"per_chip": (total_cost / prevented, *bounds), "verdict": "clear fall"}


def emulator(scenario: str = SCENARIO, case: tuple[tuple[str, str], ...] = ()) -> Emulator | None:
    """Return the emulator of a scenario that is shipped, None when it may not answer for these rules or there is none.

    `refusal` says why. With a `case`, ``(("beijing", "open"),)``, that of worlds in which states have these values.
    """
    known = _shipped(file_of(scenario))[0]
    return known if known is None or not case else _in_case(file_of(scenario), case)


def refusal(scenario: str = SCENARIO) -> str:
    """Return why there is no quick estimate, in a sentence without its full stop; nothing if there is one."""
    return _shipped(file_of(scenario))[1]


def file_of(scenario: str) -> Path:
    """Return where the emulator of a scenario lies: in the package, or in the user's cache if `train` made it.

    That of a world pack is named by the pack's fingerprint too, so that none is found for another world.
    """
    if scenario in FILES and not stamp():
        return FILES[scenario]
    return cache_root() / "emulators" / f"{scenario}-{edition()}.npz"


@cache
def _in_case(file: Path, case: tuple[tuple[str, str], ...]) -> Emulator:
    return Emulator.load(file, dict(case))


@by_language
def _shipped(file: Path = FILE) -> tuple[Emulator | None, str]:
    if not file.is_file():
        if stamp():
            return None, gettext(
                "No quick estimate is shipped; every answer is exact; supplysim train makes one for {world}",
                world=badge(),
            )
        return None, gettext("No quick estimate is shipped; every answer is exact")
    with np.load(file, allow_pickle=False) as stored:
        about = json.loads(bytes(stored["about"]).decode())
    routes = [name for name in about["series"] if name.startswith("delivered_via:")]
    why = foreign(about.get("edition"))
    if not why and routes != [f"delivered_via:{code}" for code in ORIGINS]:
        why = gettext("made for other countries")
    if why:
        return None, gettext("The quick estimate is not used: it was {why}", why=why)
    return _loaded(file), ""


@cache
def _loaded(file: Path) -> Emulator:
    return Emulator.load(file)
