"""Enforcers: one agency a jurisdiction, with investigators, dossiers, a queue and cases."""

from __future__ import annotations

import math

from supplysim._compiled import rule
from supplysim.detection.signal import logistic
from supplysim.world.columns import columns, whole
from supplysim.world.kind import Kind

AGENCY = columns(
    key=whole,  # identity
    open_cases=whole,
    prosecutions=whole,  # so far
    listings=whole,  # so far
    fund=whole,  # US$ that a whistleblower fund holds; the US bureau's row
    owed=whole,  # US$ of awards that wait until the fund can pay them
)
KIND = Kind("enforcer", "office.agencies", AGENCY, traits=("open_cases", "prosecutions", "listings"), codes="agencies")


@rule
def priority(log_odds, volume, scale, noise, z):
    """Return the rank of a dossier: probability x harm in logs, seen with noise (EQUATIONS a)."""
    return log_odds + 0.5 * math.log(1.0 + volume / scale) + noise * z


@rule
def look_evidence(sensitivity, is_true, z):
    """Return the evidence that one look adds: the log-likelihood ratio of its score."""
    score = (sensitivity if is_true else 0.0) + z
    return sensitivity * score - 0.5 * sensitivity * sensitivity


@rule
def case_effort(drawn, log_odds, slope):
    """Return the work of a case, investigator-weeks: better evidence, less work (EQUATIONS a2)."""
    return drawn * math.exp(-slope * (min(max(log_odds, -1.0), 4.0) - 1.0))


@rule
def conviction_chance(base, slope, log_odds):
    """Return the chance that a case against a true diverter succeeds (EQUATIONS a2)."""
    return logistic(base + slope * (min(max(log_odds, -2.0), 5.0) - 1.0))


@rule
def work_rate(investigators, open_cases, share, most):
    """Return the investigator-weeks that each open case receives this week (MODEL 7.9)."""
    return min(most, share * investigators / open_cases) if open_cases > 0 else 0.0


@rule
def case_slots(investigators, wip):
    """Return how many cases an agency may hold open; any staff at all hold one."""
    return max(1, int(wip * investigators)) if investigators > 0.0 else 0


@rule
def prosecution_chance(is_us, at_home, willingness, us_abroad, host_success, cooperation, cooperation_gain):
    """Return the chance that success means prosecution rather than a listing (EQUATIONS c)."""
    chance = (1.0 if at_home else us_abroad * willingness) if is_us else host_success
    return chance + (1.0 - chance) * cooperation_gain * cooperation


@rule
def free_staff(investigators, busy_cases, search_share, work_share, most):
    """Return the investigators free to search: their time for it, and what cases leave of the time for cases, FTE."""
    return (search_share + work_share) * investigators - busy_cases * work_rate(
        investigators, busy_cases, work_share, most
    )


@rule
def watched_share(worked, watch_work):
    """Return the share of what a firm sends that an investigation sees move, after some investigator-weeks of work."""
    return 1.0 - math.exp(-worked / watch_work)


@rule
def naming_chance(named, links):
    """Return the chance that papers of a concluded case name a firm that shares suppliers and customers with it."""
    return 1.0 - (1.0 - named) ** links
