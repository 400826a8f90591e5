"""The page on 2027 to 2030: what the world does by itself, what levers and bills change in it, and what that rests on.

    python -m docs.writers.now docs/now.md

Worlds come from the store, so a killed run goes on where it stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from docs.writers.hangs_on import every_lever
from docs.writers.league import at_money, change, costs
from docs.writers.league import study as league
from docs.writers.league import values as of_years
from docs.writers.levers import names
from supplysim.edition import stamp
from supplysim.evidence import later
from supplysim.experiment.by_state import StateEffect
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.objectives import OBJECTIVES
from supplysim.experiment.statistics import SPAN
from supplysim.experiment.store import Store
from supplysim.experiment.study import Study
from supplysim.report.formatting import rough
from supplysim.report.markdown import notice, table
from supplysim.run import BASELINE
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import Draw, states_of
from supplysim.validation.scoring.worlds import values, years_of

SCENARIO, SEED = "baseline-2027", 7
WORLDS, LEAGUE, STATES, TRIED = 192, 32, 64, 16  # worlds of the level, of levers, by state, of halved supply and access
YEARS = tuple(range(2024, 2031))
BILLION = 1e9
LEVEL = {
    "chips delivered, k": ("delivered", 1e3),
    "smuggled compute, M H100e": ("delivered_h100e", 1e6),
    "paid for them, US$ bn": ("value", BILLION),
    "price over list, all classes": ("mark_up", 1.0),
    "price over list, Hopper": ("price_over_list:H", 1.0),
    "price over list, Blackwell": ("price_over_list:B", 1.0),
    "price over list, Rubin": ("price_over_list:R", 1.0),
    "licensed, M H100e": ("licensed_h100e", 1e6),
    "rented abroad, M H100e": ("rented_h100e", 1e6),
    "owned offshore, M H100e": ("offshore_h100e", 1e6),
    "domestic, M H100e": ("domestic_h100e", 1e6),
    "all compute acquired, M H100e": ("compute_h100e", 1e6),
    "frontier compute, M H100e": ("frontier_h100e", 1e6),
    "prosecutions": ("prosecutions", 1.0),
}
HALVED = {"as it is": {}, "half the supply": {"supply_scale": 0.5}, "half the access": {"access": 0.5}}
IN_STATES = ("chips, shut", "chips, open", "all compute, shut", "all compute, open")
MONEY = 30e6


def level(scenario: Scenario, parameters: str) -> Iterator[tuple[str, ...]]:
    """Yield a row a quantity: 5 / 50 / 95 % of worlds in every year."""
    span = years_of(scenario.weeks)[1:]
    places = [(name, *year) for name, _ in LEVEL.values() for year in span]
    drawn = parameter_draws(scenario, parameters, WORLDS, SEED)
    found = values(scenario, places, drawn, SEED, store=Store())
    for words, (name, unit) in LEVEL.items():
        cells = []
        for year in span:
            known = found[name, *year]
            known = known[np.isfinite(known)]
            ends = np.quantile(known, [0.05, 0.5, 0.95]) / unit if known.size else ()
            cells.append(" / ".join(map(_digits, ends)) or "–")
        yield words, *cells


def _digits(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def published() -> Iterator[tuple[str, ...]]:
    """Yield what is published of the years to 2025, for the same quantities."""
    smuggled = [later()[each] for each in ("est:E002", "est:E003")]
    yield "chips, 2024 (Q001)", "10k / 140k / several hundred thousand", ""
    yield (
        "smuggled compute, M H100e (est:E002, est:E003)",
        *(" / ".join(f"{(end or 0) / 1e6:.2f}" for end in (row.low, row.central, row.high)) for row in smuggled),
    )
    yield "price over list, Blackwell, mid-2025 and December (dem:D095, dem:D096)", "", "1.5, 1.05"


def halved(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Yield price over list by year when supply or access is halved, central parameters, means over seeds."""
    span = years_of(scenario.weeks)[4:]
    places = [(name, *year) for name in ("mark_up", "delivered") for year in span]
    for words, factors in HALVED.items():
        drawn = parameter_draws(scenario, "central", TRIED, SEED)
        drawn = [
            Draw({**one, **{name: one[name] * by for name, by in factors.items()}}, states_of(one)) for one in drawn
        ]
        found = values(scenario, places, drawn, SEED, store=Store())
        means = [[float(found[name, *year].mean()) for name in ("mark_up", "delivered")] for year in span]
        yield words, *(f"{price:.2f}; {rough(chips)}" for price, chips in means)


def levers(of: Study) -> Iterator[tuple[str, ...]]:
    """Yield the levers by their change in chips: years and objectives at full strength, and chips for equal money."""
    base = {aim.measure: of_years(of, BASELINE, aim.measure) for aim in OBJECTIVES.values()}
    whole = {name: change(of_years(of, name, "delivered").sum(0), base["delivered"].sum(0))[0] for name in names()}
    for name in sorted(whole, key=whole.__getitem__):
        left = of_years(of, name, "delivered")
        by_year = " / ".join(f"{change(*year)[0]:+.0f}" for year in zip(left, base["delivered"], strict=True))
        cells = []
        for measure, before in base.items():
            middle, half = change(of_years(of, name, measure).sum(0), before.sum(0))
            cells.append(f"{middle:+.1f} ± {half:.1f}")
        bought = change(at_money(of, name, "delivered", MONEY)[0].sum(0), base["delivered"].sum(0))[0]
        paid = costs(of, name).mean(axis=0) / 1e6
        spent = f"{paid.mean():.0f} [{np.quantile(paid, 0.05):.0f}, {np.quantile(paid, 0.95):.0f}]"
        yield tuple(
            text.replace("-", "−") for text in (name.replace("_", " "), by_year, *cells, spent, f"{bought:+.0f}")
        )


