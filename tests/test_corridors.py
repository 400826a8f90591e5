"""Corridors: where traders have forwarders, what it takes to find others, and where borders look (MODEL 7.7)."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import FIRST, same, total, world

from supplysim.agents.intermediary import knows_corridor
from supplysim.detection.signal import opened_share, opening_score, phi
from supplysim.engine import Engine
from supplysim.evidence import PLACES, table
from supplysim.network.routes import read_routes
from supplysim.policies import Border

CODES = list(PLACES)


def known(engine):
    """Return which corridors each founded firm knows, bool, shape (firms, countries)."""
    firms = engine.world.intermediaries
    knows = firms["knows"][firms["shell"] >= 0]
    return (knows[:, None] >> np.arange(len(CODES)) & 1).astype(bool)


def test_attractions_of_corridors_sum_to_one_over_transit_countries():
    rows = table("countries")
    assert sum(float(row["corridor"]) for row in rows) == pytest.approx(1.0, abs=2e-3)
    assert all(row["transit"] == "1" for row in rows if float(row["corridor"]) > 0.0)


def test_every_trader_knows_a_corridor_and_the_attractive_ones_are_known_most():
    knows = known(world())
    assert knows.any(axis=1).all()
    share = knows.mean(axis=0)
    assert share.argmax() == CODES.index("MY")
    assert share[CODES.index("US")] < 0.05


def test_behind_a_great_barrier_nobody_opens_a_corridor():
    assert total(world(corridor_barrier=50.0), "corridors_opened") == 0


def test_without_a_barrier_hundreds_are_opened():
    assert total(world(corridor_barrier=0.001), "corridors_opened") > 300


def test_a_single_attraction_takes_everything():
    alone = {f"corridor_{code}": 0.0 for code in ("my", "hk", "th", "sg", "vn")} | {"corridor_barrier": 50.0}
    only = {**alone, "corridor_my": 1e6, "other_corridors": 0.0}
    last = world(**only).shipments()
    routes = read_routes(600.0, 450.0).row["last"]
    arrived = last[last["status"] == "arrived"]
    by = np.bincount(routes[arrived["route"]], minlength=len(CODES))
    home = np.isin(CODES, ["MY"])
    assert by[home].sum() / by.sum() > 0.99


def test_who_returns_has_its_old_corridors():
    """Forwarders belong to the principal, not to the shell that was caught; opened corridors are lost with it."""
    engine = Engine("baseline-2024", (), 4, {"reenter": 0.9, "search_exposure": 0.3})
    founded, again = {}, 0
    while engine.week < 160:
        engine.run(engine.week + 1)
        firms = engine.world.intermediaries
        for firm in firms[firms["active"] & (firms["born"] == engine.week - 1)]:
            principal, knows = int(firm["principal"]), int(firm["knows"])
            again += principal in founded
            assert founded.setdefault(principal, knows) == knows
    assert again > 3


def test_a_bit_is_a_corridor():
    assert [knows_corridor(0b101, country) for country in range(4)] == [True, False, True, False]


def test_a_mode_more_leaves_the_pull_of_a_country_as_it_was():
    routes = read_routes(600.0, 450.0)
    for start, stop in zip(routes.first[:-1], routes.first[1:], strict=True):
        last, pull = routes.row["last"][start:stop], routes.row["pull"][start:stop]
        for country in set(last.tolist()):
            assert np.exp(pull[last == country]).sum() == pytest.approx(1.0)


def test_papers_that_say_nothing_open_diverted_goods_as_often_as_honest_ones():
    assert opened_share(0.03, 0.0) == 0.03
    assert opened_share(0.03, 1e-9) == pytest.approx(0.03, rel=1e-6)


def test_papers_that_say_more_open_more_diverted_goods_at_the_same_number_of_openings():
    share = [opened_share(0.01, targeting) for targeting in (0.0, 0.4, 1.2, 2.9)]
    assert share == sorted(share)
    assert phi(-opening_score(0.01)) == pytest.approx(0.01)
    assert opened_share(0.999999, 0.4) > 0.9999


def test_information_near_none_is_as_none():
    assert total(world(border_targeting=1e-9), "seized_border") == total(world(border_targeting=0.0), "seized_border")


def test_targeting_opens_no_more_consignments_and_stops_more():
    more, usual = world(("targeting",)), world()
    np.testing.assert_array_equal(more.world.tally["opened"], usual.world.tally["opened"])
    rates = [total(run, "seized_border", FIRST) / total(run, "purchased", FIRST) for run in (more, usual)]
    assert rates[0] > rates[1]


def test_where_no_country_is_willing_the_border_lever_does_nothing():
    before = world().before
    unwilling = before.conditions.copy()
    unwilling["willingness"] = 0.0
    shifts = list(Border().drawn(before.values).shifts(replace(before, conditions=unwilling)))
    assert shifts
    assert not any(shift.amount.any() for shift in shifts)


def test_neutral_levers_of_geography_change_no_bit():
    for lever in ("targeting=0", "border=0", "cooperation=0"):
        assert same(world((lever,)), world()), lever
