"""One run as a film: weekly flows, an event log, the trade network, one lot followed, one firm followed. No Solara."""

from __future__ import annotations

from typing import Any

import numpy as np
from supplysim.viz.figures.named import AGENCIES, CLASSES, COUNTRIES, HONEST, name_of, named
from supplysim.viz.figures.network import network
from supplysim.viz.figures.sayings import Saying, spoken
from supplysim.viz.figures.ways import table, ways

from supplysim.evidence import DESTINATION
from supplysim.language import gettext_noop
from supplysim.outputs.combining import WEEKS_A_QUARTER
from supplysim.policies.base import Policy
from supplysim.run import Finished, Point, run_arms
from supplysim.setup.scenario import Scenario

MOST_EVENTS, MOST_LOTS = 900, 60
STATUS = (  # of a consignment, and of so many chips
    (gettext_noop("on its way"), gettext_noop("{n} chips on its way")),
    (gettext_noop("arrived in China"), gettext_noop("{n} chips arrived in China")),
    (gettext_noop("stopped at a border"), gettext_noop("{n} chips stopped at a border")),
    (gettext_noop("seized in a case"), gettext_noop("{n} chips seized in a case")),
)
OUTCOMES = (  # of a case, as the model calls them: said by name
    *(gettext_noop("open"), gettext_noop("prosecution"), gettext_noop("listing"), gettext_noop("lapsed")),
    *(gettext_noop("no conviction"), gettext_noop("cleared")),
)
WORDED = ("events", "lots", "network", "firms")  # of a film: what has sayings in it


def in_language(film: dict[str, Any]) -> dict[str, Any]:
    """Return both worlds of a film with their sentences and tables in the language spoken here."""
    worlds = [
        world | {name: spoken(world[name]) for name in WORDED} | {"access": table(world["access"])}
        for world in film.get("worlds", [])
    ]
    return film | {"worlds": worlds} if film else film


def shoot(scenario: Scenario, policies: tuple[Policy, ...], point: Point, first_week: int) -> dict[str, Any]:
    """Run once and return the film; runs in a worker. No policy acts before `first_week`."""
    return run_arms(scenario, {"": policies}, point, {"film": film}, first_week)[""]["film"]


def film(run: Finished) -> dict[str, Any]:
    """Return the film of a finished run: an output of `run_arms`."""
    engine = run.engine
    w = engine.world
    weekly = engine.weekly()
    record = engine.public_record()
    lots, flows = _shipments(w, engine.weeks)
    return {
        "weeks": engine.weeks,
        "start": engine.scenario.start.isoformat(),
        "flows": flows,
        "lots": lots,
        "delivered": weekly["delivered"].astype(int).tolist(),
        "seized": weekly["seized"].astype(int).tolist(),
        "published": [round(float(v)) for v in record["seizures_published"]],
        "mark_up": [round(float(v), 3) for v in weekly["mark_up"]],
        "prosecutions": weekly["prosecutions"].astype(int).tolist(),
        "prosecutions_published": record["prosecutions_published"].astype(int).tolist(),
        "active": weekly["active_intermediaries"].astype(int).tolist(),
        "events": _events(run),
        "network": network(run),
        "firms": _firms(run),
        "access": ways(run),
    }


def _shipments(w: Any, weeks: int) -> tuple[dict[str, Any], list]:
    """Return the consignments worth following, and weekly flows by (from, by way of) country."""
    used = w.shipments[: w.counts[0]["shipments"]]
    orders = w.orders
    places = w.distributors["country"]
    origins = places[used["distributor"]]
    route = used["route"]
    sent = (route >= 0) & (used["week"] < weeks)
    last = w.routes.row["last"][route[sent]].astype(np.int64)
    legs = np.zeros((weeks, len(COUNTRIES), len(COUNTRIES)), dtype=np.int64)
    np.add.at(legs, (used["week"][sent], origins[sent], last), used["quantity"][sent])
    flows: list[list[Any]] = [[] for _ in range(weeks)]
    for week, a, b in np.argwhere(legs):
        flows[week].append([COUNTRIES[a], COUNTRIES[b], int(legs[week, a, b])])
    chosen = np.argsort(-used["quantity"] * (used["week"] > 60))[: MOST_LOTS * 4]
    random = np.random.default_rng(5)
    stopped = np.flatnonzero(used["status"] >= 2)
    picked = np.unique(np.concatenate([random.permutation(chosen)[:MOST_LOTS], stopped[-20:]]).astype(int))
    lots = {}
    for row in picked:
        shipment = used[row]
        order = orders[shipment["order"]]
        code = f"{order['buyer']}-{order['number']}-{shipment['week'] - order['week']}"
        lots[code] = _lot(w, shipment, order)
    # where the same orders stand in this world, for the twin: identity -> what became of it
    return {"picked": lots, "orders": _orders(w)}, flows


