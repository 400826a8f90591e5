"""Compare policies with the scenario as it stands: same seeds, same parameters, only the policy differs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError
from supplysim.experiment.comparison import Comparison
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.ensemble import BASELINE, Simulate, run_pairs
from supplysim.experiment.files import writable_folder
from supplysim.experiment.workers import Interrupted
from supplysim.policies import Package, Policy, parse, six
from supplysim.policies.text import check_dates, check_duplicates

if TYPE_CHECKING:
    from supplysim.scenario import Scenario

ALL_SIX = "all six"


def compare(
    scenario: str | Path | Scenario,
    policies: Iterable[str | Policy | Package | tuple[Policy, ...]] | None = None,
    pairs: int = 32,
    seed: int = 1,
    parameters: str = "prior",
    rule: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    out: str | Path | None = None,
    *,
    simulate: Simulate | None = None,
) -> Comparison:
    """Run each policy and the scenario as it stands on the same seeds and parameters.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, file or object.
    policies : iterable, optional
        Policies as text (``"border=0.5"``), as objects, or packages (tuples of policies); default: the six
        recommendations of CNAS (2025) one by one and all together.
    pairs : int
        Number of pairs; pair r runs parameters r with the model seed ``seed + r``.
    seed : int
        First seed.
    parameters : {"prior", "central", "posterior"}
        Where the parameters of a pair come from.
    rule : str, optional
        Decision rule of the traders instead of the scenario's.
    workers : int, optional
        Processes; default: one a processor. In a script, more than one needs the usual
        ``if __name__ == "__main__":`` around the call.
    executor : concurrent.futures.Executor, optional
        Runs the pairs instead of a process pool (threads, a Dask client's, MPI).
    progress : callable, optional
        Called as ``progress(done, total, runs)`` after each pair.
    out : str or Path, optional
        Folder to save to.
    simulate : callable, optional
        Returns the weekly and the yearly table of (scenario, policies, seed, parameters); default: the model.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If the scenario, a policy, a number or the folder is wrong; nothing has run then.
    Interrupted
        On Ctrl-C; its `comparison` holds (and `out` has) the finished pairs, if any.
    """
    if isinstance(scenario, (str, Path)):
        from supplysim.scenario import Scenario

        scenario = Scenario.load(scenario)
    if rule is not None:
        scenario = scenario.with_(rules={"decision": rule})
    arms = arms_of(policies, scenario)
    draws = parameter_draws(scenario, parameters, pairs, seed)
    folder = None if out is None else writable_folder(out)
    first_week = _first_week(scenario, arms)
    started = time.perf_counter()

    def finish(runs: list[Any]) -> Comparison:
        wall_time = time.perf_counter() - started
        comparison = Comparison(scenario, arms, runs, draws, seed, parameters, rule, first_week, wall_time)
        if folder is not None:
            comparison.save(folder)
        return comparison

    try:
        return finish(run_pairs(scenario, arms, draws, seed, first_week, executor, workers, progress, simulate))
    except Interrupted as stop:
        if stop.finished:
            stop.comparison = finish(stop.finished)
        raise


def arms_of(
    policies: Iterable[str | Policy | Package | tuple[Policy, ...]] | None, scenario: Scenario
) -> dict[str, tuple[Policy, ...]]:
    """Return what to compare: name -> policies; nothing named means the six recommendations and all of them.

    Raises
    ------
    InputError
        If a policy cannot be read, lies outside the scenario, or stands there twice.
    """
    if isinstance(policies, (str, Policy)):
        policies = [policies]
    entries = list(policies or ())
    if not entries:
        return {policy.lever: (policy,) for policy in six()} | {ALL_SIX: six()}
    arms: dict[str, tuple[Policy, ...]] = {}
    for entry in entries:
        package = _package(entry, scenario)
        place = f"policy {package.name!r}"
        if package.name in (BASELINE, *arms):
            raise InputError(
                place, None, "that name is taken", "give each policy once, or name it with Package(name, policies)"
            )
        for policy in package.policies:
            check_dates(policy, scenario.start, scenario.end, scenario.policy_start, f"{place}: {policy.lever}")
        standing = [(policy, f"scenario {scenario.name}") for policy in scenario.policies]
        check_duplicates([*standing, *((policy, place) for policy in package.policies)], scenario.policy_start)
        arms[package.name] = package.policies
    return arms


def _package(entry: str | Policy | Package | tuple[Policy, ...], scenario: Scenario) -> Package:
    if isinstance(entry, str):
        return parse(entry, scenario)
    if isinstance(entry, Package):
        return entry
    members = (entry,) if isinstance(entry, Policy) else tuple(entry)
    return Package("+".join(policy.label() for policy in members), members)


def _first_week(scenario: Scenario, arms: dict[str, tuple[Policy, ...]]) -> int:
    """Return the first week in which any policy may act: before it the worlds of a pair are equal."""
    starts = [policy.start for policies in arms.values() for policy in policies if policy.start is not None]
    return min(scenario.week_of(day) for day in [scenario.policy_start, *starts])
