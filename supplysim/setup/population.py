"""Initialisation: scenario, parameters and seed -> the world at week 0 (MODEL 5)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from supplysim.agents.buyer import BUYER, SELLERS, order_quantity
from supplysim.agents.distributor import DISTRIBUTOR
from supplysim.agents.end_user import END_USER
from supplysim.agents.end_user import SUPPLIERS as USER_SUPPLIERS
from supplysim.agents.enforcer import AGENCY
from supplysim.agents.intermediary import INTERMEDIARY
from supplysim.agents.shell import found_first
from supplysim.agents.vendor import VENDOR
from supplysim.detection.traits import read_channels
from supplysim.evidence import HUBS, table
from supplysim.network.given import Given, settle
from supplysim.network.graph_check import read_given
from supplysim.network.routes import LONGEST, read_routes
from supplysim.network.ties import Directory, make_directory, pick_distributors
from supplysim.phases.buying import ORDERS_PER_BUYER
from supplysim.policies.base import Policy
from supplysim.setup.inputs import base_conditions, codes, column
from supplysim.setup.scenario import Scenario
from supplysim.world.columns import AGENCIES, COUNTRIES, GENERATIONS, PRODUCTS, VENDORS, rows
from supplysim.world.conditions import Baseline, shifted
from supplysim.world.parameters import assemble
from supplysim.world.records import CASE, COUNTS, DELAYED, LEAD, MOST_CASES, ORDER, REQUEST, RETURN, SHIPMENT
from supplysim.world.state import (
    ACCOUNTS,
    CHIPS,
    DESK,
    DOSSIER,
    MARKET,
    RENTABLE,
    TALLY,
    Office,
    Scratch,
    Settings,
    World,
)
from supplysim.world.streams import BUYER_ORDER, INIT_BUYER, INIT_DISTRIBUTOR, INIT_USER, normals, uniforms

REFERENCE = 1  # buyers compare prices of the H generation
DECISIONS = ("expected_utility", "salience", "habit")
FIRST_MARK_UP = 1.4  # the reference price over list before any trade; forgotten within months


def identified(kind: np.dtype, count: int) -> np.ndarray:
    """Return `count` empty rows of a kind of firm, each with its identity."""
    firms = rows(kind, count)
    firms["key"] = np.arange(count)
    if "row_of" in (kind.names or ()):
        firms["row_of"] = np.arange(count)
    return firms


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


def make_vendors() -> np.ndarray:
    """Return the chip vendors, rows of VENDOR."""
    vendors = identified(VENDOR, VENDORS)
    vendors["share"], vendors["appeal"] = column("vendors", "share"), column("vendors", "appeal")
    return vendors


def make_distributors(seed: int, count: int, p: Any, given: Given) -> np.ndarray:
    """Return the distributors, rows of DISTRIBUTOR; sizes are rescaled to give countries their shares."""
    distributors = identified(DISTRIBUTOR, count)
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


def make_end_users(seed: int, count: int, p: Any, directory: Directory, given: Given) -> np.ndarray:
    """Return the end users, rows of END_USER; cloud providers order more than others."""
    users = identified(END_USER, count)
    key = users["key"]
    weight = np.cumsum(column("countries", "honest_weight"))
    country = choose(weight, uniforms(seed, INIT_USER, 0, key, 0))
    users["country"] = given.over("end_user", "country", country)
    rate = p["user_rate"] * np.exp(p["user_rate_sigma"] * normals(seed, INIT_USER, 0, key, 1))
    median = p["user_order"] * np.exp(p["user_order_sigma"] * normals(seed, INIT_USER, 0, key, 2))
    provider = uniforms(seed, INIT_USER, 0, key, 3) < p["provider_share"]
    users["provider"] = given.over("end_user", "provider", provider)
    users["order_chance"] = np.minimum(rate, p["user_rate_max"]) / 52.0
    median = np.where(users["provider"], p["provider_size"], 1.0) * median
    users["order_median"] = given.over("end_user", "order_median", median)
    for tie in range(USER_SUPPLIERS):
        u = uniforms(seed, INIT_USER, 0, key, 10 + tie)
        users["supplier"][:, tie] = pick_distributors(directory, users["country"].copy(), u)
    users["supplier"] = given.suppliers("end_user", users["supplier"])
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


def make_buyers(seed: int, count: int, p: Any, firms: np.ndarray, given: Given) -> np.ndarray:
    """Return the buyers in China, rows of BUYER, tied to intermediaries found by the root of capacity."""
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


def make_scratch(sizes: Any, targets: int, requests: int) -> Scratch:
    """Return the working space of a week."""
    buckets = sizes.distributors * PRODUCTS
    want, smuggled, outside, others, domestic, rented = np.zeros((6, sizes.buyers))
    return Scratch(
        allocation=np.zeros(sizes.distributors),
        want=want,
        smuggled=smuggled,
        outside=outside,
        others=others,
        domestic=domestic,
        rented=rented,
        domestic_appeal=np.zeros(len(table("classes"))),
        rented_appeal=np.zeros(len(table("classes"))),
        mix=np.zeros(GENERATIONS),
        room=np.zeros(sizes.intermediaries, np.int64),
        cash=np.zeros(sizes.intermediaries, np.int64),
        usable=np.zeros((sizes.distributors, PRODUCTS)),
        usable_of=np.zeros((sizes.distributors, GENERATIONS)),
        brands=np.zeros(VENDORS),
        start=np.zeros(buckets + 1, np.int64),
        filled=np.zeros(buckets, np.int64),
        in_order=np.zeros(requests, np.int64),
        believed=np.zeros(COUNTRIES),
        running=np.zeros(LONGEST),
        target=np.zeros(targets, np.int64),
        rank=np.zeros(targets),
        rate=np.zeros(AGENCIES),
    )


def make_office(targets: int) -> Office:
    """Return the agencies with empty desks; a country without an agency belongs to the last one."""
    names = codes("agencies")
    agency_of = [names.index(row["agency"]) if row["agency"] in names else len(names) - 1 for row in table("countries")]
    return Office(
        agencies=identified(AGENCY, AGENCIES),
        agency_of=np.array(agency_of),
        desks=rows(DESK, AGENCIES, targets),
        dossiers=rows(DOSSIER, AGENCIES * targets),
        leads=rows(LEAD, 16 * targets + 4096),
        cases=rows(CASE, 2 * MOST_CASES),
        open_cases=np.zeros(2 * MOST_CASES, np.int64),
    )


def make_chips() -> np.ndarray:
    """Return the books of chips, one row of CHIPS, all empty."""
    chips = rows(CHIPS, 1)
    chips["reference"] = REFERENCE
    chips["h100e"] = column("chips", "h100e")
    chips["list_price"] = column("chips", "list_price")
    return chips


def make_market() -> np.ndarray:
    """Return prices and beliefs at the start, one row of MARKET."""
    market = rows(MARKET, 1)
    market["mark_up"] = FIRST_MARK_UP
    market["rental_price"] = market["heard"] = market["inspection_weight"] = 1.0
    return market


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
    row = assemble(values)
    p = row[0]
    weeks, given = scenario.weeks, read_given(*scenario.network.files())
    sizes = scenario.population.model_copy(update=given.sizes(scenario.population.intermediaries))
    distributors = make_distributors(seed, sizes.distributors, p, given)
    seats = column("countries", "intermediary_share")
    directory = make_directory(distributors["country"], distributors["share"], distributors["key"], seats)
    users = make_end_users(seed, sizes.end_users, p, directory, given)
    chips, market = make_chips(), make_market()
    rentable, accounts = rows(RENTABLE, len(table("countries"))), rows(ACCOUNTS, 1)
    give_initial_chips(users, chips, rentable, p)
    firms = identified(INTERMEDIARY, sizes.intermediaries)
    firms["shell"] = -1
    traders, fronts = given.first_shells(
        values["intermediaries_at_start"], values["fronts_at_start"], sizes.intermediaries
    )
    list_price = chips[0]["list_price"][REFERENCE]
    heard = market[0]["heard"]
    found_first(seed, traders, fronts, firms, directory, heard, list_price, accounts, row)
    settle(firms, accounts, given)
    counts = rows(COUNTS, 1)
    counts["slots"] = traders + fronts
    market["principals"] = traders + fronts
    buyers = make_buyers(seed, sizes.buyers, p, firms, given)

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
    shifts = [shift for policy in (*scenario.policies, *policies) for shift in policy.shifts(baseline)]
    targets, waiting = sizes.intermediaries + sizes.end_users, 48 * sizes.buyers + 64
    requests = 3 * sizes.end_users + waiting
    world = World(
        seed=seed,
        vendors=make_vendors(),
        distributors=distributors,
        end_users=users,
        order_chance=users["order_chance"].copy(),
        users_in=np.bincount(users["country"], minlength=COUNTRIES),
        intermediaries=firms,
        buyers=buyers,
        office=make_office(targets),
        orders=rows(ORDER, 2 * waiting),
        open_orders=np.zeros(waiting, np.int64),
        shipments=rows(SHIPMENT, 2 * waiting),
        moving=np.zeros(waiting, np.int64),
        delayed=rows(DELAYED, 2 * sizes.end_users + 64),
        returns=rows(RETURN, 4 * sizes.intermediaries + 64),
        requests=rows(REQUEST, requests),
        scratch=make_scratch(sizes, targets, requests),
        counts=counts,
        chips=chips,
        rentable=rentable,
        market=market,
        reach=np.zeros(sizes.intermediaries),
        accounts=accounts,
        tally=rows(TALLY, weeks),
        directory=directory,
        routes=read_routes(p["freight"], p["freight_transit"]),
        channels=read_channels(p["concealment"]),
        tastes=np.column_stack([column("classes", "rented_taste"), column("classes", "domestic_taste")]),
        hubs=np.array([codes("countries").index(code) for code in HUBS]),
        conditions=shifted(before, shifts),
        baseline=before,
        settings=Settings(
            DECISIONS.index(scenario.rules.decision),
            int(scenario.rules.triage == "naive"),
            int(scenario.rules.adaptive_inspection),
            int(scenario.rules.announcement_form == "product"),
        ),
        parameters=row,
    )
    return world, baseline
