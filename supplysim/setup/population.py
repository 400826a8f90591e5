"""Initialisation: scenario, parameters and seed -> the world at week 0 (MODEL 5)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from supplysim.agents.buyer import BUYER, ORDERS_PER_BUYER, SELLERS, order_quantity
from supplysim.agents.distributor import DISTRIBUTOR
from supplysim.agents.end_user import END_USER
from supplysim.agents.end_user import SUPPLIERS as USER_SUPPLIERS
from supplysim.agents.enforcer import AGENCY
from supplysim.agents.intermediary import INTERMEDIARY
from supplysim.agents.kinds import KINDS
from supplysim.agents.shell import found_first
from supplysim.agents.vendor import VENDOR
from supplysim.detection.traits import read_channels
from supplysim.evidence import Extreme, table
from supplysim.network.given import Given, settle
from supplysim.network.routes import read_routes
from supplysim.network.ties import Directory, make_directory, pick_distributors
from supplysim.policies.base import Policy
from supplysim.setup.empty import (
    FIRST_CLASS,
    identified,
    make_chips,
    make_market,
    make_office,
    make_scratch,
    multiplied,
)
from supplysim.setup.inputs import base_conditions, codes, column
from supplysim.setup.rules import DECISIONS, TRIAGES
from supplysim.setup.scenario import Scenario
from supplysim.world.columns import AGENCIES, COUNTRIES, VENDORS, rows
from supplysim.world.conditions import Baseline, shifted
from supplysim.world.overlap import shifts
from supplysim.world.parameters import assemble
from supplysim.world.records import COUNTS, DELAYED, ORDER, REQUEST, RETURN, SHIPMENT
from supplysim.world.state import ACCOUNTS, RENTABLE, TALLY, Settings, World
from supplysim.world.streams import BUYER_ORDER, INIT_BUYER, INIT_DISTRIBUTOR, INIT_USER, normals, uniforms


@dataclass
class Start:
    """What set-up works with while it makes one kind of firm after the other, and what it has made so far."""

    seed: int
    sizes: Any  # firms of each kind
    parameters: np.ndarray  # PARAMETERS (1,)
    given: Given
    chips: np.ndarray  # CHIPS (1,)
    rentable: np.ndarray  # RENTABLE (countries,)
    market: np.ndarray  # MARKET (1,)
    accounts: np.ndarray  # ACCOUNTS (1,)
    counts: np.ndarray  # COUNTS (1,)
    made: dict[str, np.ndarray] = field(default_factory=dict)  # rows by name of kind

    @property
    def p(self) -> Any:
        """The parameters of the run."""
        return self.parameters[0]

    @cached_property
    def directory(self) -> Directory:
        """Where a firm looks for distributors."""
        firms, seats = self.made["distributor"], multiplied("intermediary_share", "seats", self.p)
        corridor = multiplied("corridor", "corridor", self.p)
        return make_directory(firms["country"], firms["share"], firms["key"], seats, corridor)


def shares_to_counts(shares: np.ndarray, total: int) -> np.ndarray:
    """Return whole counts that sum to the total, by largest remainder."""
    exact = shares / shares.sum() * total
    counts = np.floor(exact).astype(np.int64)
    for index in np.argsort(-(exact - counts), kind="stable")[: total - counts.sum()]:
        counts[index] += 1
    return counts


def choose(running: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return indices drawn by running shares."""
    return np.minimum(np.searchsorted(running, u * running[-1]), running.size - 1)


def make_vendors(start: Start) -> np.ndarray:
    """Return the chip vendors, rows of VENDOR."""
    vendors = identified(VENDOR, VENDORS)
    vendors["share"], vendors["appeal"] = column("vendors", "share"), column("vendors", "appeal")
    return vendors


def make_distributors(start: Start) -> np.ndarray:
    """Return the distributors, rows of DISTRIBUTOR; sizes are rescaled to give countries their shares."""
    seed, p, given = start.seed, start.p, start.given
    distributors = identified(DISTRIBUTOR, start.sizes.distributors)
    key = distributors["key"]
    weight = column("countries", "honest_weight")
    country = choose(np.cumsum(weight), uniforms(seed, INIT_DISTRIBUTOR, 0, key, 0))
    country = given.over("distributor", "country", country)
    size = np.exp(p["distributor_size_sigma"] * normals(seed, INIT_DISTRIBUTOR, 0, key, 1))
    present = np.bincount(country, weights=size, minlength=weight.size)
    size *= np.divide(weight, present, out=np.zeros_like(weight), where=present > 0)[country]
    distributors["country"] = country
    distributors["share"] = distributors["demand"] = given.shares(size / size.sum())
    complicit = uniforms(seed, INIT_DISTRIBUTOR, 0, key, 2) < p["complicit_share"]
    distributors["complicit"] = given.over("distributor", "complicit", complicit)
    distributors["carries"] = 1 if given.carries is None else given.carries
    distributors["screening_offset"] = p["screening_offset_sd"] * normals(seed, INIT_DISTRIBUTOR, 0, key, 3)
    distributors["mark_up"] = p["distributor_mark_up"]
    return distributors


