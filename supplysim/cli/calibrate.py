"""``supplysim calibrate``: a posterior sample from 2022 to a year, what it identifies, whether truths are found."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress, TaskID

from supplysim.calibration import figure, posterior, volume
from supplysim.calibration.bank import Bank, model_of
from supplysim.calibration.identify import moved, trade_offs
from supplysim.calibration.predictive import beside, volume_holds
from supplysim.calibration.recovery import coverage, recover
from supplysim.calibration.report import names, report
from supplysim.calibration.sequential import calibrate, prior_proposal
from supplysim.calibration.summary import until, version
from supplysim.calibration.targets import LAST_YEARS, targets
from supplysim.cli.names import numbers as numbers_of
from supplysim.cli.names import typed, world
from supplysim.cli.progress import progress_bar
from supplysim.cli.screen import console
from supplysim.environment import reason
from supplysim.errors import INTERRUPTED, InputError, one_line
from supplysim.experiment.arms import acting
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.store import Store
from supplysim.folders import safe, writable_folder, write_together
from supplysim.report.formatting import triple
from supplysim.report.settings import undisturbed

log = logging.getLogger(__name__)

SCENARIOS = {2024: "baseline-2024", 2025: "history-2022-2026"}  # last year -> what is calibrated to it
LATER = (0.25, 0.25, 0.25)  # runs of the later populations, over those of the first
TRUTHS = 200
RUNS, RECOVERY = "runs.parquet", "recovery.csv"
FEWEST = 64  # runs of the prior: fewer cannot fill the cells of the volume


def calibrate_command(
    last: int,
    draws: int,
    seed: int,
    out: Path | None,
    bank: Path | None,
    settings: Sequence[str],
    workers: int | None,
    as_json: bool,
) -> int:
    """Calibrate and tell what came of it; with `out`, write the sample, and beside it the report and the runs.

    `last` is the last year that it may look at, one of `LAST_YEARS`. `settings` fix parameters, as ``fte=20``, which
    then are not uncertain.

    Returns
    -------
    int
        Exit status: 0, 1 if the volume of 2024 misses its aim, 130 on Ctrl-C.

    Raises
    ------
    InputError
        If an argument is wrong.
    """
    if last not in SCENARIOS:
        choices = " or ".join(map(str, LAST_YEARS))
        raise InputError("--to", last, "there are targets to no such year", f"choose {choices}")
    if draws < FEWEST:
        raise InputError("--draws", draws, f"at least {FEWEST} are needed to fill the range of volumes", "choose 4096")
    scenario = until(world(SCENARIOS[last], settings), last)
    free = scenario.uncertain()
    priors = {name: free[name] for name in sorted(acting(free, scenario.policies))}
    page, drawing = names(last)
    folder = None if out is None else _folder_of(out, {RUNS, RECOVERY, page, drawing})
    known = None if bank is None else _read_bank(bank, tuple(priors), draws, seed)
    held = targets(last=last)
    later = [round(share * draws) for share in LATER]
    try:
        with progress_bar(quiet=as_json) as bar:
            result = calibrate(
                priors,
                model_of(scenario),
                held,
                (volume.published(volume.COARSE), volume.published()),
                draws,
                later,
                seed,
                None,
                workers,
                _Stages(bar),
                known,
                Store().shelf(scenario, f"-calibration-{version()}").folder,
            )
    except Interrupted:
        notice = "Stopped; finished runs are kept. The same command goes on from there."
        console(stderr=True).print(notice, soft_wrap=True)
        return INTERRUPTED
    command = f"supplysim calibrate --to {last} --draws {draws} --seed {seed}" + typed(settings)
    made = posterior.origin(result, command, seed, scenario, last)
    numbers = beside(result.bank.summary, result.prior_weight, result.weight, last)
    what_moved, pairs = moved(result), trade_offs(result)
    covered = coverage(recover(result.bank.part(0, draws), held, min(TRUTHS, draws), seed))
    holds = volume_holds(numbers[0])
    if as_json:
        print(
            json.dumps(
                made
                | {
                    "set": numbers_of(settings),
                    "volume": numbers[0].posterior,
                    "moved": what_moved.loc[what_moved["moved"], "parameter"].tolist(),
                    "coverage": covered.groupby("way", sort=False)["coverage"].mean().to_dict(),
                    "holds": holds,
                },
                indent=2,
            ),
            flush=True,
        )
    else:
        screen = console()
        screen.print(f"{result.bank.size:,} runs, effective sample size {result.effective:,.0f}")
        for row in numbers:
            screen.print(
                f"{row.year} {row.name} ({row.unit}): {triple(row.posterior)}; published {triple(row.published)}"
            )
        those = ", ".join(what_moved.loc[what_moved["moved"], "parameter"])
        screen.print(f"Moved: {those}.")
        for way, each in covered.groupby("way", sort=False):
            screen.print(f"90 % intervals cover {each['coverage'].mean():.1%} of truths ({way}).")
        sys.stdout.flush()
    if folder is not None and out is not None:
        text = report(result, made, held, numbers, what_moved, pairs, covered)
        writers: dict[str, Callable[[Path], Any]] = {
            out.name: lambda path: posterior.save(result, made, path),
            RUNS: lambda path: posterior.save_runs(result, path),
            RECOVERY: lambda path: safe(covered).to_csv(path, index=False),
            page: lambda path: path.write_text(text, encoding="utf-8"),
        }
        write_together(folder, writers)
        try:
            with undisturbed():
                write_together(folder, {drawing: lambda path: figure.draw(result, what_moved, covered, path)})
        except Exception as error:  # matplotlib has settings and files of its own
            log.warning("%s cannot be drawn (%s); all else is written", drawing, one_line(str(error))[:300])
        if not as_json:
            console().print(f"Written to {out} and beside it", soft_wrap=True)
    return int(not holds)


def _folder_of(out: Path, beside_it: set[str]) -> Path:
    """Return the folder of a file that can be written there.

    Raises
    ------
    InputError
        If it cannot, or the file's name is another's of those that are written beside it.
    """
    if out.name in beside_it:
        rule = "the name is that of another file written there"
        raise InputError("--out", str(out), rule, "name a file, for example posterior.parquet")
    try:
        if out.is_dir():
            raise InputError("--out", str(out), "it is a folder", "name a file in it, for example posterior.parquet")
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("--out", str(out), f"it can be no file ({reason(error)})", "name another") from error
    return writable_folder(out.parent)


def _read_bank(path: Path, names: tuple[str, ...], draws: int, seed: int) -> Bank:
    """Return the runs of a calibration that began with the same draws."""
    if not os.path.isfile(path):
        raise InputError("--bank", str(path), "there is no such file", "leave it out to run the prior anew")
    bank = Bank.load(path)
    bank.summary.pop(posterior.IMPORTANCE, None)
    same = bank.names == names and bank.size >= draws
    if not same or not np.array_equal(bank.z[:draws], prior_proposal(len(names), draws).draw(seed)):
        rule = "it was not made with this number of draws, this seed and these priors"
        raise InputError("--bank", str(path), rule, "leave it out to run the prior anew")
    return bank


class _Stages:
    """Progress callback: one line a population."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bar.add_task(stage, total=total)
        self.bar.update(self.tasks[stage], completed=done)
