"""Graph files as written: GraphML, GEXF, GML or two CSV files in, nodes and edges with their texts out.

networkx would merge repeated nodes, invent missing ones and expand entities; here a user is told of them. What a
format allows is read, or refused with a line: nothing is passed over in silence.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from supplysim.errors import InputError, shown

LARGEST = 50_000_000  # bytes; the ties of a hundred thousand firms
MOST = 2_000_000  # nodes, and edges
MARKS = {  # byte order marks, the longer first
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ENCODINGS = ("utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252")  # that an XML declaration may name


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
    traits: dict[str, str]
    directed: bool = True


def read_text(path: Path) -> str:
    """Return a file's text, of bounded size: UTF-8, what a byte order mark tells, or what XML declares."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(str(path), None, f"cannot be read ({error.strerror})", "name a readable file") from error
    if len(content) > LARGEST:
        raise InputError(str(path), None, f"is larger than {LARGEST // 10**6} megabytes", "keep ties only")
    declared = re.match(rb"""<\?xml[^>]{,99}encoding\s*=\s*["']([\w.-]{1,40})["']""", content)
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    if encoding is None:
        encoding = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        if encoding not in ENCODINGS:
            raise InputError(f"{path}: encoding", encoding, "it is not read", "save the graph as UTF-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        said = encoding.removesuffix("-sig").upper()
        raise InputError(str(path), None, f"is not text in {said}", "save the graph as UTF-8") from error


def at_node(place: str, name: str) -> str:
    """Return where a node stands, for messages."""
    return f"{place}: node {shown(name)}"


def at_edge(place: str, source: str, target: str) -> str:
    """Return where an edge stands, for messages."""
    return f"{place}: edge {shown(source)} -> {shown(target)}"


def bounded(found: list, place: str) -> None:
    """Raise InputError if there are more nodes, or edges, than are read."""
    if len(found) > MOST:
        raise InputError(place, None, f"it has more than {MOST} nodes or edges", "keep ties only")
