"""Phase 1: vendors ship to distributors, part by size, part by past orders (MODEL 7.2)."""

from supplysim._compiled import kernel
from supplysim.agents.distributor import allocation_share
from supplysim.agents.vendor import featured_units


@kernel
def supply(week, vendors, distributors, chips, accounts, now, today, allocation, memory):
    """Allocate the week's new chips in whole units; distributors pay list price."""
    generations = chips.list_price.size
    total_demand = 0.0
    for i in range(distributors.size):
        row = distributors[i].row_of
        distributors[row].requested = 0
        total_demand += distributors[row].demand
    for i in range(distributors.size):
        row = distributors[i].row_of
        allocation[i] = allocation_share(distributors[row].share, distributors[row].demand, total_demand, memory)
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
        featured = featured_units(quantity, now.feature_share[vendor])
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
            if not distributors[row].carries[vendor]:
                continue
            running += allocation[i]
            upto = quantity if row == last else int(quantity * running / whole)  # running totals: no unit is lost
            lot = upto - given
            if lot > 0:
                if featured > 0:
                    distributors[row].featured[product] += upto * featured // quantity - given * featured // quantity
                distributors[row].stock[product] += lot
                distributors[row].received[vendor] += lot
                distributors[row].cash -= lot * price
                vendors[vendor].cash += lot * price
                vendors[vendor].sold[generation] += lot
            given = upto
