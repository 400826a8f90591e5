"""A graph file with anything in it is read, or refused in one line; never a traceback, whatever its size."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supplysim.errors import InputError
from supplysim.network import graph_files
from supplysim.network.graph_check import read_given
from tests import test_graph_programs as programs

WRITERS = (
    programs.plain,
    programs.semicolons,
    programs.gephi_tables,
    programs.networkx_graphml,
    programs.networkx_gexf,
    programs.networkx_gml,
    programs.igraph_graphml,
    programs.yed_graphml,
    programs.gephi_gexf,
)
XML = ["<", ">", "/>", "</node>", "]]>", "<!--", "&amp;", "&#0;", "&lol;", 'directed="maybe"', "<?xml version='1.1'?>"]
XML += ["<!DOCTYPE x [<!ENTITY a 'b'>]>"]
GML = ['"', "]", "[", "graph [", "edge [ ]", "label 1"]
OTHER = [
    "",
    "'",
    "\0",
    "\ufeff",
    "\u202e",
    "é",
    "\n",
    "\r",
    "\t",
    ",",
    ";",
    "nan",
    "-1",
    "1e999",
    "9" * 400,
    "true",
    "d1",
    "XX",
]
PIECES = [*XML, *GML, *OTHER]


def mangled(text, draw):
    """Return a text with a few pieces cut out, doubled, moved or put in."""
    for _ in range(draw.randint(1, 4)):
        start, end = sorted(draw.randrange(len(text) + 1) for _ in range(2))
        end = min(end, start + draw.choice((0, 1, 3, 20, 200)))
        other = draw.randrange(len(text) + 1)
        piece = draw.choice((draw.choice(PIECES), text[start:end] * 2, text[other : other + 30]))
        text = text[:start] + piece + text[end:]
    return text


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_mangled_graph_is_read_or_refused_in_one_line(seed, tmp_path):
    draw = random.Random(seed)
    paths = draw.choice(WRITERS)(tmp_path)
    paths = list(paths) if isinstance(paths, (list, tuple)) else [paths]
    spoilt = draw.choice(paths)
    content = mangled(spoilt.read_text("utf-8"), draw).encode("utf-8", "replace")
    if draw.random() < 0.2:
        place = draw.randrange(len(content) + 1)
        content = content[:place] + draw.randbytes(3) + content[place:]
    spoilt.write_bytes(content)
    refused = ""
    try:
        read_given(*paths)
    except InputError as error:
        refused = str(error)
    assert (refused.isprintable(), len(refused) < 700) == (True, True), refused


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(graph_files, "LARGEST", 1_000_000)
    path = tmp_path / "large.graphml"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # takes no room on disk
    with pytest.raises(InputError, match=r"large.graphml: is larger than 1 megabytes; keep ties only"):
        read_given(path)
