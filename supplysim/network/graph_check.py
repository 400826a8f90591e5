"""The check of a user's own graph: from nodes and edges as written to what set-up starts from."""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import numpy as np

from supplysim.agents.kinds import BY_NAME
from supplysim.errors import LONGEST, InputError, nearest, one_line, shown
from supplysim.evidence import DESTINATION, table
from supplysim.network.given import Given
from supplysim.network.graph_files import Edge, Node, read_text
from supplysim.network.graph_gml import is_gml, parse_gml
from supplysim.network.graph_names import coded, countries, plain
from supplysim.network.graph_tables import parse_tables
from supplysim.network.graph_xml import parse_xml

log = logging.getLogger(__name__)

KINDS = tuple(BY_NAME)
PLACES = {  # who sells to whom, and to how many sellers a firm of the second kind is tied; 0: to any number
    (tie.seller, kind.name): kind.columns[tie.rows].shape[0] if tie.rows else 0
    for kind in BY_NAME.values()
    for tie in kind.ties
}
NUMBERS = {
    ("distributor", "share"),
    ("end_user", "order_median"),
    ("intermediary", "capacity"),
    ("buyer", "order_median"),
}
FLAGS = {("distributor", "complicit"), ("end_user", "provider"), ("intermediary", "front"), ("intermediary", "active")}
CODES = {
    ("distributor", "country"),
    ("end_user", "country"),
    ("intermediary", "country"),
    ("buyer", "country"),
    ("buyer", "buyer_class"),
}
TRAITS = {"kind", "country", "buyer_class", *(name for _, name in NUMBERS | FLAGS)}
FLAG_WORDS = {  # Yes and no as programs write them
    **dict.fromkeys(("true", "1", "1.0", "yes", "y", "t"), 1.0),
    **dict.fromkeys(("false", "0", "0.0", "no", "n", "f"), 0.0),
}
SPELLED = {plain(name): name for name in TRAITS | {"id", "code", "name", "label"}}  # of nodes
# Attributes that our own graphs carry and that a start has no use for; others are told to be passed over.
OWN = {plain(name) for kind in BY_NAME.values() for name in kind.traits} | {"id", "code", "name", "label"}
OWN_OF_EDGES = {"ties", "units", "trust", "id", "label"}
LARGEST_NUMBER = 1e9
MOST_FIRMS = 100_000  # of a kind: as many as a scenario allows
ALIKE = 0.8  # a name this close to a known one is a slip of the pen, not another program's attribute


def check_graph(path: str | Path, edges: str | Path | None = None) -> None:
    """Raise InputError unless a graph file, or a CSV file of nodes and one of edges, is a trade network."""
    read_given(path) if edges is None else read_given(path, edges)


def read_given(*paths: str | Path) -> Given:
    """Return what a GraphML, GEXF or GML file, or a CSV file of nodes and one of edges, fixes.

    Raises
    ------
    InputError
        When a file is unreadable or no trade network: one line naming file, node or line, rule and remedy.
    """
    return (
        _given(tuple(read_text(Path(path)) for path in paths), tuple(str(path) for path in paths)) if paths else Given()
    )


@lru_cache(maxsize=4)
def _given(texts: tuple[str, ...], places: tuple[str, ...]) -> Given:
    """Return the checked graph of file contents; ensembles ask for the same one again and again."""
    if len(texts) == 2:
        nodes, edges = parse_tables(texts[0], texts[1], (places[0], places[1]))
    else:
        nodes, edges = (parse_gml if is_gml(texts[0], places[0]) else parse_xml)(texts[0], places[0])
    nodes = [node._replace(traits=_spelled(node)) for node in nodes]
    kinds = _kinds(nodes)
    gone = {node.id for node in nodes if kinds[node.id] == "intermediary" and _number(node, "active") == 0.0}
    members: dict[str, list[Node]] = {kind: [] for kind in KINDS}
    for node in nodes:
        if node.id not in gone:
            members[kinds[node.id]].append(node)
    members["intermediary"].sort(key=lambda node: _number(node, "front") == 1.0)  # as in a drawn world
    if not members["distributor"]:
        raise InputError(places[0], None, "it has no distributor", "add a node of kind distributor")
    for kind in KINDS:
        if len(members[kind]) > MOST_FIRMS:
            raise InputError(places[0], None, f"it has more than {MOST_FIRMS} nodes of kind {kind}", "keep fewer")
    rows = {node.id: row for kind in KINDS for row, node in enumerate(members[kind])}
    rows |= _vendors(members["vendor"])
    _tell_what_is_passed_over(nodes, edges, places[0])
    sellers = _sellers(edges, kinds, rows, gone)
    counts = {kind: len(members[kind]) for kind in KINDS if members[kind] and not BY_NAME[kind].codes}
    return Given(
        counts,
        {(kind, name): _column(members[kind], name) for kind, name in NUMBERS | FLAGS | CODES if kind in counts},
        {
            pair: _places(sellers[pair], counts[pair[1]], width)
            for pair, width in PLACES.items()
            if width and sellers[pair]
        },
        _carries(sellers["vendor", "distributor"], counts["distributor"]),
    )


