"""Phase 7: consignments arrive or are stopped; payment, trust and experience follow (MODEL 7.7)."""

from supplysim._compiled import kernel
from supplysim.agents.buyer import change_trust, still_tied
from supplysim.detection.channels import BORDER
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.phases.disabling import disable
from supplysim.phases.substitutes import FRONTIER
from supplysim.world.records import ARRIVED, STOPPED
from supplysim.world.streams import ARRIVAL, draw


@kernel
def learn_hop(trader, country, stopped):
    """Count one's own outcome at a hop."""
    if stopped:
        trader.hop_losses[country] += 1.0
    else:
        trader.hop_passes[country] += 1.0


@kernel
def meet_hops(w, shipment, trader, alive):
    """Count at which hops a consignment passed or was stopped, and let its sender learn from it."""
    market, transit = w.market[0], w.routes.row[shipment.route].transit
    origin, stop = w.distributors[shipment.distributor].country, shipment.stop_hop
    first_passed = stop != origin
    if first_passed:
        market.passes[origin] += 1
        if transit >= 0 and stop < 0:
            market.passes[transit] += 1
    if stop >= 0:
        market.stops[stop] += 1
    if alive:
        trader.route_failed = stop >= 0
        learn_hop(trader, origin, not first_passed)
        if transit >= 0 and first_passed:
            learn_hop(trader, transit, stop == transit)


@kernel
def deliver(w, week, shipment, order, trader, alive):
    """Hand a consignment over in China: the balance is paid, trust rises."""
    buyer, chips, today, p = w.buyers[order.buyer], w.chips[0], w.tally[week], w.parameters[0]
    accounts, product, quantity = w.accounts[0], shipment.product, shipment.quantity
    shipment.status = ARRIVED
    chips.deployed[product] += quantity
    chips.deployed_reporting[product] += shipment.reporting
    chips.deployed_switched[product] += shipment.switched
    balance = (shipment.unit_price - int(p.prepaid * shipment.unit_price)) * quantity
    buyer.cash -= balance
    if alive:
        trader.cash += balance
        trader.delivered += quantity
        trader.recent_volume += quantity
        trader.recent_value += quantity * chips.list_price[product % chips.h100e.size]
        trader.recent_shipments += 1.0
        if quantity > 0:
            trader.reports_at_risk += shipment.reporting / quantity
    else:
        accounts.outside += balance  # the principal is paid even when its shell is gone
    if still_tied(buyer, order):
        change_trust(buyer, order.tie, p.trust_delivered, p.seller_trust)
        buyer.received[order.tie] += quantity
    today.delivered += quantity
    today.delivered_reporting += shipment.reporting
    today.delivered_switched += shipment.switched
    today.value += shipment.unit_price * quantity
    today.delivered_by[product % chips.h100e.size] += quantity
    compute = chips.h100e[product % chips.h100e.size]
    if compute >= FRONTIER * w.market[0].newest:
        today.frontier_smuggled += quantity * compute
    if compute >= p.advanced_chip:
        today.advanced_smuggled += quantity * compute
    today.via[w.routes.row[shipment.route].last] += quantity


@kernel
def arrivals(w, week):
    """Realise every consignment that is due, then disable chips that carry the feature where the law says so."""
    shipments, moving, orders, buyers, traders = w.shipments, w.moving, w.orders, w.buyers, w.intermediaries
    chips, market, today, counts, p = w.chips[0], w.market[0], w.tally[week], w.counts[0], w.parameters[0]
    weight = flag_weight(w, BORDER, p.stopped_sensitivity, p.stopped_threshold, 1.0, 0.0)
    for c in range(market.stops.size):
        market.stops[c] = 0
        market.passes[c] = 0
    kept = 0
    for at in range(counts.moving):
        row = moving[at]
        shipment = shipments[row]
        if shipment.arrives > week:
            moving[kept] = row
            kept += 1
            continue
        order, trader = orders[shipment.order], traders[shipment.seller]
        alive = trader.active and trader.shell == shipment.shell
        chips.in_transit[shipment.product] -= shipment.quantity
        chips.transit_reporting[shipment.product] -= shipment.reporting
        chips.transit_switched[shipment.product] -= shipment.switched
        meet_hops(w, shipment, trader, alive)
        if shipment.stop_hop < 0:
            deliver(w, week, shipment, order, trader, alive)
            continue
        shipment.status = STOPPED
        chips.seized[shipment.product] += shipment.quantity
        today.seized_border += shipment.quantity
        if still_tied(buyers[order.buyer], order):
            change_trust(buyers[order.buyer], order.tie, -p.trust_seized, p.seller_trust)
        reported = draw(w.seed, ARRIVAL, shipment.week - order.week, order.identity, 0)
        if reported < p.border_report and alive:
            post_lead(w, week, BORDER, shipment.seller, weight)
    counts.moving = kept
    disable(w, week)
