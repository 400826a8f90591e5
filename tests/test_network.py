"""Routes through the country graph, the trade network as a graph, and worlds that start from a user's own."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from supplysim.errors import InputError
from supplysim.evidence import table
from supplysim.model import SupplyChain
from supplysim.network import graph_files
from supplysim.network.graph_check import check_graph
from supplysim.network.routes import DESTINATION, country_graph, find_routes, read_routes
from supplysim.setup.scenario import Scenario

COUNTRIES = [row["code"] for row in table("countries")]
ORIGINS = [code for code in COUNTRIES if code != DESTINATION]
KINDS = {"vendor", "distributor", "end_user", "intermediary", "buyer"}
DIRECTIONS = {
    ("vendor", "distributor"),
    ("distributor", "end_user"),
    ("distributor", "intermediary"),
    ("intermediary", "buyer"),
}
NODES = """id,kind,country,share,capacity,front,provider,order_median,buyer_class,label
d1,distributor,SG,0.75,,,,,,main
d2,distributor,MY,0.25,,,,,,
u1,end_user,SG,,,,true,50,,
f1,intermediary,HK,,40,true,,,,
t1,intermediary,MY,,7.5,,,,,
b1,buyer,,,,,,120,lab,
b2,buyer,,,,,,,,
"""
EDGES = "source,target\nvendor:1,d2\nd1,u1\nd2,t1\nd1,t1\nd1,f1\nt1,b1\nvendor:1,d1\nvendor:0,d1\n"
NODES += "vendor:0,vendor,,,,,,,,\nvendor:1,vendor,,,,,,,,\n"
SCENARIO = 'name = "mine"\nextends = "minimal"\n[network]\n'


# --- routes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ORIGINS)
def test_routes_are_the_short_paths_that_networkx_finds_in_the_country_graph(origin):
    graph = country_graph()
    paths = [tuple(path) for path in nx.all_simple_edge_paths(graph, origin, DESTINATION, cutoff=2)]
    through_transit = [path for path in paths if len(path) == 1 or graph.nodes[path[0][1]]["transit"]]
    assert set(find_routes(origin)) <= set(through_transit)
    left_out = [(a[2], b[2]) for a, b in set(through_transit) - set(find_routes(origin))]
    assert set(left_out) <= {("air", "sea"), ("sea", "air"), ("sea", "hand")}  # goods do not plausibly go on so


@pytest.mark.parametrize("origin", ORIGINS)
def test_goods_reach_china_directly_and_through_one_country(origin):
    routes = find_routes(origin)
    assert {len(route) for route in routes} == {1, 2}
    assert len(set(routes)) == len(routes)
    for route in routes:
        assert route[0][0] == origin
        assert route[-1][1] == DESTINATION
        assert len({origin, *(end for _, end, _ in route)}) == len(route) + 1


def test_goods_go_on_by_a_mode_they_plausibly_came_by():
    borders = {frozenset((row["country"], row["neighbour"])) for row in table("crossings")}
    transit = {row["code"] for row in table("countries") if row["transit"] == "1"}
    for origin in ORIGINS:
        for route in find_routes(origin):
            modes = [mode for _, _, mode in route]
            assert "hand" not in modes[:-1]
            assert modes[0] == modes[-1] or "land" in modes or modes == ["air", "hand"]
            assert all(frozenset((a, b)) in borders for a, b, mode in route if mode == "land")
            assert all(b in transit for _, b, _ in route[:-1])


def test_the_route_table_holds_the_graph():
    routes = read_routes(200.0, 100.0)
    for index, code in enumerate(COUNTRIES):
        mine = routes.row[routes.first[index] : routes.first[index + 1]]
        assert len(mine) == (len(find_routes(code)) if code != DESTINATION else 0)
        assert (np.where(mine["transit"] < 0, index, mine["transit"]) == mine["last"]).all()
        assert (mine["weeks"][mine["transit"] >= 0] >= 4).all()
    assert (routes.row["freight"] > 0).all()
    assert (routes.row["max_lot"] > 0).all()


# --- the trade network as a graph --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run():
    model = SupplyChain("minimal", rng=7)
    model.run()
    return model


def units(graph, seller, buyer):
    kinds = nx.get_node_attributes(graph, "kind")
    return sum(d["units"] for a, b, d in graph.edges(data=True) if (kinds[a], kinds[b]) == (seller, buyer))


def test_every_kind_of_firm_is_a_node_and_goods_flow_one_way(run):
    graph = run.trade_graph()
    kinds = nx.get_node_attributes(graph, "kind")
    assert set(kinds.values()) == KINDS | {"enforcer"}
    assert {(kinds[a], kinds[b]) for a, b in graph.edges} == DIRECTIONS
    assert nx.is_directed_acyclic_graph(graph)
    assert not any(graph.degree(node) for node in graph if kinds[node] == "enforcer")
    assert graph.nodes["intermediary:0"]["country"] in COUNTRIES
    firms = run.world.intermediaries
    in_business = [node for node in graph if kinds[node] == "intermediary" and graph.nodes[node]["active"]]
    assert sorted(in_business) == sorted(f"intermediary:{key}" for key in firms["key"][firms["active"]])


def test_flows_sum_to_the_books(run):
    graph, w = run.trade_graph(), run.world
    assert units(graph, "vendor", "distributor") == w.tally["channel_chips"].sum()
    assert units(graph, "distributor", "end_user") == w.tally["honest_filled"].sum()
    assert units(graph, "distributor", "intermediary") == w.intermediaries["bought"].sum() > 0
    assert 0 < units(graph, "intermediary", "buyer") <= w.tally["delivered"].sum()


def test_a_tie_ends_with_its_shell():
    model = SupplyChain("minimal", rng=7)
    row = model.world.buyers["seller"][0, 0]
    assert any(model.trade_graph().successors(f"intermediary:{row}"))
    model.world.intermediaries["shell"][row] += 1
    assert not any(model.trade_graph().successors(f"intermediary:{row}"))


# --- there and back ----------------------------------------------------------------------------------------


def as_graphml(graph, folder):
    nx.write_graphml(graph, folder / "ties.graphml")
    return 'graph = "ties.graphml"'


def as_tables(graph, folder):
    nodes = pd.DataFrame.from_dict(dict(graph.nodes(data=True)), orient="index")
    nodes.to_csv(folder / "nodes.csv", index_label="id")
    nx.to_pandas_edgelist(graph).to_csv(folder / "edges.csv", index=False)
    return 'nodes = "nodes.csv"\nedges = "edges.csv"'


def world_from(folder, network, extends="minimal", rng=7):
    (folder / "mine.toml").write_text(f'name = "mine"\nextends = "{extends}"\n[network]\n{network}\n')
    return SupplyChain(Scenario.load(folder / "mine.toml"), rng=rng, check=True)


@pytest.mark.parametrize("write", [as_graphml, as_tables])
@pytest.mark.parametrize("rng", [7, 8])
def test_a_graph_read_back_is_the_same_world_and_run(tmp_path, write, rng):
    drawn = SupplyChain("minimal", rng=rng)
    given = world_from(tmp_path, write(drawn.trade_graph(), tmp_path), rng=rng)
    for kind in ("distributors", "end_users", "intermediaries", "buyers", "accounts"):
        assert np.array_equal(getattr(drawn.world, kind), getattr(given.world, kind)), kind
    drawn.run()
    given.run()
    assert np.array_equal(drawn.world.tally, given.world.tally)


def test_a_large_world_comes_back_too(tmp_path):
    drawn = SupplyChain("baseline-2024", rng=7)
    given = world_from(tmp_path, as_graphml(drawn.trade_graph(), tmp_path), "baseline-2024")
    drawn.run(30)
    given.run(30)
    assert np.array_equal(drawn.world.tally, given.world.tally)


def test_a_world_can_start_where_another_ended(tmp_path, run):
    given = world_from(tmp_path, as_graphml(run.trade_graph(), tmp_path))
    firms = run.world.intermediaries
    assert given.world.intermediaries["active"].sum() == firms["active"].sum()
    assert given.world.intermediaries["front"].sum() == (firms["front"] & firms["active"]).sum()
    given.run()
    assert given.world.tally["delivered"].sum() > 0


def test_what_a_graph_says_holds_and_the_rest_is_drawn(tmp_path):
    (tmp_path / "nodes.csv").write_text(NODES)
    (tmp_path / "edges.csv").write_text(EDGES)
    model = world_from(tmp_path, 'nodes = "nodes.csv"\nedges = "edges.csv"')
    w = model.world
    assert (w.distributors.size, w.end_users.size, w.buyers.size, w.intermediaries.size) == (2, 1, 2, 14)
    assert [COUNTRIES[c] for c in w.distributors["country"]] == ["SG", "MY"]
    assert w.distributors["share"].tolist() == [0.75, 0.25]
    assert w.distributors["carries"].tolist() == [[1, 1, 1], [0, 1, 1]]
    assert (w.end_users["provider"][0], w.end_users["order_median"][0]) == (True, 50.0)
    assert w.end_users["supplier"].tolist() == [[0, 0]]
    firms = w.intermediaries[:2]  # traders come before fronts
    assert w.intermediaries["active"].sum() == 2
    assert firms["front"].tolist() == [False, True]
    assert [COUNTRIES[c] for c in firms["country"]] == ["MY", "HK"]
    assert firms["capacity"].tolist() == [7.5, 40.0]
    assert firms["supplier"].tolist() == [[1, 0, 1, 0, 1, 0], [0] * 6]
    assert w.buyers["seller"].tolist() == [[0] + [-1] * 7, [-1] * 8]
    assert w.buyers["order_median"][0] == 120.0
    assert w.buyers["kind"][0] == [row["code"] for row in table("classes")].index("lab")
    model.run()


# --- graphs that are refused -------------------------------------------------------------------------------


def complaint(*paths):
    with pytest.raises(InputError) as caught:
        check_graph(*paths)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 500
    assert message.isprintable()
    return message


@pytest.mark.parametrize(
    ("nodes", "edges", "parts"),
    [
        (NODES.replace("u1,end_user", "u1,end_usr"), EDGES, ["line 4: kind = end_usr", "mean 'end_user'"]),
        (NODES.replace("u1,end_user", "u1,"), EDGES, ["line 4: kind: it has no kind"]),
        (NODES.replace("HK", "HX"), EDGES, ["line 5: country = HX", "no such country; known: AE"]),
        (NODES.replace("HK", "CN"), EDGES, ["line 5: country = CN", "choose another country"]),
        (NODES.replace("b2,buyer,", "b2,buyer,SG"), EDGES, ["line 8: country = SG", "buyers sit in China"]),
        (NODES.replace("lab,", "lap,"), EDGES, ["line 7: buyer_class = lap", "did you mean 'lab'?"]),
        (NODES.replace("7.5", "many"), EDGES, ["line 6: capacity = many", "no number above 0"]),
        (NODES.replace("7.5", "nan"), EDGES, ["line 6: capacity = nan"]),
        (NODES.replace("7.5", "1e99"), EDGES, ["line 6: capacity = 1e99"]),
        (NODES.replace("0.25", "-1"), EDGES, ["line 3: share = -1"]),
        (NODES.replace("true,50", "often,50"), EDGES, ["line 4: provider = often", "write true or false"]),
        (NODES.replace("capacity", "capacty"), EDGES, ["line 5: capacty", "did you mean 'capacity'?"]),
        (NODES.replace("\nd2,", "\nd1,"), EDGES, ["line 3 = d1", "another node has this id"]),
        (NODES.replace("\nd2,", "\n,"), EDGES, ["line 3: it has no id"]),
        (NODES.replace("vendor:1", "vendor:9"), EDGES, ["id = vendor:9", "no such vendor"]),
        ("id,kind\nb1,buyer\n", "source,target\n", ["it has no distributor"]),
        ("", EDGES, ["it needs one column id", "header"]),
        ("id,knd\n", EDGES, ["it needs one column kind"]),
        (NODES, "source,traget\n", ["it needs one column target", "did you mean 'traget'?"]),
        (NODES + "x,buyer,,,,,,,,,,,\n", EDGES, ["13 cells under 10 columns"]),
        (NODES + '"x,buyer', EDGES, ["is not CSV"]),
        (NODES, EDGES + "d3,u1\n", ["line 10 = d3", "no such node; add it"]),
        (NODES, EDGES + ",u1\n", ["line 10: there is no such node"]),
        (NODES, EDGES + "u1,d1\n", ["no end_user sells to a distributor", "swap source and target"]),
        (NODES, EDGES + "vendor:0,b1\n", ["no vendor sells to a buyer", "goods go vendor"]),
        (NODES, EDGES + "d1,d2\n", ["no distributor sells to a distributor"]),
        (NODES, EDGES + "d1,u1\n" * 2, ["line 11", "more than 2 ties", "lead to u1"]),
        (NODES, EDGES + "d1,t1\n" * 5, ["more than 6 ties", "lead to t1"]),
        (NODES, EDGES + "t1,b1\n" * 8, ["more than 8 ties", "lead to b1"]),
        (NODES, "source,target,ties\nd1,u1,0 2\n", ["ties = 0 2", "from 0 to 1"]),
        (NODES, "source,target,ties\nd1,u1,-1\n", ["ties = -1", "from 0 to 1"]),
        (NODES, "source,target,ties\nd1,u1,0\nd2,u1,0\n", ["two in one place"]),
    ],
)
def test_a_wrong_table_is_told_in_one_line(tmp_path, nodes, edges, parts):
    (tmp_path / "nodes.csv").write_text(nodes)
    (tmp_path / "edges.csv").write_text(edges)
    message = complaint(tmp_path / "nodes.csv", tmp_path / "edges.csv")
    for part in parts:
        assert part in message


BOMB = '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><graphml><graph>&b;</graph></graphml>'
HEAD = '<graphml><key id="k" for="node" attr.name="kind"/><graph edgedefault="directed">'
NODE = '<node id="d"><data key="k">distributor</data></node>'
TAIL = "</graph></graphml>"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"\xff\xfe\x00\x9d\x80", "is not text in UTF-16"),
        (b"\x00\x01\x02", "is not XML"),
        (b"", "is not XML"),
        (b"name = 'mine'", "is not XML"),
        (b"<graphml><graph>", "is not XML"),
        (b"<html></html>", "is no GraphML but <html>"),
        (b"<graphml></graphml>", "it has no distributor"),
        (BOMB.encode(), "declares a document type"),
        (BOMB.encode("utf-16"), "declares a document type"),
        (b"<graphml>" * 100_000, "is not XML"),
        ((HEAD + NODE * 2 + TAIL).encode(), "another node has this id"),
        ((HEAD + '<node id="&#10;&#27;[31m"/>' + NODE + TAIL).encode(), "is not XML"),
        ((HEAD + NODE + '<node id="x"/>' + TAIL).encode(), "node x: kind: it has no kind"),
        ((HEAD + NODE + f'<node id="{"x" * 9999}"/>' + TAIL).encode(), "more than 80 characters"),
        ((HEAD + NODE + '<edge source="d" target="u"/>' + TAIL).encode(), "there is no such node"),
    ],
)
def test_a_wrong_graphml_is_told_in_one_line(tmp_path, content, part):
    path = tmp_path / "ties.graphml"
    path.write_bytes(content)
    assert part in complaint(path)


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(graph_files, "LARGEST", 1_000_000)
    path = tmp_path / "ties.graphml"
    path.write_bytes(b" " * 1_000_001)
    assert "is larger than 1 megabytes" in complaint(path)
    assert "cannot be read" in complaint(tmp_path)


def test_a_scenario_names_the_wrong_node_of_its_graph(tmp_path):
    (tmp_path / "ties.graphml").write_text(HEAD + NODE.replace("distributor", "shop") + TAIL)
    (tmp_path / "mine.toml").write_text(SCENARIO + 'graph = "ties.graphml"')
    with pytest.raises(InputError, match="node d: kind = shop, but there is no such kind"):
        Scenario.load(tmp_path / "mine.toml")
