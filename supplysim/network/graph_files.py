"""Graph files as written: GraphML or two CSV files in, nodes and edges with their texts out.

networkx would merge repeated nodes, invent missing ones and expand entities; here a user is told of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from supplysim.errors import InputError, nearest, shown

LARGEST = 50_000_000  # bytes; the ties of a hundred thousand firms


class Node(NamedTuple):
    """A node as written."""

    place: str  # for messages
    id: str
    traits: dict[str, str]  # attributes that are not empty


class Edge(NamedTuple):
    """An edge as written."""

    place: str
    source: str
    target: str
    ties: str  # which tie places of the target it fills, such as "0 2"; empty if not said


def read_text(path: Path) -> str:
    """Return a file's text, of bounded size and in UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(str(path), None, f"cannot be read ({error.strerror})", "name a readable file") from error
    if len(content) > LARGEST:
        raise InputError(str(path), None, f"is larger than {LARGEST // 10**6} megabytes", "keep ties only")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(path), None, "is not text in UTF-8", "save the graph as UTF-8") from error


def parse_graphml(text: str, place: str) -> tuple[list[Node], list[Edge]]:
    """Return the nodes and edges of a GraphML text."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(place, None, "it declares a document type", "save plain GraphML without <!DOCTYPE>")
    try:
        root = ElementTree.fromstring(text)  # a str: an encoding named inside cannot hide anything
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(place, None, f"is not XML ({error})", "save the graph as GraphML") from error
    if _tag(root) != "graphml":
        raise InputError(place, None, f"is no GraphML but <{shown(_tag(root))}>", "save the graph as GraphML")
    names = {key.get("id", ""): key.get("attr.name", "") for key in root if _tag(key) == "key"}
    nodes: list[Node] = []
    edges: list[Edge] = []
    for element in (element for graph in root if _tag(graph) == "graph" for element in graph):
        if _tag(element) == "node":
            name = element.get("id", "").strip()
            nodes.append(Node(f"{place}: node {shown(name)}", name, _data(element, names)))
        elif _tag(element) == "edge":
            source, target = element.get("source", "").strip(), element.get("target", "").strip()
            at = f"{place}: edge {shown(source)} -> {shown(target)}"
            edges.append(Edge(at, source, target, _data(element, names).get("ties", "")))
    return nodes, edges


def parse_tables(nodes: str, edges: str, places: tuple[str, str]) -> tuple[list[Node], list[Edge]]:
    """Return the nodes and edges of two CSV texts."""
    return (
        [Node(place, row.pop("id", ""), row) for place, row in _rows(nodes, places[0], ("id", "kind"))],
        [
            Edge(place, row.get("source", ""), row.get("target", ""), row.get("ties", ""))
            for place, row in _rows(edges, places[1], ("source", "target"))
        ],
    )


def _rows(text: str, place: str, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every line of a CSV text with its place, as the cells that are not empty."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        for name in needed:
            if header.count(name) != 1:
                rule = f"it needs one column {name}"
                raise InputError(place, None, rule, nearest(name, header) if header else "write a header line")
        for cells in reader:
            at = f"{place}: line {reader.line_num}"
            if len(cells) > len(header):
                rule = f"it has {len(cells)} cells under {len(header)} columns"
                raise InputError(at, None, rule, "quote cells that hold commas")
            row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            if row:
                yield at, row
    except csv.Error as error:
        raise InputError(f"{place}: line {reader.line_num}", None, f"is not CSV ({error})", "correct it") from error


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _data(element: ElementTree.Element, names: dict[str, str]) -> dict[str, str]:
    """Return the attributes of a node or edge that are not empty, by name."""
    found = {names.get(data.get("key", ""), ""): (data.text or "").strip() for data in element if _tag(data) == "data"}
    return {name: text for name, text in found.items() if name and text}
