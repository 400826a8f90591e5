"""Intermediaries: firms that buy chips abroad and send them to China; a shell is one identity of a principal."""

from __future__ import annotations

from supplysim._compiled import rule
from supplysim.detection.signal import logistic
from supplysim.world.columns import COUNTRIES, GENERATIONS, VENDORS, columns, flag, real, whole
from supplysim.world.kind import Kind, Tie

SUPPLIERS = 6


INTERMEDIARY = columns(
    key=whole,  # identity of the slot
    row_of=whole,  # row of each key
    # what buyers and purchases read, together: a large market does not fit the processor's cache
    active=flag,  # in business
    shell=whole,  # how many firms this slot has held before (its generation)
    hold_until=whole,  # week until which vendors stop sales to it
    ask=(whole, GENERATIONS),  # US$
    over_list=real,  # ask over list, mean over a typical order
    appeal=real,  # weight in buyers' choice before trust
    backlog=whole,  # chips on open orders
    capacity=real,  # chips/week that it can handle now
    participation=real,  # chance of taking up an order-week
    cash=whole,  # US$
    front=flag,  # buys in bulk as if a cloud provider
    sophistication=real,  # share, how well it conceals
    supplier=(whole, SUPPLIERS),  # rows of distributors
    # the rest
    principal=whole,  # the lineage behind the shell
    country=whole,  # index of countries
    born=whole,  # week
    seed_cash=whole,  # US$
    taken=whole,  # US$ that its principal has taken out
    full_capacity=real,  # chips/week that it could handle once it is established
    reservation_margin=real,  # share of list price
    margin=real,  # share of unit cost
    diverted_share=real,  # share of its purchases that a front diverts
    idle=whole,  # weeks without an open order
    orders=whole,  # orders received by this shell
    hop_losses=(real, COUNTRIES),  # Beta count of stops
    hop_passes=(real, COUNTRIES),  # Beta count of passes
    knows=whole,  # corridors it has a forwarder for, one bit a country
    way=real,  # believed chance that the best of these stops a consignment
    caught_events=real,  # Gamma count of events
    caught_years=real,  # Gamma exposure, firm-years
    bought=(whole, SUPPLIERS),  # chips by supplier tie
    bought_value=(whole, SUPPLIERS),  # US$ at list price by supplier tie
    tries=(real, VENDORS),  # purchases tried of a brand, decaying
    refusals=(real, VENDORS),  # of which refused
    recent_volume=real,  # chips, decaying
    recent_value=real,  # US$ at list price, decaying
    recent_shipments=real,  # shipments, decaying
    reports_at_risk=real,  # consignments that report their place, in view of checks, decaying
    suspicion=real,  # log-odds that vendors add to those of its site
    audit_due=whole,  # week in which an audit of its site ends, -1 none
    kept=(whole, GENERATIONS),  # chips that fronts keep
    delivered=whole,  # chips this shell delivered
    last_route=whole,  # route of the last consignment, -1 none
    route_failed=flag,  # the last consignment was stopped
)
KIND = Kind(
    "intermediary",
    "intermediaries",
    INTERMEDIARY,
    stock=("kept",),
    traits=("front", "shell", "principal", "capacity", "delivered", "cash"),
    ties=(Tie("distributor", units="bought", rows="supplier"),),
)


@rule
def perceived_share(losses, passes):
    """Return the believed chance that a hop stops a consignment: the mean of a Beta belief."""
    return losses / (losses + passes)


@rule
def perceived_catch_rate(events, years, salience):
    """Return the felt rate of being caught, 1/year: the mean of a Gamma belief, over-weighted."""
    return salience * events / years


@rule
def penalty_severity(fine_ratio, exponent):
    """Return how severe penalties feel: a fine twice as high is feared less than twice as much."""
    return fine_ratio**exponent


@rule
def loss_if_caught(cost, wealth, yearly_volume, fine_ratio, willingness, penalty, severity, profit_share):
    """Return what being caught would cost for each chip of a year's trade, US$ (MODEL 7.4).

    A fine limited by wealth, and a personal penalty that grows with severity.
    """
    fine = min(wealth / yearly_volume, fine_ratio * cost)
    return fine + willingness * penalty * severity * profit_share * cost


@rule
def unit_cost(cost, handling, loss_factor, hazard, prepaid, catch_rate, loss):
    """Return the full cost of one delivered chip, with what it is expected to lose, US$ (MODEL 7.4)."""
    return cost + handling + loss_factor * hazard * cost * (1.0 - 0.5 * prepaid) + catch_rate * loss


@rule
def ask_price(full_cost, margin):
    """Return the price asked for one chip, whole US$."""
    return int(full_cost * (1.0 + margin) + 0.5)


@rule
def participation_chance(price, full_cost, reservation_margin, slope):
    """Return the chance of taking up an order this week: a Becker choice with noise; both over list (MODEL 7.4)."""
    return logistic(slope * (price - full_cost - reservation_margin))


@rule
def next_margin(margin, backlog, capacity, weeks, speed, reservation_margin, highest):
    """Return next week's margin: it rises when backlog exceeds the normal number of weeks (MODEL 7.10)."""
    pressure = min(max(backlog / (capacity * weeks) - 1.0, -1.0), 2.0)
    return min(max(margin + speed * pressure, max(0.0, 0.5 * reservation_margin)), highest)


@rule
def usable_stock(stock, featured, avoidance):
    """Return how attractive a stock is to a trader who avoids featured chips, chips."""
    return max(0.0, stock - avoidance * featured)


@rule
def brand_weight(usable, appeal, refusals, tries):
    """Return the weight of a brand in a purchase: what is in stock, what sells, what was refused."""
    return usable * appeal * (1.0 - refusals / (tries + 1.0))


@rule
def weekly_limit(capacity, surge, least):
    """Return the most chips a firm buys in one week."""
    return max(int(least), int(surge * capacity))


@rule
def grown_capacity(capacity, full, growth, weekly):
    """Return what a firm that is not yet established can handle next week: deals done bring more (MODEL 7.10)."""
    return min(capacity + growth * weekly, full)


@rule
def knows_corridor(knows, country):
    """Return whether a trader has a forwarder by way of a country: its bit of `knows`."""
    return (knows >> country) & 1 == 1


@rule
def is_bankrupt(cash, seed_cash, share):
    """Return whether a firm's debt exceeds what its principal will carry."""
    return cash < -share * seed_cash


@rule
def unnoticed_lot(lot, kept, size):
    """Return the largest part of a lot that, with what a front keeps of it, stays below the size to be notified."""
    whole = lot + kept
    return lot if whole < size else int((size - 1) * lot / whole)
