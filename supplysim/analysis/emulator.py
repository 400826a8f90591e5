"""The emulator: what a package of levers probably does, in a millisecond, from runs made beforehand.

    python -m supplysim.analysis.emulator --train      # about ten minutes on one processor

Trained on paired runs of the baseline scenario over a designed set of packages, all levers from the
scenario's policy start, without an end, at their default settings. Outside that box it has no answer.

For every output (a measure in a year, a column in a quarter) and every pair it knows two numbers: the
difference d = policy - baseline over a scale, and the log ratio r of the two worlds. Over packages x it fits

    mean of d        = f(x) . a        spread |d - mean|       = f(x) . b      (quantiles: mean + spread . z)
    mean of r        = f(x) . c        variance of log policy  = that of the baseline + f(x) . v

with f(x) the saturating curves of every lever and their products; f(0) = 0, so no lever means no effect.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from supplysim.analysis.brief import COLUMNS, COUNTRIES, Result, run_once
from supplysim.analysis.summary import LEDGER, LEVELS, SUBSTITUTES, WINDOW, Effect, Summary, quantiles, summarise
from supplysim.experiment.ledger import displacement
from supplysim.experiment.totals import total

FILE = Path(__file__).parent.parent / "data" / "emulator.npz"
SCENARIO = "baseline-2024"
CLOSED = "SG"  # the country that close_country closes in the training set
SEED = 1  # of the first pair, as in the app
PAIRS, BASE_PAIRS = 8, 64  # runs of a package, each on its own share of the pairs of the baseline
MIXTURES = 112  # packages of several levers, every second one kept for the test
STEEP = 3.0  # of the saturating curve
FLOOR = 0.01  # of the baseline's median, added to both sides of a ratio
SERIES = (
    "delivered",
    "delivered_h100e",
    "ordered",
    "attempted",
    "refused",
    "seized",
    "cancelled",
    "disabled",
    "mark_up",
    "active_intermediaries",
    "newcomers",
    "exits",
    "honest_orders",
    "honest_flagged",
    "honest_delay",
    "honest_inspected",
    "looks",
    "cases_opened",
    "prosecutions",
    "listings",
    "lapsed_cases",
    "failed_cases",
    "false_cases",
    "true_leads",
    "false_leads",
    "government_cost",
    "industry_cost",
    "rented_h100e",
    "licensed_h100e",
    "domestic_h100e",
    "seizures_published",
    "prosecutions_published",
    *(f"delivered_via:{code}" for code in COUNTRIES),
)
MEASURES = (  # by year
    "delivered",
    "delivered_h100e",
    "seized",
    "training_share",
    "mark_up",
    "interdiction_rate",
    "honest_flagged_share",
    "false_cases",
    "prosecutions",
    "listings",
    "rented_h100e",
)
PENALTIES = (10.0, 100.0)  # ridge on curves and on products, in rows of the training set
TRAINED = tuple[dict[str, float], list[int], list[Result]]


def lever_names() -> tuple[str, ...]:
    """Return the levers in the emulator's order."""
    from supplysim.policies import levers

    return tuple(levers())


def policies_of(package: Mapping[str, float]) -> tuple[Any, ...]:
    """Return a package of lever strengths as policies."""
    from supplysim.policies import levers

    kinds = levers()
    return tuple(
        kinds[name](intensity=float(x), countries=(CLOSED,)) if name == "close_country" else kinds[name](intensity=x)
        for name, x in package.items()
        if x > 0.0
    )


def features(x: np.ndarray) -> np.ndarray:
    """Return f(x): two curves a lever, then the product of every two levers' saturating curves.

    Parameters
    ----------
    x : ndarray, shape (..., levers)
        Strengths from 0 to 1.

    Returns
    -------
    ndarray, shape (..., 2 levers + levers (levers - 1) / 2)
    """
    bent = (1.0 - np.exp(-STEEP * x)) / (1.0 - np.exp(-STEEP))
    first, second = np.triu_indices(x.shape[-1], k=1)
    return np.concatenate([x, bent, bent[..., first] * bent[..., second]], axis=-1)


