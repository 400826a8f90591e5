"""Phase 3: every intermediary works out what a chip costs it, what it asks, and whether it takes part (MODEL 7.4)."""

import math

from supplysim._compiled import kernel, rule
from supplysim.agents.distributor import resale_price
from supplysim.agents.intermediary import (
    ask_price,
    loss_if_caught,
    participation_chance,
    penalty_severity,
    perceived_catch_rate,
    perceived_share,
    unit_cost,
)

SALIENCE_RULE = 1


@rule
def hazard_weight(settings, delta):
    """Return how much the worst outcome of a route is over-weighted: 1, or 1/(1 - delta) under salience."""
    return 1.0 / (1.0 - delta) if settings.decision == SALIENCE_RULE else 1.0


@rule
def mean_mark_up(row, firms, distributors):
    """Return the mean mark-up of a firm's suppliers, times list price."""
    total = 0.0
    ties = firms[0].supplier.size
    for tie in range(ties):
        total += distributors[firms[row].supplier[tie]].mark_up
    return total / ties


@rule
def firm_cost(row, generation, mark_up, severity, firms, chips, now, settings, p):
    """Return one firm's full cost of one chip at its suppliers' mark-up, US$ (MODEL 7.4)."""
    cost = resale_price(chips.list_price[generation], mark_up)
    home = firms[row].country
    hazard = perceived_share(firms[row].hop_losses[home], firms[row].hop_passes[home])
    hazard = min(hazard * hazard_weight(settings, p.salient_delta), 1.0)
    caught = perceived_catch_rate(firms[row].caught_events, firms[row].caught_years, p.salience)
    yearly_volume = 52.0 * p.utilisation * firms[row].capacity
    loss = loss_if_caught(
        cost,
        firms[row].seed_cash,
        yearly_volume,
        now.fine_ratio,
        now.willingness[home],
        p.personal_penalty,
        severity,
        p.profit_share,
    )
    return unit_cost(cost, p.handling, p.loss_factor, hazard, p.prepaid, caught, loss)


@kernel
def asks(firms, distributors, chips, market, reach, now, settings, counts, p):
    """Set asks, participation and appeal of every active firm, and how easily buyers find it."""
    reference = chips.reference
    list_price = chips.list_price[reference]
    found = 0.0
    severity = penalty_severity(now.fine_ratio, p.severity_exponent)  # the same for all
    for i in range(counts.slots):
        row = firms[i].row_of
        if firms[row].active:
            cost = 0.0
            mark_up = mean_mark_up(row, firms, distributors)
            for generation in range(chips.list_price.size):
                full = firm_cost(row, generation, mark_up, severity, firms, chips, now, settings, p)
                firms[row].ask[generation] = ask_price(full, firms[row].margin)
                if generation == reference:
                    cost = full
            firms[row].participation = participation_chance(
                market.mark_up * list_price, cost, list_price, firms[row].reservation_margin, p.participation_slope
            )
            normal_backlog = p.seller_backlog_weeks * firms[row].capacity + 1.0
            firms[row].appeal = math.exp(
                -p.seller_price_response * math.log(firms[row].ask[reference] / list_price)
                - p.seller_backlog * math.log(1.0 + firms[row].backlog / normal_backlog)
            )
            found += math.sqrt(firms[row].capacity)
        reach[i] = found
