"""A lever for some countries, vendors, agencies or chips acts there and nowhere else."""

import numpy as np
import pytest
from lever_worlds import ALL, BASE, H_CLASS, LAST, MOVES, MY, SG, conditions, make, moved

from supplysim.detection import channels
from supplysim.errors import InputError
from supplysim.policies.registry import levers

by_lever = pytest.mark.parametrize("lever", levers())
SCOPES = [
    ("due_diligence", "vendors", "second", [1]),
    ("notification", "vendors", "second", [1]),
    ("location_verification", "vendors", "second", [1]),
    ("kill_switch", "vendors", "second", [1]),
    ("border", "countries", "MY", [MY]),
    ("border", "agencies", "SG", [SG]),
    ("close_country", "countries", "MY", [MY]),
    ("close_country", "agencies", "REST", [6, 7, 8, 9, 10, 11, 12, 13]),
    ("cooperation", "countries", "MY", [MY]),
    ("cooperation", "agencies", "SG", [SG]),
    ("remote_kyc", "countries", "MY", [MY]),
    ("buyer_list", "countries", "MY", [MY]),
    ("targeting", "countries", "MY", [MY]),
    ("legal_supply", "skus", "B200", [2]),
    ("legal_supply", "skus", "H100", [H_CLASS]),
]


@pytest.mark.parametrize(("lever", "scope", "name", "places"), SCOPES)
def test_a_narrowed_lever_acts_there_in_full_and_nowhere_else(lever, scope, name, places):
    everywhere = moved(make(lever, countries=["MY"]) if lever == "close_country" else make(lever))
    unscoped = {scope: [name]} | ({"countries": []} if scope == "agencies" else {})
    change = moved(make(lever, **unscoped))
    for field, usual in MOVES[lever].items():
        if usual in ([channels.LOCATION], ALL):  # whether sites are checked at all; the world's average
            continue
        assert np.flatnonzero(change[field].any(axis=0)).tolist() == places, field
        if lever not in ("close_country", "legal_supply"):
            assert np.array_equal(change[field][:, places], everywhere[field][:, places]), field


def test_hosts_hire_where_partners_work_together_and_nowhere_else():
    staff = moved(make("cooperation", agencies=["MY"], host_staff=1.0))["investigators"]
    agency = BASE.agencies.index("MY")
    assert staff[LAST, agency] == pytest.approx(BASE.conditions["investigators"][LAST, agency])
    assert not np.delete(staff, agency, axis=1).any()


def test_what_one_vendor_does_weighs_by_its_share_of_the_market():
    leader, rest = (make("kill_switch", vendors=names) for names in (["first"], ["second", "third"]))
    whole = moved(make("kill_switch"))
    for field in ("false_disable", "honest_scale"):
        assert moved(leader)[field] + moved(rest)[field] == pytest.approx(whole[field])
    assert moved(leader)["false_disable"][LAST] / whole["false_disable"][LAST] == pytest.approx(0.88)


def test_a_controlled_class_can_be_closed_again():
    opened, closed = make("legal_supply"), make("tighter_controls", skus=["H200"])
    assert conditions(opened)["licensed_quota"][LAST, H_CLASS] == 1e6
    assert set(moved(closed)) == set()  # nothing of that class was open, so there is nothing to close


@by_lever
@pytest.mark.parametrize(
    ("scope", "name"), [("countries", "SG"), ("vendors", "first"), ("agencies", "SG"), ("skus", "H200")]
)
def test_a_scope_that_a_lever_does_not_have_is_refused(lever, scope, name):
    kind = levers()[lever]
    if scope in kind.scopes:
        assert name in kind.choices(scope)
        return
    with pytest.raises(InputError, match=f"{lever}.{scope}: {lever} cannot be narrowed to {scope}; (narrow|leave)"):
        make(lever, **{scope: [name]})


@pytest.mark.parametrize(
    ("lever", "values", "part"),
    [
        ("close_country", {"countries": []}, "close_country.countries: is missing; name the country"),
        ("close_country", {"countries": ["SX"]}, "close_country.countries = SX, but that name is unknown"),
        ("border", {"countries": "SG"}, "it is not a list of names"),
        ("border", {"countries": ["CN"]}, "border.countries = CN, but that name is unknown"),
        ("cooperation", {"countries": ["US"]}, "cooperation.countries = US, but that name is unknown"),
        ("legal_supply", {"skus": ["H20"]}, "legal_supply.skus = H20, but that name is unknown"),
        ("tighter_controls", {"skus": []}, "tighter_controls.skus: names nothing; write tighter_controls:H20"),
        ("penalties", {"intensity": 1.5}, "penalties.intensity = 1.5, but it must lie between 0 and 1"),
        ("penalties", {"growth": "four"}, "penalties.growth = four, but it is not a number"),
        ("penalties", {"start": "soon"}, "penalties.start = soon, but it is not a date"),
        ("penalties", {"start": "2025-02", "end": "2025-01"}, "penalties.end = 2025-01-01, but the policy starts"),
    ],
)
def test_python_refuses_what_a_file_may_not_say(lever, values, part):
    with pytest.raises(InputError) as caught:
        make(lever, **values)
    assert part in str(caught.value)
