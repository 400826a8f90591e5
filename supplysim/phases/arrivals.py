"""Phase 7: consignments arrive or are stopped; payment, trust and experience follow (MODEL 7.7)."""

from supplysim._compiled import kernel
from supplysim.agents.buyer import change_trust
from supplysim.detection.channels import BORDER
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.phases.disabling import disable
from supplysim.world.records import ARRIVED, STOPPED
from supplysim.world.streams import ARRIVAL, draw


@kernel
def same_tie(buyers, buyer, tie, seller, shell):
    """Return whether a buyer's tie still belongs to the shell that took the order."""
    return buyers[buyer].seller[tie] == seller and buyers[buyer].seller_shell[tie] == shell


@kernel
def learn_hop(firms, row, country, stopped):
    """Count one's own outcome at a hop."""
    if stopped:
        firms[row].hop_losses[country] += 1.0
    else:
        firms[row].hop_passes[country] += 1.0


@kernel
def arrivals(
    week,
    seed,
    shipments,
    moving,
    orders,
    buyers,
    firms,
    end_users,
    distributors,
    routes,
    chips,
    rentable,
    accounts,
    market,
    office,
    channels,
    now,
    today,
    settings,
    counts,
    p,
):
    """Realise every consignment that is due, then disable chips that carry the feature where the law says so."""
    generations = chips.h100e.size
    sensitivity = p.stopped_sensitivity
    threshold = p.stopped_threshold
    weight = flag_weight(BORDER, sensitivity, threshold, 1.0, channels, 0.0, settings.naive_triage)
    for c in range(market.stops.size):
        market.stops[c] = 0
        market.passes[c] = 0
    kept = 0
    for at in range(counts.moving):
        shipment = moving[at]
        if shipments[shipment].arrives > week:
            moving[kept] = shipment
            kept += 1
            continue
        order, row, shell = shipments[shipment].order, shipments[shipment].seller, shipments[shipment].shell
        buyer, tie, product = orders[order].buyer, orders[order].tie, shipments[shipment].product
        quantity, stop = shipments[shipment].quantity, shipments[shipment].stop_hop
        route = shipments[shipment].route
        origin = distributors[shipments[shipment].distributor].country
        transit = routes.row[route].transit
        alive = firms[row].active and firms[row].shell == shell
        chips.in_transit[product] -= quantity
        chips.transit_featured[product] -= shipments[shipment].featured
        first_passed = stop != origin
        if first_passed:
            market.passes[origin] += 1
            if transit >= 0 and stop < 0:
                market.passes[transit] += 1
        if alive:
            firms[row].route_failed = stop >= 0
            learn_hop(firms, row, origin, not first_passed)
            if transit >= 0 and first_passed:
                learn_hop(firms, row, transit, stop == transit)
        if stop < 0:
            shipments[shipment].status = ARRIVED
            chips.deployed[product] += quantity
            chips.deployed_featured[product] += shipments[shipment].featured
            balance = (shipments[shipment].unit_price - int(p.prepaid * shipments[shipment].unit_price)) * quantity
            buyers[buyer].cash -= balance
            if alive:
                firms[row].cash += balance
                firms[row].delivered += quantity
                firms[row].recent_volume += quantity
                firms[row].recent_shipments += 1.0
                if quantity > 0:
                    firms[row].featured_at_risk += shipments[shipment].featured / quantity
            else:
                accounts.outside += balance  # the principal is paid even when its shell is gone
            if same_tie(buyers, buyer, tie, row, shell):
                change_trust(buyers, buyer, tie, p.trust_delivered, p.seller_trust)
                buyers[buyer].received[tie] += quantity
            today.delivered += quantity
            today.delivered_featured += shipments[shipment].featured
            today.value += shipments[shipment].unit_price * quantity
            today.delivered_by[product % generations] += quantity
            today.via[routes.row[route].last] += quantity
        else:
            shipments[shipment].status = STOPPED
            market.stops[stop] += 1
            chips.seized[product] += quantity
            today.seized_border += quantity
            if same_tie(buyers, buyer, tie, row, shell):
                change_trust(buyers, buyer, tie, -p.trust_seized, p.seller_trust)
            reported = draw(seed, ARRIVAL, shipments[shipment].week - orders[order].week, orders[order].identity, 0)
            if reported < p.border_report and alive:
                post_lead(
                    seed,
                    week,
                    BORDER,
                    row,
                    firms[row].key,
                    firms[row].country,
                    True,
                    weight,
                    channels,
                    office,
                    now,
                    today,
                    settings,
                    counts,
                    p,
                )
    counts.moving = kept
    disable(week, seed, end_users, rentable, chips, now, today)
