"""The trade network as a networkx graph."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from supplysim.agents.kinds import BY_NAME, KINDS
from supplysim.evidence import DESTINATION, table
from supplysim.world.kind import Kind, Tie
from supplysim.world.state import World


def trade_graph(world: World) -> nx.DiGraph:
    """Return who trades with whom now, with what has flowed; edges point the way goods go.

    Nodes are named by kind and identity, such as ``distributor:12``; of the intermediaries there are those
    in business and those whose ties have carried chips. Ties to the same partner are one edge: `units`
    (chips so far) and `trust` are sums, `ties` lists the tie places.
    """
    graph = nx.DiGraph()
    for kind in KINDS:
        firms = kind.rows(world)
        for row in firms[_shown(kind, firms)][np.argsort(firms[_shown(kind, firms)]["key"])]:
            traits = {name: row[name].item() for name in kind.traits}
            graph.add_node(_node(kind, row), **{"kind": kind.name, "active": True} | traits | _place(kind, row))
    for kind in KINDS:
        for tie in kind.ties:
            _add_ties(graph, world, kind, tie)
    return graph


def _shown(kind: Kind, firms: np.ndarray) -> np.ndarray:
    """Return which firms have a node: all, or those in business and those whose ties have carried chips."""
    if not kind.has("active"):
        return np.ones(firms.size, bool)
    return firms["active"] | np.any([firms[tie.units].sum(axis=1) > 0 for tie in kind.ties], axis=0)


def _node(kind: Kind, row: Any) -> str:
    """Return the name of a firm's node; an agency is named by its code."""
    return f"{kind.name}:{table(kind.codes)[row['key']]['code'] if kind.name == 'enforcer' else row['key']}"


def _place(kind: Kind, row: Any) -> dict[str, Any]:
    """Return what a node says in words: code, country, class of buyers, whether it is in business."""
    said: dict[str, Any] = {}
    if kind.codes:
        said["code"] = table(kind.codes)[row["key"]]["code"]
    if kind.has("country"):
        said["country"] = table("countries")[row["country"]]["code"]
    if kind.name == "buyer":
        said |= {"country": DESTINATION, "buyer_class": table("classes")[row["kind"]]["code"]}
    if kind.has("active"):
        said["active"] = bool(row["active"])
    return said


def _add_ties(graph: nx.DiGraph, world: World, kind: Kind, tie: Tie) -> None:
    """Add the ties of a kind of firm to its sellers; ties of firms that are not shown are left out."""
    selling = BY_NAME[tie.seller]
    firms, sellers = kind.rows(world), selling.rows(world)
    units = firms[tie.units]
    partner = firms[tie.rows] if tie.rows else np.broadcast_to(np.arange(sellers.size), units.shape)
    kept = _shown(kind, firms)[:, None] & (partner >= 0)
    if tie.open:
        kept &= (firms[tie.open] > 0) | (units > 0)
    if tie.shell:
        kept &= sellers["active"][partner] & (sellers["shell"][partner] == firms[tie.shell])
    flows = {"units": units} | ({"trust": firms[tie.trust]} if tie.trust else {})
    for row in np.argsort(firms["key"]):
        for place in np.flatnonzero(kept[row]):
            ends = (_node(selling, sellers[partner[row, place]]), _node(kind, firms[row]))
            carried = {name: values[row, place].item() for name, values in flows.items()}
            if graph.has_edge(*ends):
                edge = graph.edges[ends]
                carried = {name: edge[name] + amount for name, amount in carried.items()}
                graph.add_edge(*ends, **carried, ties=f"{edge['ties']} {place}")
            else:
                graph.add_edge(*ends, **carried, ties=str(place))
