"""Facts about 2023 to 2025 under the dated rules: cases by year, geography, prices and channels (F18 to F21)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from supplysim.evidence import table
from supplysim.report.published import number
from supplysim.validation.sampling import WEEKS_A_YEAR, Ensemble
from supplysim.validation.score import Finding

FIRST_YEAR = 2023
# Last country before China: the evidence whose range bounds its share of chips.
LAST_HOP = {"MY": "way:W032", "HK": "way:W033", "TH": "way:W037", "SG": "way:W031", "VN": "way:W035", "ID": "way:W038"}
# Price over list by class and year: the reported price with a fifth on either side, or the range of two reports.
PRICES = {("A", 2023): (1.56, 2.34), ("H", 2024): (1.25, 1.50), ("B", 2025): (1.20, 1.80)}
# Compute acquired, M H100e, by channels as published: no closer than a factor of two.
CHANNELS = {
    2024: {"smuggled": 0.16, "licensed": 0.20, "rented": 0.25, "domestic": 0.25},
    2025: {"smuggled": 0.48, "licensed": 0.15, "rented": 0.45, "domestic": 0.60},
}
COLUMNS = {
    "smuggled": ("delivered_h100e",),
    "licensed": ("licensed_h100e",),
    "rented": ("rented_h100e", "offshore_h100e"),
    "domestic": ("domestic_h100e",),
}
FACTOR = 2.0


def by_year(ensemble: Ensemble, column: str, *years: int) -> np.ndarray:
    """Return the sum of a weekly column over some years in every baseline, shape (worlds,)."""
    weeks = np.concatenate([np.arange(WEEKS_A_YEAR) + (year - FIRST_YEAR) * WEEKS_A_YEAR for year in years])
    return np.array([sample.weekly[column][weeks].sum() for sample in ensemble.baselines])


def us_prosecutions(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F18a: none of the US bureau until 2024, `low` to `high` in 2025."""
    early, late = by_year(ensemble, "prosecutions_us", 2023, 2024), by_year(ensemble, "prosecutions_us", 2025)
    none = float((early == 0).mean())
    p05, p95 = np.quantile(late, [0.05, 0.95], method="inverted_cdf")
    found = f"none until 2024 in {none:.0%} of worlds (mean {early.mean():.1f}); "
    found += f"2025: {p05:.0f} to {p95:.0f}, mean {late.mean():.1f}"
    passed = none >= 0.05 and p05 <= high and low <= p95
    return Finding(bool(passed), found, {"none_before": none, "mean_2025": float(late.mean())})


def host_prosecutions(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F18b: a few a year in other countries."""
    mean = float(by_year(ensemble, "prosecutions_host", 2025).mean())
    return Finding(low <= mean <= high, f"mean {mean:.1f} in 2025", {"mean_2025": mean})


def geography(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F19: chips leave by the countries of documented cases and trade data."""
    codes = [row["code"] for row in table("countries") if row["role"] != "destination"]
    years = (2023, 2024, 2025)
    everywhere = np.sum([by_year(ensemble, f"delivered_via:{code}", *years) for code in codes], axis=0)
    shares, texts, passed = {}, [], True
    for country, evidence in LAST_HOP.items():
        least, most = number(evidence, "low"), number(evidence, "high")
        of_all = by_year(ensemble, f"delivered_via:{country}", *years)[everywhere > 0] / everywhere[everywhere > 0]
        shares[country] = float(np.median(of_all))
        passed = passed and least <= shares[country] <= most
        texts.append(f"{country} {shares[country]:.2f} ({least:g} to {most:g})")
    return Finding(passed, "; ".join(texts), shares)


def prices(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F20: each class costs what was reported in its year."""
    found, texts, passed = {}, [], True
    for (kind, year), (least, most) in PRICES.items():
        paid, listed = by_year(ensemble, f"paid:{kind}", year), by_year(ensemble, f"listed:{kind}", year)
        middle = float(np.median(paid[listed > 0] / listed[listed > 0])) if (listed > 0).any() else np.nan
        found[f"{kind} {year}"] = middle
        passed = passed and least <= middle <= most
        texts.append(f"{kind} of {year} {middle:.2f} ({least:g} to {most:g})")
    return Finding(passed, "; ".join(texts), found)


def channels(year: int) -> Callable[[Ensemble, float, float], Finding]:
    """Return the function of F21: each channel of a year within a factor of two of what is published."""

    def judge(ensemble: Ensemble, low: float, high: float) -> Finding:
        found, texts, passed = {}, [], True
        for channel, published in CHANNELS[year].items():
            compute = sum(by_year(ensemble, column, year) for column in COLUMNS[channel])
            found[channel] = float(np.median(compute)) / 1e6
            passed = passed and published / FACTOR <= found[channel] <= published * FACTOR
            texts.append(f"{channel} {found[channel]:.2f} ({published:g})")
        return Finding(passed, "; ".join(texts) + " M H100e", found)

    return judge
