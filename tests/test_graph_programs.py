"""The same start, written as igraph, Gephi, yEd and networkx write a graph, is the same start."""

import csv
import io
import re

import networkx as nx
import numpy as np
import pytest

from supplysim.errors import InputError
from supplysim.network.graph_check import read_given

NODES = """id,kind,country,share,capacity,front,provider,order_median,buyer_class
d1,distributor,SG,0.75,,,,,
d2,distributor,MY,0.25,,,,,
u1,end_user,SG,,,,true,50,
f1,intermediary,HK,,40,true,,,
t1,intermediary,MY,,7.5,,,,
b1,buyer,,,,,,120,lab
vendor:0,vendor,,,,,,,
vendor:1,vendor,,,,,,,
"""
# In the order of their sources, as networkx writes them: of several suppliers the order counts.
EDGES = "source,target\nd1,u1\nd1,t1\nd1,f1\nd2,t1\nt1,b1\nvendor:0,d1\nvendor:1,d2\nvendor:1,d1\n"
ROWS = list(csv.DictReader(io.StringIO(NODES)))
TIES = list(csv.DictReader(io.StringIO(EDGES)))
FIELDS = [name for name in ROWS[0] if name != "id"]
NUMBERS = ("share", "capacity", "order_median")
FLAGS = ("front", "provider")


def graph():
    """Return the start as a networkx graph, with what a node leaves out left out."""
    whole = nx.DiGraph()
    for row in ROWS:
        traits = {name: row[name] for name in FIELDS if row[name]}
        traits |= {name: float(traits[name]) for name in NUMBERS if name in traits}
        traits |= {name: True for name in FLAGS if name in traits}
        whole.add_node(row["id"], **traits)
    whole.add_edges_from((tie["source"], tie["target"]) for tie in TIES)
    return whole


def tables(folder, nodes, edges):
    (folder / "nodes.csv").write_bytes(nodes.encode())
    (folder / "edges.csv").write_bytes(edges.encode())
    return folder / "nodes.csv", folder / "edges.csv"


