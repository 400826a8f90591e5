"""Bills in words and rounded numbers: one table of all cards, what of them is not modelled, and both for machines."""

from __future__ import annotations

from dataclasses import asdict
from math import isnan
from typing import Any

from supplysim.experiment.by_state import FEWEST
from supplysim.experiment.cards_table import AS_INTRODUCED, AS_LAW, CardEffect, card_effects, cards_of, probabilities
from supplysim.experiment.laws import law_of
from supplysim.experiment.study import Study
from supplysim.report.by_state import TOO_FEW
from supplysim.report.effects import Told
from supplysim.report.formatting import between, millions, rough, tight
from supplysim.run import BASELINE
from supplysim.setup.bill import LAW
from supplysim.setup.states import State

TITLE = "What each bill changes, %"
MISSING = "Not modelled"
CHIPS = "chips"
HOW_TO_READ = (
    "As law: with the bill in force on the days that its card assumes. As introduced: that times the probability p of "
    "its being law, an input (--state-probability); without the law nothing changes. Worlds: chips delivered in 9 of "
    "10 worlds. The other lines: change of the mean; ± is simulation (90 %). $M: beyond the baseline, not discounted; "
    "in the last column their sum."
)
ALL_AS_LAW = "All other tables and lines are about bills as law."
SOME_DRAWN = "Laws of a package are drawn, and those of its cards with them: compare single cards without it."
PAYER = {"cost:us": "$M, US", "cost:foreign": "$M, other states", "cost:industry": "$M, industry"}


def table(study: Study) -> Told:
    """Return the table: under each card its lines as law and as introduced, a column a year and one for all."""
    years = [*dict.fromkeys([*map(str, study.told_years), study.window])]
    columns = ("", *(_called(study, year) for year in years))
    effects: dict[tuple[str, str, str], dict[str, CardEffect]] = {}
    for one in card_effects(study):
        effects.setdefault((one.policy, one.state, one.quantity), {})[one.year] = one
    rows: list[tuple[str, ...]] = [(BASELINE, *("" for _ in years))]
    cards = cards_of(study)
    measures = {quantity: own[years[-1]].measure for (_, _, quantity), own in effects.items()}
    for quantity, measure in measures.items():
        if quantity not in PAYER:
            levels = (float(study.values(BASELINE, measure, year).mean()) for year in years)
            rows.append((f" {quantity}", *map(rough, levels)))
    for arm, laws in cards.items():
        chance = " × ".join(f"{law.law:g}" for law in laws)
        for state in (AS_LAW, AS_INTRODUCED):
            head = f"{called(arm, laws)}, {state}" + (f", p={chance}" if state == AS_INTRODUCED else "")
            rows.append((head, *("" for _ in years)))
            for quantity in measures:
                own = [effects[arm, state, quantity][year] for year in years]
                rows += _lines(quantity, own, state)
    return Told(columns, rows)


def _lines(quantity: str, own: list[CardEffect], state: str) -> list[tuple[str, ...]]:
    """Return the lines of a quantity, the spread over worlds before the mean; none for a payer who pays nothing."""
    if state == AS_LAW and all(one.pairs < FEWEST and isnan(one.mean) for one in own):
        return [(f" {quantity}", *(TOO_FEW for _ in own))] if quantity == CHIPS else []
    if quantity in PAYER:
        paid = any(one.mean != 0.0 for one in own)
        return [(f" {PAYER[quantity]}", *(millions(one.mean) for one in own))] if paid else []
    lines = [(f" {quantity}", *(tight(one.ratio, one.ratio_low, one.ratio_high, "") for one in own))]
    if quantity == CHIPS and state == AS_LAW:
        lines.insert(0, (" worlds", *(between(one.worlds_low, one.worlds_high).removesuffix(" %") for one in own)))
    return lines


def called(arm: str, laws: list[State]) -> str:
    """Return the short name of a card; the user's own for anything else."""
    (first, *others) = laws
    assert first.bill is not None
    return first.bill.short if not others and arm == first.name.removeprefix(LAW) else arm


def missing(study: Study) -> list[tuple[str, list[str]]]:
    """Return what is not modelled, a line a clause, under a heading a card."""
    found = []
    for arm, laws in cards_of(study).items():
        lines = [f"{text}: {what}." for law in laws if law.bill for text, what in law.bill.missing(study.scenario.end)]
        names = called(arm, laws)
        found.append((names if names == arm else f"{names} ({arm})", lines))
    return found


def note(study: Study) -> str:
    """Return what holds of all other numbers of a comparison with cards."""
    held = all(law_of(study.arms[arm], study.states) is not None for arm in cards_of(study))
    return ALL_AS_LAW if held else SOME_DRAWN


def document(study: Study) -> list[dict[str, Any]]:
    """Return the cards of a study for JSON: bills, effects and costs by state, quantity and year, what is missing."""
    found = []
    effects = card_effects(study)
    for arm, laws in cards_of(study).items():
        told: dict[str, dict[str, dict[str, Any]]] = {}
        for one in (one for one in effects if one.policy == arm):
            numbers = asdict(one)
            for name in ("policy", "state", "probability", "quantity", "year"):
                del numbers[name]
            told.setdefault(one.state, {}).setdefault(one.quantity, {})[one.year] = numbers
        found.append(
            {
                "policy": arm,
                "probabilities": dict(probabilities(laws)),
                "window_years": study.window_years,
                "as_law": told[AS_LAW],
                "as_introduced": told[AS_INTRODUCED],
                "not_modelled": [
                    {"bill": law.name.removeprefix(LAW), "clause": text, "what": what}
                    for law in laws
                    if law.bill is not None
                    for text, what in law.bill.missing(study.scenario.end)
                ],
                "bills": [_told(law) for law in laws],
            }
        )
    return found


def _told(law: State) -> dict[str, Any]:
    """Return a bill and its probability for JSON, days as text."""
    assert law.bill is not None
    bill = law.bill.model_dump(mode="json")
    return {"name": law.name.removeprefix(LAW), "state": law.name, "probability": law.law} | bill


def _called(study: Study, year: str) -> str:
    return study.periods[int(year)].label if year.isdecimal() and int(year) in study.periods else year
