"""What is published about 2024, held against the baseline over draws from the priors."""

from __future__ import annotations

import numpy as np

from supplysim.report.formatting import count
from supplysim.report.published import YEAR, number, published_volume
from supplysim.validation.facts.level import each, known_median, most_prosecutions
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Score, verdict

LARGEST_SHARE = 0.10  # of the units that the top 1 % of orders must have (MODEL section 12, F3)


def judge(ensemble: Ensemble, rules: str) -> list[Score]:
    """Return one score a target; draws are the ensemble's baselines."""
    published = published_volume()
    p05, p50, p95 = np.quantile(each(ensemble, "delivered").sum(axis=1), [0.05, 0.5, 0.95])
    delivered = f"{count(p05)} / {count(p50)} / {count(p95)}"
    low, high = number("P:B13", "low"), number("P:B15", "central")  # lowest and highest reported price
    mark_up = float(np.median(each(ensemble, "mark_up").mean(axis=1)))
    order, top = (known_median(ensemble.baselines, name) for name in ("order_median", "top_share"))
    prosecutions = float(each(ensemble, "prosecutions").sum(axis=1).mean())
    ceiling = most_prosecutions()
    rows = [
        (
            "chips delivered, 5 / 50 / 95 %: reaches down",
            f"5 % at most {count(published.low)}",
            delivered, p05 <= published.low, "must", "Q001",
        ),
        (
            "chips delivered: covers the published median",
            f"{count(published.median)} between 5 and 95 %",
            delivered, p05 <= published.median <= p95, "must", "Q001",
        ),
        (
            "chips delivered: reaches up",
            f"95 % at least {published.high_as_published} (read as {count(published.high)})",
            delivered, p95 >= published.high, "must", "Q001",
        ),
        (
            "chips delivered: centred",
            f"median within 2 times {count(published.median)}",
            count(p50), published.median / 2.0 <= p50 <= published.median * 2.0, "should", "Q001",
        ),
        (
            "price over list, median draw",
            f"{low:g} to {high:g}",
            f"{mark_up:.2f}", low <= mark_up <= high, "must", "P:B13 P:B15",
        ),
        ("median order", "tens of chips", f"{order:.0f}", 10.0 <= order < 100.0, "must", "Q069"),
        (
            "units in the largest 1 % of orders",
            f"at least {LARGEST_SHARE:.0%}",
            f"{top:.0%}", top >= LARGEST_SHARE, "must", "Q040 Q066 Q068",
        ),
        (
            "prosecutions a year, mean",
            f"more than 0, fewer than {ceiling:.0f} (all technologies)",
            f"{prosecutions:.1f}", 0.0 < prosecutions < ceiling, "must", "Q151",
        ),
    ]  # fmt: skip
    section, draws = f"target of {YEAR}", len(ensemble.baselines)
    return [
        Score(section, f"T{n}", name, rule, level, source, rules, verdict(bool(passed)), found, draws)
        for n, (name, rule, found, passed, level, source) in enumerate(rows, start=1)
    ]
