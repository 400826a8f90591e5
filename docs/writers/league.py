"""The league of levers: by year on three objectives, at full strength and at equal money, with ties called ties.

    python -m docs.writers.league baseline-2027 32 docs/league-2027.md [central]

Worlds come from the store, so a killed run goes on where it stopped. Strengths and costs of levers are drawn with
everything else (`central` varies seeds alone). At equal money each lever is as strong as the money of a year buys in
that world: the strength is read off the lever's own cost at an eighth, a quarter, half and full strength in the same
world, and the effect off its effects there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from docs.writers.levers import names
from supplysim.api import compare
from supplysim.edition import edition
from supplysim.experiment.objectives import OBJECTIVES, PAYERS
from supplysim.experiment.study import Study
from supplysim.experiment.ties import Matches, matches
from supplysim.report.markdown import notice
from supplysim.run import BASELINE
from supplysim.setup.scenario import Scenario

ENDS, SEED = {"baseline-2024": date(2027, 12, 27)}, 1  # three years after the levers begin; others end as they do
STRENGTHS = (0.125, 0.25, 0.5, 1.0)
MONEY = (10e6, 30e6, 100e6, 300e6)  # US$ a year, of all payers
TIED_AT = (30e6, 1)  # money, and year from 0, of the table of ties
FOREMOST = 10
COSTS = [name for measures in PAYERS.values() for name in measures]
FREE = 0.5e6  # US$ a year: what costs less is free
FADED = 0.5  # share of the worlds that must be able to spend the money, or the cell says exhausted
NINETY = 1.645

READ = """Each lever alone from the scenario's policy start, against the same worlds without it. Parameters, strengths
and costs of levers, and seeds vary over the worlds. Changes are ratios of means over worlds; behind ± stands half of
the 90 % interval that the number of worlds leaves. No study has measured what any of these levers does to diversion:
their strengths are drawn from stated ranges, so the tables compare them under these assumptions and are no forecast."""


def study(name: str, pairs: int, parameters: str) -> Study:
    """Run, or look up, every lever at every strength."""
    scenario = Scenario.load(name)
    if name in ENDS:
        scenario = scenario.with_(time={"end": ENDS[name]})
    typed = [arm for lever in names() for arm in arms(lever)]
    return compare(scenario, typed, pairs, seed=SEED, parameters=parameters, replicates=0)


def values(of: Study, arm: str, measure: str) -> np.ndarray:
    """Return a measure of an arm in the years of the league, shape (years, worlds)."""
    return np.array([of.values(arm, measure, str(year)) for year in of.policy_years])


def costs(of: Study, arm: str) -> np.ndarray:
    """Return US$ that all payers pay more than without the arm, shape (years, worlds)."""
    return sum((values(of, arm, cost) - values(of, BASELINE, cost) for cost in COSTS), np.zeros(()))


def arms(name: str) -> list[str]:
    """Return a lever at every strength, as the study names them."""
    return [f"{name}={strength:g}" if strength < 1.0 else name for strength in STRENGTHS]


def at_money(of: Study, name: str, measure: str, money: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what is left of a measure when so much is spent, and where it cannot be, each shape (years, worlds).

    What is due at any strength is where the line through the two least strengths meets none; with less money than
    that nothing is done.
    """
    paid = np.array([costs(of, arm) for arm in arms(name)])  # (strengths, years, worlds)
    left = np.array([values(of, arm, measure) for arm in arms(name)])
    none = values(of, BASELINE, measure)
    office = np.maximum(2.0 * paid[0] - paid[1], 0.0)
    paid, left = np.concatenate([office[None], paid]), np.concatenate([none[None], left])
    paid = np.maximum.accumulate(paid, axis=0)
    found = np.where(money < paid[0], none, left[-1])
    for low in range(len(paid) - 1):
        inside = (paid[low] <= money) & (money < paid[low + 1])
        share = np.divide(money - paid[low], paid[low + 1] - paid[low], out=np.zeros_like(found), where=inside)
        found = np.where(inside, left[low] + share * (left[low + 1] - left[low]), found)
    return found, paid[-1] < money


def change(after: np.ndarray, before: np.ndarray) -> tuple[float, float]:
    """Return the ratio of means less one, and half of its 90 % interval, over worlds, both in per cent."""
    ratio = after.mean() / before.mean()
    error = (after - ratio * before).std(ddof=1) / len(after) ** 0.5 / before.mean()
    return 100.0 * (ratio - 1.0), 100.0 * NINETY * float(error)


