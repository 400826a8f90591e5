"""The world: every table that a week reads or writes, and what is counted each week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from supplysim.network.routes import Routes
from supplysim.network.ties import Directory
from supplysim.world.columns import CHANNELS, COUNTRIES, GENERATIONS, PRODUCTS, columns, flag, real, whole

# Where the chips are, in whole chips, one row.
CHIPS = columns(
    reference=whole,  # the generation whose price buyers compare
    h100e=(real, GENERATIONS),  # H100-equivalents per chip
    list_price=(whole, GENERATIONS),  # US$
    minted=(whole, PRODUCTS),
    direct=(whole, PRODUCTS),  # sold on large contracts
    in_transit=(whole, PRODUCTS),
    transit_featured=(whole, PRODUCTS),  # of which carry the feature
    seized=(whole, PRODUCTS),
    deployed=(whole, PRODUCTS),  # in China
    deployed_featured=(whole, PRODUCTS),  # of which carry the feature
    disabled=(whole, PRODUCTS),  # diverted chips switched off
    honest_disabled=(whole, GENERATIONS),  # honest owners' chips switched off in error
)

# Chips that can be rented out, by country, one row a country.
RENTABLE = columns(
    provider=(whole, GENERATIONS),  # held by cloud providers
    fronts=(whole, GENERATIONS),  # kept by fronts
)

# Prices and beliefs that belong to no single firm, one row.
MARKET = columns(
    mark_up=real,  # reference price over list
    rented=real,  # H100e rented to buyers in China
    rental_price=real,  # 1 = reference price of an H100e-year
    stops=(whole, COUNTRIES),  # consignments stopped this week
    passes=(whole, COUNTRIES),  # consignments passed this week
    heard=(real, 1 + COUNTRIES),  # announced change of catch rate and of hop hazards so far, 1 = none
    stop_record=(real, COUNTRIES),  # decayed stops that adaptive inspection remembers
    inspection_weight=(real, COUNTRIES),  # where adaptive inspection looks
    principals=whole,  # principals so far
    skipped=whole,  # entrants that found no free slot
)

# Money held outside firms, whole US$, one row; with the firms' cash it always sums to zero.
ACCOUNTS = columns(
    government=whole,
    carriers=whole,
    overhead=whole,
    outside=whole,  # supplies seed cash, buys on direct contracts, receives withdrawals
)

# One agency's file on one target; targets are the slots of intermediaries, then the end users.
DESK = columns(
    evidence=real,  # log-odds added to the prior
    listed=flag,  # has an open dossier
    looked=flag,  # an investigator has read it
    ready=flag,  # worth a case
    on_case=flag,  # has an open case
)

# The open dossiers as a list.
DOSSIER = columns(agency=whole, target=whole)

# What happened in a week, one row a week: chips unless said.
TALLY = columns(
    ordered=whole,
    attempted=whole,  # order-units that reached a purchase attempt, each once
    refused=whole,
    purchased=whole,
    delivered=whole,
    delivered_featured=whole,
    seized_border=whole,
    seized_cases=whole,
    disabled=whole,
    disabled_by=(whole, GENERATIONS),
    honest_disabled=whole,
    cancelled=whole,
    open=whole,  # at the end of the week
    in_transit=whole,  # at the end of the week
    delivered_by=(whole, GENERATIONS),
    via=(whole, COUNTRIES),  # delivered, by the last country before China
    value=whole,  # US$ paid for delivered chips
    purchase_orders=whole,  # attempts
    refused_orders=whole,  # attempts
    split_lots=whole,  # attempts made smaller than the size to be notified
    channel_chips=whole,  # supplied to distributors
    honest_orders=whole,  # orders
    honest_ordered=whole,
    honest_filled=whole,
    honest_flagged=whole,  # orders
    honest_lost=whole,
    honest_delay=whole,  # chip-weeks
    honest_inspected=whole,  # orders opened at borders
    honest_stopped=whole,  # chips stopped in error at borders
    notifications=whole,  # reports
    checks=whole,  # end-use checks of honest firms
    looks=whole,  # dossiers read
    cases_opened=whole,  # cases
    prosecutions=whole,
    listings=whole,
    lapsed_cases=whole,
    failed_cases=whole,
    false_cases=whole,
    removed_volume=whole,  # lifetime deliveries of firms removed by agencies
    fines=whole,  # US$
    stop_sales=whole,  # firms
    entries=whole,  # firms
    returns=whole,  # firms
    exits=whole,  # firms
    active_intermediaries=whole,  # firms at the end of the week
    active_fronts=whole,
    open_cases=whole,  # at the end of the week
    queue=whole,  # unread dossiers at the end of the week
    leads=(whole, (CHANNELS, 2)),  # false and true
    mark_up=real,  # reference price over list
    licensed_h100e=real,
    rented_h100e=real,
    domestic_h100e=real,
    none_h100e=real,
    rented_stock=real,  # H100e
    rentable_stock=real,  # H100e
    rental_price=real,
    wait=real,  # weeks that buyers expect
    entry_signal=real,
    announced=real,  # how much more often traders think firms are caught, for what was announced
)


class Settings(NamedTuple):
    """Switches of a scenario, as integers that compiled code can test."""

    decision: int  # 0 expected utility, 1 salience, 2 habit
    naive_triage: int
    adaptive_inspection: int
    product_announcement: int


class Office(NamedTuple):
    """What the agencies keep."""

    agencies: np.ndarray  # AGENCY (agencies,)
    agency_of: np.ndarray  # int64 (countries,), which agency is the host's
    desks: np.ndarray  # DESK (agencies, targets)
    dossiers: np.ndarray  # DOSSIER (agencies x targets,)
    leads: np.ndarray  # LEAD
    cases: np.ndarray  # CASE
    open_cases: np.ndarray  # int64, rows of open cases in the order they were opened


class Scratch(NamedTuple):
    """Room to note things down within a phase; nothing in it is read after the phase that wrote it."""

    allocation: np.ndarray  # (distributors,), for supply: share of new chips, in the order of identity
    # buying: what each buyer wants and what draws it where, in the order of identity
    want: np.ndarray  # (buyers,), H100e
    smuggled: np.ndarray  # (buyers,), exponentials of utility, also the next four
    outside: np.ndarray  # (buyers,)
    others: np.ndarray  # (buyers,)
    domestic: np.ndarray  # (buyers,)
    rented: np.ndarray  # (buyers,)
    domestic_appeal: np.ndarray  # (buyer classes,)
    rented_appeal: np.ndarray  # (buyer classes,)
    mix: np.ndarray  # (generations,), running share of what is in stock
    # procurement: what each intermediary can still buy this week, and what there is
    room: np.ndarray  # int64 (slots,), chips
    cash: np.ndarray  # int64 (slots,), US$
    usable: np.ndarray  # (distributors, products), chips that a trader wants
    usable_of: np.ndarray  # (distributors, generations), the same by generation
    brands: np.ndarray  # (vendors,), one trader's weights
    # rationing: requests by distributor and product
    start: np.ndarray  # int64 (distributors x products + 1,), first request of each bucket
    filled: np.ndarray  # int64 (distributors x products,)
    in_order: np.ndarray  # int64 (requests,), rows of requests by bucket and priority
    # dispatch: one firm's view of its routes
    believed: np.ndarray  # (countries,)
    running: np.ndarray  # (routes of one origin,)
    # enforcement: an agency's most pressing targets, and work for each open case
    target: np.ndarray  # int64 (targets,)
    rank: np.ndarray  # (targets,)
    rate: np.ndarray  # (agencies,)


class World(NamedTuple):
    """Everything a run holds."""

    seed: int
    vendors: np.ndarray  # VENDOR
    distributors: np.ndarray  # DISTRIBUTOR
    end_users: np.ndarray  # END_USER
    order_chance: np.ndarray  # (end users,), their order chance by identity: few order, so most rows stay unread
    users_in: np.ndarray  # int64 (countries,), end users by country
    intermediaries: np.ndarray  # INTERMEDIARY
    buyers: np.ndarray  # BUYER
    office: Office
    orders: np.ndarray  # ORDER
    open_orders: np.ndarray  # int64, rows of open orders, oldest first
    shipments: np.ndarray  # SHIPMENT
    moving: np.ndarray  # int64, rows of shipments in transit, oldest first
    delayed: np.ndarray  # DELAYED
    returns: np.ndarray  # RETURN
    requests: np.ndarray  # REQUEST
    scratch: Scratch
    counts: np.ndarray  # COUNTS (1,)
    chips: np.ndarray  # CHIPS (1,)
    rentable: np.ndarray  # RENTABLE (countries,)
    market: np.ndarray  # MARKET (1,)
    reach: np.ndarray  # (slots,), running weight with which buyers find a firm, by identity
    accounts: np.ndarray  # ACCOUNTS (1,)
    tally: np.ndarray  # TALLY (weeks,)
    directory: Directory
    routes: Routes
    channels: np.ndarray  # CHANNEL_TRAITS
    tastes: np.ndarray  # (buyer classes, 2), for rented and domestic compute
    hubs: np.ndarray  # int64, transit countries that newcomers judge risk by
    conditions: np.ndarray  # CONDITIONS (weeks,), with policies
    baseline: np.ndarray  # CONDITIONS (weeks,), without
    settings: Settings
    parameters: np.ndarray  # PARAMETERS (1,)
