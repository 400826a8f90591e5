"""Free search, naming, watched cases and what principals keep: limits with known answers (MODEL 7.9)."""

import numpy as np
import pytest
from worlds import total, world

from supplysim.agents.enforcer import free_staff, naming_chance, watched_share, work_rate
from supplysim.detection.channels import NAMED, SEARCH
from supplysim.engine import Engine
from supplysim.world.records import SEIZED

BUSY = {"search_exposure": 0.3, "named": 0.1}  # so that four years show what they are looked at for


def leads(engine, channel):
    """Return all leads of a channel, true and false."""
    return engine.world.tally["leads"][:, channel].sum()


def test_without_investigators_nobody_is_searched_removed_named_or_interdicted():
    engine = world(investigators=0.0)
    assert leads(engine, SEARCH) == leads(engine, NAMED) == 0
    for column in ("prosecutions", "listings", "interdicted", "named", "seized_cases"):
        assert total(engine, column) == 0, column


def test_without_exposure_free_search_finds_nothing():
    assert leads(world(search_exposure=0.0), SEARCH) == 0
    assert leads(world(**BUSY), SEARCH) > 0


def test_without_a_chance_of_naming_nobody_is_named():
    assert leads(world(named=0.0), NAMED) == 0
    engine = world(**BUSY)
    assert leads(engine, NAMED) == total(engine, "named") > 0


def test_work_that_watches_nothing_interdicts_nothing_but_a_prosecution_still_seizes():
    engine = world(**BUSY, watch_work=1e9)
    assert total(engine, "interdicted") == 0
    assert total(engine, "seized_cases") > 0


def test_more_work_only_adds_to_what_is_watched():
    shares = [watched_share(work, 12.0) for work in (0.0, 3.0, 12.0, 60.0)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[2] == pytest.approx(1.0 - np.exp(-1.0))


def test_what_is_interdicted_was_sent_by_a_firm_with_an_open_case():
    engine = world(**BUSY)
    shipments, cases = engine.shipments(), engine.cases()
    watched = set(zip(cases["target"], cases["shell"], strict=True))
    seized = engine.world.shipments[: len(shipments)]["status"] == SEIZED
    assert seized.any()
    assert all(
        sender in watched for sender in zip(*(shipments[seized][name] for name in ("seller", "shell")), strict=True)
    )
    assert total(engine, "interdicted") <= total(engine, "seized_cases")


def test_more_staff_finds_more_with_diminishing_returns():
    few, many = (world(investigators=staff, search_exposure=0.1) for staff in (20.0, 80.0))
    assert leads(few, SEARCH) < leads(many, SEARCH) < 4 * leads(few, SEARCH)


def test_staff_that_cases_need_does_not_search():
    assert free_staff(10.0, 0, 0.2, 0.65, 1.2) == pytest.approx(8.5)
    busy = free_staff(10.0, 20, 0.2, 0.65, 1.2)
    assert busy == pytest.approx(8.5 - 20 * work_rate(10.0, 20, 0.65, 1.2)) == pytest.approx(2.0)


def test_a_peer_with_more_in_common_is_named_sooner():
    assert naming_chance(0.01, 0) == 0.0
    assert naming_chance(0.01, 1) == pytest.approx(0.01)
    assert naming_chance(0.01, 5) == pytest.approx(1 - 0.99**5)


def test_a_returner_starts_clean_where_nothing_is_kept_of_a_principal():
    for memory, kept in ((0.0, False), (0.8, True)):
        engine = world(**BUSY, principal_memory=memory)
        coming = engine.world.returns[: 4 * 700]["evidence"]
        assert coming.any() == kept, memory


def test_collected_fines_grow_with_the_chance_of_reaching_the_principal():
    fines = [total(world(**BUSY, solvent=share), "fines") for share in (0.0, 0.4, 1.0)]
    assert fines == sorted(fines)
    assert fines[0] < fines[2]


def test_suppliers_who_do_not_look_away_are_never_liable():
    assert total(world(**BUSY, complicit_share=0.0), "liable") == 0
    engine = world(**BUSY, complicit_share=0.5, supplier_found=1.0)
    assert total(engine, "liable") > 0
    assert total(engine, "supplier_fines") <= total(engine, "fines")


def test_newcomers_begin_small_and_grow_into_their_size():
    engine = world()
    firms = engine.world.intermediaries
    active = firms[firms["active"]]
    assert (active["capacity"] <= active["full_capacity"] * (1 + 1e-12)).all()
    young, old = active[active["born"] > 190], active[active["born"] == 0]
    assert (young["capacity"] / young["full_capacity"]).mean() < 0.5
    assert (old["capacity"] / old["full_capacity"]).mean() == pytest.approx(1.0)


def test_newcomers_of_full_standing_have_their_size_at_once():
    firms = world(newcomer_start=1.0, return_standing=1.0).world.intermediaries
    active = firms[firms["active"]]
    np.testing.assert_allclose(active["capacity"], active["full_capacity"])


@pytest.mark.parametrize("seed", [9, 12])
def test_a_case_against_a_firm_that_is_gone_lapses_whether_or_not_its_agency_has_other_work(seed):
    busy = {"border_exposure": 0.2, "tip_exposure": 2.0, "investigators": 60.0, "effort": 5.0}
    engine = Engine("minimal", seed=seed, parameters=busy)
    lapsed = 0
    while engine.week < engine.weeks:
        engine.run(engine.week + 1)
        cases = engine.cases()
        assert (cases.loc[cases["outcome"] == "open", "gone"] < 8).all()
        lapsed = (cases["outcome"] == "lapsed").sum()
    assert lapsed > 0