def by_state(of: Study, foremost: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield what levers do to chips and to all compute in each value of the state of Beijing."""
    for name in foremost:
        cells = []
        for measure in ("delivered", "compute_h100e"):
            lines = {(one.state, one.value): one for one in of.by_state(name, measure)}
            cells += [_of_state(lines["beijing", value]) for value in ("shut", "open")]
        yield name.replace("_", " "), *cells


def _of_state(one: StateEffect) -> str:
    if not np.isfinite(one.relative):
        return "too few"
    return f"{100 * one.relative:+.0f} ± {100 * SPAN * one.relative_error:.0f}".replace("-", "−")


def page() -> str:
    """Return the page."""
    scenario = Scenario.load(SCENARIO)
    of, all_states = league(SCENARIO, LEAGUE, "prior"), every_lever(STATES)
    told = list(levers(of))
    changing = ("legal_supply", "tighter_controls", "remote_kyc", "domestic_inputs", "due_diligence", "buyer_list")
    heads = ("Lever", "chips, " + " / ".join(map(str, of.policy_years)), *(aim.words for aim in OBJECTIVES.values()))
    text = f"""# 2027 to 2030, in ten minutes

What the model says about the next four years under the rules in force in autumn 2026, and about what would change it.
It explores and compares under stated assumptions; **it is not a forecast**, and no study has measured what any lever
does to diversion. Every number below comes from `python -m docs.writers.now docs/now.md`; the same questions on the
command line:

```sh
supplysim compare                                             # the six CNAS recommendations in baseline-2027
supplysim compare -p border -p legal_supply --state beijing=open
supplysim compare -p chip-security-act -p stop-stealing-our-chips -p overwatch   # bills, clause by clause: bills.md
supplysim show baseline-2027
```

## The world without a new policy

`baseline-2027` is the history of 2023 to 2026 with its dated rules, prolonged: supply after June 2026 is the makers'
ramps, the wish for compute is capital spending over the price of compute, domestic capacity and licences follow
ranges derived from plans (evidence `in:N001` to `in:N035`, low confidence). Two decisions of governments are states
with a probability: China lets licensed chips in (.35) or not, the Affiliates rule is in force (.5) or not. 5 / 50 /
95 % of {WORLDS} worlds over the priors:

{table(("", *map(str, YEARS)), level(scenario, "prior"))}

The same worlds weighed by what was published of 2022 to 2025 (`--parameters posterior`):

{table(("", *map(str, YEARS)), level(scenario, "posterior"))}

Beside it, what was published:

{table(("", "2024", "2025"), published())}

Frontier compute falls when a new class arrives, by definition: it is compute in chips of at least half the newest
class. The last years are arithmetic of the ramps, and their intervals say so.

## What sets the price

Price over list and chips delivered, central parameters, means over {TRIED} seeds:

{table(("", *map(str, YEARS[3:])), halved(scenario))}

Halving either raises the price: how far each does says how near it is to binding in that year. Halved supply is
a limit on everybody, halved access one on unproven buyers alone.

## What each lever does

Alone, at full strength from 28 December 2026 to the end of 2030, {of.pairs} worlds: change in % of chips delivered by
year, then over all four years on three objectives, ± half of the 90 % interval; what all payers spend a year; chips
for ${MONEY / 1e6:.0f}M a year of all payers ([league-2027.md](league-2027.md) has ties, other sums and thirds of
worlds).

{table((*heads, "US$M a year", f"for ${MONEY / 1e6:.0f}M"), told)}

Some levers lower smuggling and raise what China gets in all, or the other way round: no one column ranks them. Order
among neighbours is a tie unless the league says otherwise; what each effect hangs on stands in `supplysim show
LEVER`.

## When Beijing decides otherwise

{table(("Lever", *IN_STATES), by_state(all_states, changing))}

{all_states.pairs} worlds; ± half of the 90 % interval. While China lets in a twentieth of what licences cover, more
licences or fewer change little: what the licensing levers do is decided in Beijing first.

## What this cannot say

- Whether a bill passes, what a rule will say, or what China decides: these are inputs, which you can move
  (`--state-probability`).
- How strong any lever really is. Ranges are wide, the order of the levers hangs on them, and data to 2025 do not
  settle it.
- Prices of 2029 and 2030 in dollars: the price of compute may fall faster than the ramps assume, so dollar values may
  be up to two times too high.
- Demand is not limited by cash, and buyers of licensed chips who are turned away do not queue.
- Chips bought offshore have no owner whom a rule could reach later; nothing here asks whether such chips come home.
- Uptake of opt-in location software, and what the Affiliates rule did after 9 November 2026, are not in the sources.
"""
    return f"{notice('python -m docs.writers.now docs/now.md', stamp())}\n\n{text}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
