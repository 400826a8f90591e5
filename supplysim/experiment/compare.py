"""Compare policies with the scenario as it stands: same seeds, same parameters, only the policy differs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError, nearest
from supplysim.experiment.arms import arms_of, first_week_of
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.executors import Crew, Interrupted
from supplysim.experiment.rounds import Rounds
from supplysim.experiment.store import Store
from supplysim.experiment.study import ALL_RULES, Study
from supplysim.report.files import writable_folder

if TYPE_CHECKING:
    from supplysim.experiment.pairs import Simulate
    from supplysim.policies import Package, Policy
    from supplysim.setup.scenario import Scenario

log = logging.getLogger(__name__)

RULES = ("expected_utility", "salience", "habit")


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
    precision: float | None = None,
    rules: str | Iterable[str] | None = None,
    replicates: int | None = 0,
    store: Store | str | Path | bool | None = None,
    simulate: Simulate | None = None,
    quarters: bool = False,
) -> Study:
    """Run each policy and the scenario as it stands on the same seeds and parameters.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, file or object.
    policies : iterable, optional
        Policies as text (``"border=0.5"``), as objects, or packages (tuples of policies); default: the six
        recommendations of CNAS (2025) one by one and all together.
    pairs : int
        Number of pairs, or with `precision` the most; pair r runs parameters r with the model seed ``seed + r``.
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
        Called as ``progress(done, total, runs)`` after each pair; `total` grows if more turn out to be needed.
    out : str or Path, optional
        Folder to save to.
    precision : float, optional
        Go on until half the 90 % interval of every effect on deliveries is at most this share of the baseline.
    rules : "all" or iterable of str, optional
        Decision rules under which to repeat the comparison; the ranking is then over all of them.
    replicates : int, optional
        How many pairs' parameters to run under a second seed too, for the split of variance; None: one in eight.
    store : Store, str, Path or bool, optional
        Where finished runs are kept; False: nowhere. Default: in the user's cache, whatever `out` says; nowhere for
        a stand-in.
    simulate : callable, optional
        Returns the weekly and the yearly table of (scenario, policies, seed, parameters); default: the model.
    quarters : bool
        Read the quarters of runs that are in the store as well; fresh runs always have them.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        If the scenario, a policy, a number or the folder is wrong (nothing has run then), or the disk is full
        (finished runs are kept).
    Interrupted
        On Ctrl-C; its `comparison` holds (and `out` has) the finished pairs, if any.
    """
    if isinstance(scenario, (str, Path)):
        from supplysim.setup.scenario import Scenario

        scenario = Scenario.load(scenario)
    if rule is not None:
        scenario = scenario.with_(rules={"decision": rule})
    if precision is not None and not 0.0 < precision < 1.0:
        raise InputError("precision", precision, "it is a share of the baseline between 0 and 1", "choose 0.02, say")
    if replicates is not None and replicates < 0:
        raise InputError("replicates", replicates, "there cannot be fewer than none", "choose 0 or more")
    arms = arms_of(policies, scenario)
    worlds = [scenario.with_(rules={"decision": name}) for name in _rules(rules) if name != scenario.rules.decision]
    draws = parameter_draws(scenario, parameters, pairs, seed)
    folder = None if out is None else writable_folder(out)
    with Crew(executor, workers) as crew:
        course = Rounds(
            [scenario, *worlds],
            arms,
            draws,
            seed,
            parameters,
            rule,
            first_week_of(scenario, arms),
            crew,
            _store(store, simulate),
            simulate,
            precision,
            replicates,
            quarters,
        )
        try:
            course.run(progress)
        except Interrupted as stop:
            stop.comparison = course.study()
            if stop.comparison is not None and folder is not None:
                stop.comparison.save(folder)
            raise
    study = course.study()
    assert study is not None
    if folder is not None:
        study.save(folder)
    return study


def _rules(asked: str | Iterable[str] | None) -> list[str]:
    """Return the decision rules asked for."""
    names = list(RULES) if asked == ALL_RULES else [asked] if isinstance(asked, str) else list(asked or ())
    for name in names:
        if name not in RULES:
            raise InputError("rules", name, "there is no such decision rule", nearest(name, [*RULES, ALL_RULES]))
    return names


def _store(asked: Store | str | Path | bool | None, simulate: Simulate | None) -> Store | None:
    """Return where to keep finished runs; None for nowhere."""
    if asked is False or (asked is None and simulate is not None):
        return None
    if isinstance(asked, Store):
        return asked
    if isinstance(asked, (str, Path)):
        return Store(writable_folder(asked))
    store = Store()
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.warning("finished runs cannot be kept in %s (%s)", store.folder, error.strerror)
        return None
    return store
