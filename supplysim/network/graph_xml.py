"""Graphs in XML: GraphML as networkx, igraph and yEd write it, GEXF as Gephi and networkx do.

What the standards allow and a trade network cannot mean (hyperedges, ports, graphs within nodes, graphs that change
in time) is refused with a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from supplysim.errors import InputError, shown
from supplysim.network.graph_files import MOST, Edge, Node, at_edge, at_node, bounded

TYPES = {"boolean", "int", "long", "float", "double", "string"}  # attr.type of GraphML
TIMES = {"start", "startopen", "end", "endopen", "timestamp", "timestamps", "intervals", "open"}
MOST_TAGS = 6 * MOST
VIEWS = ("viz", "yworks", "yfiles")  # in namespaces of elements that say how something is drawn


class Key(NamedTuple):
    """An attribute that a file declares."""

    name: str
    default: str
    domain: str  # node, edge, all, ...


def parse_xml(text: str, place: str) -> tuple[list[Node], list[Edge]]:
    """Return the nodes and edges of a GraphML or GEXF text."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(place, None, "it declares a document type", "save it plainly, without <!DOCTYPE>")
    if text.count("<") > MOST_TAGS:
        raise InputError(place, None, f"it has more than {MOST_TAGS} tags", "keep ties only")
    try:
        root = ElementTree.fromstring(text)  # a str: an encoding named inside cannot hide anything
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(place, None, f"is not XML ({error})", "save the graph as GraphML, GEXF or GML") from error
    if _tag(root) not in ("graphml", "gexf"):
        raise InputError(place, None, f"is no GraphML but <{shown(_tag(root))}>", "save the graph as GraphML or GEXF")
    read = _graphml if _tag(root) == "graphml" else _gexf
    nodes: list[Node] = []
    edges: list[Edge] = []
    for item in read(root, place):
        if isinstance(item, Node):
            nodes.append(item)
        else:
            edges.append(item)
    bounded(nodes, place)
    bounded(edges, place)
    return nodes, edges


def _graphml(root: Element, place: str) -> Iterator[Node | Edge]:
    parts = _parts(root, place, ("key", "graph", "data", "desc"))
    keys: dict[str, Key] = {}
    for key in parts["key"]:
        name, kind = key.get("id", ""), key.get("attr.type", "string")
        if not name or name in keys:
            raise InputError(f"{place}: key", name or None, "a key needs an id of its own", "give it one")
        if kind not in TYPES:
            raise InputError(f"{place}: key {shown(name)}: attr.type", kind, "GraphML has no such type", "correct it")
        default = "".join((item.text or "").strip() for item in key if _tag(item) == "default")
        keys[name] = Key(key.get("attr.name", ""), default, key.get("for", "all"))
    graph = _one(parts["graph"], place)
    if graph is None:
        return
    way = _way(graph.get("edgedefault"), f"{place}: graph: edgedefault")
    parts = _parts(graph, f"{place}: graph", ("node", "edge", "data", "desc"))
    for node in parts["node"]:
        name = node.get("id", "").strip()
        at = at_node(place, name)
        yield Node(at, name, _data(_parts(node, at, ("data", "desc"))["data"], keys, "node", at))
    for edge in parts["edge"]:
        source, target = edge.get("source", "").strip(), edge.get("target", "").strip()
        at = at_edge(place, source, target)
        if edge.get("sourceport") or edge.get("targetport"):
            raise InputError(at, None, "it leads to a port", "let it lead to a node")
        said = edge.get("directed")
        directed = way if said is None else _boolean(said, f"{at}: directed")
        yield Edge(at, source, target, _data(_parts(edge, at, ("data", "desc"))["data"], keys, "edge", at), directed)


def _data(items: list[Element], keys: dict[str, Key], domain: str, at: str) -> dict[str, str]:
    """Return the attributes of a node or edge that are not empty, by name; its keys' defaults with them."""
    said: dict[str, str] = {}
    for data in items:
        name = data.get("key", "")
        if name not in keys:
            raise InputError(f"{at}: data", name or None, "no key of this id is declared", "declare it, or drop it")
        if name in said:
            raise InputError(f"{at}: data", name, "it stands twice", "keep one")
        if keys[name].name and len(data):
            raise InputError(f"{at}: {shown(keys[name].name)}", None, "it holds elements, not text", "write text")
        said[name] = (data.text or "").strip()
        if not keys[name].name:  # a drawing: yEd keeps the label there
            labels = [(item.text or "").strip() for item in data.iter() if _tag(item) in ("NodeLabel", "EdgeLabel")]
            said[name] = " ".join(label for label in labels if label)
    found: dict[str, str] = {}
    for name, key in keys.items():
        text = said.get(name, key.default if key.domain in (domain, "all") else "")
        if text and found.setdefault(key.name or "label", text) != text and key.name:
            raise InputError(f"{at}: {shown(key.name)}", text, "another key of this name differs", "keep one")
    return found


