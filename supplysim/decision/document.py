"""A decision as names and numbers: JSON, and a table with a row a budget and option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.decision.decision import Decision
from supplysim.decision.emulated import typed
from supplysim.packs import described

if TYPE_CHECKING:
    import pandas as pd


def table(found: Decision) -> pd.DataFrame:
    """Return one row a budget and option: what it is, costs and does, quick and exact."""
    import pandas as pd

    rows = []
    for budget in found.budgets:
        for place, each in enumerate(found.portfolios[budget]):
            row: dict[str, Any] = {"budget": budget, "place": place + 1, "portfolio": each.name}
            row |= {"expected_cost": each.cost, "expected_burden": each.burden}
            row |= {f"expected_{aim}": change for aim, change in each.changes.items()}
            if found.study is not None and each.name in found.study.arms:
                row |= _row(found, each.name)
            rows.append(row)
    if found.study is not None:
        for proposal in found.question.proposals:
            rows.append({"budget": np.nan, "place": 0, "portfolio": proposal.name, **_row(found, proposal.name)})
    return pd.DataFrame(rows)


def _row(found: Decision, name: str) -> dict[str, float]:
    told = found.told(name)
    row = {"cost": told.cost.mean, "cost_p05": told.cost_worlds[0], "cost_p95": told.cost_worlds[1]}
    row |= {"burden": told.burden.mean}
    for aim, effect in told.changes.items():
        row |= {aim: effect.relative, f"{aim}_low": effect.relative_low, f"{aim}_high": effect.relative_high}
        row |= {f"{aim}_worlds_low": effect.worlds_low, f"{aim}_worlds_high": effect.worlds_high}
    return row


def document(found: Decision) -> dict[str, Any]:
    """Return the decision as names and numbers, for JSON; money in US$ a year."""
    asked = found.question.problem
    made: dict[str, Any] = {
        "scenario": found.question.scenario.name,
        **described(),
        "payer": asked.payer,
        "net": asked.net,
        "objective": asked.objective,
        "seed": found.question.seed,
        "pairs": 0 if found.study is None else found.study.pairs,
        "status": "estimate" if found.study is None else "exact",
        "quick_estimate": {"of": found.question.searched, "accuracy": dict(found.accuracy)},
        "notes": list(found.question.notes),
        **({} if found.question.beliefs is None else {"beliefs": found.question.beliefs.document()}),
        "budgets": [_budget(found, budget) for budget in found.budgets],
        "frontier": [each.document() for each in found.frontier],
    }
    if found.study is not None:
        made["proposals"] = {each.name: _row(found, each.name) for each in found.question.proposals}
        made["dominated"] = found.dominated()
    if found.beside is not None:
        made["beside"] = document(found.beside)
    if found.apart is not None:
        made["apart"] = found.apart.document()
    return made


def _budget(found: Decision, budget: float) -> dict[str, Any]:
    made: dict[str, Any] = {
        "budget": budget,
        "portfolios": [each.document() for each in found.portfolios[budget]],
        "later": {str(years): change for years, change in found.later.get(found.best(budget).name, {}).items()},
        "waiting": {typed(lever): change for lever, change in found.waiting.get(found.best(budget).name, {}).items()},
        "for_other_objectives": {aim: each.document() for aim, each in found.others[budget].items()},
    }
    if found.study is None:
        return made
    for each, document in zip(found.portfolios[budget], made["portfolios"], strict=True):
        if each.name in found.study.arms:
            document["exact"] = _row(found, each.name)
    second = found.runner_up(budget)
    if second is not None and found.best(budget).package:
        stands = found.against(found.best(budget).name, second.name)
        made["against_runner_up"] = {
            "difference": stands.difference.mean,
            "low": stands.difference.low,
            "high": stands.difference.high,
            "better_in": stands.better,
            "verdict": stands.verdict,
        }
    made["winners"] = found.winners(budget)
    if found.called(budget):
        made["called"] = found.called(budget)
        made["findings"] = found.findings(budget).document()
    return made
