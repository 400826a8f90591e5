"""What a user's own graph fixes of a world at the start; whatever it does not say is drawn as usual.

That is: traits that a node leaves out, ties of a firm without edges, and every kind of firm that has no node.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

ROUNDING = 1e-9  # how far shares may be from 1 in sum and still be meant as they stand


@dataclass(frozen=True)
class Given:
    """What a graph fixes; empty when a scenario names none.

    Parameters
    ----------
    counts : mapping of str to int
        Firms of each kind that has nodes.
    traits : mapping of (str, str) to ndarray
        Values by kind and trait, one a node; nan = drawn. Countries and buyer classes as indices.
    ties : mapping of (str, str) to ndarray of int64
        By pair of kinds, the n-th sellers of every firm, shape (firms, places); -1 = none given.
    carries : ndarray of int64, shape (distributors, vendors), or None
        1 where a distributor sells a vendor's chips.
    """

    counts: dict[str, int] = field(default_factory=dict)
    traits: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    ties: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    carries: np.ndarray | None = None

    def over(self, kind: str, trait: str, drawn: np.ndarray) -> np.ndarray:
        """Return drawn values with the given ones in their place; firms beyond the graph's stay drawn."""
        if (kind, trait) not in self.traits:
            return drawn
        given = self.traits[kind, trait]
        values = drawn.copy()
        values[: given.size] = np.where(np.isnan(given), drawn[: given.size], given)
        return values

    def shares(self, drawn: np.ndarray) -> np.ndarray:
        """Return the distributors' shares, which sum to 1."""
        shares = self.over("distributor", "share", drawn)
        return shares if abs(shares.sum() - 1.0) < ROUNDING else shares / shares.sum()

    def suppliers(self, kind: str, drawn: np.ndarray) -> np.ndarray:
        """Return the suppliers of a kind of firm: its own, repeated in turn until every place is taken."""
        suppliers = drawn.copy()
        ties = self.ties.get(("distributor", kind), np.empty((0, 0), np.int64))
        for firm in np.flatnonzero((ties >= 0).any(axis=1)):
            free = ties[firm] < 0
            suppliers[firm] = ties[firm]
            suppliers[firm, free] = np.resize(ties[firm, ~free], free.sum())
        return suppliers

    def sizes(self, slots: int) -> dict[str, int]:
        """Return the numbers of firms that replace a population's, which has `slots` for intermediaries."""
        counts = {f"{kind}s": count for kind, count in self.counts.items() if kind != "intermediary"}
        return counts | {"intermediaries": max(slots, self.counts.get("intermediary", 0))}

    def first_shells(self, traders: float, fronts: float, slots: int) -> tuple[int, int]:
        """Return how many traders and fronts begin: those of the graph, else the numbers asked for."""
        if "intermediary" in self.counts:
            begun = int((self.traits["intermediary", "front"] == 1.0).sum())
            return self.counts["intermediary"] - begun, begun
        first = min(round(traders), slots)
        return first, min(round(fronts), slots - first)


def settle(firms: np.ndarray, accounts: np.ndarray, given: Given) -> None:
    """Give the first intermediaries, drawn as usual, the countries, capacities and suppliers of the graph."""
    first = firms[: given.counts.get("intermediary", 0)]
    first["country"] = given.over("intermediary", "country", first["country"])
    first["supplier"] = given.suppliers("intermediary", first["supplier"])
    capacity = given.over("intermediary", "capacity", first["capacity"])
    seed_cash = (first["seed_cash"] * (capacity / first["capacity"])).astype(np.int64)  # it goes with size
    accounts["outside"] -= (seed_cash - first["seed_cash"]).sum()
    first["capacity"] = first["full_capacity"] = capacity
    first["seed_cash"] = first["cash"] = seed_cash