def _kinds(nodes: list[Node]) -> dict[str, str]:
    """Return the kind of every node by id, after the checks of each node by itself."""
    kinds: dict[str, str] = {}
    for node in nodes:
        if not node.id:
            raise InputError(node.place, None, "it has no id", "give every node an id of its own")
        if len(node.id) > LONGEST:
            raise InputError(node.place, None, f"its id has more than {LONGEST} characters", "give a shorter one")
        if node.id in kinds:
            raise InputError(node.place, node.id, "another node has this id", "give every node an id of its own")
        kind = node.traits.get("kind", "")
        if kind not in KINDS:
            rule = "there is no such kind" if kind else "it has no kind"
            raise InputError(f"{node.place}: kind", kind or None, rule, nearest(kind, KINDS))
        for name in node.traits.keys() - TRAITS:
            if get_close_matches(name, TRAITS, n=1, cutoff=ALIKE):
                raise InputError(f"{node.place}: {shown(name)}", None, "there is no such trait", nearest(name, TRAITS))
        kinds[node.id] = kind
    return kinds


def _spelled(node: Node) -> dict[str, str]:
    """Return a node's attributes under the names that they have here."""
    traits: dict[str, str] = {}
    for name, text in node.traits.items():
        known = SPELLED.get(plain(name), name)
        if traits.setdefault(known, text) != text:
            raise InputError(f"{node.place}: {shown(name)}", text, f"another {known} of it differs", "keep one")
    kind = plain(traits.get("kind", ""))
    named = next((name for name in KINDS if plain(name) == kind), None)
    return traits if named is None else traits | {"kind": named}


def _vendors(nodes: list[Node]) -> dict[str, int]:
    """Return the row of every vendor node by id: one of its names is a vendor's code, or vendor:0, vendor:1, ...

    Programs that number the nodes anew keep what they were called as an attribute.
    """
    codes = [row["code"] for row in table("vendors")]
    names = {name: row for row, code in enumerate(codes) for name in (code, f"vendor:{row}")}
    rows: dict[str, int] = {}
    for node in nodes:
        said = [node.id, *(node.traits.get(name, "") for name in ("code", "id", "name", "label"))]
        found = {names[name.lower()] for name in said if name.lower() in names}
        if not found:
            raise InputError(f"{node.place}: id", node.id, "there is no such vendor", nearest(node.id, names))
        if len(found) > 1:
            raise InputError(f"{node.place}: id", node.id, "its names are those of two vendors", "correct one")
        if found & set(rows.values()):
            raise InputError(f"{node.place}: id", node.id, "another node is this vendor", "keep one")
        rows[node.id] = found.pop()
    return rows


def _tell_what_is_passed_over(nodes: list[Node], edges: list[Edge], place: str) -> None:
    """Say in one line which attributes a world does not start from."""
    passed = {name for node in nodes for name in node.traits if name not in TRAITS and plain(name) not in OWN}
    passed |= {f"{name} of edges" for edge in edges for name in edge.traits if plain(name) not in OWN_OF_EDGES}
    used = {*NUMBERS, *FLAGS, *CODES}
    for node in nodes:
        kind = node.traits["kind"]
        for name in node.traits.keys() & TRAITS - {"kind"}:
            drawn = name in BY_NAME[kind].traits or name in ("country", "buyer_class", "active")
            blank = FLAG_WORDS.get(node.traits[name].lower()) == 0.0  # tables of programs have no empty flags
            if (kind, name) not in used and not drawn and not blank:
                passed.add(f"{name} of a {kind}")
    if passed:
        names = [shown(name) for name in sorted(passed)]
        more = f" and {len(names) - 12} more" if len(names) > 12 else ""
        log.warning("%s", one_line(f"{place}: a world does not start from: {', '.join(names[:12])}{more}"))


