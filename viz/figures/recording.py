"""One run as a film: weekly flows, an event log, the trade network, one lot followed, one firm followed. No Solara.

Firms are stylised: they are numbered and carry random names of no meaning.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import networkx as nx
import numpy as np
from supplysim.viz.figures.ways import ways

from supplysim.evidence import DESTINATION
from supplysim.evidence import table as evidence_table
from supplysim.outputs.combining import WEEKS_A_QUARTER
from supplysim.policies.base import Policy
from supplysim.run import Finished, Point, run_arms
from supplysim.setup.scenario import Scenario

COUNTRIES = [row["code"] for row in evidence_table("countries")]
COUNTRY_NAMES = {row["code"]: row["name"] for row in evidence_table("countries")}
AGENCIES = [row["name"] for row in evidence_table("agencies")]
CHANNELS = [row["name"] for row in evidence_table("channels")]
CLASSES = [row["name"] for row in evidence_table("chips")]
SYLLABLES = (
    "al",
    "bri",
    "cor",
    "dan",
    "el",
    "fen",
    "gor",
    "hal",
    "iv",
    "jun",
    "kel",
    "lor",
    "mar",
    "nev",
    "ost",
    "per",
    "qua",
    "ril",
    "sol",
    "tam",
    "ur",
    "vel",
    "win",
    "yar",
    "zen",
)
MOST_EDGES, MOST_EVENTS, MOST_LOTS = 420, 900, 60
STATUS = ("on its way", "arrived in China", "stopped at a border", "seized in a case")


def name_of(key: int, shell: int = 0) -> str:
    """Return a made-up name for a firm: the same for the same identity."""
    random = np.random.default_rng([9, key, shell])
    text = "".join(random.choice(SYLLABLES, 2)).capitalize()
    return f"{text} #{key}" + (f" (shell {shell + 1})" if shell else "")


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
        "network": _network(run),
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
    legs: list[dict[tuple[int, int], int]] = [defaultdict(int) for _ in range(weeks)]
    last = np.where(route >= 0, w.routes.row["last"][np.maximum(route, 0)], origins)
    for row in range(used.size):
        week = int(used["week"][row])
        if week < weeks and route[row] >= 0:
            legs[week][int(origins[row]), int(last[row])] += int(used["quantity"][row])
    flows = [[[COUNTRIES[a], COUNTRIES[b], n] for (a, b), n in sorted(step.items())] for step in legs]
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
            "what": f"A buyer in China orders {int(order['quantity'])} chips ({CLASSES[order['generation']]}) at ${int(order['unit_price']):,} each",
            "at": DESTINATION,
        },
        {
            "week": int(shipment["week"]),
            "what": f"{name_of(key, int(shipment['shell']))} buys {int(shipment['quantity'])} from a distributor in {COUNTRY_NAMES[origin]}",
            "at": origin,
        },
    ]
    via = ""
    if shipment["route"] >= 0:
        route = w.routes.row[shipment["route"]]
        via = COUNTRIES[route["transit"]] if route["transit"] >= 0 else ""
        if via:
            steps.append({"week": int(shipment["week"]) + 1, "what": f"sent by way of {COUNTRY_NAMES[via]}", "at": via})
    status = int(shipment["status"])
    stop = COUNTRIES[shipment["stop_hop"]] if shipment["stop_hop"] >= 0 else ""
    steps.append(
        {
            "week": int(shipment["arrives"]),
            "what": STATUS[status] + (f" in {COUNTRY_NAMES[stop]}" if stop else ""),
            "at": stop or (DESTINATION if status == 1 else via or origin),
        }
    )
    return {
        "title": f"{int(shipment['quantity'])} chips, week {int(shipment['week'])}, {COUNTRY_NAMES[origin]}",
        "steps": steps,
        "status": status,
        "week": int(shipment["week"]),
        "identity": f"{order['buyer']}-{order['number']}",
        "seller": key,
    }


def _orders(w: Any) -> dict[str, list[int]]:
    """Return what became of every order: placed, chips, chips bought, status."""
    used = w.orders[: w.counts[0]["orders"]]
    return {
        f"{row['buyer']}-{row['number']}": [
            int(row["week"]),
            int(row["quantity"]),
            int(row["quantity"] - row["remaining"]),
            int(row["status"]),
        ]
        for row in used
    }


def _events(run: Finished) -> list[list[Any]]:
    """Return [week, kind, sentence, known to the public] in order."""
    engine, w = run.engine, run.engine.world
    found: list[list[Any]] = []
    for row in engine.cases().itertuples():
        own = row.target < w.intermediaries.size
        who = name_of(int(w.intermediaries["key"][row.target]), max(int(row.shell), 0)) if own else "an honest firm"
        found.append([int(row.opened), "case", f"{AGENCIES[row.agency]} opens a case against {who}", 0])
        if row.closed >= 0:
            found.append(
                [
                    int(row.closed),
                    row.outcome,
                    f"Case against {who}: {row.outcome}",
                    1 if row.outcome in ("prosecution", "listing") else 0,
                ]
            )
    for row in engine.shipments().itertuples():
        if row.status == "stopped" and row.quantity >= 8:
            found.append(
                [
                    min(int(row.arrives), engine.weeks - 1),
                    "stop",
                    f"{row.quantity} chips stopped in {COUNTRY_NAMES[COUNTRIES[row.stop_hop]]}",
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
                    f"{len(group)} leads, {true} on smugglers and {len(group) - true} on honest firms",
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


def _network(run: Finished) -> dict[str, Any]:
    """Return the ties that carried chips, laid out once: distributors, intermediaries, buyers."""
    w = run.engine.world
    used = w.shipments[: w.counts[0]["shipments"]]
    graph = nx.Graph()
    first: dict[tuple[str, str], list[int]] = {}
    for row in used:
        seller = f"i{row['seller']}"
        ends = ((f"d{row['distributor']}", seller), (seller, f"b{w.orders[row['order']]['buyer']}"))
        for edge in ends:
            tie = first.setdefault(edge, [int(row["week"]), 0])
            tie[1] += int(row["quantity"])
    top = sorted(first.items(), key=lambda item: -item[1][1])[:MOST_EDGES]
    for (a, b), (_, n) in top:
        graph.add_edge(a, b, weight=float(np.log1p(n)))
    if graph.number_of_nodes():
        graph = graph.subgraph(max(nx.connected_components(graph), key=len)).copy()
    top = [item for item in top if item[0][0] in graph and item[0][1] in graph]
    spread = 2.4 / max(np.sqrt(graph.number_of_nodes()), 1)
    spots = filling(nx.spring_layout(graph, seed=4, k=spread, iterations=60, weight=None))
    nodes = list(graph.nodes)
    index = {node: i for i, node in enumerate(nodes)}
    return {
        "nodes": [
            [node[0], round(float(spots[node][0]), 3), round(float(spots[node][1]), 3), _label(w, node)]
            for node in nodes
        ],
        "edges": [[index[a], index[b], week, n] for (a, b), (week, n) in top],
    }


def filling(spots: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the places stretched to fill the square from -1 to 1: half by their value, half by their rank."""
    if not spots:
        return spots
    at = np.array(list(spots.values()))
    rank = at.argsort(axis=0).argsort(axis=0) / max(len(at) - 1, 1) * 2.0 - 1.0
    low, high = at.min(axis=0), at.max(axis=0)
    even = (at - low) / np.where(high > low, high - low, 1.0) * 2.0 - 1.0
    return dict(zip(spots, 0.45 * even + 0.55 * rank, strict=True))