def page(of: Study, command: str) -> Iterator[str]:
    """Yield the lines of the page."""
    base = {name: values(of, BASELINE, aim.measure) for name, aim in OBJECTIVES.items()}
    total = {name: change(values(of, name, "delivered").sum(0), base["chips"].sum(0))[0] for name in names()}
    order = sorted(total, key=total.__getitem__)
    yield notice("python -m docs.writers.league", f"edition {edition()}")
    yield from ("", "# The league of levers", "", READ, "", f"{of.pairs} worlds, made by", "", f"    {command}", "")
    yield from ("## At full strength, year by year", "")
    years = " / ".join(map(str, of.policy_years))
    yield row("Lever", *(f"{aim.words}: {years}; all" for aim in OBJECTIVES.values()), "US$M a year")
    yield "|---|" + "---|" * (len(OBJECTIVES) + 1)
    for name in order:
        cells = [by_year(values(of, name, aim.measure), base[key]) for key, aim in OBJECTIVES.items()]
        yield row(name, *cells, spent(costs(of, name)))
    yield from ("", "US$M a year: all payers, mean over the years; 5 to 95 % of worlds in brackets.", "")
    yield from (
        "## What a year's money buys",
        "",
        f"Chips delivered, % of the baseline, in {years}, with so much spent each year by all payers together. Behind "
        "\\* it is exhausted: more than half of the worlds cannot spend it all. Free: less than half a million.",
        "",
    )
    yield row("Lever", *(f"${money / 1e6:.0f}M" for money in MONEY))
    yield "|---|" + "---|" * len(MONEY)
    for name in order:
        yield row(name, *(bought(of, name, money, base["chips"]) for money in MONEY))
    money, year = TIED_AT
    yield from ("", f"## Which is better for ${money / 1e6:.0f}M a year, in year {year + 1}", "", WHAT_BEATS, "")
    left = {name: at_money(of, name, "delivered", money)[0][year] for name in order}
    yield from ties(matches(left, base["chips"][year]))
    yield from ("", "## Which is better at full strength, over all years", "")
    for aim_name, aim in OBJECTIVES.items():
        yield from (f"### {aim.words[0].upper()}{aim.words[1:]}", "")
        sums = {name: values(of, name, aim.measure).sum(0) for name in order}
        yield from (*ties(matches(sums, base[aim_name].sum(0))), "")
    yield from (
        "## For whom it is true",
        "",
        "Chips delivered over all years: the ratio of means, the median world, "
        "and worlds in thirds by how many chips they deliver.",
        "",
    )
    yield row("Lever", "ratio of means", "median world", "low, middle, high volume", "worlds with a fall")
    yield "|---|---|---|---|---|"
    for name in order:
        yield row(name, *whom(values(of, name, "delivered").sum(0), base["chips"].sum(0)))


WHAT_BEATS = """Share of worlds in which the row leaves fewer chips than the column by more than half a per cent of the
baseline, each with its own strengths and costs; from .25 to .75 it is a tie."""


def by_year(after: np.ndarray, before: np.ndarray) -> str:
    """Return the change in each year, and over all with its error."""
    years = " / ".join(f"{change(*year)[0]:+.0f}" for year in zip(after, before, strict=True))
    whole, error = change(after.sum(0), before.sum(0))
    return f"{years}; {whole:+.1f} ± {error:.1f}".replace("-", "−")


def spent(paid: np.ndarray) -> str:
    """Return the mean yearly cost and its spread over worlds."""
    worlds = paid.mean(axis=0) / 1e6
    low, high = np.quantile(worlds, (0.05, 0.95))
    return f"{worlds.mean():.0f} [{low:.0f}, {high:.0f}]"


def bought(of: Study, name: str, money: float, before: np.ndarray) -> str:
    """Return what so much money buys in each year."""
    free = costs(of, name).mean() < FREE
    left, exhausted = at_money(of, name, "delivered", money)
    if free:
        left = values(of, name, "delivered")
    cells = [change(*year) for year in zip(left, before, strict=True)]
    told = " / ".join(f"{middle:+.0f}" for middle, _ in cells).replace("-", "−") + f" (± {cells[1][1]:.0f})"
    return f"{told}, free" if free else f"{told} \\*" if exhausted.mean() > FADED else told


def ties(found: Matches) -> Iterator[str]:
    """Yield the foremost against each other, and the groups of which none is beaten."""
    first = found.names[:FOREMOST]
    yield row("", *first)
    yield "|---|" + "---|" * len(first)
    for one in first:
        cells = (
            "" if one == other else f"{found.better[found.names.index(one), found.names.index(other)]:.2f}"
            for other in first
        )
        yield row(one, *cells)
    groups = found.groups()
    yield ""
    yield f"Not beaten by any other: {', '.join(groups[0])}." + (f" Then {', '.join(groups[1])}." if groups[1:] else "")


def whom(after: np.ndarray, before: np.ndarray) -> list[str]:
    """Return ratio, median world, thirds by volume and the share of worlds with a fall."""
    some = before > 0
    thirds = np.array_split(np.argsort(before), 3)
    whole, error = change(after, before)
    single = 100.0 * np.median(after[some] / before[some] - 1.0)
    each = ", ".join(f"{change(after[part], before[part])[0]:+.0f}" for part in thirds)
    told = [f"{whole:+.1f} ± {error:.1f}", f"{single:+.1f}", each, f"{100 * (after < before).mean():.0f} %"]
    return [text.replace("-", "−") for text in told]


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def main(words: list[str]) -> None:
    """Write the page."""
    name, pairs, target, parameters = words[0], int(words[1]), Path(words[2]), words[3] if words[3:] else "prior"
    command = f"python -m docs.writers.league {' '.join([name, words[1], f'docs/{target.name}', *words[3:]])}"
    target.write_text("\n".join(page(study(name, pairs, parameters), command)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
