"""A stand-in for the model that runs in a moment and whose effects are known; for tests of experiments."""

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from supplysim.policies.base import Policy, setting

WEEKS = 104
FIRST = 52  # policy start of the minimal scenario
CALLS = []  # (policies, seed) of every run of this process


@dataclass(frozen=True, kw_only=True)
class Less(Policy):
    """Keeps a share of the chips from arriving."""

    lever, title, group, burden = "less", "Fewer chips", "sale", "Nobody."
    response, sources, ramp_weeks = "None.", ("assumption",), 0
    mechanism, payer, unknown = "Fewer chips arrive.", "The treasury.", "Everything else."

    share: float = setting(0.1, "share", "of the chips", 0.0, 1.0)


def simulate(scenario, policies, seed, parameters):
    CALLS.append((policies, seed))
    rng = np.random.default_rng(seed)
    delivered = np.round(parameters["demand_scale"] * 3_000 * rng.lognormal(0.0, 0.1, WEEKS)).astype(int)
    noise = np.random.default_rng([seed, 1]).normal(0.0, 0.01, WEEKS)
    for policy in policies:
        cut = np.round(delivered * (policy.share + noise) * policy.intensity).astype(int)
        delivered[FIRST:] -= cut[FIRST:]
    weekly = pd.DataFrame({"ordered": delivered, "delivered": delivered, "mark_up": 1.0 / 3.0}).rename_axis("week")
    for name in ("seized", "cancelled", "disabled", "open", "in_transit", "delivered_via:SG"):
        weekly[name] = 0
    for name in ("delivered_h100e", "rented_h100e", "licensed_h100e", "offshore_h100e", "domestic_h100e"):
        weekly[name] = delivered / 7.0
    weekly["in_use_h100e"] = (delivered / 7.0).cumsum()
    weekly["government_cost"] = weekly["industry_cost"] = 1e6 * len(policies)
    years = weekly.groupby(2023 + weekly.index // 52)
    yearly = years[["ordered", "delivered", "government_cost", "industry_cost"]].sum()
    return weekly, yearly.astype(float).assign(mark_up=1.0 / 3.0, exposed_share=np.nan)


def slow_simulate(scenario, policies, seed, parameters):
    time.sleep(0.02)
    return simulate(scenario, policies, seed, parameters)


class Kept:
    """A pool of the app that keeps what it is asked for."""

    def __init__(self):
        self.jobs = {}

    def ask(self, job):
        """Keep a job."""
        self.jobs[job.owner] = job

    def withdraw(self, owner):
        """Forget the job of an owner."""
        self.jobs.pop(owner, None)
