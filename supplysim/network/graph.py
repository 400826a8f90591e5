"""The trade network as a networkx graph, and the check of a user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from supplysim.evidence import DESTINATION, table
from supplysim.network.graph_check import read_given

if TYPE_CHECKING:
    from supplysim.world.state import World

# What a node says of a firm besides its kind, its country and whether it is in business.
TRAITS = {
    "vendor": ("share", "appeal", "cash"),
    "distributor": ("share", "complicit", "mark_up", "cash"),
    "end_user": ("provider", "order_median", "cash"),
    "intermediary": ("front", "shell", "principal", "capacity", "delivered", "cash"),
    "buyer": ("order_median", "weight", "wtp", "cash"),
    "enforcer": ("open_cases", "prosecutions", "listings"),
}


def check_graph(path: str | Path, edges: str | Path | None = None) -> None:
    """Raise InputError unless a GraphML file, or a CSV file of nodes and one of edges, is a trade network."""
    read_given(path) if edges is None else read_given(path, edges)


def trade_graph(world: World) -> nx.DiGraph:
    """Return who trades with whom now, with what has flowed; edges point the way goods go.

    Nodes are named by kind and identity, such as ``distributor:12``; of the intermediaries there are those
    in business and those whose ties have carried chips. Ties to the same partner are one edge: `units`
    (chips so far) and `trust` are sums, `ties` lists the tie places.
    """
    w = world
    graph = nx.DiGraph()
    firms = w.intermediaries
    shown = firms["active"] | (firms["bought"].sum(axis=1) > 0)
    countries = [row["code"] for row in table("countries")]
    classes = [row["code"] for row in table("classes")]
    for kind, rows, extra in (
        ("vendor", w.vendors, lambda row: {"code": table("vendors")[row["key"]]["code"]}),
        ("distributor", w.distributors, lambda row: {"country": countries[row["country"]]}),
        ("end_user", w.end_users, lambda row: {"country": countries[row["country"]]}),
        (
            "intermediary",
            firms[shown],
            lambda row: {"country": countries[row["country"]], "active": bool(row["active"])},
        ),
        ("buyer", w.buyers, lambda row: {"country": DESTINATION, "buyer_class": classes[row["kind"]]}),
    ):
        for row in rows[np.argsort(rows["key"])]:
            traits = {name: row[name].item() for name in TRAITS[kind]}
            graph.add_node(f"{kind}:{row['key']}", **{"kind": kind, "active": True} | traits | extra(row))
    for row in w.office.agencies:
        code = table("agencies")[row["key"]]["code"]
        traits = {name: row[name].item() for name in TRAITS["enforcer"]}
        graph.add_node(f"enforcer:{code}", kind="enforcer", active=True, code=code, **traits)

    vendors = np.broadcast_to(np.arange(w.vendors.size), w.distributors["carries"].shape)
    carried = (w.distributors["carries"] > 0) | (w.distributors["received"] > 0)
    _add_ties(
        graph, "vendor", w.vendors, "distributor", w.distributors, vendors, carried, units=w.distributors["received"]
    )
    sells = np.ones(w.end_users["supplier"].shape, bool)
    _add_ties(
        graph,
        "distributor",
        w.distributors,
        "end_user",
        w.end_users,
        w.end_users["supplier"],
        sells,
        units=w.end_users["bought"],
    )
    sells = np.broadcast_to(shown[:, None], firms["supplier"].shape)
    _add_ties(
        graph, "distributor", w.distributors, "intermediary", firms, firms["supplier"], sells, units=firms["bought"]
    )
    seller = w.buyers["seller"]
    alive = (seller >= 0) & firms["active"][seller] & (firms["shell"][seller] == w.buyers["seller_shell"])
    flows = {"units": w.buyers["received"], "trust": w.buyers["trust"]}
    _add_ties(graph, "intermediary", firms, "buyer", w.buyers, seller, alive, **flows)
    return graph


def _add_ties(
    graph: nx.DiGraph,
    seller_kind: str,
    sellers: np.ndarray,
    kind: str,
    firms: np.ndarray,
    partner: np.ndarray,
    kept: np.ndarray,
    **flows: Any,
) -> None:
    """Add the ties of a kind of firm to its sellers.

    Parameters
    ----------
    partner : ndarray of int64, shape (firms, places)
        Rows of sellers.
    kept : ndarray of bool, shape (firms, places)
        Ties that are drawn.
    flows : ndarray, shape (firms, places)
        What is summed along an edge.
    """
    for row in np.argsort(firms["key"]):
        for place in np.flatnonzero(kept[row]):
            ends = (f"{seller_kind}:{sellers['key'][partner[row, place]]}", f"{kind}:{firms['key'][row]}")
            carried = {name: values[row, place].item() for name, values in flows.items()}
            if graph.has_edge(*ends):
                edge = graph.edges[ends]
                carried = {name: edge[name] + amount for name, amount in carried.items()}
                graph.add_edge(*ends, **carried, ties=f"{edge['ties']} {place}")
            else:
                graph.add_edge(*ends, **carried, ties=str(place))
