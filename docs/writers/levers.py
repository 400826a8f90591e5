"""The page on levers: every lever against the baseline, written from the files of one comparison.

``python -m docs.writers.levers out/levers docs/levers.md`` after the comparison that `command` gives.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from supplysim.experiment.tables import COST_PER_CHIP, COST_PER_H100E_YEAR
from supplysim.policies.registry import levers
from supplysim.report.formatting import compact, dollars, percent
from supplysim.report.markdown import notice

if TYPE_CHECKING:
    import pandas as pd

CLOSED = ("SG", "MY", "HK")
LEDGER = ("prevented", "substituted", "intercepted", "blocked", "delayed")
BURDENS = {
    "honest_flagged": "honest orders flagged",
    "honest_delay_weeks": "delay, chip-weeks",
    "false_leads": "false leads",
    "false_cases": "false cases",
}
HOW_TO_READ = """Each lever alone, at strength 1 from the scenario's policy start, against the same worlds without it;
parameters and seeds vary over pairs. Brackets hold the 90 % interval of the mean over pairs. No study has measured
what any of these levers does to diversion: their strengths are stated assumptions with ranges, so the table compares
them under these assumptions and is no forecast."""
LEDGER_IS = (
    "Prevented = substituted (never ordered) + intercepted + blocked or deterred + delayed; chips, means over pairs."
)
COST_IS = (
    "Cost: discounted, of government and industry, per chip and per H100e-year of smuggled compute that it denies."
)


def names() -> list[str]:
    """Return every lever as typed on the command line; closing a country once for each of `CLOSED`."""
    listed: list[str] = []
    own = [name for name, kind in levers().items() if kind.__module__.startswith("supplysim.")]
    for lever in own:
        listed += [f"{lever}:{country}" for country in CLOSED] if lever == "close_country" else [lever]
    return listed


def command(pairs: int, seed: int) -> str:
    """Return the comparison that the page is made from."""
    asked = " ".join(f"-p {name}" for name in names())
    return f"supplysim compare baseline-2024 {asked} --pairs {pairs} --seed {seed} --out out/levers"


def page(folder: Path) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    folder : Path
        What `supplysim compare --out` wrote.
    """
    import pandas as pd

    origin = json.loads((folder / "provenance.json").read_text())
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("comparison", "ledger", "burden")}
    return "\n".join(_lines(origin, **tables)) + "\n"


def _lines(origin: dict, comparison: pd.DataFrame, ledger: pd.DataFrame, burden: pd.DataFrame) -> Iterator[str]:
    pairs, seed = origin["pairs_finished"], origin["seeds"][0]
    window = comparison.loc[comparison["measure"] == COST_PER_CHIP, "year"].iloc[0]
    delivered = comparison[(comparison["measure"] == "delivered") & (comparison["year"] == window)].set_index("policy")
    ledger = ledger.set_index("policy")
    yield notice("python -m docs.writers.levers", f"edition {origin['edition']}")
    yield ""
    yield "# What each lever does by itself"
    yield ""
    yield HOW_TO_READ
    yield ""
    yield f"{window}, {pairs} pairs, parameters from the {origin['parameters']['from']}, made from"
    yield ""
    yield f"    {command(pairs, seed)}"
    yield "    python -m docs.writers.levers out/levers docs/levers.md"
    yield ""
    yield "## Chips delivered"
    yield ""
    yield from _head("Lever", "Change, chips", "Change", "Pairs that fell", "Rerouted, chips")
    for lever, row in delivered.iterrows():
        rerouted = ledger.loc[lever]
        yield _row(
            lever,
            interval(row["effect_mean"], row["effect_low"], row["effect_high"]),
            percent(row["relative_effect"]),
            f"{row['pairs_down']:.0f} of {row['pairs']:.0f}",
            f"{compact(rerouted['rerouted_memo'])}",
        )
    yield ""
    noise = ledger["rerouted_noise"].iloc[0]
    yield f"Rerouted: chips that arrived by another country; between two unlike worlds it is {compact(noise)}."
    yield ""
    yield "## Where the prevented chips went"
    yield ""
    yield LEDGER_IS
    yield ""
    yield from _head("Lever", *(name.capitalize() for name in LEDGER))
    for lever, row in ledger.iterrows():
        entries = (interval(*(row[name + end] for end in ("", "_low", "_high"))) for name in LEDGER)
        yield _row(lever, *entries)
    yield ""
    yield "## What it costs, and whom it burdens"
    yield ""
    yield COST_IS
    yield ""
    yield from _head("Lever", "US$ a chip", "US$ an H100e-year", *(text.capitalize() for text in BURDENS.values()))
    for lever in delivered.index:
        costs = (_cost(comparison, lever, measure) for measure in (COST_PER_CHIP, COST_PER_H100E_YEAR))
        mine = burden[burden["policy"] == lever].set_index("measure")
        yield _row(lever, *costs, *(interval(*mine.loc[name, ["change", "low", "high"]]) for name in BURDENS))


def _cost(comparison: pd.DataFrame, lever: str, measure: str) -> str:
    row = comparison[(comparison["policy"] == lever) & (comparison["measure"] == measure)].iloc[0]
    if not isfinite(row["effect_mean"]):
        return "none prevented"
    return f"{dollars(row['effect_mean'])} [{dollars(row['effect_p05'])}, {dollars(row['effect_p95'])}]"


def interval(mean: float, low: float, high: float) -> str:
    """Return ``mean [low, high]`` in little room; small counts keep a digit."""
    if max(abs(low), abs(high)) < 100.0:
        return f"{mean:+.1f} [{low:+.1f}, {high:+.1f}]".replace("-", "−") if low or high else "0"
    return f"{compact(mean, sign=True)} [{compact(low, sign=True)}, {compact(high, sign=True)}]"


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield f"|---|{'---:|' * (len(cells) - 1)}"


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(page(source), encoding="utf-8")