def one(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return (folder / name,)


def plain(folder):
    return tables(folder, NODES, EDGES)


def semicolons(folder):
    return tables(folder, NODES.replace(",", ";"), EDGES.replace(",", ";"))


def tabs_and_windows_lines(folder):
    return tables(folder, "\ufeff" + NODES.replace(",", "\t").replace("\n", "\r\n"), EDGES.replace(",", "\t"))


def shouted_headings(folder):
    head, _, rest = NODES.partition("\n")
    return tables(folder, head.upper() + "\n" + rest, EDGES.replace("source,target", "SOURCE,Target"))


def flags_as_numbers(folder):
    return tables(folder, NODES.replace("true", "1.0"), EDGES)


def names_of_countries(folder):
    spelled = NODES.replace(",SG,", ",Singapore,").replace(",HK,", ",HKG,").replace(",MY,", ",458,")
    return tables(folder, spelled, EDGES)


def vendors_by_code(folder):
    def coded(text):
        return text.replace("vendor:0", "first").replace("vendor:1", "second")

    return tables(folder, coded(NODES), coded(EDGES))


def gephi_tables(folder):
    nodes = [f"Id,Label,timeset,{','.join(FIELDS)}"]
    nodes += [f"{row['id']},{row['id']},,{','.join(row[name] for name in FIELDS)}" for row in ROWS]
    edges = ["Source,Target,Type,Id,Label,timeset,Weight"]
    edges += [f"{tie['source']},{tie['target']},Directed,{n},,,1.0" for n, tie in enumerate(TIES)]
    return tables(folder, "\n".join(nodes), "\n".join(edges))


def networkx_graphml(folder):
    nx.write_graphml(graph(), folder / "g.graphml")
    return (folder / "g.graphml",)


def networkx_gexf(folder):
    nx.write_gexf(graph(), folder / "g.gexf")
    return (folder / "g.gexf",)


def networkx_gml(folder):
    nx.write_gml(nx.relabel_nodes(graph(), {}), folder / "g.gml", stringizer=str)
    return (folder / "g.gml",)


def igraph_graphml(folder):
    """Vertices are called n0, n1, ...; what they were called is an attribute; a missing number is a NaN or nothing."""
    keys = "".join(f'<key id="v_{name}" for="node" attr.name="{name}" attr.type="string"/>' for name in ("id", *FIELDS))
    place = {row["id"]: f"n{number}" for number, row in enumerate(ROWS)}
    nodes = "".join(
        f'<node id="{place[row["id"]]}">'
        + "".join(f'<data key="v_{name}">{row[name]}</data>' for name in ("id", *FIELDS))
        + "</node>"
        for row in ROWS
    )
    edges = "".join(f'<edge source="{place[tie["source"]]}" target="{place[tie["target"]]}"/>' for tie in TIES)
    space = 'xmlns="http://graphml.graphdrawing.org/xmlns"'
    return one(
        folder,
        "g.graphml",
        f'<?xml version="1.0" encoding="UTF-8"?><graphml {space}>{keys}'
        f'<graph id="G" edgedefault="directed">{nodes}{edges}</graph></graphml>',
    )


def yed_graphml(folder):
    """YEd declares keys for what it draws and keeps labels there."""
    keys = '<key for="node" id="d0" yfiles.type="nodegraphics"/><key for="graphml" id="d9" yfiles.type="resources"/>'
    keys += "".join(
        f'<key attr.name="{name}" attr.type="string" for="node" id="d{n}"/>' for n, name in enumerate(FIELDS, 1)
    )
    drawn = '<data key="d0"><y:ShapeNode><y:Geometry height="30.0"/><y:NodeLabel>{}</y:NodeLabel></y:ShapeNode></data>'
    nodes = "".join(
        f'<node id="{row["id"]}">{drawn.format(row["id"])}'
        + "".join(f'<data key="d{n}">{row[name]}</data>' for n, name in enumerate(FIELDS, 1) if row[name])
        + "</node>"
        for row in ROWS
    )
    edges = "".join(f'<edge id="e{n}" source="{t["source"]}" target="{t["target"]}"/>' for n, t in enumerate(TIES))
    spaces = 'xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml"'
    return one(
        folder,
        "g.graphml",
        f'<graphml {spaces} xmlns:yed="http://www.yworks.com/xml/yed/3">{keys}'
        f'<graph edgedefault="directed" id="G">{nodes}{edges}</graph>'
        '<data key="d9"><y:Resources/></data></graphml>',
    )


def gephi_gexf(folder):
    attributes = "".join(f'<attribute id="{name}" title="{name}" type="string"/>' for name in FIELDS)
    nodes = "".join(
        f'<node id="{row["id"]}" label="{row["id"]}"><attvalues>'
        + "".join(f'<attvalue for="{name}" value="{row[name]}"/>' for name in FIELDS if row[name])
        + '</attvalues><viz:size value="10.0"/><viz:position x="1" y="2"/><viz:color r="1" g="2" b="3"/></node>'
        for row in ROWS
    )
    edges = "".join(f'<edge id="{n}" source="{t["source"]}" target="{t["target"]}"/>' for n, t in enumerate(TIES))
    space = 'xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3"'
    return one(
        folder,
        "g.gexf",
        f'<gexf {space}><meta lastmodifieddate="2026-11-01"><creator>Gephi 0.10.1</creator></meta>'
        f'<graph defaultedgetype="directed" mode="static"><attributes class="node" mode="static">{attributes}'
        f"</attributes><nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>",
    )


WRITERS = (
    semicolons, tabs_and_windows_lines, shouted_headings, flags_as_numbers, names_of_countries, vendors_by_code,
    gephi_tables, networkx_graphml, networkx_gexf, networkx_gml, igraph_graphml, yed_graphml, gephi_gexf,
)  # fmt: skip


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_every_program_s_file_is_the_same_start(write, tmp_path):
    (tmp_path / "plain").mkdir()
    wanted, found = read_given(*plain(tmp_path / "plain")), read_given(*write(tmp_path))
    assert found.counts == wanted.counts
    assert set(found.traits) == set(wanted.traits)
    for place, values in wanted.traits.items():
        np.testing.assert_allclose(found.traits[place], values, rtol=1e-12, err_msg=str(place))
    assert set(found.ties) == set(wanted.ties)
    for place, sellers in wanted.ties.items():
        np.testing.assert_array_equal(found.ties[place], sellers, err_msg=str(place))
    np.testing.assert_array_equal(found.carries, wanted.carries)


GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}<graph edgedefault="directed">{}</graph></graphml>'
NODE = '<node id="d1"><data key="k">distributor</data></node>'
KIND = '<key id="k" for="node" attr.name="kind" attr.type="string"/>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + GRAPHML.format(KIND, NODE), "document type"),
        (GRAPHML.format(KIND, NODE + '<hyperedge><endpoint node="d1"/></hyperedge>'), "hyperedge"),
        (GRAPHML.format(KIND, '<node id="d1"><port name="p"/></node>'), "port"),
        (GRAPHML.format(KIND, f'<node id="g"><graph edgedefault="directed">{NODE}</graph></node>'), "graph"),
        (GRAPHML.format("", NODE), "no key of this id"),
        (GRAPHML.format(KIND + KIND, NODE), "id of its own"),
        (GRAPHML.format(KIND, NODE).replace('"directed"', '"sideways"'), "edgedefault"),
        (GRAPHML.format(KIND, NODE + '<edge source="d1" target="nobody"/>'), "nobody"),
        ("<html></html>", "GraphML"),
        ("graph [ node [ id 0 ", "GML"),
    ],
)
def test_what_a_file_says_and_we_cannot_mean_is_refused_in_one_line(text, said, tmp_path):
    with pytest.raises(InputError, match=re.compile(re.escape(said), re.IGNORECASE)) as caught:
        read_given(*one(tmp_path, "g.graphml", text))
    assert "\n" not in str(caught.value)


def test_a_country_that_the_model_does_not_know_is_refused_with_a_hint(tmp_path):
    with pytest.raises(InputError, match="OT"):
        read_given(*tables(tmp_path, NODES.replace(",HK,", ",Peru,"), EDGES))
