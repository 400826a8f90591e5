"""The emulator's training: runs of the designed packages, and the fit.

    python -m supplysim.emulator --train baseline-2027      # a quarter of an hour on two processors

For every output (a measure in a year, a column in a quarter) and every pair it knows two numbers: the
difference d = policy - baseline over a scale, and the log ratio r of the two worlds. Over packages x and states s

    mean of d        = f(x, s) . a     spread |d - mean|       = f(x, s) . b   (quantiles: mean + spread . z)
    mean of r        = f(x, s) . c     variance of log policy  = that of the baseline + f(x, s) . v
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from supplysim.edition import edition
from supplysim.emulator.designed import FULL, MIXTURES, Size, design, pairs_of, tested
from supplysim.emulator.held_out import TRAINED, test
from supplysim.emulator.predict import (
    BASE_PAIRS,
    SCENARIO,
    Emulator,
    cases_of,
    features,
    file_of,
    indicators,
    lever_names,
    policies_of,
)
from supplysim.experiment.effects import LEDGER, LEVELS, SUBSTITUTES, WINDOW, summarise
from supplysim.experiment.ledger import displacement
from supplysim.experiment.statistics import known_quantiles
from supplysim.outputs.measures import on_screen, over_years
from supplysim.outputs.quarters import columns
from supplysim.run import BASELINE, Run, points_of, run_pair
from supplysim.setup.states import states_of

SEED = 1  # of the first pair, as in the app
LATER = 8  # of those that are kept for the test, run once more with each later start
FLOOR = 0.01  # of the baseline's median, added to both sides of a ratio
PENALTIES = (10.0, 100.0, 4.0)  # ridge on curves, products and curves by state, in rows of the training set
Asked = tuple[Mapping[str, float], int, Sequence[int]]  # package, years after the policies' start, pairs


def outputs(run: Run, first_quarter: int, years: Sequence[int]) -> np.ndarray:
    """Return every output of a run in the emulator's order: its quarters, then the measures on screen by year."""
    series = run.quarters[first_quarter:, : len(columns())].T
    table = {name: np.array([values]) for name, values in run.yearly.items()}
    places = [run.years.index(year) for year in years]
    yearly = [
        [*(run.yearly[name][place] for place in places), over_years(name, table, places)[0]] for name in on_screen()
    ]
    return np.concatenate([np.concatenate(series), np.concatenate(yearly)])


class Trainer:
    """The world that is learnt, and runs of it: in this process, or many at a time in a pool.

    Parameters
    ----------
    scenario_name : str
    pairs : int
        Runs of the baseline.
    """

    def __init__(self, scenario_name: str = SCENARIO, pairs: int = BASE_PAIRS) -> None:
        from supplysim.experiment.design import parameter_draws
        from supplysim.setup.scenario import Scenario

        self.scenario = Scenario.load(scenario_name)
        self.first_week = self.scenario.week_of(self.scenario.policy_start)
        self.draws = parameter_draws(self.scenario, "prior", pairs, SEED)

        self.points = points_of(self.draws, SEED)
        self.states = self.scenario.states
        self.cases = [states_of(draw) for draw in self.draws]

    def run(self, package: Mapping[str, float], pair: int) -> Run:
        """Return one run."""
        return run_pair(self.scenario, {"": policies_of(package)}, self.points[pair], self.first_week)[0]

    def starting(self, package: Mapping[str, float], later: int) -> tuple[Any, ...]:
        """Return a package as policies that start some years after the scenario's do."""
        usual = self.scenario.policy_start
        start = date.fromordinal(usual.toordinal() + 364 * later) if later else None
        return tuple(replace(policy, start=start) for policy in policies_of(package))

    def runs(self, design: Sequence[Asked], workers: int | None = None) -> list[list[Run]]:
        """Return the runs of the baseline at every pair, then those of each package at its pairs; all are kept."""
        from supplysim.experiment.executors import Crew
        from supplysim.experiment.runner import Runner
        from supplysim.experiment.store import Store

        started = time.perf_counter()
        arms = {str(number): self.starting(package, later) for number, (package, later, _) in enumerate(design)}
        only = {
            point.pair: {BASELINE, *(str(number) for number, (*_, pairs) in enumerate(design) if point.pair in pairs)}
            for point in self.points
        }

        def said(done: int, total: int, _: Any) -> None:
            print(f"{time.perf_counter() - started:6.0f} s  {done} of {total} pairs", file=sys.stderr, flush=True)

        with Crew(workers=workers) as crew:
            runner = Runner(self.scenario, arms, self.first_week, crew, Store(), quarters=True)
            found = [{run.arm: run for run in pair} for pair in runner.run(self.points, said, only)]
        return [
            [pair[BASELINE] for pair in found],
            *([found[pair][str(number)] for pair in pairs] for number, (*_, pairs) in enumerate(design)),
        ]


