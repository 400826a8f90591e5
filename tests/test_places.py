"""Countries: a row of `countries.csv` is all that the model and the app's map need."""

import pytest

from supplysim.evidence import BUREAU, DESTINATION, HUBS, MAKER, ORIGINS, PLACES, RULES_OF, places, table
from supplysim.outputs.measures import MEASURES
from supplysim.setup.population import codes

ROWS = table("countries")


def test_roles_stand_in_the_table():
    assert (DESTINATION, RULES_OF, BUREAU, MAKER, HUBS) == ("CN", "US", "US", "TW", ("SG", "MY", "HK"))
    assert [*ORIGINS, DESTINATION] == [*PLACES] == list(codes("countries"))
    assert {name for name in MEASURES if name.startswith("route_share:")} == {f"route_share:{code}" for code in ORIGINS}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"role": "port"}, "SG.role = 'port'"),
        ({"role": "destination"}, "role 'destination' is of SG, CN"),
        ({"longitude": ""}, "SG: no place on the map"),
        ({"latitude": "north"}, "SG.latitude = 'north', but it must be a number"),
    ],
)
def test_a_wrong_row_is_refused(change, words):
    rows = [row | change if row["code"] == "SG" else row for row in ROWS]
    with pytest.raises(ValueError, match=words):
        places.read_places(rows)


def test_a_table_without_a_destination_is_refused():
    with pytest.raises(ValueError, match="role 'destination' is of none"):
        places.read_places([row for row in ROWS if row["code"] != DESTINATION])


def test_every_country_lies_on_the_map():
    basemap = pytest.importorskip("supplysim.viz.basemap")
    west, south, east, north = basemap.REGION
    for place in PLACES.values():
        assert west <= place.longitude <= east, place.code
        assert south <= place.latitude <= north, place.code
        assert not set(place.iso_numeric) - basemap.CODES.keys()


def test_a_row_is_enough_for_the_map(monkeypatch):
    flows = pytest.importorskip("supplysim.viz.figures.flows")
    from supplysim.viz import bundle

    row = ROWS[2] | {"code": "LA", "name": "Laos", "role": "", "longitude": "106.8", "latitude": "-6.2"}
    monkeypatch.setattr(flows, "PLACES", places.read_places([*ROWS, row]))
    new = {"code": "LA", "name": "Laos", "at": (106.8, -6.2), "role": "hub", "off": False}
    assert new in flows.nodes()
    assert '"code": "LA", "name": "Laos", "at": [106.8, -6.2]' in bundle.script()


def test_an_estimate_made_without_a_country_does_not_answer(monkeypatch, its_edition):
    from supplysim.emulator import predict

    assert predict._shipped.__wrapped__()[0] is not None
    monkeypatch.setattr(predict, "ORIGINS", (*predict.ORIGINS, "XX"))
    assert predict._shipped.__wrapped__()[0] is None
