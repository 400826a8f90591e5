"""What ``import supplysim`` gives: compare policies, divide the effect of a package, draw and save what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.arguments import path as path_of
from supplysim.experiment.arms import Policies
from supplysim.experiment.beliefs import Believed
from supplysim.experiment.beside import Beside, check_beside, run_beside
from supplysim.experiment.compare import SCENARIO, SEED, answer, ask, loaded
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.given import Conditions
from supplysim.experiment.pairs import Simulate
from supplysim.experiment.progress import shown
from supplysim.experiment.store import Store
from supplysim.experiment.study import Study as Finding
from supplysim.folders import writable_folder
from supplysim.limits import ORDERS
from supplysim.policies.base import Policy
from supplysim.policies.text import Package
from supplysim.report import document
from supplysim.setup.gate import joined
from supplysim.setup.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from supplysim.attribution import Attribution
    from supplysim.experiment.attribution import Attribution as Divided
    from supplysim.report.reproduced import Reproduced
    from supplysim.run import Finished


@dataclass(frozen=True, eq=False)
class Study(Finding):
    """A comparison that can be drawn and saved; its numbers are those of `experiment.study.Study`.

    Attributes
    ----------
    beside : Beside, optional
        The same question under the shipped assumptions, if it was asked for.
    """

    beside: Beside | None = None

    def __repr__(self) -> str:
        """Return what was compared, in one line."""
        return f"<Study of {', '.join(self.arms)} in {self.scenario.name}: {self.pairs} pairs, seed {self.seed}>"

    def _repr_html_(self) -> str:
        """Return the two tables that stand first in the report, for notebooks."""
        from supplysim.report import effects, text
        from supplysim.report.html import paragraph, table

        tables = (effects.main(self), effects.by_year(self))
        told = "".join(table(name, *each) for name, each in zip(("effects", "by year"), tables, strict=True))
        return f"{paragraph(text.question(self))}{told}{paragraph(effects.HOW_TO_READ)}{paragraph(text.LIMITS[0])}"

    def save(self, folder: str | Path, attributions: Sequence[Divided] = ()) -> list[Path]:
        """Write tables, figures, report and provenance into a folder; return the files written.

        With `attributions`, what the packages are made of as well.
        """
        from supplysim.report.files import save

        return save(self, folder, attributions, self.beside)

    def to_xarray(self) -> xr.Dataset:
        """Return every measure as a labelled array (policy, pair, year); see `experiment.arrays`."""
        from supplysim.experiment.arrays import to_xarray

        return to_xarray(self)

    def breakdown(self, by: str, *, workers: int | None = None, executor: Executor | None = None) -> pd.DataFrame:
        """Return delivered chips of the window by route, mode, buyer class, ...; see `experiment.breakdown`."""
        from supplysim.experiment.breakdown import breakdown

        return breakdown(self, by, workers=workers, executor=executor)

    def analyse(
        self,
        measure: Callable[[Finished], Mapping[str, float]],
        *,
        workers: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int, int, Any], None] | bool | None = None,
    ) -> pd.DataFrame:
        """Return a measure of one's own in paired comparison; see `experiment.breakdown.analyse`."""
        from supplysim.experiment.breakdown import analyse

        with shown(progress) as told:
            return analyse(self, measure, workers=workers, executor=executor, progress=told)

    def plot(self) -> Figure:
        """Return the figure: change by policy, and the baseline against the published range."""
        from supplysim.report import world
        from supplysim.report.figures.overview import overview

        return world.figure(overview(self))

    def document(self) -> dict[str, Any]:
        """Return the comparison over the window as tables of names and numbers, with what tells how far to trust it."""
        beside = {} if self.beside is None else {"beside": self.beside.document()}
        return document.document(self) | {"given": None if self.left is None else self.left.document()} | beside

    def to_json(self) -> str:
        """Return the comparison over the window as JSON; what is undefined is null."""
        return document.text(self.document())