def _lot(w: Any, shipment: Any, order: Any) -> dict[str, Any]:
    """Return the life of one consignment as dated steps."""
    key = int(w.intermediaries["key"][shipment["seller"]])
    origin = COUNTRIES[w.distributors["country"][shipment["distributor"]]]
    steps = [
        {
            "week": int(order["week"]),
            "what": Saying(
                gettext_noop("A buyer in China orders {n} chips ({kind}) at {price} each"),
                {
                    "n": int(order["quantity"]),
                    "kind": Saying(CLASSES[order["generation"]]),
                    "price": Saying(gettext_noop("${n}"), {"n": f"{int(order['unit_price']):,}"}),
                },
            ),
            "at": DESTINATION,
        },
        {
            "week": int(shipment["week"]),
            "what": Saying(
                gettext_noop("{firm} buys {n} from a distributor in {country}"),
                {
                    "firm": name_of(key, int(shipment["shell"])),
                    "n": int(shipment["quantity"]),
                    "country": named(origin),
                },
            ),
            "at": origin,
        },
    ]
    via = ""
    if shipment["route"] >= 0:
        route = w.routes.row[shipment["route"]]
        via = COUNTRIES[route["transit"]] if route["transit"] >= 0 else ""
        if via:
            way = Saying(gettext_noop("sent by way of {country}"), {"country": named(via)})
            steps.append({"week": int(shipment["week"]) + 1, "what": way, "at": via})
    status = int(shipment["status"])
    what = Saying(STATUS[status][0])
    stop = COUNTRIES[shipment["stop_hop"]] if shipment["stop_hop"] >= 0 else ""
    steps.append(
        {
            "week": int(shipment["arrives"]),
            "what": Saying(gettext_noop("{what} in {country}"), {"what": what, "country": named(stop)})
            if stop
            else what,
            "at": stop or (DESTINATION if status == 1 else via or origin),
        }
    )
    return {
        "title": Saying(
            gettext_noop("{n} chips, week {week}, {country}"),
            {"n": int(shipment["quantity"]), "week": int(shipment["week"]), "country": named(origin)},
        ),
        "steps": steps,
        "status": status,
        "week": int(shipment["week"]),
        "identity": f"{order['buyer']}-{order['number']}",
        "seller": key,
    }


def _orders(w: Any) -> dict[str, list[int]]:
    """Return what became of every order: placed, chips, chips bought, status."""
    used = w.orders[: w.counts[0]["orders"]]
    names = zip(used["buyer"].tolist(), used["number"].tolist(), strict=True)
    columns = (used["week"], used["quantity"], used["quantity"] - used["remaining"], used["status"])
    rows = zip(*(column.astype(int).tolist() for column in columns), strict=True)
    return {f"{buyer}-{number}": [*row] for (buyer, number), row in zip(names, rows, strict=True)}


