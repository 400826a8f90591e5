"""What is kept of a run by quarters of 13 weeks: flows, levels, what the public saw, which countries were touched."""

from __future__ import annotations

from supplysim.evidence import table

QUARTER = 13  # weeks
COUNTRIES = tuple(row["code"] for row in table("countries") if row["code"] != "CN")
# Weekly columns that are added up over a quarter, and those that are averaged.
SUMS = (
    "ordered",
    "attempted",
    "refused",
    "purchased",
    "delivered",
    "delivered_h100e",
    "seized_border",
    "seized_cases",
    "seized",
    "disabled",
    "cancelled",
    "honest_orders",
    "honest_flagged",
    "honest_delay",
    "honest_inspected",
    "looks",
    "cases_opened",
    "prosecutions",
    "listings",
    "lapsed_cases",
    "failed_cases",
    "false_cases",
    "false_leads",
    "true_leads",
    "entries",
    "returns",
    "exits",
    "newcomers",
    "stop_sales",
    "fines",
    "government_cost",
    "industry_cost",
    "rented_h100e",
    "licensed_h100e",
    "domestic_h100e",
    *(f"delivered_via:{code}" for code in COUNTRIES),
)
MEANS = ("mark_up", "active_intermediaries", "active_fronts", "queue", "open_cases", "in_transit", "open", "wait")
PUBLIC = ("seizures_published", "prosecutions_published")  # what comes out, in the week it does
COLUMNS = (*SUMS, *MEANS, *PUBLIC)
TOUCHED = tuple(f"touched:{row['code']}" for row in table("countries"))  # arrived chips bought or last sent there
KEPT = (*COLUMNS, *TOUCHED)
