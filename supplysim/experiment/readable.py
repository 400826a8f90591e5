"""Records with names where the model has row numbers: chips, countries, modes, agencies, classes of buyers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.evidence import DESTINATION, table

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.engine import Engine


def codes(name: str) -> list[str]:
    """Return the codes of a table of evidence, in the order of the model's rows."""
    return [row["code"] for row in table(name)]


@cache
def modes() -> list[str]:
    """Return the mode of the last leg of every route, in the order of the model's routes."""
    from supplysim.network.routes import find_routes

    origins = [code for code in codes("countries") if code != DESTINATION]
    return [legs[-1][2] for origin in codes("countries") if origin in origins for legs in find_routes(origin)]


def named(numbers: Any, names: Sequence[str]) -> pd.Categorical:
    """Return names by their numbers; what is below zero has none."""
    import pandas as pd

    return pd.Categorical.from_codes(np.asarray(numbers, dtype=np.int64), categories=pd.Index(names, dtype=object))


def orders(engine: Engine) -> pd.DataFrame:
    """Return every order; `chip` and `buyer_class` in words."""
    found = categorical(engine.orders())
    kind = engine.world.buyers["kind"][found["buyer"].to_numpy()]
    return found.assign(chip=named(found["generation"], codes("chips")), buyer_class=named(kind, codes("classes")))


def shipments(engine: Engine) -> pd.DataFrame:
    """Return every consignment; `chip`, `vendor`, `buyer_class`, `bought_in`, `via`, `mode` and `stopped_in` in words.

    `bought_in` is where its distributor stands, `via` the last country before China, and `mode` how it left there;
    a consignment that was not sent yet has neither.
    """
    world, found = engine.world, categorical(engine.shipments())
    chips, countries = codes("chips"), codes("countries")
    product, route = found["product"].to_numpy(), found["route"].to_numpy()
    sent = route >= 0
    order = world.orders[found["order"].to_numpy()]
    last = np.where(sent, world.routes.row["last"][route], -1)
    names = sorted({*modes()})
    by_route = np.array([names.index(mode) for mode in modes()])
    return found.assign(
        chip=named(product % len(chips), chips),
        vendor=named(product // len(chips), codes("vendors")),
        buyer_class=named(world.buyers["kind"][order["buyer"]], codes("classes")),
        bought_in=named(world.distributors["country"][found["distributor"].to_numpy()], countries),
        via=named(last, countries),
        mode=named(np.where(sent, by_route[route], -1), names),
        stopped_in=named(found["stop_hop"], countries),
    )


def leads(engine: Engine) -> pd.DataFrame:
    """Return every lead; `channel_name` and `agency_name` in words."""
    found = engine.leads()
    names = {"channel_name": named(found["channel"], codes("channels"))}
    return found.assign(**names, agency_name=named(found["agency"], codes("agencies")))


def cases(engine: Engine) -> pd.DataFrame:
    """Return every case; `agency_name` in words."""
    found = categorical(engine.cases())
    return found.assign(agency_name=named(found["agency"], codes("agencies")))


def categorical(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns of text are categories, which Parquet keeps as dictionaries."""
    texts = frame.select_dtypes(exclude=["number", "bool", "datetime", "category"])
    return frame.astype(dict.fromkeys(texts, "category"))
