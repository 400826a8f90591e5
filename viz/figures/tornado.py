"""Which uncertain parameters matter most, from the runs at hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from supplysim.viz.jobs import Job

from supplysim import evidence
from supplysim.language import gettext
from supplysim.report.formatting import minus

FEWEST = 16  # pairs


def tornado(job: Job | None, pairs: int, acted: bool) -> dict[str, Any] | None:
    """Return the rank correlation of each parameter with deliveries, or with the package's effect on them.

    None while there are fewer than `FEWEST` pairs, or where nothing varies.
    """
    if job is None or pairs < FEWEST or job.world.parameters == "central":
        return None
    draws = [point.parameters for point in job.world.points(pairs)]
    base, policy = np.array([[run.account.delivered for run in pair] for pair in job.done[:pairs]], dtype=float).T
    change = np.where(base > 0, (policy - base) / np.maximum(base, 1.0), 0.0)
    target = change if acted else base
    found = []
    usual = job.world.scenario.central_parameters()  # of what a state of the world sets in some worlds only
    for name in sorted(set().union(*draws) & usual.keys()):
        values = np.array([draw.get(name, usual[name]) for draw in draws])
        if values.std() > 0 and target.std() > 0:
            found.append((name, spearman(values, target)))
    found.sort(key=lambda item: -abs(item[1]))
    rows = [
        {
            "label": gettext(name.replace("_", " ")),
            "value": round(r, 3),
            "text": minus(f"{r:+.2f}"),
            "meaning": gettext(evidence.parameters()[name].meaning),
        }
        for name, r in found[:12]
    ]
    grey = gettext("Inside the grey band: not told from chance.")
    if acted:
        sub = gettext(
            "Rank correlation of each uncertain parameter with the package's relative effect over {n} runs.", n=pairs
        )
    else:
        sub = gettext(
            "Rank correlation of each uncertain parameter with deliveries as they stand over {n} runs.", n=pairs
        )
    noise = 1.64 / np.sqrt(max(pairs - 1, 1))
    return {
        "id": "tornado",
        "kind": "tornado",
        "title": gettext("What matters most"),
        "rows": rows,
        "noise": round(float(noise), 3),
        "status": "exact",
        "pairs": pairs,
        "sub": f"{sub} {grey}",
        "source": gettext("Parameters drawn from their priors together; correlation, not cause."),
        "file": "supplysim-tornado",
        "aria": "; ".join(f"{r['label']} {r['text']}" for r in rows[:5]),
        "table": {
            "head": [gettext("Parameter"), gettext("Rank correlation"), gettext("Meaning")],
            "rows": [[r["label"], r["text"], r["meaning"]] for r in rows],
        },
    }


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Return the rank correlation."""
    a, b = (values.argsort().argsort().astype(float) for values in (x, y))
    return float(np.corrcoef(a, b)[0, 1])
