"""Phase 12: end-of-week stocks, honest border burden."""

from supplysim._compiled import kernel
from supplysim.detection.channels import BORDER
from supplysim.detection.signal import false_alarm_rate


@kernel
def accounting(firms, end_users, orders, open_orders, shipments, moving, market, now, today, counts, p):
    """Record the stocks at the end of the week and what borders cost honest trade."""
    active, fronts = 0, 0
    for i in range(counts.slots):
        row = firms[i].row_of
        active += firms[row].active
        fronts += firms[row].active and firms[row].front
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
    opened = 0.0
    for i in range(end_users.size):
        here = end_users[end_users[i].row_of].country
        opened += min(now.border_exposure[here], now.inspection_max[here])
    share = opened / end_users.size if end_users.size > 0 else 0.0
    chips = today.honest_filled
    today.honest_inspected = int(today.honest_orders * share + 0.5)
    stopped = share * false_alarm_rate(now.threshold[BORDER])
    today.honest_stopped = int(chips * stopped + 0.5)
    today.announced = market.heard[0]