def _number(node: Node, name: str) -> float:
    """Return a node's trait as a number, a flag as 0 or 1, a code as its index; nan when not given."""
    text, kind, at = node.traits.get(name), node.traits["kind"], f"{node.place}: {name}"
    if text is None:
        return math.nan
    if (kind, name) in FLAGS:
        if text.lower() not in FLAG_WORDS:
            raise InputError(at, text, "it is neither true nor false", "write true or false")
        return FLAG_WORDS[text.lower()]
    if (kind, name) in CODES:
        codes = [row["code"] for row in table("countries" if name == "country" else "classes")]
        code = (countries() if name == "country" else coded("classes")).get(plain(text))
        if code is None:
            rest = "; OT is the rest of the world" if name == "country" else ""
            rule = f"there is no such {name.replace('_', ' ')}"
            raise InputError(at, text, rule, f"{nearest(text, codes)}{rest}")
        if name == "country" and (code == DESTINATION) != (kind == "buyer"):
            raise InputError(at, text, "buyers sit in China, all others abroad", "choose another country")
        return float(codes.index(code))
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value <= LARGEST_NUMBER:
        rule = f"it is no number above 0 and up to {LARGEST_NUMBER:g}"
        raise InputError(at, text, rule, "write such a number, or leave it out to have it drawn")
    return value


def _column(nodes: list[Node], name: str) -> np.ndarray:
    return np.array([_number(node, name) for node in nodes])


def _sellers(
    edges: list[Edge], kinds: dict[str, str], rows: dict[str, int], gone: set[str]
) -> dict[tuple[str, str], dict[int, list[tuple[int, list[int]]]]]:
    """Return, by pair of kinds and buying firm, its sellers and the tie places that each of them fills."""
    found: dict[tuple[str, str], dict[int, list[tuple[int, list[int]]]]] = {pair: defaultdict(list) for pair in PLACES}
    for edge in edges:
        for end in (edge.source, edge.target):
            if end not in kinds:
                raise InputError(edge.place, end or None, "there is no such node", "add it, or correct the edge")
        pair = (kinds[edge.source], kinds[edge.target])
        if not edge.directed and pair not in PLACES and pair[::-1] in PLACES:  # the kinds tell which way goods go
            edge, pair = edge._replace(source=edge.target, target=edge.source), pair[::-1]
        if pair not in PLACES:
            remedy = (
                "swap source and target"
                if pair[::-1] in PLACES
                else "goods go vendor, distributor, end_user or intermediary, buyer"
            )
            raise InputError(edge.place, None, f"no {pair[0]} sells to a {pair[1]}", remedy)
        if gone.isdisjoint((edge.source, edge.target)):
            mine = found[pair][rows[edge.target]]
            mine.append((rows[edge.source], _tie_places(edge, PLACES[pair])))
            taken = sum(max(1, len(places)) for _, places in mine)
            named = [place for _, places in mine for place in places]
            if PLACES[pair] and (taken > PLACES[pair] or len(set(named)) < len(named)):
                rule = f"more than {PLACES[pair]} ties, or two in one place, lead to {shown(edge.target)}"
                raise InputError(edge.place, None, rule, "keep fewer edges")
    return found


def _tie_places(edge: Edge, width: int) -> list[int]:
    """Return the tie places that an edge says it fills."""
    ties = next((text for name, text in edge.traits.items() if plain(name) == "ties"), "")
    places = ties.removesuffix(".0").split() if width else []
    if any(not (place.isascii() and place.isdigit()) or len(place) > 2 or int(place) >= width for place in places):
        rule = f"places are whole numbers from 0 to {width - 1}, with spaces between"
        raise InputError(f"{edge.place}: ties", ties, rule, "correct or drop them")
    return [int(place) for place in places]


def _places(sellers: dict[int, list[tuple[int, list[int]]]], firms: int, width: int) -> np.ndarray:
    """Return sellers by firm and tie place, shape (firms, width): named places first, the others in order."""
    ties = np.full((firms, width), -1)
    for firm, mine in sellers.items():
        for seller, places in mine:
            ties[firm, places] = seller
        free = iter(np.flatnonzero(ties[firm] < 0))
        for seller, places in mine:
            if not places:
                ties[firm, next(free)] = seller
    return ties


def _carries(sellers: dict[int, list[tuple[int, list[int]]]], distributors: int) -> np.ndarray | None:
    """Return which distributor sells whose chips; a vendor without edges sells to all: none is stranded."""
    if not sellers:
        return None
    carries = np.zeros((distributors, len(table("vendors"))), np.int64)
    for distributor, mine in sellers.items():
        for vendor, _ in mine:
            carries[distributor, vendor] = 1
    carries[:, carries.sum(axis=0) == 0] = 1
    return carries
