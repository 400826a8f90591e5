"""The trade network of a film: the ties that carried chips, laid out once."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
from supplysim.viz.figures.named import COUNTRIES, name_of, named
from supplysim.viz.figures.sayings import Saying

from supplysim.language import gettext_noop
from supplysim.run import Finished

MOST_EDGES = 420


def network(run: Finished) -> dict[str, Any]:
    """Return the ties that carried chips, laid out once: distributors, intermediaries, buyers."""
    w = run.engine.world
    used = w.shipments[: w.counts[0]["shipments"]]
    graph = nx.Graph()
    top = largest(used["distributor"], used["seller"], w.orders["buyer"][used["order"]], used["quantity"], used["week"])
    graph.add_edges_from(edge for edge, _ in top)
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


def largest(*columns: np.ndarray) -> list[tuple[tuple[str, str], tuple[int, int]]]:
    """Return the ties that carried most: their ends, the week of the first consignment, chips; most chips first.

    `columns` are distributors, sellers, buyers, chips and weeks of the consignments, in their order.
    """
    distributor, seller, buyer, chips, week = (column.astype(np.int64) for column in columns)
    ends = np.stack([np.stack([distributor, seller, buyer], 1)[:, i : i + 2] for i in (0, 1)], 1).reshape(-1, 2)
    kind = np.tile([0, 1], seller.size)  # bought from a distributor, sold to a buyer
    size = int(ends.max(initial=0)) + 1
    _, first, tie = np.unique((kind * size + ends[:, 0]) * size + ends[:, 1], return_index=True, return_inverse=True)
    carried = np.bincount(tie, weights=np.repeat(chips, 2)).astype(int)
    top = np.lexsort((first, -carried))[:MOST_EDGES]
    letters = ("d", "i"), ("i", "b")
    return [
        (
            (f"{letters[kind[row]][0]}{ends[row, 0]}", f"{letters[kind[row]][1]}{ends[row, 1]}"),
            (int(week[row // 2]), int(carried[place])),
        )
        for place, row in zip(top, first[top], strict=True)
    ]


def filling(spots: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the places stretched to fill the square from -1 to 1: half by their value, half by their rank."""
    if not spots:
        return spots
    at = np.array(list(spots.values()))
    rank = at.argsort(axis=0).argsort(axis=0) / max(len(at) - 1, 1) * 2.0 - 1.0
    low, high = at.min(axis=0), at.max(axis=0)
    even = (at - low) / np.where(high > low, high - low, 1.0) * 2.0 - 1.0
    return dict(zip(spots, 0.45 * even + 0.55 * rank, strict=True))


def _label(w: Any, node: str) -> Saying:
    row = int(node[1:])
    if node[0] == "d":
        country = named(COUNTRIES[w.distributors["country"][row]])
        return Saying(gettext_noop("distributor in {country}"), {"country": country})
    if node[0] == "i":
        country = named(COUNTRIES[w.intermediaries["country"][row]])
        firm = name_of(int(w.intermediaries["key"][row]))
        return Saying(gettext_noop("{firm}, {country}"), {"firm": firm, "country": country})
    return Saying(gettext_noop("buyer in China"))