# --- answering ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Emulator:
    """The fitted curves and the baseline they start from; see the module for the symbols."""

    levers: tuple[str, ...]
    years: tuple[int, ...]
    measures: tuple[str, ...]
    first_quarter: int
    arrays: dict[str, np.ndarray]
    report: dict[str, Any]
    base: Summary

    @classmethod
    def load(cls, file: Path = FILE) -> Emulator:
        """Read the file that is shipped."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files if name != "about"}
            about = json.loads(bytes(stored["about"]).decode())
        arrays = {name: array.astype(np.float64) for name, array in arrays.items()}
        series = {name: arrays["base_series"][:, :, i] for i, name in enumerate(SERIES)}
        years, measures = tuple(about["years"]), tuple(about["measures"])
        keys = [(m, str(y)) for m in measures for y in (*years, WINDOW)]
        zero = np.zeros(LEVELS.size)
        effects = {
            key: Effect(arrays["base_yearly"][:, i], arrays["base_yearly"][:, i], zero, 0.0, 0.0)
            for i, key in enumerate(keys)
        }
        nothing = {name: np.zeros_like(values) for name, values in series.items()}
        base = Summary(
            status="exact",
            pairs=BASE_PAIRS,
            years=years,
            first_quarter=about["first_quarter"],
            series_base=series,
            series_policy=series,
            series_diff=nothing,
            effects=effects,
            ledger=dict.fromkeys((*LEDGER, *SUBSTITUTES), 0.0),
            cost={"government": 0.0, "industry": 0.0, "per_chip": (np.nan,) * 3, "verdict": "no clear effect"},
        )
        return cls(tuple(about["levers"]), years, measures, about["first_quarter"], arrays, about["report"], base)

    def covers(self, scenario_hash: str) -> bool:
        """Return whether a scenario is the one that was trained on."""
        return scenario_hash == self.report["scenario_hash"]

    def predict(self, package: Mapping[str, float]) -> Summary:
        """Return what a package probably does; lever name -> strength from 0 to 1."""
        x = np.array([float(package.get(name, 0.0)) for name in self.levers])
        if not x.any():
            return self.base
        f = features(x)
        a = self.arrays
        mean = f @ a["mean"] * a["scale"]
        spread = np.maximum(f @ a["spread"], 1e-6) * a["scale"]
        diff = mean + spread * a["z"]  # (5, outputs)
        diff.sort(axis=0)
        width = np.sqrt(np.clip(1.0 + f @ a["variance"], 0.05, 20.0))
        level = np.exp(a["log_middle"] + f @ a["ratio"] + a["log_base"] * width) - a["floor"]
        level = np.maximum(level, 0.0)
        quarters = len(SERIES) * (a["base_series"].shape[1] - self.first_quarter)
        shape = (LEVELS.size, len(SERIES), -1)
        series_diff, series_policy = {}, {}
        late_diff, late_level = diff[:, :quarters].reshape(shape), level[:, :quarters].reshape(shape)
        for i, name in enumerate(SERIES):
            before = a["base_series"][:, : self.first_quarter, i]
            series_policy[name] = np.concatenate([before, late_level[:, i]], axis=1)
            series_diff[name] = np.concatenate([np.zeros_like(before), late_diff[:, i]], axis=1)
        effects = dict(self.base.effects)
        spans = [y for y in (*map(str, self.years), WINDOW) if y == WINDOW or int(y) >= self.policy_year]
        column = quarters
        for name in self.measures:
            for span in spans:
                base = self.base.effects[name, span].base
                q = diff[:, column]
                down = float(np.interp(0.0, q, LEVELS, left=0.02, right=0.98)) if q[0] < q[-1] else 0.0
                effects[name, span] = Effect(base, level[:, column], q, down, 1.0 - down)
                column += 1
        tail = f @ a["mean_tail"]
        ledger = dict(zip((*LEDGER, *SUBSTITUTES), tail[: len(LEDGER) + len(SUBSTITUTES)].tolist(), strict=True))
        ledger["prevented"] = sum(ledger[part] for part in ("substituted", "intercepted", "blocked", "delayed"))
        government, industry = tail[-2:]
        return Summary(
            status="estimate",
            pairs=int(self.report["train_rows"]),
            years=self.years,
            first_quarter=self.first_quarter,
            series_base=self.base.series_base,
            series_policy=series_policy,
            series_diff=series_diff,
            effects=effects,
            ledger=ledger,
            cost=_cost(government, industry, ledger["prevented"], effects["delivered", WINDOW].diff),
        )

    @property
    def policy_year(self) -> int:
        """Return the first year of the policy window."""
        return self.years[0] + self.first_quarter // 4


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


@cache
def emulator() -> Emulator | None:
    """Return the emulator that is shipped, None when there is none or it belongs to another version of the model."""
    if not FILE.is_file():
        return None
    with np.load(FILE, allow_pickle=False) as stored:
        about = json.loads(bytes(stored["about"]).decode())
    fits = (
        about["levers"] == list(lever_names())
        and about.get("series") == list(SERIES)
        and about["measures"] == list(MEASURES)
    )
    return Emulator.load() if fits else None


# --- training ----------------------------------------------------------------------------------------------


def design(names: Sequence[str], seed: int = 20) -> list[dict[str, float]]:
    """Return the packages to learn from: every lever alone at three strengths, every two, and Sobol mixtures."""
    from scipy.stats import qmc

    packages = [{name: x} for name in names for x in (0.25, 0.6, 1.0)]
    count = len(names)
    points = qmc.Sobol(2, scramble=True, rng=np.random.default_rng([seed, 1])).random(128)
    twos = [(i, j) for i in range(count) for j in range(i + 1, count)]
    packages += [
        {names[i]: 0.3 + 0.7 * u, names[j]: 0.3 + 0.7 * v} for (i, j), (u, v) in zip(twos, points, strict=False)
    ]
    return packages + mixtures(names, 128, seed)[:MIXTURES]


def mixtures(names: Sequence[str], count: int, seed: int) -> list[dict[str, float]]:
    """Return packages of one to eight levers at strengths of a Sobol sequence."""
    from scipy.stats import qmc

    random = np.random.default_rng([seed, 2])
    points = qmc.Sobol(len(names), scramble=True, rng=random).random(1 << (count - 1).bit_length())[:count]
    sizes = random.choice([1, 2, 3, 4, 5, 6, 8], size=count, p=[0.1, 0.15, 0.2, 0.2, 0.15, 0.1, 0.1])
    return [
        {names[i]: float(point[i]) for i in sorted(random.choice(len(names), size, replace=False))}
        for point, size in zip(points, sizes, strict=True)
    ]


def outputs(run: Result, first_quarter: int, years: Sequence[int]) -> np.ndarray:
    """Return every output of a run in the emulator's order: quarters of SERIES, then measures by year."""
    late = run.quarters[first_quarter:]
    series = [late[:, COLUMNS.index(name)] for name in SERIES]
    table = {name: np.array([values]) for name, values in run.yearly.items()}
    places = [run.years.index(year) for year in years]
    yearly = [[*(run.yearly[name][place] for place in places), total(name, table, places)[0]] for name in MEASURES]
    return np.concatenate([np.concatenate(series), np.concatenate(yearly)])


