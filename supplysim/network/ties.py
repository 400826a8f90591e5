"""Trade ties: who may buy from whom, held as fixed-width columns of rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from supplysim._compiled import entry, rule


class Directory(NamedTuple):
    """Where a firm looks for distributors: by country, larger ones first in its mind."""

    first: np.ndarray  # int64 (countries + 1,), first entry of each country
    member: np.ndarray  # int64 (distributors,), rows of distributors, by country and identity
    running: np.ndarray  # (distributors,), running share of size within the country
    everywhere: np.ndarray  # (distributors,), running share of size over all, in the order of `member`
    country_running: np.ndarray  # (countries,), running share of where intermediaries sit
    corridor: np.ndarray  # (countries,), attraction of the corridor by a country, sum 1
    corridor_running: np.ndarray  # (countries,), its running sum


def make_directory(
    country: np.ndarray, size: np.ndarray, key: np.ndarray, intermediary_share: np.ndarray, corridor: np.ndarray
) -> Directory:
    """Return the directory of distributors; ties are broken by identity, never by position."""
    countries = intermediary_share.size
    member = np.lexsort((key, country))
    counts = np.bincount(country, minlength=countries)
    first = np.concatenate(([0], np.cumsum(counts)))
    sizes = size[member]
    running = np.empty(member.size)
    for c in range(countries):
        mine = slice(first[c], first[c + 1])
        if counts[c]:
            running[mine] = np.cumsum(sizes[mine]) / sizes[mine].sum()
    everywhere = np.cumsum(sizes) / sizes.sum()
    share = np.cumsum(intermediary_share / intermediary_share.sum())
    attraction = corridor / corridor.sum()
    return Directory(first, member, running, everywhere, share, attraction, np.cumsum(attraction))


@rule
def pick(running, start, stop, u):
    """Return the first index in [start, stop) whose running share reaches u (binary search)."""
    low, high = start, stop - 1
    while low < high:
        middle = (low + high) // 2
        if running[middle] < u:
            low = middle + 1
        else:
            high = middle
    return low


@rule
def pick_distributor(directory, country, u):
    """Return the row of a distributor in a country, by size; anywhere if the country has none."""
    start, stop = directory.first[country], directory.first[country + 1]
    if start == stop:
        return directory.member[pick(directory.everywhere, 0, directory.member.size, u)]
    return directory.member[pick(directory.running, start, stop, u)]


@entry
def pick_distributors(directory, country, u, chosen):
    """Put a distributor for every firm's country and draw into `chosen`."""
    for i in range(country.size):
        chosen[i] = pick_distributor(directory, country[i], u[i])


@rule
def pick_country(directory, u):
    """Return a country, by where intermediaries sit."""
    return pick(directory.country_running, 0, directory.country_running.size, u)


@rule
def pick_corridor(directory, u):
    """Return the country of a corridor, by attraction."""
    return pick(directory.corridor_running, 0, directory.corridor_running.size, u)
