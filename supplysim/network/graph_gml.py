"""Graphs in GML, as networkx, igraph, Gephi and yEd write it; networkx reads the language."""

from __future__ import annotations

import re

from supplysim.errors import InputError
from supplysim.network.graph_files import Edge, Node, at_edge, at_node, bounded

START = re.compile(r"^\s*graph\s*\[", re.MULTILINE)
NESTED = {"gid", "isGroup"}  # how yEd tells of groups


def is_gml(text: str, place: str) -> bool:
    """Return whether a text is meant as GML."""
    return place.lower().endswith(".gml") or (not text.lstrip().startswith("<") and bool(START.search(text)))


def parse_gml(text: str, place: str) -> tuple[list[Node], list[Edge]]:
    """Return the nodes and edges of a GML text."""
    if len(START.findall(text)) != 1:
        raise InputError(place, None, "it needs one graph [ ... ]", "save one graph as GML")
    if not re.search(r"^\s*multigraph\b", text, re.MULTILINE):
        text = START.sub("graph [ multigraph 1", text)  # parallel edges are ties too; GML has no word for them
    import networkx as nx  # most graphs come in another format, and loading it takes longer than a short run

    try:
        graph = nx.parse_gml(text, label="id")
    except Exception as error:  # its reader ends in errors of many classes
        reason = str(error) or type(error).__name__
        raise InputError(place, None, f"is not GML that can be read ({reason[:100]})", "correct it") from error
    nodes = [Node(at_node(place, str(name)), str(name), _texts(data)) for name, data in graph.nodes(data=True)]
    for node in nodes:
        for name in NESTED & node.traits.keys():
            raise InputError(f"{node.place}: {name}", node.traits[name], "groups are not read", "ungroup the nodes")
    edges = [
        Edge(at_edge(place, str(source), str(target)), str(source), str(target), _texts(data), graph.is_directed())
        for source, target, data in graph.edges(data=True)
    ]
    bounded(nodes, place)
    bounded(edges, place)
    return nodes, edges


def _texts(data: dict) -> dict[str, str]:
    """Return the attributes that are not empty; how something is drawn is a table, not a text."""
    return {name: str(value).strip() for name, value in data.items() if str(value).strip() and name != "graphics"}
