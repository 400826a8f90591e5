"""What each lever in force hangs on: its strongest assumptions with the effect at both ends, and what turns the order."""

from __future__ import annotations

from typing import Any

from supplysim import evidence
from supplysim.experiment.assumptions import FEWEST, Assumption, assumptions
from supplysim.experiment.study import Study
from supplysim.language import gettext
from supplysim.report.formatting import percent
from supplysim.report.standing import decided, number, ties

MEASURE = "delivered"
MOST = 8  # levers that are looked into one by one: each takes as many runs as the package


def words(pairs: int, parameters: str, levers: int) -> str:
    """Return why nothing can be said yet; empty if it can."""
    if parameters == "central":
        return gettext("Every assumption is held at its central value, so none can be seen to matter.")
    if levers > MOST:
        return gettext("{n} levers are on; what each hangs on is looked into for up to {most}.", n=levers, most=MOST)
    if pairs < FEWEST:
        return gettext("Named once {n} exact pairs of each lever alone are in; {pairs} are.", n=FEWEST, pairs=pairs)
    return ""


def card(study: Study) -> dict[str, Any]:
    """Return the card of a study whose arms are the levers in force, each alone and named as on its slider."""
    rows = [
        {"lever": arm, "rows": [_row(one) for one in found], "none": not any(one.stands_out for one in found)}
        for arm in study.arms
        for found in [assumptions(study, arm, MEASURE)]
    ]
    ends = [end for lever in rows for row in lever["rows"] for end in (row["low"], row["high"])]
    return {
        "why": "",
        "pairs": study.pairs,
        "levers": rows,
        "from": min([0.0, *ends]),
        "to": max([0.0, *ends]),
        "order": " ".join(filter(None, (ties(study), decided(study)))).replace("_", " ") if len(rows) > 1 else "",
    }


def waiting(why: str) -> dict[str, Any]:
    """Return the card while there is nothing to show."""
    return {"why": why, "pairs": 0, "levers": [], "from": 0.0, "to": 0.0, "order": ""}


def _row(one: Assumption) -> dict[str, Any]:
    parameter = evidence.parameters().get(one.parameter)
    unit = f" {gettext(parameter.unit)}" if parameter is not None and parameter.unit else ""
    names = [gettext(name.replace("_", " ")) for name in (one.parameter, one.instead) if name]
    return {
        "name": names[0] if len(names) == 1 else gettext("{one} or {other}", one=names[0], other=names[1]),
        "meaning": gettext(parameter.meaning) if parameter is not None else "",
        "drawn": gettext("{low} to {high}", low=number(one.low), high=number(one.high)) + unit,
        "low": round(one.at_low, 4),
        "high": round(one.at_high, 4),
        "low_text": percent(one.at_low),
        "high_text": percent(one.at_high),
        "clear": one.stands_out,
    }
