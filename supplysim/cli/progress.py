"""How far a command is: a bar on standard error, with the running estimate of the clearest effect beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from supplysim.cli.screen import console
from supplysim.experiment.statistics import relative_changes
from supplysim.report.formatting import percent

if TYPE_CHECKING:
    from supplysim.run import Run


def progress_bar(quiet: bool) -> Progress:
    """Return a progress bar on standard error, if that is a screen: count, time gone and left, the result so far."""
    screen = console(stderr=True)
    columns = (
        BarColumn(20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left", markup=False),
        TimeRemainingColumn(elapsed_when_finished=False),
        TextColumn("{task.description}", markup=False),
    )
    return Progress(*columns, console=screen, transient=True, disable=quiet or not screen.is_interactive)


class RunningEstimate:
    """Progress callback that keeps the running estimate of the clearest effect beside the bar.

    Pairs that were kept come in a burst at the start; the time left is reckoned from the others.
    """

    BURST = 0.005  # seconds between pairs that were looked up, at most
    SHOWN = 0.1  # seconds for which an estimate stands

    def __init__(self, bar: Progress, clock: Callable[[], float] = time.monotonic) -> None:
        self.bar, self.clock = bar, clock
        self.task = bar.add_task("loading the compiled model", total=None)
        self.delivered: dict[str, list[int]] = {}
        self.last, self.in_burst, self.told = clock(), True, -self.SHOWN

    def __call__(self, done: int, total: int, runs: Sequence[Run]) -> None:
        """Take in a finished pair, the baseline first."""
        now = self.clock()
        if self.in_burst and now - self.last > self.BURST:
            self.bar.reset(self.task, completed=done - 1, total=total)
            self.in_burst = False
        self.last = now
        for run in runs:
            self.delivered.setdefault(run.arm, []).append(run.account.delivered)
        if done == total or now >= self.told + self.SHOWN:
            self.told = now
            self.bar.update(self.task, description=self.text())
        self.bar.update(self.task, completed=done, total=total)

    def text(self) -> str:
        """Return the largest relative change in deliveries so far with its error, and the widest error."""
        baseline, *policies = [(arm, np.array(values)) for arm, values in self.delivered.items()]
        if not policies or not baseline[1].any():
            return "nothing delivered so far"
        sides = np.array([values for _, values in policies], dtype=float)
        found = relative_changes(np.broadcast_to(baseline[1], sides.shape).astype(float), sides)
        first = int(np.argmax(np.abs(found.value)))
        shown = f"{policies[first][0]}: {percent(found.value[first])}"
        if sides.shape[1] > 1:
            widths = (found.high - found.low) / 2.0
            shown += f" ± {100 * widths[first]:.1f} delivered; widest ± {100 * widths.max():.1f}"
        return shown