def make_end_users(start: Start) -> np.ndarray:
    """Return the end users, rows of END_USER; cloud providers order more than others, and own chips already."""
    seed, p, given = start.seed, start.p, start.given
    users = identified(END_USER, start.sizes.end_users)
    key = users["key"]
    weight = np.cumsum(column("countries", "honest_weight"))
    country = choose(weight, uniforms(seed, INIT_USER, 0, key, 0))
    users["country"] = given.over("end_user", "country", country)
    rate = p["user_rate"] * np.exp(p["user_rate_sigma"] * normals(seed, INIT_USER, 0, key, 1))
    median = p["user_order"] * np.exp(p["user_order_sigma"] * normals(seed, INIT_USER, 0, key, 2))
    provider = uniforms(seed, INIT_USER, 0, key, 3) < p["provider_share"]
    users["audit_due"] = -1
    users["provider"] = given.over("end_user", "provider", provider)
    users["order_chance"] = np.minimum(rate, p["user_rate_max"]) / 52.0
    median = np.where(users["provider"], p["provider_size"], 1.0) * median
    users["order_median"] = given.over("end_user", "order_median", median)
    for tie in range(USER_SUPPLIERS):
        u = uniforms(seed, INIT_USER, 0, key, 10 + tie)
        chosen = np.empty(users.size, np.int64)
        pick_distributors(start.directory, users["country"].copy(), u, chosen)
        users["supplier"][:, tie] = chosen
    users["supplier"] = given.suppliers("end_user", users["supplier"])
    give_initial_chips(users, start.chips, start.rentable, p)
    return users


def usual_orders(users: np.ndarray, p: Any) -> float:
    """Return the chips a week that end users would order at pace 1 (the mean of a lognormal)."""
    noise = p["user_order_noise"]
    return float((users["order_chance"] * users["order_median"]).sum() * math.exp(0.5 * noise * noise))


def give_initial_chips(users: np.ndarray, chips: np.ndarray, rentable: np.ndarray, p: Any) -> None:
    """Give cloud providers their part of the compute installed before the start: first-generation chips."""
    weight = users["order_chance"] * users["order_median"]
    if weight.sum() == 0.0:
        return
    compute = p["initial_compute"] * p["market_scale"] * p["channel_share"]
    owned = np.floor(compute * weight / weight.sum() / chips["h100e"][0, 0]).astype(np.int64)
    owned[~users["provider"]] = 0
    users["installed"][:, 0] += owned
    np.add.at(rentable["provider"][:, 0], users["country"], owned)
    chips["minted"][0, 0] += owned.sum()


def make_intermediaries(start: Start) -> np.ndarray:
    """Return the slots of intermediaries, rows of INTERMEDIARY, the lowest with the firms of week 0."""
    given, p, slots = start.given, start.p, start.sizes.intermediaries
    firms = identified(INTERMEDIARY, slots)
    firms["shell"] = -1
    plain, fronts = given.first_shells(p["intermediaries_at_start"], p["fronts_at_start"], slots)
    price, heard = start.chips[0]["list_price"][FIRST_CLASS], start.market[0]["heard"]
    found_first(start.seed, plain, fronts, firms, start.directory, heard, price, start.accounts, start.parameters)
    settle(firms, start.accounts, given)
    start.counts["slots"] = start.market["principals"] = plain + fronts
    return firms


def make_buyers(start: Start) -> np.ndarray:
    """Return the buyers in China, rows of BUYER, tied to intermediaries found by the root of capacity."""
    seed, p, given, firms, count = start.seed, start.p, start.given, start.made["intermediary"], start.sizes.buyers
    buyers = identified(BUYER, count)
    key = buyers["key"]
    classes = len(table("classes"))
    kind = np.repeat(np.arange(classes), shares_to_counts(column("classes", "count_share"), count))
    kind = given.over("buyer", "buyer_class", kind)
    weight = np.exp(p["buyer_weight_sigma"] * normals(seed, INIT_BUYER, 0, key, 0))
    total = np.bincount(kind, weights=weight, minlength=classes)
    weight *= (column("classes", "weight") / np.where(total > 0, total, 1.0))[kind]
    scatter = np.exp(p["order_scatter"] * normals(seed, INIT_BUYER, 0, key, 1))
    median = given.over("buyer", "order_median", column("classes", "median_order")[kind] * scatter)
    buyers["kind"] = kind
    buyers["weight"] = weight / weight.sum()
    buyers["order_median"] = median
    buyers["wtp"] = p["wtp"] * np.exp(p["wtp_sigma"] * normals(seed, INIT_BUYER, 0, key, 2))
    buyers["wtp_start"] = buyers["wtp"]
    buyers["need"] = 0.3 * uniforms(seed, INIT_BUYER, 0, key, 3) * median
    buyers["next_size"] = [
        order_quantity(u, middle, p["order_sigma"], p["server_size"], p["order_max"])
        for u, middle in zip(uniforms(seed, BUYER_ORDER, 0, key * ORDERS_PER_BUYER, 0), median, strict=True)
    ]
    buyers["seller"], buyers["pull"] = -1, 1.0
    buyers["seller_shell"] = -1
    reach = np.cumsum(np.where(firms["active"], np.sqrt(firms["capacity"]), 0.0))
    if ("intermediary", "buyer") in given.ties:
        buyers["seller"] = given.ties["intermediary", "buyer"]
    elif reach.size and reach[-1] > 0.0:
        for tie in range(SELLERS):
            buyers["seller"][:, tie] = choose(reach, uniforms(seed, INIT_BUYER, 0, key, 10 + tie))
    if reach.size:
        buyers["seller_shell"] = np.where(buyers["seller"] >= 0, firms["shell"][buyers["seller"]], -1)
    return buyers


