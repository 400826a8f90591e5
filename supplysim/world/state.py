"""The world: every table that a week reads or writes, and what is counted each week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from supplysim.network.routes import Routes
from supplysim.network.ties import Directory
from supplysim.world.columns import CHANNELS, COUNTRIES, GENERATIONS, PRODUCTS, SUBSTITUTES, columns, flag, real, whole

# Where the chips are, in whole chips, one row.
CHIPS = columns(
    h100e=(real, GENERATIONS),  # H100-equivalents per chip
    list_price=(whole, GENERATIONS),  # US$
    minted=(whole, PRODUCTS),
    direct=(whole, PRODUCTS),  # sold on large contracts
    in_transit=(whole, PRODUCTS),
    transit_reporting=(whole, PRODUCTS),  # of which can report where they are
    transit_switched=(whole, PRODUCTS),  # of which can be disabled
    seized=(whole, PRODUCTS),
    deployed=(whole, PRODUCTS),  # in China
    deployed_reporting=(whole, PRODUCTS),  # of which can report where they are
    deployed_switched=(whole, PRODUCTS),  # of which can be disabled
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
    mark_up=real,  # what orders paid over list, moving average
    mix=(real, GENERATIONS),  # share of each class in a typical order
    premium=(real, GENERATIONS),  # log of what unproven buyers pay distributors above others
    dearer=(real, GENERATIONS),  # the same as a multiple of price
    unmet=(real, GENERATIONS),  # share of traders' requests that found no stock, moving average
    newest=real,  # H100e of a chip of the newest class on sale
    channel_price=(real, SUBSTITUTES),  # log price over list or reference of the other kinds of compute
    offshore=real,  # H100e owned by offshore subsidiaries of Chinese firms
    rented=real,  # H100e rented to buyers in China
    rental_price=real,  # 1 = reference price of an H100e-year
    stops=(whole, COUNTRIES),  # consignments stopped this week
    passes=(whole, COUNTRIES),  # consignments passed this week
    heard=(real, 1 + COUNTRIES),  # announced change of catch rate and of hop hazards so far, 1 = none
    stop_record=(real, COUNTRIES),  # decayed stops that adaptive inspection remembers
    inspection_weight=(real, COUNTRIES),  # where adaptive inspection looks
    corridor_log=(real, COUNTRIES),  # log attraction of the corridor by a country
    bypass=real,  # share of diverted chips that evade checks of their place
    disable_events=real,  # thousand diverted chips seen disabled, decaying
    disable_years=real,  # thousand chip-years in which they could have been
    switched_share=real,  # of what is delivered, moving average
    value_loss=real,  # loss of value that buyers expect of a switch
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
    tip=flag,  # an insider's tip began it, and no case has decided on it yet
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
    delivered_reporting=whole,  # that can report where they are
    delivered_switched=whole,  # that can be disabled
    seized_border=whole,
    seized_cases=whole,
    interdicted=whole,  # of those seized in cases, before the case was over
    disabled=whole,
    disabled_by=(whole, GENERATIONS),
    honest_disabled=whole,
    cancelled=whole,
    open=whole,  # at the end of the week
    in_transit=whole,  # at the end of the week
    delivered_by=(whole, GENERATIONS),
    wanted_by=(whole, GENERATIONS),  # that traders asked distributors for
    granted_by=(whole, GENERATIONS),  # of which they got
    looked_away=whole,  # bought from distributors that look away
    paid_by=(whole, GENERATIONS),  # US$ of orders at the price asked
    listed_by=(whole, GENERATIONS),  # US$ of the same at list price
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
    stop_lost=whole,  # of which because sales were stopped in error
    honest_delay=whole,  # chip-weeks
    opened=real,  # look-alike consignments opened at borders
    us_opened=real,  # of which by the United States
    corridors_opened=whole,  # by traders that knew none there
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
    supplier_fines=whole,  # US$, of which from distributors
    us_fines=whole,  # US$, of which in cases of the US bureau
    fund_start=whole,  # US$, start money put into a whistleblower fund
    fund_fines=whole,  # US$, fines of cases that a tip began, put into it
    fund_awards=whole,  # US$, paid out of it to insiders
    fund_staff=whole,  # US$, paid out of it for screening staff
    fund_held=whole,  # US$ in it at the end of the week
    liable=whole,  # distributors found liable
    named=whole,  # firms named in the papers of concluded cases
    audits=whole,  # of sites, begun
    stop_sales=whole,  # firms
    false_stops=whole,  # honest firms
    entries=whole,  # firms
    returns=whole,  # firms
    exits=whole,  # firms
    active_intermediaries=whole,  # firms at the end of the week
    active_fronts=whole,
    open_cases=whole,  # at the end of the week
    queue=whole,  # unread dossiers at the end of the week
    leads=(whole, (CHANNELS, 2)),  # false and true
    mark_up=real,  # price over list, moving average
    premium=(real, GENERATIONS),  # log
    licensed_h100e=real,
    rented_h100e=real,
    offshore_h100e=real,
    domestic_h100e=real,
    none_h100e=real,
    frontier_abroad=real,  # H100e of classes near the newest, rented and offshore-owned
    frontier_smuggled=real,  # H100e of classes near the newest, delivered
    advanced_abroad=real,  # H100e of classes above a fixed bar, rented and offshore-owned
    advanced_smuggled=real,  # H100e of classes above a fixed bar, delivered
    channel_price=(real, SUBSTITUTES),  # log
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
    smuggled: np.ndarray  # (buyers,), exponential of utility over the scale of the nest
    kind: np.ndarray  # int64 (buyers,), buyer class
    appeal: np.ndarray  # (buyer classes, substitutes), exponentials of utility at a log price of 0
    cheap: np.ndarray  # (substitutes,), what their prices make of that
    demand: np.ndarray  # (substitutes,), H100e wanted at the prices
    slope: np.ndarray  # (substitutes,), its fall for a log price
    offer: np.ndarray  # (substitutes,), H100e to be had this week
    floor: np.ndarray  # (substitutes,), lowest log price
    running_mix: np.ndarray  # (generations,), running share of what is ordered
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
    border_score: np.ndarray  # (countries,), score above which a consignment is opened
    opened_most: np.ndarray  # (countries,), share of diverted consignments opened that hide nothing
    # enforcement: an agency's most pressing targets, and work for each open case
    target: np.ndarray  # int64 (targets,)
    rank: np.ndarray  # (targets,)
    rate: np.ndarray  # (agencies,)
    looks: np.ndarray  # (countries,), of free search at a firm there, 1/firm-year
    chance: np.ndarray  # (countries,), that free search flags an honest user in error
    watched: np.ndarray  # (slots,), share of what a firm sends that open cases see move
    links: np.ndarray  # int64 (slots,), customers shared with a concluded case


class World(NamedTuple):
    """Everything a run holds."""

    seed: int
    vendors: np.ndarray  # VENDOR
    distributors: np.ndarray  # DISTRIBUTOR
    end_users: np.ndarray  # END_USER
    order_chance: np.ndarray  # (end users,), their order chance by identity: few order, so most rows stay unread
    users_in: np.ndarray  # int64 (countries,), end users by country
    lookalikes: np.ndarray  # (countries,), outbound consignments a year that look like chips, at the run's scale
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
    conditions: np.ndarray  # CONDITIONS (weeks,), with policies
    baseline: np.ndarray  # CONDITIONS (weeks,), without
    settings: Settings
    parameters: np.ndarray  # PARAMETERS (1,)