def train(
    scenario_name: str = SCENARIO, file: Path | None = None, workers: int | None = None, size: Size = FULL
) -> dict[str, Any]:
    """Run the design, fit, test on packages that were kept out, and write the file; return the report."""
    trainer, names = Trainer(scenario_name, size.pairs), lever_names()
    wanted = design(names, size=size)
    out = tested(len(wanted), size.mixtures)

    def often(index: int, package: Mapping[str, float]) -> int:
        return size.many if index in out or [*package.values()] == [1.0] else size.few

    packages = [
        (package, 0, pairs_of(index, often(index, package), size.pairs)) for index, package in enumerate(wanted)
    ]
    held = [packages[index] for index in out]
    weeks = trainer.scenario.weeks - trainer.first_week
    starts = range(1, weeks // 52 - 1)  # two years of effects are left
    late = [(package, later, pairs) for later in starts for package, _, pairs in held[:LATER]]
    base, *rest = trainer.runs([*packages, *late], workers)
    rows: list[TRAINED] = [
        (dict(package), list(pairs), runs)
        for (package, _, pairs), runs in zip(packages, rest[: len(packages)], strict=True)
    ]
    later = {
        start: [
            (dict(package), list(pairs), runs)
            for (package, when, pairs), runs in zip(late, rest[len(packages) :], strict=True)
            if when == start
        ]
        for start in starts
    }
    return learn(trainer, names, base, rows, file or file_of(scenario_name), later, out)


def probe(trainer: Trainer) -> list[int]:
    """Return chips delivered and seized in a run that uses all levers: it moves when the model's results do."""
    account = trainer.run(dict.fromkeys(lever_names(), 0.5), 0).account
    return [int(account.delivered), int(account.seized)]


def learn(
    trainer: Trainer,
    names: Sequence[str],
    base: list[Run],
    rows: list[TRAINED],
    file: Path,
    later: Mapping[int, list[TRAINED]] | None = None,
    kept_out: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Fit to all packages but those kept out, test on these, write the file; return the report."""
    out = set(tested(len(rows), MIXTURES) if kept_out is None else kept_out)
    kept = [row for index, row in enumerate(rows) if index not in out]
    held = [row for index, row in enumerate(rows) if index in out]
    document = fit(trainer, names, base, kept)
    about = {
        "scenario": trainer.scenario.name,
        "scenario_hash": trainer.scenario.hash(),
        "probe": probe(trainer),
        "train_packages": len(kept),
        "train_rows": sum(len(pairs) for _, pairs, _ in kept),
    }
    write(file, *document, report=about)
    fitted, week = Emulator.load(file), trainer.first_week
    report = test(fitted, base, held, week, 0) | about
    report["later"] = {str(start): test(fitted, base, cases, week, start) for start, cases in (later or {}).items()}
    write(file, *document, report=report)
    return report


def fit(trainer: Trainer, names: Sequence[str], base: list[Run], rows: list[TRAINED]) -> tuple[dict, dict]:
    """Return the arrays and what describes them."""
    first_quarter = trainer.first_week // 13
    years = base[0].years
    late = [year for year in years if year >= years[0] + first_quarter // 4]
    known = np.array([outputs(run, first_quarter, late) for run in base])
    middle = np.nanmedian(known, axis=0)
    scale = np.maximum(np.abs(middle), np.nanstd(known, axis=0))
    scale = np.where(scale > 0.0, scale, 1.0)
    floor = FLOOR * np.where(np.abs(middle) > 0.0, np.abs(middle), scale)
    x, s, d, r, logs, tail = [], [], [], [], [], []
    log_known = np.log(np.maximum(known, 0.0) + floor)
    log_mean, log_variance = np.nanmean(log_known, axis=0), np.nanvar(log_known, axis=0) + 0.01
    for package, pairs, runs in rows:
        for pair, run in zip(pairs, runs, strict=True):
            values = outputs(run, first_quarter, late)
            x.append([package.get(name, 0.0) for name in names])
            s.append(indicators(trainer.states, trainer.cases[pair]))
            d.append((values - known[pair]) / scale)
            log = np.log(np.maximum(values, 0.0) + floor)
            r.append(log - log_known[pair])
            logs.append(log - log_mean)
            tail.append(known_tail(base[pair], run))
    f = features(np.array(x), np.array(s))
    widest = np.nanmax(np.abs(np.array(d)), axis=0)  # what the baseline never shows (disabled chips) has no scale yet
    larger = np.where(widest > 100.0, widest, 1.0)
    scale = scale * larger
    difference, log_ratio, log_level = (
        np.nan_to_num(values) for values in (np.array(d) / larger, np.array(r), np.array(logs))
    )
    curves, products = 2 * len(names), len(names) * (len(names) - 1) // 2
    weights = np.repeat(PENALTIES, [curves, products, f.shape[1] - curves - products])
    solve = np.linalg.solve(f.T @ f + np.diag(weights), f.T)
    mean, ratio = solve @ difference, solve @ log_ratio
    residual = difference - f @ mean
    spread = solve @ np.abs(residual)
    z = known_quantiles(residual / np.maximum(f @ spread, 1e-6 + 0.1 * np.abs(residual).mean(axis=0)), LEVELS)
    variance = solve @ np.clip((log_level - f @ ratio) ** 2 / log_variance - 1.0, -1.0, 20.0)
    keys = [(m, str(y)) for m in on_screen() for y in (*years, WINDOW)]
    arrays = {
        "mean": mean,
        "spread": spread,
        "ratio": ratio,
        "variance": variance,
        "z": z,
        "scale": scale,
        "floor": floor,
        "mean_tail": solve @ np.array(tail),
    }
    cases = [
        [pair for pair, values in enumerate(trainer.cases) if case.items() <= values.items()]
        for case in cases_of(trainer.states)
    ]
    summaries = [
        summarise([base[pair] for pair in pairs], [base[pair] for pair in pairs], late, trainer.first_week)
        for pairs in cases
    ]
    arrays["log_middle"] = np.array([np.nanmean(log_known[pairs], axis=0) for pairs in cases])
    arrays["log_base"] = np.array(
        [known_quantiles(log_known[pairs], LEVELS) - np.nanmean(log_known[pairs], axis=0) for pairs in cases]
    )
    arrays["base_mean"] = np.array([np.nanmean(known[pairs], axis=0) for pairs in cases])
    arrays["base_early"] = np.array(
        [np.stack([each.mean_base[name][:first_quarter] for name in columns()]) for each in summaries]
    )
    arrays["base_series"] = np.array(
        [np.stack([each.series_base[name] for name in columns()], axis=-1) for each in summaries]
    )
    arrays["base_yearly"] = np.array(
        [np.stack([each.effects[key].base for key in keys], axis=-1) for each in summaries]
    )
    about = {
        "levers": list(names),
        "years": list(years),
        "measures": list(on_screen()),
        "first_quarter": first_quarter,
        "series": list(columns()),
        "states": [
            [state.name, [[value.name, value.probability, list(value.sets)] for value in state.values]]
            for state in trainer.states
        ],
    }
    return arrays, about


def known_tail(base: Run, run: Run) -> list[float]:
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
    stored: dict[str, Any] = {
        name: array.astype(np.float16 if name in half else np.float32) for name, array in arrays.items()
    }
    text = json.dumps(about | {"edition": edition(), "report": report}).encode()
    np.savez_compressed(file, about=np.frombuffer(text, dtype=np.uint8), **stored)