class Trainer:
    """Runs what is needed, one after the other in this process, and says how far it is."""

    def __init__(self, scenario_name: str = SCENARIO) -> None:
        from supplysim.experiment.design import parameter_draws
        from supplysim.scenario import Scenario

        self.scenario = Scenario.load(scenario_name)
        self.first_week = self.scenario.week_of(self.scenario.policy_start)
        self.draws = parameter_draws(self.scenario, "prior", BASE_PAIRS, SEED)
        self.started = time.perf_counter()
        self.runs = 0

    def run(self, package: Mapping[str, float], pair: int) -> Result:
        """Return one run."""
        self.runs += 1
        return run_once(self.scenario, policies_of(package), SEED + pair, self.draws[pair], self.first_week)

    def say(self, text: str) -> None:
        """Print progress."""
        print(f"{time.perf_counter() - self.started:6.0f} s  {self.runs:5d} runs  {text}", flush=True)


def train(file: Path = FILE) -> dict[str, Any]:
    """Run the design, fit, test on packages that were kept out, and write the file; return the report."""
    trainer = Trainer()
    names = lever_names()
    base = [trainer.run({}, pair) for pair in range(BASE_PAIRS)]
    trainer.say("baseline")
    rows: list[TRAINED] = []
    for index, package in enumerate(design(names)):
        pairs = pairs_of(index)
        rows.append((package, pairs, [trainer.run(package, pair) for pair in pairs]))
        if index % 20 == 0:
            trainer.say(f"package {index}")
    return learn(trainer, names, base, rows, file)