def _label(w: Any, node: str) -> str:
    row = int(node[1:])
    if node[0] == "d":
        return f"distributor in {COUNTRY_NAMES[COUNTRIES[w.distributors['country'][row]]]}"
    if node[0] == "i":
        return f"{name_of(int(w.intermediaries['key'][row]))}, {COUNTRY_NAMES[COUNTRIES[w.intermediaries['country'][row]]]}"
    return "buyer in China"


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
        told = [[int(own["week"].min()), "first consignment bought"]]
        for shell in np.unique(own["shell"])[1:]:
            told.append([int(own["week"][own["shell"] == shell].min()), f"trades again as shell {int(shell) + 1}"])
        for case in cases[cases["target"] == row].itertuples():
            told.append([int(case.opened), f"{AGENCIES[case.agency]} opens a case"])
            if case.closed >= 0:
                told.append([int(case.closed), f"case ends: {case.outcome}"])
        for bad in own[own["status"] >= 2][-6:]:
            told.append(
                [
                    int(min(bad["arrives"], engine.weeks - 1)),
                    f"{int(bad['quantity'])} chips {STATUS[int(bad['status'])]}",
                ]
            )
        firms[str(key)] = {
            "name": name_of(key),
            "country": COUNTRY_NAMES[COUNTRIES[w.intermediaries["country"][row]]],
            "volume": int(volume[row]),
            "cumulative": [int(v) for v in np.cumsum(weeks)[::4]],
            "told": sorted(told)[:24],
        }
    return firms
