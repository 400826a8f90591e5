"""Predictions for 2026 and 2027, written down once: `docs/predictions-2027.csv` with its hash, and the page beside it.

    python -m docs.writers.predictions 2026-11-29 docs

It refuses to write over what is there. `supplysim score OUTCOMES.csv --predictions FILE` scores it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from supplysim.edition import edition, stamp
from supplysim.errors import InputError
from supplysim.evidence import DESTINATION, table
from supplysim.experiment.design import parameter_draws, posterior_of, posterior_origin
from supplysim.experiment.store import Store
from supplysim.folders import write_together
from supplysim.report.formatting import plain
from supplysim.report.markdown import notice
from supplysim.report.markdown import table as rows_of
from supplysim.setup.scenario import Scenario
from supplysim.validation.scoring.frozen import Predicted, write
from supplysim.validation.scoring.outcome import Outcome
from supplysim.validation.scoring.quantities import CHANNELS
from supplysim.validation.scoring.rivals import RIVALS, rivals
from supplysim.validation.scoring.worlds import values

SCENARIO, DRAWS, SEED = "baseline-2027", 1_024, 2_027
NAMES = ("predictions-2027.csv", "predictions-2027.md")
YEARS = (2026, 2027)
QUARTERED = 2027
WHOLE = (
    *("delivered", "delivered_h100e", "value", "compute", "frontier_h100e", "mark_up", "seized", "seizures_published"),
    *("prosecutions", "prosecutions_us", "prosecutions_published", "listings", "interdiction_rate"),
)
NEWEST = ("H", "B", "R")  # classes whose prices are told by quarter


def periods() -> Iterator[tuple[str, date, date]]:
    """Yield what is predicted of: two years, and the quarters of the second."""
    for year in YEARS:
        yield str(year), date(year, 1, 1), date(year, 12, 31)
    for quarter in range(4):
        last = date(QUARTERED + quarter // 3, (3 * quarter + 3) % 12 + 1, 1)
        first = date(QUARTERED, 3 * quarter + 1, 1)
        yield f"{QUARTERED}Q{quarter + 1}", first, date.fromordinal(last.toordinal() - 1)


def named() -> Iterator[tuple[str, str, str, str]]:
    """Yield quantity, class, route and channel of everything that is predicted."""
    yield from ((quantity, "", "", "") for quantity in WHOLE)
    yield from (("compute", "", "", channel) for channel in CHANNELS)
    for row in table("chips"):
        yield "delivered", row["code"], "", ""
        yield "price_over_list", row["code"], "", ""
    for row in table("countries"):
        if row["code"] != DESTINATION and row["transit"] == "1":
            yield "delivered", "", row["code"], ""


def predicted(scenario: Scenario) -> list[Predicted]:
    """Run the posterior's worlds and return every quantity in every period."""
    empty = [Predicted(*each, first, last, np.empty(0)) for each in named() for _, first, last in periods()]
    at = [Outcome("", each.counted, each.first_day, each.last_day, 0.0, None, None, "") for each in empty]
    places = [(each.counted.name, *each.weeks(scenario)) for each in at]
    ends = scenario.with_(time={"end": date(QUARTERED + 1, 1, 3)})
    drawn = parameter_draws(ends, "posterior", DRAWS, SEED)
    found = values(ends, places, drawn, SEED, store=Store())
    return [
        Predicted(*each, first, last, found[place])
        for (each, (_, first, last)), place in zip(
            [(each, period) for each in named() for period in periods()], places, strict=True
        )
    ]


def page(rows: Sequence[Predicted], scenario: Scenario, day: str, digest: str) -> str:
    """Return the page: every prediction as 5 / 50 / 95 %, the naive rivals of the years, how to score."""
    made = posterior_origin(posterior_of(scenario))
    labels = [label for label, *_ in periods()]
    by_name = [rows[at : at + len(labels)] for at in range(0, len(rows), len(labels))]
    told = [(_words(of[0]), of[0].counted.unit, *(_interval(each.draws) for each in of)) for of in by_name]
    naive = []
    for of in by_name:
        said = [rivals(each.counted, each.first_day, each.last_day) for each in of[: len(YEARS)]]
        naive += [
            (_words(of[0]), rival, *(_interval(each[rival]) for each in said))
            for rival in RIVALS
            if any(each[rival] is not None for each in said)
        ]
    text = f"""# Predictions for 2026 and 2027

Written down on {day}, before any outcome of 2026 was looked at, and never made again. Scenario `{scenario.name}` (hash
{scenario.hash()[:12]}), no policy beyond the dated rules; {DRAWS:,} worlds of the posterior of `{made["command"]}`,
which has looked at 2022 to 2025; seed {SEED}; rules {edition()}. [{NAMES[0]}]({NAMES[0]}) holds the draws; the hash of
its rows is `{digest}`.

These are what the model implies under stated inputs, put down so that they can be scored: it explores and compares, and
does not forecast. Supply after June 2026, demand after 2025 and the size of every rule since are assumptions with
ranges, so an error may be theirs. Two states of the world are drawn from 28 December 2026 on: whether China lets
licensed chips in, and whether the Affiliates rule is in force.

5 / 50 / 95 %: the truth should lie outside in one case of ten. Truth here is often an estimate itself.

{rows_of(("", "unit", *labels), told)}

## Naive rivals

The same without a model: the published arithmetic of 2024 times the growth of the world's volume, and the last number
published times the growth of the world's compute (docs/decisions/0020). They are told the supply that the model is
told.

{rows_of(("", "said by", *map(str, YEARS)), naive)}

## How to score

`supplysim score OUTCOMES.csv --predictions docs/{NAMES[0]}` ([scoring.md](scoring.md)): interval hits, CRPS and log
score, with the rivals beside; nothing is run. Rows are scored as they are: the same quantity and the same days. Weeks
are counted whose Thursday lies in the period. Prosecutions are cases that end in the period; what is published comes
later.
"""
    return f"{notice(f'python -m docs.writers.predictions {day} docs', stamp())}\n\n{text}"


def _words(each: Predicted) -> str:
    return f"{each.quantity} {each.part}".strip().replace("_", " ")


def _interval(draws: np.ndarray | None) -> str:
    known = np.empty(0) if draws is None else draws[np.isfinite(draws)]
    return "–" if known.size == 0 else " / ".join(plain(value) for value in np.quantile(known, [0.05, 0.5, 0.95]))


def main(day: str, folder: str) -> None:
    """Write both files, once."""
    there = [name for name in NAMES if (Path(folder) / name).exists()]
    if there:
        raise InputError("predictions", there[0], "it is frozen, and never made again", "name another folder")
    scenario = Scenario.load(SCENARIO)
    rows = predicted(scenario)
    digest = write(rows, Path(folder) / NAMES[0])
    write_together(Path(folder), {NAMES[1]: lambda path: path.write_text(page(rows, scenario, day, digest), "utf-8")})


if __name__ == "__main__":
    main(*sys.argv[1:])
