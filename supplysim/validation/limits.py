"""Limit cases with known answers (MODEL 12, L1-L9): each a world at an extreme, and what must come out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from supplysim.evidence import HUBS, Extreme
from supplysim.run import BASELINE, Drive, Finished, Point, run_arms
from supplysim.setup.scenario import Scenario
from supplysim.validation.score import Finding, Score, verdict

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.engine import Engine

SEED = 11
SCENARIO = "baseline-2024"
UNSEEN = {
    "screening_exposure": 0.0,
    "border_exposure": 0.0,
    "end_use_exposure": 0.0,
    "tip_exposure": 0.0,
    "marketplace_exposure": 0.0,
    "intelligence_exposure": 0.0,
    "search_exposure": 0.0,
}
PERFECT_SCREENING = {
    "screening_exposure": 1.0,
    "screening_sensitivity": 9.0,
    "complicit_share": 0.0,
    "concealment": 0.0,
}
CERTAIN = {"caught_prior": 1.0, "caught_prior_years": 1e6}
OVERWHELMING = {
    "personal": {"personal_penalty": 1e6},
    "fine without a limit by wealth": {"fine_multiple": 1e6, "seed_cash": 1e6},
}
CHEAP_BUYERS = {"wtp": 1.05, "wtp_sigma": 0.0, "wtp_rise": 0.0}
OPEN_BORDER = {"border_targeting": 0.0, "concealment": 0.0, "investigators": 0.0}
FOUND = ("refused", "seized", "true_leads", "false_leads", "cases_opened", "looks", "prosecutions", "listings")
CASE_ENDS = ("cases_opened", "prosecutions", "listings", "lapsed_cases", "failed_cases", "false_cases", "looks")
ONE_HOP, ONE_HOP_EXPOSURE = HUBS[0], 0.2
DEVIATIONS = 4.0  # standard deviations of a binomial count that are allowed


def run(
    parameters: Mapping[str, float] | None = None, scenario: str = SCENARIO, drive: Mapping[str, Drive] | None = None
) -> Engine:
    """Run a scenario with other parameters, outside their ranges if need be; small worlds are checked every week."""
    point, check = Point(0, SEED, Extreme(parameters or {})), scenario == "minimal"
    return run_arms(Scenario.load(scenario), {BASELINE: ()}, point, {"engine": _engine}, 0, drive, check)[BASELINE][
        "engine"
    ]


def _engine(run: Finished) -> Engine:
    return run.engine


@cache
def usual() -> pd.DataFrame:
    """Return the weekly books of the world as it stands, so that a limit can be seen to bind."""
    return run().weekly()


def none_of(weeks: pd.DataFrame, columns: tuple[str, ...], binds: tuple[str, ...] = ()) -> Finding:
    """Return whether columns are 0 in every week, and `binds` are not in the world as it stands."""
    total = {column: float(weeks[column].sum()) for column in columns}
    before = {column: float(usual()[column].sum()) for column in binds}
    text = ", ".join(f"{column} {value:,.0f}" for column, value in total.items())
    return Finding(not any(total.values()) and all(before.values()), text, total)


def no_demand() -> Finding:
    """L1: without demand only the first orders, which are in the world at week 0, are placed."""
    needs: list[int] = []
    note = Drive(0, lambda engine: needs.append(int(engine.world.buyers["need"].sum())))
    engine = run({"demand_scale": 1e-12}, drive={BASELINE: note})
    (first,) = needs
    ordered, rented = (float(engine.weekly()[column].sum()) for column in ("ordered", "rented_h100e"))
    found = f"ordered {ordered:,.0f} of first needs of {first:,}, rented {rented:.1f} H100e"
    return Finding(ordered <= first and rented < 1.0, found, {"ordered": ordered, "first_needs": first})


def nobody_looks() -> Finding:
    """L2: what nobody looks at is never found."""
    return none_of(run(UNSEEN).weekly(), FOUND, FOUND)


def no_screening() -> Finding:
    """L3: without screening nobody is refused."""
    columns = ("refused", "refused_orders", "honest_flagged", "honest_delay")
    return none_of(run({"screening_exposure": 0.0}).weekly(), columns, columns)


def no_border() -> Finding:
    """L4: without border inspection only cases seize."""
    weeks = run({"border_exposure": 0.0, "personal_penalty": 0.0}).weekly()
    columns = ("seized_border", "true_leads:border")
    finding = none_of(weeks, columns, columns)
    in_cases = float(weeks["seized_cases"].sum())
    return Finding(
        bool(finding.passed) and in_cases > 0.0, f"{finding.found}, seized in cases {in_cases:,.0f}", finding.numbers
    )


def no_investigators() -> Finding:
    """L5: without investigators no case is opened or ends."""
    return none_of(run({"investigators": 0.0}).weekly(), CASE_ENDS, ("prosecutions", "true_leads"))


def perfect_screening() -> Finding:
    """L6: perfect screening of every purchase lets nothing through."""
    weeks = run(PERFECT_SCREENING).weekly()
    finding = none_of(weeks, ("delivered",), ("delivered",))
    return Finding(bool(finding.passed) and weeks["refused"].sum() > 0, finding.found, finding.numbers)


def overwhelming_penalty() -> Finding:
    """L7: a penalty beyond measure, feared with certainty, ends the trade."""
    delivered = {name: run(CERTAIN | penalty).weekly()["delivered"].sum() for name, penalty in OVERWHELMING.items()}
    found = ", ".join(f"{name}: delivered {chips:,}" for name, chips in delivered.items())
    return Finding(not any(delivered.values()) and usual()["delivered"].sum() > 0, found)


def one_hop() -> Finding:
    """L8: with one inspected country and nothing to conceal, the share that arrives is 1 less the stop chance."""
    from supplysim.setup.inputs import codes

    engine = run({"border_exposure": ONE_HOP_EXPOSURE} | OPEN_BORDER)
    shipments = engine.shipments()
    chance, direct = stop_chances(engine, shipments)
    home = codes("countries").index(ONE_HOP)
    here = direct & (engine.world.distributors["country"][shipments["distributor"]] == home)
    arrived = here & (shipments["status"] == "arrived").to_numpy()
    stopped = here & (shipments["status"] == "stopped").to_numpy()
    done = int((arrived | stopped).sum())
    p = float(chance[arrived | stopped].mean())
    share = float(arrived.sum() / done)
    allowed = DEVIATIONS * float(np.sqrt(p * (1.0 - p) / done))
    found = f"{share:.3f} arrived of {done:,} consignments, expected {1.0 - p:.3f} ± {allowed:.3f}"
    return Finding(0.05 < p < 0.5 and abs(share - 1.0 + p) < allowed, found, {"share": share, "expected": 1.0 - p})


def stop_chances(engine: Engine, shipments: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the true stop chance of each consignment when nobody conceals, and whether its route is direct."""
    from supplysim.detection import signal
    from supplysim.network.routes import stop_chance

    w = engine.world
    p = w.parameters[0]
    rate = signal.hit_rate(p["border_sensitivity"], p["border_threshold"], 0.0, 0.0)
    routes = w.routes.row[shipments["route"]]
    origin = w.distributors["country"][shipments["distributor"]]
    seen = w.conditions["border_exposure"][0]
    most = p["border_exposure_max"]
    passes = []
    for hop, other, first, second in zip(
        origin, routes["transit"], routes["inspection_origin"], routes["inspection_transit"], strict=True
    ):
        through = 1.0 - stop_chance(seen[hop], first, most, rate)
        if other >= 0:
            through *= 1.0 - stop_chance(seen[other], second, most, rate)
        passes.append(through)
    return 1.0 - np.array(passes), routes["transit"] < 0


