"""The order of rows in memory is nobody's business: shuffling every kind of firm changes no result."""

import numpy as np
import pytest

from supplysim.model import SupplyChain
from supplysim.setup.scenario import Scenario
from supplysim.week import run

LEVERS = ["notification=1.0", "location_verification=1.0", "whistleblower=1.0"]


def moved(order):
    """Return the new row of every old one; the last entry keeps -1, no firm, as it is."""
    place = np.empty(order.size + 1, np.int64)
    place[order] = np.arange(order.size)
    place[-1] = -1
    return place


def shuffled_rows(firms, order):
    """Return firms in another order in memory; `row_of` still finds each by its key."""
    firms_now = firms[order]
    firms_now["row_of"] = moved(order)[firms["row_of"]]
    return firms_now


def shuffle(model, seed):
    """Shuffle the rows of every kind of firm that is found by key; the others' rows are their codes."""
    w, rng = model.world, np.random.default_rng(seed)
    order = {
        kind: rng.permutation(getattr(w, kind).size)
        for kind in ("distributors", "end_users", "intermediaries", "buyers")
    }
    tables = {kind: shuffled_rows(getattr(w, kind), rows) for kind, rows in order.items()}
    distributor, seller = moved(order["distributors"]), moved(order["intermediaries"])
    for kind in ("end_users", "intermediaries"):
        tables[kind]["supplier"] = distributor[tables[kind]["supplier"]]
    tables["buyers"]["seller"] = seller[tables["buyers"]["seller"]]
    targets = np.concatenate([order["intermediaries"], w.intermediaries.size + order["end_users"]])
    model.world = w._replace(
        directory=w.directory._replace(member=distributor[w.directory.member]),
        office=w.office._replace(desks=np.ascontiguousarray(w.office.desks[:, targets])),
        **tables,
    )


def tallies(scenario, weeks, policies, order):
    model = SupplyChain(scenario, policies, rng=7, check=True)
    if order is not None:
        shuffle(model, order)
    model.run(weeks)
    # with numba a table laid out otherwise in memory would have compiled the model once more; object code refuses it
    assert len(getattr(run, "signatures", [1])) == 1
    assert model.world.tally["delivered"].sum() > 0
    return model.world.tally[:weeks]


@pytest.mark.parametrize("decision", ["expected_utility", "salience", "habit"])
@pytest.mark.parametrize("policies", [(), LEVERS], ids=["as it stands", "levers"])
@pytest.mark.parametrize(("name", "weeks"), [("minimal", 104), ("baseline-2024", 60)])
def test_rows_in_another_order_change_nothing(name, weeks, policies, decision):
    scenario = Scenario.load(name).with_(rules={"decision": decision})
    usual = tallies(scenario, weeks, policies, None)
    for order in (1, 2):
        other = tallies(scenario, weeks, policies, order)
        changed = [field for field in usual.dtype.names if not np.array_equal(usual[field], other[field])]
        assert changed == []


def test_the_shuffle_is_a_shuffle():
    model = SupplyChain("minimal", rng=7)
    before = model.trade_graph()
    keys = model.world.end_users["key"].copy()
    shuffle(model, 1)
    assert (model.world.end_users["key"] != keys).any()
    after = model.trade_graph()
    assert dict(after.nodes(data=True)) == dict(before.nodes(data=True))
    assert {(a, b): d for a, b, d in after.edges(data=True)} == {(a, b): d for a, b, d in before.edges(data=True)}
