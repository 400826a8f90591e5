"""How a case ends, within phase 9: seizures, fines, who is named and who is liable, and the principal's way back."""

from supplysim._compiled import kernel
from supplysim.agents.enforcer import naming_chance
from supplysim.agents.shell import close_shell, queue_return, return_week
from supplysim.detection.channels import NAMED
from supplysim.detection.leads import post_lead
from supplysim.evidence import BUREAU, table
from supplysim.phases.fund import put_in
from supplysim.world.records import CASE_LISTING, CASE_PROSECUTION, SEIZED
from supplysim.world.streams import LIABLE, RESHELL, SOLVENT, draw
from supplysim.world.streams import NAMED as NAMED_DRAW

SAFE_WEEKS = 2  # consignments closer to arrival than this cannot be seized any more
FINE_SCOPE = 2.0  # a fine counts twice the recent volume
PROSECUTED_RETURN = (8, 14)
LISTED_RETURN = (6, 12)
US_BUREAU = [row["code"] for row in table("agencies")].index(BUREAU)


@kernel
def seize(w, week, shipment):
    """Take a consignment in transit from its sender."""
    chips, today = w.chips[0], w.tally[week]
    shipment.status = SEIZED
    shipment.arrives = week
    chips.in_transit[shipment.product] -= shipment.quantity
    chips.transit_reporting[shipment.product] -= shipment.reporting
    chips.transit_switched[shipment.product] -= shipment.switched
    chips.seized[shipment.product] += shipment.quantity
    today.seized_cases += shipment.quantity


@kernel
def seize_in_transit(w, week, seller, shell):
    """Seize a prosecuted firm's consignments that are still far from arrival."""
    moving, counts = w.moving, w.counts[0]
    kept = 0
    for at in range(counts.moving):
        shipment = w.shipments[moving[at]]
        if shipment.seller == seller and shipment.shell == shell and shipment.arrives - week >= SAFE_WEEKS:
            seize(w, week, shipment)
        else:
            moving[kept] = moving[at]
            kept += 1
    counts.moving = kept


@kernel
def shared_suppliers(trader, other):
    """Return from how many of its suppliers a firm has bought that another firm has bought from too."""
    ties = trader.supplier.size
    shared = 0
    for a in range(ties):
        for b in range(ties):
            same = trader.supplier[a] == other.supplier[b]
            if same and trader.bought[a] > 0 and other.bought[b] > 0:
                shared += 1
                break
    return shared


@kernel
def was_served(w, buyer, tie, row):
    """Return whether a buyer's tie leads to a firm in business at a row, and has brought it chips."""
    trader = w.intermediaries[row]
    current = buyer.seller[tie] == row and buyer.seller_shell[tie] == trader.shell
    return current and trader.active and buyer.received[tie] > 0


@kernel
def count_customers(w, row):
    """Note for every firm how many buyers received chips from it and from the firm at a row."""
    links, buyers = w.scratch.links, w.buyers
    for i in range(links.size):
        links[i] = 0
    for b in range(buyers.size):
        buyer = buyers[b]
        mine = False
        for tie in range(buyer.seller.size):
            mine |= was_served(w, buyer, tie, row)
        if not mine:
            continue
        for tie in range(buyer.seller.size):
            other = buyer.seller[tie]
            if other >= 0 and other != row and was_served(w, buyer, tie, other):
                links[other] += 1


@kernel
def hold_liable(w, week, row):
    """Make suppliers of a prosecuted firm alert, find some of those liable that looked away; return their fines."""
    trader, accounts, now, today = w.intermediaries[row], w.accounts[0], w.conditions[week], w.tally[week]
    p, fines = w.parameters[0], 0
    for tie in range(trader.supplier.size):
        distributor = w.distributors[trader.supplier[tie]]
        distributor.alert = min(distributor.alert + p.alert_rise, p.alert_max)
        if trader.bought[tie] == 0 or not distributor.complicit:
            continue
        if draw(w.seed, LIABLE, week, distributor.key, trader.key) < p.supplier_found:
            fine = max(0, min(distributor.cash, int(now.fine_ratio * trader.bought_value[tie])))
            distributor.cash -= fine
            distributor.complicit = False
            accounts.government += fine
            today.fines += fine
            today.supplier_fines += fine
            today.liable += 1
            fines += fine
    return fines


@kernel
def spread_word(w, week, row, strength):
    """Make an outcome felt: peers grow afraid, and those whom the papers name are pointed at."""
    traders, today, p = w.intermediaries, w.tally[week], w.parameters[0]
    trader = traders[row]
    count_customers(w, row)
    for i in range(w.counts[0].slots):
        at = traders[i].row_of
        other = traders[at]
        if at == row or not other.active:
            continue
        other.caught_events += strength * p.caught_public
        shared = shared_suppliers(other, trader)
        if shared > 0:
            other.caught_events += strength * p.caught_neighbour
        links = shared + w.scratch.links[at]
        if links > 0 and draw(w.seed, NAMED_DRAW, week, other.key, trader.key) < naming_chance(p.named, links):
            today.named += 1
            naive = w.settings.naive_triage
            post_lead(w, week, NAMED, at, w.channels[NAMED].naive_evidence if naive else p.named_weight)


@kernel
def end_case(w, week, case, outcome):
    """Close a case with an outcome; its slot is free again."""
    agency, desk = w.office.agencies[case.agency], w.office.desks[case.agency, case.target]
    case.closed = week
    case.outcome = outcome
    agency.open_cases -= 1
    desk.on_case = False
    desk.tip = False
    desk.looked = False
    desk.ready = False


@kernel
def fine_firm(w, week, row, who):
    """Fine a prosecuted firm what it has, and its principal, if he can be reached, what he took out; return both."""
    trader, accounts, today, p = w.intermediaries[row], w.accounts[0], w.tally[week], w.parameters[0]
    owed = int(w.conditions[week].fine_ratio * FINE_SCOPE * trader.recent_value)
    fine = max(0, min(trader.cash, owed))
    trader.cash -= fine
    if draw(w.seed, SOLVENT, 0, who, 0) < p.solvent:
        more = max(0, min(trader.taken, owed - fine))
        accounts.outside -= more
        fine += more
    accounts.government += fine
    today.fines += fine
    return fine


@kernel
def remove(w, week, case, who, prosecuted):
    """Take a convicted firm out of business: prosecution seizes and fines, a listing only names it."""
    trader, agency = w.intermediaries[case.target], w.office.agencies[case.agency]
    today, p = w.tally[week], w.parameters[0]
    case.volume = trader.delivered
    today.removed_volume += trader.delivered
    today.exits += 1
    end_case(w, week, case, CASE_PROSECUTION if prosecuted else CASE_LISTING)
    fines = hold_liable(w, week, case.target) if prosecuted else 0
    spread_word(w, week, case.target, 1.0 if prosecuted else p.listing_public)
    if prosecuted:
        agency.prosecutions += 1
        today.prosecutions += 1
        seize_in_transit(w, week, case.target, trader.shell)
        fines += fine_firm(w, week, case.target, who)
        if case.agency == US_BUREAU:
            today.us_fines += fines
            if case.tip:
                put_in(w, week, fines)
        back, delays = p.reenter, PROSECUTED_RETURN
    else:
        agency.listings += 1
        today.listings += 1
        back, delays = p.reenter_listed, LISTED_RETURN
    if draw(w.seed, RESHELL, 0, who, 2) < back:
        due = return_week(week, delays[0], delays[1], draw(w.seed, RESHELL, 0, who, 3))
        queue_return(w, due, case.target)
    close_shell(w, case.target)
