"""Phase 3: every intermediary works out what a chip costs it, what it asks, and whether it takes part (MODEL 7.4)."""

import math

from supplysim._compiled import kernel, rule
from supplysim.agents.distributor import resale_price, unproven_mark_up
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
def mean_mark_up(trader, distributors):
    """Return the mean mark-up of a firm's suppliers, times list price."""
    total = 0.0
    ties = trader.supplier.size
    for tie in range(ties):
        total += distributors[trader.supplier[tie]].mark_up
    return total / ties


@rule
def firm_cost(trader, generation, mark_up, severity, chips, market, now, settings, p):
    """Return one firm's full cost of a chip at its suppliers' mark-up and its class's premium, US$ (MODEL 7.4)."""
    cost = resale_price(chips.list_price[generation], unproven_mark_up(mark_up, market.dearer[generation]))
    home = trader.country
    hazard = perceived_share(trader.hop_losses[home], trader.hop_passes[home])
    hazard += (1.0 - hazard) * trader.way
    hazard = min(hazard * hazard_weight(settings, p.salient_delta), 1.0)
    caught = perceived_catch_rate(trader.caught_events, trader.caught_years, p.salience)
    yearly_volume = 52.0 * p.utilisation * trader.capacity
    loss = loss_if_caught(
        cost,
        trader.seed_cash + p.solvent * trader.taken,
        yearly_volume,
        now.fine_ratio,
        now.willingness[home],
        p.personal_penalty,
        severity,
        p.profit_share,
    )
    return unit_cost(cost, p.handling, p.loss_factor, hazard, p.prepaid, caught, loss)


@kernel
def asks(w, week):
    """Set asks, participation and appeal of every active firm, and how easily buyers find it."""
    traders, distributors, reach, settings = w.intermediaries, w.distributors, w.reach, w.settings
    chips, market, now, counts, p = w.chips[0], w.market[0], w.conditions[week], w.counts[0], w.parameters[0]
    found = 0.0
    severity = penalty_severity(now.fine_ratio, p.severity_exponent)  # the same for all
    for i in range(counts.slots):
        trader = traders[traders[i].row_of]
        if trader.active:
            cost, trader.over_list = 0.0, 0.0
            mark_up = mean_mark_up(trader, distributors)
            for generation in range(chips.list_price.size):
                full = firm_cost(trader, generation, mark_up, severity, chips, market, now, settings, p)
                trader.ask[generation] = ask_price(full, trader.margin)
                share = market.mix[generation] / chips.list_price[generation]
                cost += share * full
                trader.over_list += share * trader.ask[generation]
            trader.participation = participation_chance(
                market.mark_up, cost, trader.reservation_margin, p.participation_slope
            )
            normal_backlog = p.seller_backlog_weeks * trader.capacity + 1.0
            trader.appeal = math.exp(
                -p.seller_price_response * math.log(trader.over_list)
                - p.seller_backlog * math.log(1.0 + trader.backlog / normal_backlog)
            )
            found += math.sqrt(trader.capacity)
        reach[i] = found
