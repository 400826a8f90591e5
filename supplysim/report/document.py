"""A comparison as a JSON document."""

from __future__ import annotations

import json
import math
from typing import Any

from supplysim.experiment import tables
from supplysim.experiment.ledger import ENTRIES, NOISE, mean_ledger
from supplysim.experiment.study import Study
from supplysim.experiment.uncertainty import half_widths
from supplysim.experiment.unit_cost import CostPerUnit


def document(study: Study) -> dict[str, Any]:
    """Return the comparison over the window as tables of names and numbers, with what tells how far to trust it."""
    ledger = study.ledger().set_index("policy")
    burden, scorecard = study.burden(), study.scorecard()
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
                "ledger": _ledger(study, arm, ledger.loc[arm].to_dict()),
                "cost": _cost(study, arm),
                "burden": records_of(burden, arm),
                "scorecard": records_of(scorecard, arm),
            }
            for arm in study.arms
        ],
        "precision": {"asked": study.precision, "reached": study.reached, "by_policy": half_widths(study)},
        "ranking": [{"rule": row.pop("rule"), **row} for row in study.ranking_table().to_dict("records")],
        "variance": study.variance_table().to_dict("records"),
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
    per_chip, per_year = study.cost_per_chip(arm), study.cost_per_h100e_year(arm)
    return {
        "government": float(government),
        "industry": float(industry),
        "discount_rate": float(study.discount_rates.mean()),
        "per_chip_prevented": _bounds(per_chip),
        "verdict": per_chip.verdict,
        "per_h100e_year_denied": _bounds(per_year) | {"verdict": per_year.verdict},
    }


def _bounds(cost: CostPerUnit) -> dict[str, Any]:
    return {"estimate": cost.estimate, "low": cost.low, "high": cost.high}
