"""The public record: what an enforcer or a journalist would see of a run, late and noisy (MODEL 11).

Made afterwards from what happened in the run, with draws of its own, so it can change nothing. Each draw is keyed
by the event it belongs to: a seizure has the same fate in every world in which it happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplysim.evidence import table
from supplysim.outputs.combining import MEAN, SUM
from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.world.records import CASE_PROSECUTION, SEIZED, STOPPED
from supplysim.world.streams import PUBLIC, lognormal, normals, uniforms

if TYPE_CHECKING:
    from supplysim.world.state import World

_IS_SEEN, _SEIZURE_LAG, _PROSECUTION_LAG, _LISTINGS, _MIRROR = range(5)  # sub-draws
TRANSITS = {row["code"]: index for index, row in enumerate(table("countries")) if row["transit"] == "1"}


class Line(NamedTuple):
    """One thing that happens and what the public sees of it: a column of `truth`, a column of `public_record`."""

    truth: str
    public: str
    unit: str  # of truth
    public_unit: str
    of_year: str  # how a year is made of its weeks


LINES = (
    Line("seized", "seizures_published", "chips", "chips", SUM),
    Line("prosecutions", "prosecutions_published", "cases", "cases", SUM),
    Line("small_sellers", "listing_count", "firms", "listings", MEAN),
    *(Line(f"delivered_via:{code}", f"mirror_gap:{code}", "chips", "chips", SUM) for code in TRANSITS),
)


class Events(NamedTuple):
    """Things that happened, one entry each; clock and key say which draws are theirs, in any world."""

    week: np.ndarray
    size: np.ndarray  # chips or cases
    clock: np.ndarray
    key: np.ndarray


def seizures(world: World) -> Events:
    """Return every seizure so far, in transit or in a case: its draws are those of the order and its age when bought.

    A consignment stopped on the way is seized when it is due; one seized in a case, when it is found or its seller is
    prosecuted.
    """
    shipments = world.shipments[: world.counts[0]["shipments"]]
    shipments = shipments[(shipments["status"] == STOPPED) | (shipments["status"] == SEIZED)]
    orders = world.orders[shipments["order"]]
    age = shipments["week"] - orders["week"]
    return Events(shipments["arrives"], shipments["quantity"], age, orders["identity"])


def prosecutions(world: World) -> Events:
    """Return every prosecution so far; its draws are those of the shell."""
    cases = _prosecuted(world)
    targets = world.intermediaries.size + world.end_users.size
    key = world.intermediaries["key"][cases["target"]] + targets * cases["shell"]
    return Events(cases["closed"], np.ones_like(key), np.zeros_like(key), key)


def _prosecuted(world: World) -> np.ndarray:
    cases = world.office.cases[: world.counts[0]["cases"]]
    return cases[cases["outcome"] == CASE_PROSECUTION]


def seizure_lags(world: World, events: Events) -> np.ndarray:
    """Return after how many weeks each seizure is published, -1 never: uniform over whole weeks."""
    p = world.parameters[0]
    seen = _draws(world.seed, events, _IS_SEEN) < p["seizure_published"]
    span = p["seizure_lag_most"] - p["seizure_lag_least"] + 1.0
    lag = np.floor(p["seizure_lag_least"] + span * _draws(world.seed, events, _SEIZURE_LAG))
    return np.where(seen, lag, -1.0).astype(np.int64)


def prosecution_lags(world: World, events: Events) -> np.ndarray:
    """Return after how many weeks each prosecution is published: lognormal, to the nearest week."""
    p = world.parameters[0]
    u = _draws(world.seed, events, _PROSECUTION_LAG)
    lag = [lognormal(chance, p["prosecution_lag"], p["prosecution_lag_sigma"]) for chance in u]
    return np.rint(np.array(lag, float)).astype(np.int64)


def _draws(seed: int, events: Events, sub: int) -> np.ndarray:
    drawn = np.empty(events.key.size)
    for clock in np.unique(events.clock):
        then = events.clock == clock
        drawn[then] = uniforms(seed, PUBLIC, clock, events.key[then], sub)
    return drawn


def published(events: Events, lags: np.ndarray, weeks: int) -> np.ndarray:
    """Return what is published in each week, shape (weeks,): what would come out after the run is not seen."""
    when = events.week + lags
    seen = (lags >= 0) & (when < weeks)
    return np.bincount(when[seen], weights=events.size[seen], minlength=weeks).astype(np.int64)


def noise(world: World, weeks: int, keys: np.ndarray, sigma: float, sub: int) -> np.ndarray:
    """Return lognormal noise of mean 1, shape (weeks, keys): right on average, in no week."""
    z = np.array([normals(world.seed, PUBLIC, week, keys, sub) for week in range(weeks)]).reshape(weeks, keys.size)
    return np.exp(sigma * z - 0.5 * sigma * sigma)


def truth(world: World, weeks: int) -> dict[str, np.ndarray]:
    """Return what happened and would interest the public, one array a line of `LINES`, shape (weeks,)."""
    tally = world.tally[:weeks]
    return {
        "seized": tally["seized_border"] + tally["seized_cases"],
        "prosecutions": tally["prosecutions"],
        "small_sellers": tally["active_intermediaries"] - tally["active_fronts"],
        **{f"delivered_via:{code}": tally["via"][:, country] for code, country in TRANSITS.items()},
    }


def public_record(world: World, weeks: int) -> dict[str, np.ndarray]:
    """Return what the public sees, one array a line of `LINES`, shape (weeks,).

    Parameters
    ----------
    world : World
        A run; left as it is.
    weeks : int
        Weeks run.

    Returns
    -------
    dict
        ``seizures_published`` (chips) and ``prosecutions_published`` (cases) in the week they come out;
        ``listing_count``, marketplace listings of small sellers; ``mirror_gap:XX`` (chips), what trade statistics
        say went to a transit country and never arrived there, in the week of the trade.
    """
    p, happened = world.parameters[0], truth(world, weeks)
    listed = noise(world, weeks, np.zeros(1, np.int64), p["listing_noise"], _LISTINGS)[:, 0]
    listings = np.rint(p["listings_per_seller"] * happened["small_sellers"] * listed).astype(np.int64)
    gap = p["mirror_share"] * noise(world, weeks, np.array([*TRANSITS.values()]), p["mirror_noise"], _MIRROR)
    return {
        **announced(world, weeks),
        "listing_count": listings,
        **{
            f"mirror_gap:{code}": gap[:, column] * happened[f"delivered_via:{code}"]
            for column, code in enumerate(TRANSITS)
        },
    }


def announced(world: World, weeks: int) -> dict[str, np.ndarray]:
    """Return the two announced columns of the public record, each of shape (weeks,)."""
    seized, prosecuted = seizures(world), prosecutions(world)
    return {
        "seizures_published": published(seized, seizure_lags(world, seized), weeks),
        "prosecutions_published": published(prosecuted, prosecution_lags(world, prosecuted), weeks),
    }


def by_year(world: World, weeks: int, first_year: int) -> dict[tuple[int, str], dict[str, float]]:
    """Return truth and public record side by side, by year and line (by the name of its truth), see `LINES`.

    What is published counts in the year it comes out, so a year's record holds part of the year before.
    """
    happened, seen = truth(world, weeks), public_record(world, weeks)
    found = {}
    for first in range(0, weeks, WEEKS_A_YEAR):
        year = slice(first, first + WEEKS_A_YEAR)
        for line in LINES:
            of_year = np.mean if line.of_year == MEAN else np.sum
            sides = {"truth": of_year(happened[line.truth][year]), "public": of_year(seen[line.public][year])}
            found[first_year + first // WEEKS_A_YEAR, line.truth] = {side: float(x) for side, x in sides.items()}
    return found