def make_agencies(start: Start) -> np.ndarray:
    """Return the agencies, rows of AGENCY."""
    return identified(AGENCY, AGENCIES)


# One maker a kind; they are called in the order of `KINDS`, so that each finds the kinds it buys from.
MAKERS: dict[str, Callable[[Start], np.ndarray]] = {
    "vendor": make_vendors,
    "distributor": make_distributors,
    "end_user": make_end_users,
    "intermediary": make_intermediaries,
    "buyer": make_buyers,
    "enforcer": make_agencies,
}


def build(
    scenario: Scenario, policies: Sequence[Policy], seed: int, parameters: Mapping[str, float] | None = None
) -> tuple[World, Baseline]:
    """Return the world at week 0, and what levers need to know of the scenario.

    Parameters
    ----------
    scenario : Scenario
        Period, population, rules and parameters.
    policies : sequence of Policy
        Levers in force besides the scenario's own.
    seed : int
        Names the world: the same seed gives the same draws under every policy.
    parameters : mapping of str to float, optional
        Values that replace the scenario's central ones.
    """
    values = scenario.central_parameters() | dict(parameters or {})
    row = assemble(values, isinstance(parameters, Extreme))
    given = Given()
    if scenario.network.files():
        from supplysim.network.graph_check import read_given

        given = read_given(*scenario.network.files())
    sizes = scenario.population.model_copy(update=given.sizes(scenario.population.intermediaries))
    rentable = rows(RENTABLE, len(table("countries")))
    chips, market = make_chips(row[0]), make_market(multiplied("corridor", "corridor", row[0]))
    start = Start(seed, sizes, row, given, chips, rentable, market, rows(ACCOUNTS, 1), rows(COUNTS, 1))
    for kind in KINDS:
        start.made[kind.name] = MAKERS[kind.name](start)
    users, p = start.made["end_user"], start.p

    before = base_conditions(scenario, values, usual_orders(users, p))
    baseline = Baseline(
        before,
        scenario.start,
        scenario.week_of(scenario.policy_start),
        values,
        codes("countries"),
        codes("vendors"),
        codes("agencies"),
        sizes.distributors,
        tuple(np.bincount(users["country"][users["provider"] > 0], minlength=COUNTRIES).tolist()),
    )
    moved = shifts((*scenario.policies, *policies), baseline)
    targets, waiting = sizes.intermediaries + sizes.end_users, 48 * sizes.buyers + 64
    requests = 3 * sizes.end_users + waiting
    world = World(
        seed=seed,
        **{kind.table: start.made[kind.name] for kind in KINDS if "." not in kind.table},
        order_chance=users["order_chance"].copy(),
        users_in=np.bincount(users["country"], minlength=COUNTRIES),
        lookalikes=column("countries", "lookalikes") * p["market_scale"],
        office=make_office(start.made["enforcer"], targets),
        orders=rows(ORDER, 2 * waiting),
        open_orders=np.zeros(waiting, np.int64),
        shipments=rows(SHIPMENT, 2 * waiting),
        moving=np.zeros(waiting, np.int64),
        delayed=rows(DELAYED, 2 * sizes.end_users + 64),
        returns=rows(RETURN, 4 * sizes.intermediaries + 64),
        requests=rows(REQUEST, requests),
        scratch=make_scratch(sizes, targets, requests),
        counts=start.counts,
        chips=start.chips,
        rentable=rentable,
        market=start.market,
        reach=np.zeros(sizes.intermediaries),
        accounts=start.accounts,
        tally=rows(TALLY, scenario.weeks),
        directory=start.directory,
        routes=read_routes(p["freight"], p["freight_transit"]),
        channels=read_channels(p["concealment"], p["insider_share"]),
        tastes=np.column_stack([column("classes", "rented_taste"), column("classes", "domestic_taste")]),
        conditions=shifted(before, moved),
        baseline=before,
        settings=Settings(
            DECISIONS.index(scenario.rules.decision),
            TRIAGES.index(scenario.rules.triage),
            int(scenario.rules.adaptive_inspection),
            int(scenario.rules.announcement_form == "product"),
        ),
        parameters=row,
    )
    return world, baseline
