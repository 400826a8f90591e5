"""A comparison as a JSON document."""

from __future__ import annotations

import json
import math
from typing import Any

from supplysim.experiment import tables
from supplysim.experiment.ledger import ENTRIES, NOISE, mean_ledger
from supplysim.experiment.objectives import PAYERS, aims_of
from supplysim.experiment.statistics import mean_interval
from supplysim.experiment.study import Study
from supplysim.experiment.uncertainty import half_widths
from supplysim.experiment.unit_cost import CostPerUnit
from supplysim.report import bills, by_state, standing
from supplysim.run import BASELINE


def document(study: Study) -> dict[str, Any]:
    """Return the comparison over the window as tables of names and numbers, with what tells how far to trust it.

    Costs by payer are US$ a year of the window, not discounted; `government` and `industry` are discounted totals.
    """
    ledger = study.ledger().set_index("policy")
    burden, scorecard = study.burden(), study.scorecard()
    volumes, hangs = study.worlds_table(), study.assumptions_table()
    return {
        "scenario": study.scenario.name,
        "pairs": study.pairs,
        "seed": study.seed,
        "parameters": study.parameters,
        "window": study.window_days,
        "periods": [period.described() for period in study.periods.values()],
        "notes": study.notes,
        "policies": [
            {
                "name": arm,
                "effects": _effects(study, arm),
                "objectives": _objectives(study, arm, volumes, hangs),
                "ledger": _ledger(study, arm, ledger.loc[arm].to_dict()),
                "cost": _cost(study, arm),
                "burden": records_of(burden, arm),
                "scorecard": records_of(scorecard, arm),
                **({"states": by_state.effects(study, arm)} if study.states else {}),
            }
            for arm in study.arms
        ],
        "objectives": _standing(study),
        "precision": {"asked": study.precision, "reached": study.reached, "by_policy": half_widths(study)},
        "ranking": _ranked(study)["chips"],
        "variance": study.variance_table().to_dict("records"),
        **({"beliefs": study.beliefs.document()} if study.beliefs else {}),
        **({"states": by_state.document(study)} if study.states else {}),
        **({"cards": cards} if (cards := bills.document(study)) else {}),
    }


def text(content: Any) -> str:
    """Return a document as JSON text; what is undefined is null."""
    return json.dumps(finite(content), indent=2)


def finite(value: Any) -> Any:
    """Return a document with null for NaN and infinity, which JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def records_of(table: Any, arm: str) -> list[dict[str, Any]]:
    """Return the rows of a policy without its name; a table without rows has none."""
    return [] if table.empty else table[table["policy"] == arm].drop(columns="policy").to_dict("records")


def _effects(study: Study, arm: str) -> dict[str, dict[str, Any]]:
    found = study.effects_of(arm)
    window = {measure: found[measure, study.window] for measure in study.measures}
    return {
        measure: {"median": e.median, "p05": e.p05, "p95": e.p95, "relative": e.relative}
        | tables.relative(e)
        | {"years": {str(year): tables.relative(found[measure, str(year)]) for year in study.years}}
        for measure, e in window.items()
    }


def _objectives(study: Study, arm: str, volumes: Any, hangs: Any) -> dict[str, Any]:
    """Return the effect on each objective: window, years of the policies, statistics over worlds, what it hangs on."""
    found: dict[str, Any] = {}
    for name, aim in aims_of(study.measures, beside=True).items():
        own = [row for row in records_of(hangs, arm) if row["objective"] == name]
        (spread,) = (row for row in records_of(volumes, arm) if row["objective"] == name)
        years = study.effects(arm, [(aim.measure, str(year)) for year in study.told_years])
        found[name] = {
            "measure": aim.measure,
            **tables.relative(study.effect(arm, aim.measure)),
            "policy_years": [
                {"policy_year": study.policy_years.index(year) + 1, "year": year, **tables.relative(effect)}
                for year, effect in zip(study.told_years, years, strict=True)
            ],
            "by_volume": {key: spread[key] for key in ("ratio", "median", "low", "middle", "high", "share_down")},
            "hangs_on": [{key: value for key, value in row.items() if key != "objective"} for row in own],
        }
    return found


def _standing(study: Study) -> dict[str, Any]:
    """Return how the choices stand to each other on each objective, and what decides it."""
    ranked, pairwise, turns = _ranked(study), study.pairwise_table(), study.turns_table()
    said = {"order": standing.ties, "decided_by": standing.decided, "effects_hang_on": standing.hangs}
    return {
        name: {
            "measure": aim.measure,
            "baseline_mean": float(study.values(BASELINE, aim.measure, study.window).mean()),
            "groups": study.matches(aim.measure).groups(),
            "pairwise": _of(pairwise, name),
            "turns": _of(turns, name),
            "ranking": ranked[name],
            "words": {key: say(study, name) for key, say in said.items()},
        }
        for name, aim in aims_of(study.measures).items()
    }


def _ranked(study: Study) -> dict[str, list[dict[str, Any]]]:
    """Return the ranking by objective."""
    table = study.ranking_table()
    return {name: [{"rule": row.pop("rule"), **row} for row in _of(table, name)] for name in aims_of(study.measures)}


def _of(table: Any, objective: str) -> list[dict[str, Any]]:
    return table[table["objective"] == objective].drop(columns="objective").to_dict("records")


def _ledger(study: Study, arm: str, row: dict[str, float]) -> dict[str, Any]:
    mean = mean_ledger(study.ledgers[arm])
    names = [name.removesuffix("_low") for name in row if name.endswith("_low")]
    return {
        **{entry: getattr(mean, entry) for entry in ENTRIES},
        "disabled_memo": mean.disabled_memo,
        NOISE: row[NOISE],
        "substitutes": mean.substitutes,
        "intervals": {name: {"low": row[f"{name}_low"], "high": row[f"{name}_high"]} for name in names},
    }


def _cost(study: Study, arm: str) -> dict[str, Any]:
    government, industry = study.extra_costs(arm).mean(axis=0)
    payers = {
        payer: mean_interval(study.cost_a_year(arm, measures))
        for payer, measures in PAYERS.items()
        if all(name in study.measures for name in measures)
    }
    per_chip, per_year = study.cost_per_chip(arm), study.cost_per_h100e_year(arm)
    return {
        "government": float(government),
        "industry": float(industry),
        "by_payer": {payer: found._asdict() for payer, found in payers.items()},
        "discount_rate": float(study.discount_rates.mean()),
        "per_chip_prevented": _bounds(per_chip),
        "verdict": per_chip.verdict,
        "per_h100e_year_denied": _bounds(per_year) | {"verdict": per_year.verdict},
    }


def _bounds(cost: CostPerUnit) -> dict[str, Any]:
    return {"estimate": cost.estimate, "low": cost.low, "high": cost.high}
