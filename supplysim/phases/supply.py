"""Phase 1: vendors ship to distributors, part by size, part by past orders (MODEL 7.2)."""

from supplysim._compiled import kernel
from supplysim.agents.distributor import allocation_share
from supplysim.agents.vendor import featured_units


@kernel
def newest_class(now, chips):
    """Return the compute of a chip of the newest class on sale, H100e; classes sell in the order of their compute."""
    newest = 0.0
    for product in range(now.supply.size):
        if now.supply[product] > 0:
            newest = max(newest, chips.h100e[product % chips.h100e.size])
    return newest


@kernel
def supply(w, week):
    """Allocate the week's new chips in whole units; distributors pay list price."""
    vendors, distributors, allocation = w.vendors, w.distributors, w.scratch.allocation
    memory, chips, accounts = w.parameters[0].allocation_memory, w.chips[0], w.accounts[0]
    now, today = w.conditions[week], w.tally[week]
    generations = chips.list_price.size
    w.market[0].newest = newest_class(now, chips)
    total_demand = 0.0
    for i in range(distributors.size):
        distributor = distributors[distributors[i].row_of]
        distributor.requested = 0
        total_demand += distributor.demand
    for i in range(distributors.size):
        distributor = distributors[distributors[i].row_of]
        allocation[i] = allocation_share(distributor.share, distributor.demand, total_demand, memory)
    for product in range(chips.minted.size):
        vendor, generation = product // generations, product % generations
        direct = now.direct[product]
        quantity = now.supply[product]
        price = chips.list_price[generation]
        chips.direct[product] += direct
        chips.minted[product] += direct + quantity
        vendors[vendor].sold_direct[generation] += direct
        vendors[vendor].cash += direct * price
        accounts.outside -= direct * price
        if quantity == 0:
            continue
        today.channel_chips += quantity
        reporting = featured_units(quantity, now.reporting_share[vendor])
        switched = featured_units(quantity, now.switch_share[vendor])
        whole = 0.0
        last = -1
        for i in range(distributors.size):
            row = distributors[i].row_of
            if distributors[row].carries[vendor]:
                whole += allocation[i]
                last = row
        running, given = 0.0, 0
        for i in range(distributors.size):
            row = distributors[i].row_of
            distributor = distributors[row]
            if not distributor.carries[vendor]:
                continue
            running += allocation[i]
            upto = quantity if row == last else int(quantity * running / whole)  # running totals: no unit is lost
            lot = upto - given
            if lot > 0:
                if reporting > 0:
                    distributor.reporting[product] += upto * reporting // quantity - given * reporting // quantity
                if switched > 0:
                    distributor.switched[product] += upto * switched // quantity - given * switched // quantity
                distributor.stock[product] += lot
                distributor.received[vendor] += lot
                distributor.cash -= lot * price
                vendors[vendor].cash += lot * price
                vendors[vendor].sold[generation] += lot
            given = upto
