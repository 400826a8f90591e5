"""The worked example of a decision: every number on the page comes from the command above it.

python -m docs.writers.decide docs/decide.md
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from supplysim.edition import stamp
from supplysim.report.markdown import notice

WIDTH = "100"
TIMED = ("Quick estimate after", "No files:", "Files:")  # lines that say how long it took


class Part(NamedTuple):
    """A heading, what is asked and how to read the answer, and the command between them."""

    heading: str
    asked: str
    command: str
    read: str


PARTS = (
    Part(
        "With 10, 30 or 100 million dollars a year",
        "You may spend so much of US appropriations a year from January 2027. Which levers, at which strengths?",
        "supplysim decide baseline-2027 --budget 10,30,100",
        """The first table stands there after some seconds: the quick estimate, searched. Then the three best
portfolios of every budget are run in sixteen worlds, and the best and the next are reported from 64 fresh ones, so
that nothing is reported with the luck by which it was found. Read the columns from the left: what it does to chips,
how that differs between worlds, what it does on other objectives, what it spends (the worlds differ by a factor of two
to both sides) and what honest trade bears in error and delay. Below stand what each package is made of (by its
letter), whether the next best is worse at all, where another objective chooses otherwise, and which proposals of today
cost more and do less. What flips the choice and what to find out first come last; both say when they cannot tell.""",
    ),
    Part(
        "Without what needs others",
        "Foreign states and vendors may not come along, and you do not want a switch in every chip.",
        'supplysim decide baseline-2027 --budget 30 --authorities "rule,appropriation,statute" --without kill_switch '
        "--quick",
        """`--quick` only searches: nothing runs. A lever may be used if everybody whose decision it needs is named.""",
    ),
    Part(
        "For China's compute instead of chips",
        "The same money, for all compute that China acquires.",
        "supplysim decide baseline-2027 --budget 10,30,100 --objective compute --quick",
        """Other levers win. What keeps chips out of smugglers' hands hardly moves the total: most of it is rented,
licensed or domestic.""",
    ),
    Part(
        "The least burden that halves the flow",
        "You want half of the chips gone, and honest trade to bear as little as possible.",
        "supplysim decide baseline-2027 --budget 100 --objective burden --target 0.5 --quick",
        """`--burden 200` sets a limit to it instead, in millions a year.""",
    ),
)

BEGIN = """`supplysim decide` answers the question that stands before all others: what should be funded with so much a
year, how sure is that, what would flip it, and what should be found out first. This page is one session with it, ten
minutes to read; every number comes from the command above it. In Python it is `ss.decide("baseline-2027", [10, 30,
100])`, in the app the page Decide. How it searches, and how good the search is, stands in
[decisions/0024](decisions/0024-deciding.md)."""
END = """## Take it along

`--out FOLDER` writes `decision.html`, `decision.json`, `decision.csv`, and the report, brief and every table of the
comparison behind it. Assumptions of your own go in with `--set` or `--beliefs FILE` ([beliefs](beliefs.md)); the search
then reads the quick estimate of the shipped world, and the exact runs are of yours. The answer stands under everything
that the model leaves out ([objections](objections.md)), and is no forecast.

The same command again is answered at once: the answer is kept beside its runs, for as long as program, world and
question are the same (`supplysim cache --clear` forgets it). With `--beliefs FILE --beside default` each assumption of
yours is also tried alone, in 16 of the worlds, and the answer says which of them changes the choice."""


def output(command: str) -> str:
    """Return what a command prints, without the lines that say how long it took."""
    from supplysim.cli import app

    shown = CliRunner().invoke(app, shlex.split(command)[1:], env={"COLUMNS": WIDTH, "TERM": "dumb"})
    if shown.exit_code:
        raise SystemExit(f"{command}: {shown.output}")
    lines = [line.rstrip() for line in shown.stdout.splitlines()]
    return "\n".join(line for line in lines if not line.startswith(TIMED))


def page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from (notice("python -m docs.writers.decide", stamp()), "", "# Decide: a worked example", "", BEGIN, "")
    for part in PARTS:
        yield from (f"## {part.heading}", "", part.asked, "", "```sh", part.command, "```", "")
        yield from ("```text", output(part.command), "```", "", part.read, "")
    yield from (END, "")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("\n".join(page()), encoding="utf-8")
