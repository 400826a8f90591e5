"""Phase 12: end-of-week stocks, honest border burden."""

from supplysim._compiled import kernel
from supplysim.detection.channels import BORDER
from supplysim.detection.signal import false_alarm_rate
from supplysim.evidence import RULES_OF, table

US = [row["code"] for row in table("countries")].index(RULES_OF)


@kernel
def accounting(w, week):
    """Record the stocks at the end of the week and what borders cost honest trade."""
    traders, users_in, orders, open_orders = w.intermediaries, w.users_in, w.orders, w.open_orders
    shipments, moving, market, now = w.shipments, w.moving, w.market[0], w.conditions[week]
    today, counts = w.tally[week], w.counts[0]
    active, fronts = 0, 0
    for i in range(counts.slots):
        trader = traders[traders[i].row_of]
        active += trader.active
        fronts += trader.active and trader.front
    today.active_intermediaries = active
    today.active_fronts = fronts
    backlog = 0
    for at in range(counts.open_orders):
        backlog += orders[open_orders[at]].remaining
    today.open = backlog
    sent = 0
    for at in range(counts.moving):
        sent += shipments[moving[at]].quantity
    today.in_transit = sent
    opened, users = 0.0, 0
    for c in range(users_in.size):
        opened += users_in[c] * min(now.border_exposure[c], now.inspection_max[c])
        users += users_in[c]
    share = opened / users if users > 0 else 0.0
    chips = today.honest_filled
    today.honest_inspected = int(today.honest_orders * share + 0.5)
    stopped = share * false_alarm_rate(now.threshold[BORDER])
    today.honest_stopped = int(chips * stopped + 0.5)
    for c in range(w.lookalikes.size):
        share = min(now.border_exposure[c] * market.inspection_weight[c], now.inspection_max[c])
        today.opened += w.lookalikes[c] * share / 52.0
        if c == US:
            today.us_opened = w.lookalikes[c] * share / 52.0
    today.announced = market.heard[0]