def cheap_buyers() -> Finding:
    """L9: buyers who never pay what chips cost get none."""
    return none_of(run(CHEAP_BUYERS).weekly(), ("ordered", "delivered"), ("ordered", "delivered"))


LIMITS: dict[str, tuple[str, Callable[[], Finding]]] = {
    "L1": ("No demand: only first orders", no_demand),
    "L2": ("Nobody looks: nothing is found", nobody_looks),
    "L3": ("No screening: nobody is refused", no_screening),
    "L4": ("No border inspection: only cases seize", no_border),
    "L5": ("No investigators: no case ends", no_investigators),
    "L6": ("Perfect screening: nothing gets through", perfect_screening),
    "L7": ("An overwhelming penalty feared with certainty: no trade", overwhelming_penalty),
    "L8": ("One inspected country: the share that passes is 1 − p", one_hop),
    "L9": ("Caps below landed cost: no trade", cheap_buyers),
}


def judge() -> list[Score]:
    """Run every limit case."""
    scores = []
    for name, (statement, case) in LIMITS.items():
        finding = case()
        rule = (case.__doc__ or "").split(":", 1)[-1].strip().rstrip(".")
        scores.append(
            Score(
                "limit case", name, statement, rule, "must", "MODEL 12", "", verdict(finding.passed), finding.found, 0
            )
        )
    return scores
