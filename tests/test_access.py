"""The access table says what each kind of compute costs a buyer in China, and where every number comes from."""

import re

import numpy as np
import pandas as pd
import pytest

from supplysim.engine import Engine
from supplysim.evidence import Extreme, parameters, resolve
from supplysim.model import SupplyChain
from supplysim.outputs.access import CHANNELS, COLUMNS, SOURCES, value

LAWFUL = CHANNELS[1:]
H20_PRICE, H20_COMPUTE = 12_500.0, 89 / 386  # US$ in 2024 (Q089c), H100e by training throughput (Q044a over Q043)


def run(policies=(), until=None, scenario="baseline-2024", **values):
    engine = Engine(scenario, policies, 11, Extreme(values))
    engine.run(until)
    return engine


@pytest.fixture(scope="module")
def usual():
    return run()


@pytest.fixture(scope="module")
def table(usual):
    return usual.access()


def test_there_is_a_row_a_year_and_channel_and_every_column_has_a_unit_and_a_meaning(usual, table):
    assert table.index.names == ["year", "channel"]
    assert table.index.tolist() == [(year, channel) for year in usual.yearly().index for channel in CHANNELS]
    assert table.columns.tolist() == list(COLUMNS)
    assert all(meaning for _, meaning in COLUMNS.values())


# --- what the model produces -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "column", "measure"),
    [
        ("smuggled", "quantity", "delivered_h100e"),
        ("smuggled", "seized_share", "interdiction_rate"),
        ("licensed", "quantity", "licensed_h100e"),
        ("rented", "quantity", "rented_h100e"),
        ("domestic", "quantity", "domestic_h100e"),
    ],
)
def test_the_table_and_the_yearly_measures_say_the_same(usual, table, channel, column, measure):
    assert table.xs(channel, level="channel")[column].tolist() == pytest.approx(usual.yearly()[measure].tolist())


def test_smuggled_price_times_quantity_is_what_buyers_paid(usual, table):
    shipments = usual.shipments()
    there = shipments[shipments["status"] == "arrived"]
    paid = (there["unit_price"] * there["quantity"]).groupby(2023 + there["arrives"] // 52).sum()
    rows = table.xs("smuggled", level="channel")
    assert (rows["price"] * rows["quantity"]).tolist() == pytest.approx(paid.tolist())


def test_the_wait_is_from_order_to_arrival_chip_by_chip(usual, table):
    shipments, orders = usual.shipments(), usual.orders()
    there = shipments[(shipments["status"] == "arrived") & (shipments["arrives"] // 52 == 1)]
    weeks, chips = there["arrives"] - orders.loc[there["order"], "week"].to_numpy(), there["quantity"]
    assert table.loc[(2024, "smuggled"), "wait"] == pytest.approx(np.average(weeks, weights=chips))
    assert 2 < table.loc[(2024, "smuggled"), "wait"] < 52  # weeks rather than months or years (P:B24)


def test_the_risk_of_sellers_is_cases_over_firm_years_also_in_half_a_year():
    engine = run(until=78, investigators=150.0)
    weeks = engine.weekly()[52:]
    rate = (weeks["prosecutions"] + weeks["listings"]).sum() / (weeks["active_intermediaries"].mean() * 0.5)
    risk = engine.access().loc[(2024, "smuggled"), "caught_chance"]
    assert rate > 0
    assert risk == pytest.approx(1 - np.exp(-rate))


def test_without_enforcement_smuggling_has_no_legal_risk():
    rows = run(border_exposure=0.0, investigators=0.0).access()
    assert (rows[["seized_share", "caught_chance"]] == 0.0).all(axis=None)


def test_only_smuggling_has_a_legal_risk(table):
    assert (table.loc[(slice(None), LAWFUL), ["seized_share", "caught_chance"]] == 0.0).all(axis=None)
    smuggled = table.xs("smuggled", level="channel")
    assert (smuggled["seized_share"] > 0.0).all()
    assert (smuggled.loc[2024:, "caught_chance"] > 0.0).all()  # agencies turn to AI chips in 2023


def test_where_nothing_has_arrived_there_is_no_price_and_no_wait():
    row = run(until=1).access().loc[(2023, "smuggled")]
    assert row["quantity"] == 0
    assert row[["price", "wait", "chip_h100e", "training"]].isna().all()


def test_the_rental_price_is_the_model_s_index_times_the_reference(table):
    dear = run(rental_reference=2 * parameters()["rental_reference"].default).access()
    rented = table.xs("rented", level="channel")
    assert dear.xs("rented", level="channel")["price"].tolist() == pytest.approx((2 * rented["price"]).tolist())
    assert dear.drop(columns="price").equals(table.drop(columns="price"))  # a reference for reading, no rule reads it


# --- what comes from the evidence --------------------------------------------------------------------------


def test_an_h20_costs_and_does_what_the_evidence_says(table):
    row = table.loc[(2024, "licensed")]
    assert row["price"] == pytest.approx(H20_PRICE / H20_COMPUTE)
    assert (row["training"], row["inference"]) == pytest.approx((89, 118))
    assert row["chip_h100e"] == pytest.approx(H20_COMPUTE)


def test_licences_for_a_class_make_licensed_compute_cheaper_and_chips_stronger(table):
    row = run(["legal_supply=1@2023-06"]).access().loc[(2026, "licensed")]
    before = table.loc[(2026, "licensed")]
    assert before["chip_h100e"] < row["chip_h100e"] < 1.0
    assert before["training"] < row["training"] < 386
    assert 25_000 < row["price"] < before["price"]  # between the list price of the class and an H20's compute
    assert row["quantity"] > before["quantity"]


def test_throughput_of_diverted_chips_follows_their_mix(table):
    rows = table.xs("smuggled", level="channel")
    assert (rows["training"] / rows["chip_h100e"]).tolist() == pytest.approx([value("Q043")] * 4)
    assert (rows["inference"] / rows["chip_h100e"]).tolist() == pytest.approx([value("Q045a")] * 4)
    assert rows["chip_h100e"].is_monotonic_increasing  # newer generations replace older ones


def test_a_value_is_the_central_one_or_the_middle_of_the_range():
    assert value("Q043") == 386
    assert value("Q089c") == H20_PRICE


def test_what_nobody_knows_is_left_open_and_said(table):
    domestic = table.xs("domestic", level="channel")
    assert domestic["price"].isna().all()
    assert domestic["source"].str.contains("no price in the evidence").all()
    waits = table.loc[(slice(None), LAWFUL), :]
    assert waits["wait"].isna().all()
    assert waits["source"].str.contains("no wait modelled").all()


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_source_named_exists(channel):
    named = re.findall(r"\bQ\d{3}[a-h]?\b", SOURCES[channel])
    assert named
    assert all(resolve(ref) for ref in named)
    assert all(name in parameters() for name in re.findall(r"\b[a-z]+_[a-z]+\b", SOURCES[channel]))


# --- harmless, and the same from both fronts ---------------------------------------------------------------


def test_reading_the_table_changes_no_bit_of_the_run():
    read, unread = run(until=60), run()
    read.access()
    read.run()
    assert read.world.tally.tobytes() == unread.world.tally.tobytes()


def test_engine_and_mesa_model_show_the_same_table():
    model = SupplyChain("minimal", rng=11)
    model.run()
    pd.testing.assert_frame_equal(model.access(), run(scenario="minimal").access())
