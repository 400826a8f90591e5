"""The page on one world says what that world does (docs/one-world.md)."""

from pathlib import Path

import pytest

from supplysim.engine import Engine

PAGE = " ".join((Path(__file__).parents[1] / "docs" / "one-world.md").read_text("utf-8").split())
FIRM, ORDER, TIP, NAMED = 39, 2591, 5, 8


@pytest.fixture(scope="module")
def engine():
    run = Engine("baseline-2024", seed=7)
    run.run()
    return run


@pytest.fixture(scope="module")
def sent(engine):
    table = engine.shipments()
    return table[(table["seller"] == FIRM) & (table["shell"] == 0)]


def chips(table, status):
    return int(table[table["status"] == status]["quantity"].sum())


def test_the_order_is_told_as_it_went(engine):
    order = engine.orders().loc[ORDER]
    lots = engine.shipments()
    lots = lots[lots["order"] == ORDER]
    assert (order["buyer"], order["week"], order["quantity"], order["unit_price"]) == (3, 110, 1_480, 50_494)
    assert "1,480 chips of class B at $50,494" in PAGE
    assert (chips(lots, "arrived"), chips(lots, "seized in a case")) == (861, 619)
    assert "861 arrive; 619 do not" in PAGE


def test_the_case_is_told_as_it_went(engine, sent):
    leads = engine.leads()
    (tip,) = leads[leads["target"] == FIRM].to_dict("records")
    assert (tip["week"], tip["channel"], round(tip["weight"], 1)) == (83, TIP, 5.8)
    cases = engine.cases()
    (case,) = cases[(cases["target"] == FIRM) & (cases["shell"] == 0)].to_dict("records")
    assert (case["opened"], case["closed"], case["outcome"]) == (117, 144, "prosecution")
    assert round(case["worked"]) == 25
    watched, before = sent[sent["week"] >= 117], sent[sent["week"] < 117]
    told = (
        chips(watched, "arrived"),
        chips(watched, "seized in a case"),
        chips(before, "arrived"),
        chips(before, "stopped"),
    )
    assert told == (2_923, 4_046, 10_415, 92)
    assert "2,923 chips arrive and 4,046 are seized; before, 10,415 arrived, 92 were stopped" in PAGE
    assert chips(sent, "arrived") == 13_338


def test_the_end_is_told_as_it_went(engine):
    week = engine.weekly().loc[144]
    assert round(week["fines"] / 1e6, 1) == 16.9
    assert int(week["seized_cases"] - week["interdicted"]) == 1_153
    leads = engine.leads()
    named = leads[(leads["week"] == 144) & (leads["channel"] == NAMED)]["target"]
    assert sorted(named) == [8, 45, 51, 71]
    later = engine.orders().loc[3359]
    assert (later["status"], later["remaining"]) == ("cancelled", 786)
    quarters = engine.weekly()["delivered"].rolling(13).mean()
    assert (round(quarters[143]), round(quarters[156])) == (4_237, 5_662)