def _gexf(root: Element, place: str) -> Iterator[Node | Edge]:
    graph = _one(_parts(root, place, ("meta", "graph"))["graph"], place)
    if graph is None:
        return
    if graph.get("mode", "static") != "static":
        raise InputError(f"{place}: graph: mode", graph.get("mode"), "it changes in time", "save one moment of it")
    way = graph.get("defaultedgetype", "undirected")
    parts = _parts(graph, f"{place}: graph", ("attributes", "nodes", "edges"))
    keys: dict[str, dict[str, Key]] = {"node": {}, "edge": {}}
    for group in parts["attributes"]:
        domain = group.get("class", "")
        if domain not in keys or group.get("mode", "static") != "static":
            raise InputError(
                f"{place}: attributes", domain, "only those of nodes and edges at rest are read", "drop it"
            )
        for item in _parts(group, f"{place}: attributes", ("attribute",))["attribute"]:
            name, inner = item.get("id", ""), _parts(item, f"{place}: attribute", ("default", "options"))
            if not name or name in keys[domain]:
                raise InputError(f"{place}: attribute", name or None, "it needs an id of its own", "give it one")
            default = "".join((text.text or "").strip() for text in inner["default"])
            keys[domain][name] = Key(item.get("title", name), default, domain)
    for nodes in parts["nodes"]:
        for node in _parts(nodes, f"{place}: nodes", ("node",))["node"]:
            name = node.get("id", "").strip()
            at = at_node(place, name)
            if node.get("pid"):
                raise InputError(f"{at}: pid", node.get("pid"), "it lies within another node", "take it out of there")
            yield Node(at, name, _values(node, keys["node"], at, ("label",)))
    for edges in parts["edges"]:
        for edge in _parts(edges, f"{place}: edges", ("edge",))["edge"]:
            source, target = edge.get("source", "").strip(), edge.get("target", "").strip()
            at = at_edge(place, source, target)
            directed = _way(edge.get("type", way), f"{at}: type")
            yield Edge(at, source, target, _values(edge, keys["edge"], at, ("label", "weight", "kind")), directed)


def _values(element: Element, keys: dict[str, Key], at: str, own: tuple[str, ...]) -> dict[str, str]:
    """Return the attributes of a node or edge of GEXF that are not empty, by name."""
    for name in TIMES & element.attrib.keys():
        raise InputError(f"{at}: {name}", element.get(name), "it changes in time", "save one moment of it")
    texts = {name: key.default for name, key in keys.items()}
    said: set[str] = set()
    for group in _parts(element, at, ("attvalues",))["attvalues"]:
        for value in _parts(group, at, ("attvalue",))["attvalue"]:
            name = value.get("for", value.get("id", ""))
            if name not in keys or name in said:
                rule = "it stands twice" if name in said else "no attribute of this id is declared"
                raise InputError(f"{at}: attvalue", name or None, rule, "correct it, or drop it")
            if TIMES & value.attrib.keys():
                raise InputError(f"{at}: attvalue", name, "it changes in time", "save one moment of it")
            said.add(name)
            texts[name] = value.get("value", "").strip()
    found: dict[str, str] = {}
    for name, key in keys.items():
        if texts[name] and found.setdefault(key.name, texts[name]) != texts[name]:
            raise InputError(f"{at}: {shown(key.name)}", texts[name], "another of this name differs", "keep one")
    return {name: element.get(name, "").strip() for name in own if element.get(name, "").strip()} | found


def _parts(element: Element, at: str, known: tuple[str, ...]) -> dict[str, list[Element]]:
    """Return an element's children by tag, once all of them are known; how they are drawn is of no interest."""
    parts: dict[str, list[Element]] = {tag: [] for tag in known}
    for child in element:
        tag = _tag(child)
        if any(view in child.tag.rpartition("}")[0].lower() for view in VIEWS):
            continue
        if tag not in parts:
            rule = f"<{shown(tag)}> within <{shown(_tag(element))}> is not read"
            raise InputError(at, None, rule, "a trade network has plain nodes and edges: take it out")
        parts[tag].append(child)
    return parts


def _one(graphs: list[Element], place: str) -> Element | None:
    if len(graphs) > 1:
        raise InputError(place, None, f"it holds {len(graphs)} graphs", "keep one")
    return graphs[0] if graphs else None


def _way(text: str | None, at: str) -> bool:
    if text not in ("directed", "undirected"):
        rule = "goods go one way: it is neither directed nor undirected"
        raise InputError(at, text, rule, "write one of them")
    return text == "directed"


def _boolean(text: str, at: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise InputError(at, text, "it is neither true nor false", "write true or false")
    return text in ("true", "1")


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
