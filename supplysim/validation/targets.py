"""What is published about 2024, held against the baseline; and a rival, the published arithmetic drawn beside ours."""

from __future__ import annotations

import numpy as np

from supplysim.report.formatting import count
from supplysim.report.published import YEAR, number, published_volume
from supplysim.validation.facts.level import each, known_median, most_prosecutions
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Score, verdict

DRAWS = 100_000
NORMAL_90 = 1.6448536269514722  # half of a 90 % interval, in standard deviations
MONTHS = 12.0


def lognormal(rng: np.random.Generator, identity: str) -> np.ndarray:
    """Return draws of a lognormal whose 90 % interval is the range of a piece of evidence."""
    low, high = (np.log(number(identity, end)) for end in ("low", "high"))
    return np.exp(0.5 * (low + high) + (high - low) / (2.0 * NORMAL_90) * rng.standard_normal(DRAWS))


def uniform(rng: np.random.Generator, identity: str) -> np.ndarray:
    """Return draws, uniform over the range of a piece of evidence."""
    return rng.uniform(number(identity, "low"), number(identity, "high"), DRAWS)


def vendors_times_volume(seed: int = 1) -> np.ndarray:
    """Return chips smuggled in 2024 by the arithmetic of CNAS (2025), rebuilt from Q031-Q039, shape (DRAWS,).

    Pathway 1: open vendors × chips a vendor and month × 12. Pathway 2, in Q038 of the cases: fronts × chips a
    front × diverted share, on top. The noise component (Q039), whose shape is not published, is left out.
    """
    rng = np.random.default_rng(seed)
    both = rng.uniform(size=DRAWS) < number("Q038", "central") / (number("Q037", "central") + number("Q038", "central"))
    vendors = lognormal(rng, "Q031") * lognormal(rng, "Q032") * MONTHS
    fronts = np.round(uniform(rng, "Q034")) * uniform(rng, "Q035") * uniform(rng, "Q036")
    return vendors + both * fronts


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
