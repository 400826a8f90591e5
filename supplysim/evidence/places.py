"""Which countries there are, what each is to the trade, and where it stands on a map: `countries.csv`, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from supplysim.evidence.tables import number, table

ROLES = ("", "rules", "maker", "hub", "destination")
EACH_ONCE = ("rules", "maker", "destination")


class Place(NamedTuple):
    """A country, or a group of them."""

    code: str
    name: str
    agency: str  # code of the agency that answers for it
    role: str  # one of ROLES: whose export rules these are, where chips are made, a hub of transit, where they end up
    longitude: float  # degrees, of its mark on the map
    latitude: float
    at_edge: bool  # lies beyond the map, whose edge it is drawn at
    iso_numeric: tuple[str, ...]  # ISO 3166 numbers of its shapes in map files


def read_places(rows: Iterable[Mapping[str, str]]) -> dict[str, Place]:
    """Return the places of a table like `countries.csv` by code.

    Raises
    ------
    ValueError
        When a role is unknown, a role that only one country has is given to none or to several, or a country has no
        place on the map.
    """
    found: dict[str, Place] = {}
    for row in rows:
        at = f"countries.csv: {row['code']}"
        if row["role"] not in ROLES:
            raise ValueError(f"{at}.role = {row['role']!r}, but it must be empty or one of {', '.join(ROLES[1:])}")
        longitude, latitude = (number(row[axis], f"{at}.{axis}") for axis in ("longitude", "latitude"))
        if longitude is None or latitude is None:
            raise ValueError(f"{at}: no place on the map; give longitude and latitude in degrees")
        found[row["code"]] = Place(
            code=row["code"],
            name=row["name"],
            agency=row["agency"],
            role=row["role"],
            longitude=longitude,
            latitude=latitude,
            at_edge=row["edge"] == "1",
            iso_numeric=tuple(row["iso_numeric"].split()),
        )
    for role in EACH_ONCE:
        having = [place.code for place in found.values() if place.role == role]
        if len(having) != 1:
            raise ValueError(
                f"countries.csv: role {role!r} is of {', '.join(having) or 'none'}; give it to one country"
            )
    return found


def having(role: str) -> tuple[str, ...]:
    """Return the codes of the countries of a role, in the order of the table."""
    return tuple(place.code for place in PLACES.values() if place.role == role)


PLACES = read_places(table("countries"))
(DESTINATION,) = having("destination")  # where diverted chips end up
(RULES_OF,) = having("rules")  # the country whose export rules these are
BUREAU = PLACES[RULES_OF].agency
(MAKER,) = having("maker")  # where chips are made
HUBS = having("hub")  # the best known ways of transit, the largest first
ORIGINS = tuple(code for code in PLACES if code != DESTINATION)  # where chips can be bought and leave from