def _events(run: Finished) -> list[list[Any]]:
    """Return [week, kind, sentence, known to the public] in order."""
    engine, w = run.engine, run.engine.world
    found: list[list[Any]] = []
    for row in engine.cases().itertuples():
        own = row.target < w.intermediaries.size
        who = name_of(int(w.intermediaries["key"][row.target]), max(int(row.shell), 0)) if own else HONEST
        opens = {"agency": Saying(AGENCIES[row.agency]), "firm": who}
        found.append([int(row.opened), "case", Saying(gettext_noop("{agency} opens a case against {firm}"), opens), 0])
        if row.closed >= 0:
            found.append(
                [
                    int(row.closed),
                    row.outcome,
                    Saying(
                        gettext_noop("Case against {firm}: {outcome}"), {"firm": who, "outcome": Saying(row.outcome)}
                    ),
                    1 if row.outcome in ("prosecution", "listing") else 0,
                ]
            )
    shipments = engine.shipments()
    for row in shipments[(shipments["status"] == "stopped") & (shipments["quantity"] >= 8)].itertuples():
        found.append(
            [
                min(int(row.arrives), engine.weeks - 1),
                "stop",
                Saying(
                    gettext_noop("{n} chips stopped in {country}"),
                    {"n": int(row.quantity), "country": named(COUNTRIES[row.stop_hop])},
                ),
                0,
            ]
        )
    leads = engine.leads()
    for week, group in leads.groupby("week"):
        if len(group) >= 3:
            true = int(group["true"].sum())
            found.append(
                [
                    int(week),
                    "leads",
                    Saying(
                        gettext_noop("{n} leads, {true} on smugglers and {false} on honest firms"),
                        {"n": len(group), "true": true, "false": len(group) - true},
                    ),
                    0,
                ]
            )
    return _spread(sorted(found, key=lambda event: event[0]), run.engine.scenario.weeks)


def _spread(events: list[list[Any]], weeks: int) -> list[list[Any]]:
    """Return at most `MOST_EVENTS` events, the newest of every quarter, so that no part of a long film is silent."""
    quarters = -(-weeks // WEEKS_A_QUARTER)
    by_quarter: list[list[list[Any]]] = [[] for _ in range(quarters)]
    for event in events:
        by_quarter[min(max(event[0], 0) // WEEKS_A_QUARTER, quarters - 1)].append(event)
    return [event for of in by_quarter for event in of[-(MOST_EVENTS // quarters) :]]


def _firms(run: Finished) -> dict[str, Any]:
    """Return the intermediaries that moved most: weekly chips and what happened to them, by identity."""
    engine, w = run.engine, run.engine.world
    used = w.shipments[: w.counts[0]["shipments"]]
    volume = np.bincount(used["seller"], weights=used["quantity"], minlength=w.intermediaries.size)
    cases = engine.cases()
    firms = {}
    for row in np.argsort(-volume)[:40]:
        if volume[row] == 0:
            continue
        own = used[used["seller"] == row]
        weeks = np.bincount(np.minimum(own["week"], engine.weeks - 1), weights=own["quantity"], minlength=engine.weeks)
        key = int(w.intermediaries["key"][row])
        told = [[int(own["week"].min()), Saying(gettext_noop("first consignment bought"))]]
        for shell in np.unique(own["shell"])[1:]:
            again = Saying(gettext_noop("trades again as shell {n}"), {"n": int(shell) + 1})
            told.append([int(own["week"][own["shell"] == shell].min()), again])
        for case in cases[cases["target"] == row].itertuples():
            agency = Saying(AGENCIES[case.agency])
            told.append([int(case.opened), Saying(gettext_noop("{agency} opens a case"), {"agency": agency})])
            if case.closed >= 0:
                outcome = Saying(case.outcome)
                told.append([int(case.closed), Saying(gettext_noop("case ends: {outcome}"), {"outcome": outcome})])
        for bad in own[own["status"] >= 2][-6:]:
            told.append(
                [
                    int(min(bad["arrives"], engine.weeks - 1)),
                    Saying(STATUS[int(bad["status"])][1], {"n": int(bad["quantity"])}),
                ]
            )
        firms[str(key)] = {
            "name": name_of(key),
            "country": named(COUNTRIES[w.intermediaries["country"][row]]),
            "volume": int(volume[row]),
            "cumulative": [int(v) for v in np.cumsum(weeks)[::4]],
            "told": sorted(told, key=lambda one: (one[0], one[1].spoken()))[:24],
        }
    return firms
