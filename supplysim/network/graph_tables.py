"""Two CSV files, one of nodes and one of edges, as spreadsheets, pandas, igraph and Gephi write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from supplysim.errors import InputError, nearest, shown
from supplysim.network.graph_files import Edge, Node, bounded
from supplysim.network.graph_names import plain

DELIMITERS = ",;\t"
COLUMNS = {  # what a column is called here -> what programs call it; the first that a file has is meant
    "id": ("vertexid", "id", "name"),  # igraph's tables number the vertices
    "source": ("source", "from"),
    "target": ("target", "to"),
    "kind": ("kind",),
}


def parse_tables(nodes: str, edges: str, places: tuple[str, str]) -> tuple[list[Node], list[Edge]]:
    """Return the nodes and edges of two CSV texts."""
    found_nodes, found_edges = [], []
    for place, row in _rows(nodes, places[0], ("id", "kind")):
        found_nodes.append(Node(place, row.pop("id", ""), row))
        bounded(found_nodes, places[0])
    for place, row in _rows(edges, places[1], ("source", "target")):
        kind = next((row.pop(name) for name in list(row) if plain(name) == "type"), "directed")
        if kind.lower() not in ("directed", "undirected"):
            rule = "goods go one way: it is neither Directed nor Undirected"
            raise InputError(f"{place}: type", kind, rule, "write one of them, or rename the column")
        found_edges.append(Edge(place, row.pop("source", ""), row.pop("target", ""), row, kind.lower() == "directed"))
        bounded(found_edges, places[1])
    return found_nodes, found_edges


def _rows(text: str, place: str, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every line of a CSV text with its place, as the cells that are not empty."""
    delimiter = _delimiter(text, needed)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        columns = dict(_needed(header, needed, place))
        for cells in reader:
            at = f"{place}: line {reader.line_num}"
            if len(cells) > len(header):
                rule = f"it has {len(cells)} cells under {len(header)} columns"
                raise InputError(at, None, rule, f"quote cells that hold {_said(delimiter)}")
            row: dict[str, str] = {}
            for column, cell in enumerate(cells):
                name = columns.get(column, header[column])
                if cell.strip() and row.setdefault(name, cell.strip()) != cell.strip():
                    raise InputError(f"{at}: {shown(name)}", cell, "another column of this name differs", "keep one")
            if row:
                yield at, row
    except csv.Error as error:
        raise InputError(f"{place}: line {reader.line_num}", None, f"is not CSV ({error})", "correct it") from error


def _said(delimiter: str) -> str:
    return {",": "commas", ";": "semicolons", "\t": "tabs"}[delimiter]


def _delimiter(text: str, needed: tuple[str, ...]) -> str:
    """Return what separates the cells: what finds most of the columns needed in the header, then most cells."""
    line = text.lstrip("\r\n").partition("\n")[0][:100_000]
    if not any(delimiter in line for delimiter in DELIMITERS):
        return ","

    def score(delimiter: str) -> tuple[int, int]:
        names = [plain(name.strip(' "\r')) for name in line.split(delimiter)]
        return sum(any(name in names for name in COLUMNS[column]) for column in needed), len(names)

    return max(DELIMITERS, key=score)


def _needed(header: list[str], needed: tuple[str, ...], place: str) -> Iterator[tuple[int, str]]:
    """Yield column and name of the columns that a table cannot be without."""
    names = [plain(name) for name in header]
    for column in needed:
        called = next((name for name in COLUMNS[column] if name in names), column)
        if names.count(called) != 1:
            rule = f"it needs one column {column}"
            raise InputError(place, None, rule, nearest(column, header) if header else "write a header line")
        yield names.index(called), column