def pairs_of(index: int) -> list[int]:
    """Return the pairs on which a package of the design is run."""
    return [(index * 5 + BASE_PAIRS // PAIRS * step) % BASE_PAIRS for step in range(PAIRS)]


def learn(
    trainer: Trainer, names: Sequence[str], base: list[Result], rows: list[TRAINED], file: Path
) -> dict[str, Any]:
    """Fit to all packages but every second mixture, test on those, write the file; return the report."""
    first = len(rows) - MIXTURES
    kept = [row for index, row in enumerate(rows) if index < first or (index - first) % 2 == 0]
    held = [row for index, row in enumerate(rows) if index >= first and (index - first) % 2 == 1]
    document = fit(trainer, names, base, kept)
    about = {"scenario_hash": trainer.scenario.hash(), "train_packages": len(kept), "train_rows": len(kept) * PAIRS}
    write(file, *document, report=about)
    report = test(trainer, base, held, file) | about
    write(file, *document, report=report)
    return report


def fit(trainer: Trainer, names: Sequence[str], base: list[Result], rows: list[TRAINED]) -> tuple[dict, dict]:
    """Return the arrays and what describes them."""
    first_quarter = trainer.first_week // 13
    years = base[0].years
    late = [year for year in years if year >= years[0] + first_quarter // 4]
    known = np.array([outputs(run, first_quarter, late) for run in base])
    middle = np.nanmedian(known, axis=0)
    scale = np.maximum(np.abs(middle), np.nanstd(known, axis=0))
    scale = np.where(scale > 0.0, scale, 1.0)
    floor = FLOOR * np.where(np.abs(middle) > 0.0, np.abs(middle), scale)
    x, d, r, logs, tail = [], [], [], [], []
    log_known = np.log(np.maximum(known, 0.0) + floor)
    log_mean, log_variance = np.nanmean(log_known, axis=0), np.nanvar(log_known, axis=0) + 0.01
    for package, pairs, runs in rows:
        for pair, run in zip(pairs, runs, strict=True):
            values = outputs(run, first_quarter, late)
            x.append([package.get(name, 0.0) for name in names])
            d.append((values - known[pair]) / scale)
            log = np.log(np.maximum(values, 0.0) + floor)
            r.append(log - log_known[pair])
            logs.append(log - log_mean)
            tail.append(known_tail(base[pair], run))
    f = features(np.array(x))
    widest = np.nanmax(np.abs(np.array(d)), axis=0)  # what the baseline never shows (disabled chips) has no scale yet
    larger = np.where(widest > 100.0, widest, 1.0)
    scale = scale * larger
    d = np.array(d) / larger
    d, r, logs = (np.nan_to_num(np.array(values)) for values in (d, r, logs))
    weights = np.concatenate(
        [np.full(2 * len(names), PENALTIES[0]), np.full(f.shape[1] - 2 * len(names), PENALTIES[1])]
    )
    solve = np.linalg.solve(f.T @ f + np.diag(weights), f.T)
    mean, ratio = solve @ d, solve @ r
    residual = d - f @ mean
    spread = solve @ np.abs(residual)
    z = quantiles(residual / np.maximum(f @ spread, 1e-6 + 0.1 * np.abs(residual).mean(axis=0)))
    variance = solve @ np.clip((logs - f @ ratio) ** 2 / log_variance - 1.0, -1.0, 20.0)
    summary = summarise(base, base, late, trainer.first_week)
    keys = [(m, str(y)) for m in MEASURES for y in (*years, WINDOW)]
    arrays = {
        "mean": mean,
        "spread": spread,
        "ratio": ratio,
        "variance": variance,
        "z": z,
        "scale": scale,
        "floor": floor,
        "log_middle": log_mean,
        "log_base": quantiles(log_known) - log_mean,
        "mean_tail": solve @ np.array(tail),
        "base_series": np.stack([summary.series_base[name] for name in SERIES], axis=-1),
        "base_yearly": np.stack([summary.effects[key].base for key in keys], axis=-1),
    }
    about = {
        "levers": list(names),
        "years": list(years),
        "measures": list(MEASURES),
        "first_quarter": first_quarter,
        "series": list(SERIES),
    }
    return arrays, about


def known_tail(base: Result, run: Result) -> list[float]:
    """Return ledger and extra costs of one pair, in the order in which `predict` reads them."""
    ledger = displacement(base.account, run.account)
    return [
        *(float(getattr(ledger, name)) for name in LEDGER),
        *(float(ledger.substitutes[name]) for name in SUBSTITUTES),
        run.account.government_cost - base.account.government_cost,
        run.account.industry_cost - base.account.industry_cost,
    ]


def write(file: Path, arrays: dict[str, np.ndarray], about: dict[str, Any], report: dict[str, Any]) -> None:
    """Write the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = {"mean", "spread", "ratio", "variance"}
    stored = {name: array.astype(np.float16 if name in half else np.float32) for name, array in arrays.items()}
    text = json.dumps(about | {"report": report}).encode()
    np.savez_compressed(file, about=np.frombuffer(text, dtype=np.uint8), **stored)


def test(trainer: Trainer, base: list[Result], held: list[TRAINED], file: Path) -> dict[str, Any]:
    """Return how far the emulator is from exact runs on packages it has not seen."""
    fitted = Emulator.load(file)
    late = [year for year in base[0].years if year >= fitted.policy_year]
    checked = ("delivered", "seized", "mark_up", "interdiction_rate", "honest_flagged_share", "training_share")
    found: dict[str, list[tuple[float, float, bool, float]]] = {name: [] for name in checked}
    times = []
    for package, pairs, runs in held:
        exact = summarise([base[pair] for pair in pairs], runs, late, trainer.first_week)
        started = time.perf_counter()
        guess = fitted.predict(package)
        times.append(time.perf_counter() - started)
        for name in checked:
            true, said = exact.effect(name, WINDOW), guess.effect(name, WINDOW)
            inside = bool(said.diff[0] <= true.diff[2] <= said.diff[4])
            found[name].append((said.diff[2], true.diff[2], inside, abs(said.base[2])))
    report: dict[str, Any] = {
        "test_packages": len(held),
        "test_pairs": PAIRS,
        "milliseconds": 1e3 * float(np.median(times)),
    }
    for name, cases in found.items():
        table = np.array([case[:2] for case in cases])
        scale = float(np.median([case[3] for case in cases])) or 1.0
        error = np.abs(table[:, 0] - table[:, 1]) / scale
        report[name] = {
            "median_error": round(float(np.median(error)), 4),
            "p90_error": round(float(np.quantile(error, 0.9)), 4),
            "correlation": round(float(np.corrcoef(table.T)[0, 1]), 3) if table.std(axis=0).all() else None,
            "inside": round(float(np.mean([case[2] for case in cases])), 3),
            "points": [[round(float(a / scale), 4), round(float(b / scale), 4)] for a, b in table],
        }
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, or print the report of the file that is shipped."""
    parser = argparse.ArgumentParser(description="The emulator of the app.")
    parser.add_argument("--train", action="store_true", help="run the design, fit and write the file")
    asked = parser.parse_args(arguments)
    if not asked.train and not FILE.is_file():
        print("There is no emulator yet; --train makes one.", file=sys.stderr)
        return 1
    report = train() if asked.train else Emulator.load().report
    print(
        json.dumps(
            {k: {a: b for a, b in v.items() if a != "points"} if isinstance(v, dict) else v for k, v in report.items()},
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