def compare(
    scenario: str | Path | Scenario = SCENARIO,
    policies: Policies = None,
    pairs: int | None = None,
    *,
    seed: int = SEED,
    parameters: str = "prior",
    rule: str | None = None,
    precision: float | None = None,
    rules: str | Iterable[str] | None = None,
    replicates: int | None = None,
    states: Mapping[str, str] | None = None,
    given: Conditions = None,
    beliefs: Believed = None,
    beside: str | None = None,
    draws: Any = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int, Any], None] | bool | None = None,
    store: Store | str | Path | bool | None = None,
    simulate: Simulate | None = None,
    out: str | Path | None = None,
) -> Study:
    """Run each policy and the scenario as it stands on the same seeds and parameters.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, file or object; the world of 2027 if left out.
    policies : iterable, optional
        Policies as text (``"border=0.5"``), as objects, or packages (tuples of policies); default: the six
        recommendations of CNAS (2025) one by one and all together.
    pairs : int, optional
        Number of pairs, or with `precision` the most (256 if left out); pair r runs parameters r with the model
        seed that a hash of both makes (`supplysim run --pair 7:12` runs one of them again).
    seed : int
        First seed.
    parameters : {"prior", "central", "posterior"}
        Where the parameters of a pair come from.
    rule : str, optional
        Decision rule of the traders instead of the scenario's.
    precision : float, optional
        Go on until half the 90 % interval of every effect on deliveries is at most this share of the baseline;
        0.02 if `pairs` is left out too.
    rules : "all" or iterable of str, optional
        Decision rules under which to repeat the comparison; the ranking is then over all of them.
    replicates : int, optional
        How many pairs' parameters to run under a second seed too, for the split of variance; None: one in eight.
    states : mapping of str to str, optional
        States of the world that have one value for certain, as ``{"law": "passed"}``; the others are drawn once a pair
        (`parameters="central"`: have their most probable value). ``study.reweighted(...)`` changes probabilities.
    given : str or iterable of str, optional
        Conditions on the baseline of each world, as ``"seizures_2025=2000..3000"``; of all worlds that were run, those
        that fulfil them count. A study that is there answers ``study.given(...)`` without a run.
    beliefs : str, Path or mapping, optional
        File of assumptions of one's own, or what it holds: ``{"investigators": {"range": [20, 60], "source": "...",
        "why": "..."}}``; see `experiment.beliefs`.
    beside : {"default"}, optional
        With `beliefs`: answer under the shipped assumptions as well, and under each of one's own alone;
        ``study.beside`` has it.
    draws : DataFrame, mapping of str to sequence, or iterable of mapping, optional
        Parameters of a design of one's own, one row a pair and one column a parameter (or state), instead of `pairs`
        and `parameters`; what has no column has the scenario's central value. Effects are then plain means over the
        rows: what a design of this package knows of its worlds is not used.
    workers : int, optional
        Processes; default: one a processor. In a script, more than one needs the usual
        ``if __name__ == "__main__":`` around the call.
    executor : concurrent.futures.Executor, optional
        Runs the pairs instead of a process pool (threads, a Dask client's, MPI).
    progress : bool or callable, optional
        True shows a bar, in a notebook or a terminal. A function is called as ``progress(done, total, runs)`` after
        each pair; `total` grows if more turn out to be needed.
    store : Store, str, Path or bool, optional
        Where finished runs are kept; False: nowhere. Default: in the user's cache, whatever `out` says; nowhere for
        a stand-in.
    simulate : callable, optional
        Returns the weekly and the yearly table of (scenario, policies, seed, parameters); default: the model.
    out : str or Path, optional
        Folder to save to.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        If the scenario, a policy, a number or the folder is wrong (nothing has run then), the disk is full, or fewer
        than 12 worlds fulfil what is given (finished runs are kept).
    Interrupted
        On Ctrl-C; its `comparison` holds (and `out` has) the finished pairs, if any.
    """
    check_beside(beside, beliefs, given)
    question = ask(
        scenario,
        policies,
        pairs,
        seed=seed,
        parameters=parameters,
        rule=rule,
        precision=precision,
        rules=rules,
        replicates=replicates,
        states=states,
        given=given,
        beliefs=beliefs,
        draws=draws,
    )
    folder = None if out is None else writable_folder(out)
    how: dict[str, Any] = {"workers": workers, "executor": executor, "store": store, "simulate": simulate}
    try:
        with shown(progress) as told:
            study = answer(question, Study, progress=told, quarters=folder is not None, **how)
            if beside is not None:
                study = replace(study, beside=run_beside(study, question, lambda: told, **how))
    except Interrupted as stop:
        if isinstance(stop.comparison, Study) and folder is not None:
            stop.comparison.save(folder)
        raise
    if folder is not None:
        study.save(folder)
    return study


def reproduce(
    provenance: str | Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    store: Store | str | Path | bool | None = None,
    out: str | Path | None = None,
) -> Reproduced:
    """Run a comparison again from its ``provenance.json`` alone, and tell whether the numbers are the same.

    Parameters
    ----------
    provenance : str or Path
        As `compare` wrote it; no scenario file is needed. A ``comparison.csv`` beside it tells which rows differ.
    workers, executor, progress, store
        See `compare`.
    out : str or Path, optional
        Folder for the files of the new comparison.

    Raises
    ------
    InputError
        If the file is no provenance or not as it was written, or `out` cannot be written; nothing has run then.
    """
    from tempfile import TemporaryDirectory

    from supplysim.experiment.asked import asked, read
    from supplysim.report.reproduced import reproduced

    place = path_of(provenance, "provenance", "name the provenance.json of a comparison")
    document = read(place)
    with TemporaryDirectory() as folder:
        question = asked(document, str(place), Path(folder))
        settings: dict[str, Any] = {"workers": workers, "executor": executor, "progress": progress, "store": store}
        study = compare(question.scenario, question.policies, **question.settings, **settings)
        study = study.reweighted(question.chances) if question.chances else study
        if out is not None:
            study.save(writable_folder(out))
        return reproduced(study, document, place)


def attribute(
    scenario: str | Path | Scenario,
    package: str | Package | Sequence[Policy],
    pairs: int | None = None,
    *,
    seed: int = SEED,
    orders: int = ORDERS,
    out: str | Path | None = None,
    **settings: Any,
) -> Attribution:
    """Divide the effect of a package among its policies.

    Every coalition of up to six policies runs in every pair, 2^n runs with the baseline; beyond six,
    those that `orders` random orders of joining meet, the same in all pairs. `plan` tells how many.

    Parameters
    ----------
    package : str, Package or sequence of Policy
        At least two policies. The same lever may stand there twice with different starts.
    orders : int
        Sampled orders beyond six policies, an even number.
    out : str or Path, optional
        Folder for ``attribution.csv`` and ``interactions.csv``.
    scenario, pairs, seed, **settings
        See `compare`.

    Raises
    ------
    InputError
        If the package has fewer than two policies or anything else is wrong; nothing has run then.
    Interrupted
        On Ctrl-C; its `comparison` holds the finished pairs, and `out` has what they say.
    """
    from supplysim.attribution import Attribution
    from supplysim.experiment.shapley import plan

    world = joined(loaded(scenario), package)
    study = plan(world, package, seed, orders)
    folder = None if out is None else writable_folder(out)
    try:
        found = Attribution(study, compare(world, study.packages(), pairs, seed=seed, **settings))
    except Interrupted as stop:
        if stop.comparison is not None and folder is not None:
            Attribution(study, stop.comparison).save(folder)
        raise
    if folder is not None:
        found.save(folder)
    return found
