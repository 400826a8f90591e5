"""The displacement ledger: where the chips that a policy kept from being delivered went instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from supplysim.outputs.account import CHANNELS, Account

ENTRIES = ("prevented", "substituted", "intercepted", "blocked", "delayed", "rerouted_memo")
SPLIT = tuple(f"substituted_{channel}" for channel in (*CHANNELS, "none"))
DISABLED, NOISE = "disabled_memo", "rerouted_noise"


@dataclass(frozen=True)
class Ledger:
    """Policy B against baseline A on one pair, chips; the four parts sum to `prevented` exactly.

    Attributes
    ----------
    prevented : float
        delivered_A − delivered_B.
    substituted : float
        ordered_A − ordered_B: never asked of an intermediary.
    intercepted : float
        seized_B − seized_A.
    blocked : float
        cancelled_B − cancelled_A: refused until patience ran out, or the seller gone or unwilling.
    delayed : float
        (open + in transit)_B − (open + in transit)_A at the end.
    rerouted_memo : float
        ½ Σ_c |s_c^B − s_c^A| · delivered_B, with s_c the share of deliveries by route country c;
        beside the sum, since these chips arrived.
    disabled_memo : float
        disabled_B − disabled_A; beside the sum, since these chips arrived first.
    substitutes : dict of str to float
        `substituted` split by the change of the other channels, in chips of the compute an average
        delivered chip has; ``none`` is the rest: compute nobody replaced (negative: more than was lost).
    """

    prevented: float
    substituted: float
    intercepted: float
    blocked: float
    delayed: float
    rerouted_memo: float
    disabled_memo: float
    substitutes: dict[str, float]


def displacement(baseline: Account, policy: Account) -> Ledger:
    """Return the ledger of one pair.

    Opening stocks are equal in both worlds and cancel, so the identity ordered = delivered + seized +
    cancelled + outstanding makes the parts sum to the chips prevented.

    Raises
    ------
    ArithmeticError
        If they do not: a chip was lost or made between the two worlds.
    """
    substituted = baseline.ordered - policy.ordered
    ledger = Ledger(
        prevented=baseline.delivered - policy.delivered,
        substituted=substituted,
        intercepted=policy.seized - baseline.seized,
        blocked=policy.cancelled - baseline.cancelled,
        delayed=policy.outstanding - baseline.outstanding,
        rerouted_memo=_rerouted(baseline, policy),
        disabled_memo=policy.disabled - baseline.disabled,
        substitutes=_substitutes(baseline, policy, substituted),
    )
    parts = ledger.substituted + ledger.intercepted + ledger.blocked + ledger.delayed
    if parts != ledger.prevented:
        raise ArithmeticError(f"the ledger does not close: {ledger.prevented} chips prevented, parts sum to {parts}")
    return ledger


def mean_ledger(ledgers: Sequence[Ledger]) -> Ledger:
    """Return the mean over pairs, entry by entry; sums and splits still close."""
    names = (*ENTRIES, DISABLED)
    means = {name: float(np.mean([getattr(ledger, name) for ledger in ledgers])) for name in names}
    substitutes = {key: float(np.mean([x.substitutes[key] for x in ledgers])) for key in ledgers[0].substitutes}
    return Ledger(**means, substitutes=substitutes)


def entries(ledger: Ledger) -> dict[str, float]:
    """Return a ledger as one row: `ENTRIES`, then `SPLIT`, which sums to `substituted`, then disabled chips."""
    split = dict(zip(SPLIT, (ledger.substitutes[key] for key in (*CHANNELS, "none")), strict=True))
    return {**{name: getattr(ledger, name) for name in ENTRIES}, **split, DISABLED: ledger.disabled_memo}


def rerouting_noise(baselines: Sequence[Account]) -> np.ndarray:
    """Return what rerouting amounts to when no policy differs, chips, shape (pairs,).

    `Ledger.rerouted_memo` of the baseline of each pair against the baseline of the next, in a circle:
    two worlds that share neither seed nor, unless they are central, parameters. Rerouting below its
    mean is no news. NaN for a single pair.
    """
    if len(baselines) < 2:
        return np.full(len(baselines), np.nan)
    following = [*baselines[1:], baselines[0]]
    return np.array([_rerouted(world, other) for world, other in zip(baselines, following, strict=True)])


def _rerouted(baseline: Account, policy: Account) -> float:
    """Return chips that arrived by another country than they would have: half the change in shares."""
    total_a, total_b = sum(baseline.routes.values()), sum(policy.routes.values())
    if total_a == 0 or total_b == 0:
        return 0.0
    countries = baseline.routes.keys() | policy.routes.keys()
    change = sum(
        abs(policy.routes.get(c, 0) / total_b - baseline.routes.get(c, 0) / total_a) for c in sorted(countries)
    )
    return 0.5 * change * policy.delivered


def _substitutes(baseline: Account, policy: Account, substituted: int) -> dict[str, float]:
    """Split the fall in orders over the channels whose flow changed, in chips."""
    delivered = baseline.delivered + policy.delivered
    # With nothing delivered, count in the reference chip, which is 1 H100 equivalent.
    h100e_a_chip = (baseline.delivered_h100e + policy.delivered_h100e) / delivered if delivered else 1.0
    split = {c: (policy.channels[c] - baseline.channels[c]) / h100e_a_chip for c in CHANNELS}
    return {**split, "none": substituted - sum(split.values())}
