"""A lever named more than once: which entry holds where and when.

The rule, in one place (`docs/experiments.md` says it for users):

- *Within one text or file* a later entry of the same lever and scope takes over from the earlier on its start. The
  strength rises from what had been reached, at the pace of the lever's ramp, and falls at once, as it does at an end;
  other settings fade out over the ramp. When the later entry ends, the earlier resumes.
- *Between texts, files, arms and the scenario* the stronger holds, place by place and week by week, in everything
  that the lever moves. A lever joined with itself is itself, and the order changes nothing.
- Costs follow: a place is paid for once, and all places together never cost more than the strongest entry over all.

A lever that is named once is left alone, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from supplysim.policies.base import SCOPES, Policy
from supplysim.policies.entries import places
from supplysim.world.conditions import Baseline, Shift

NOWHERE = ""  # place of a lever that has no scope
Amounts = dict[Any, np.ndarray]  # what is moved or paid -> shape (weeks,)
Chain = tuple[Policy, ...]  # entries of one text with the same lever and scope, by start
COSTS = ("government_cost", "foreign_cost", "award_share_of_fines", "industry_cost", "industry_cost_per_chip")


def shifts(policies: Iterable[Policy], base: Baseline) -> list[Shift]:
    """Return what policies that are in force together move."""
    found: list[Shift] = []
    for entries in by_lever(policies, base.values):
        if len(entries) == 1:
            found.extend(entries[0].shifts(base))
        else:
            together = _together(entries, base, _moved)
            found.extend(Shift(key[0], amount, key[1:]) for key, amount in together.items())
    return found


def costs(policies: Iterable[Policy], base: Baseline) -> Iterator[Mapping[str, np.ndarray]]:
    """Yield for each lever in force what its entries cost together: name of `COSTS` -> shape (weeks,)."""
    for entries in by_lever(policies, base.values):
        if len(entries) == 1:
            yield _paid(entries[0], base)
        else:
            yield _together(entries, base, _paid)


def by_lever(policies: Iterable[Policy], values: Mapping[str, float]) -> list[tuple[Policy, ...]]:
    """Return the different entries of each lever, levers and entries in the order in which they are first named.

    What no entry says of a lever's settings is the pair's: `values` holds it.
    """
    found: dict[str, dict[Policy, None]] = {}
    for policy in policies:
        found.setdefault(policy.lever, {})[policy.drawn(values)] = None
    return [tuple(entries) for entries in found.values()]


def _together(entries: Sequence[Policy], base: Baseline, amounts_of: Callable[[Policy, Baseline], Amounts]) -> Amounts:
    """Return what different entries of one lever move or pay together: THE rule of the head of this file."""
    chains = list(dict.fromkeys(_chain(entry, base) for entry in entries))

    def of(chain: Chain, where: frozenset[str]) -> Amounts:
        parts = [
            amounts_of(policy, replace(base, settled=(policy, strength)))
            for policy, strength in _strengths([_narrowed(entry, where) for entry in chain], base)
        ]
        return _combined(parts, np.sum)

    covered = {chain: places(chain[0]) or {NOWHERE} for chain in chains}
    everywhere = frozenset().union(*covered.values())
    acting: dict[tuple[Chain, ...], set[str]] = {}  # chains -> places where just these act
    for place in everywhere:
        acting.setdefault(tuple(chain for chain in chains if place in covered[chain]), set()).add(place)
    apart = [
        _combined([of(chain, frozenset(where)) for chain in here], _stronger)
        for here, where in sorted(acting.items(), key=lambda item: sorted(item[1]))
    ]
    if len(apart) == 1:
        return apart[0]
    summed, most = _combined(apart, np.sum), _combined([of(chain, everywhere) for chain in chains], _stronger)
    return {key: np.where(np.abs(total) > np.abs(most[key]), most[key], total) for key, total in summed.items()}


def _chain(entry: Policy, base: Baseline) -> Chain:
    """Return the entries of the same text, lever and scope as this one, itself included, by start."""
    members = {replace(member, beside=()) for member in (entry, *entry.beside)}
    return tuple(sorted(members, key=lambda member: (_first_day(member, base), repr(member))))


def _first_day(policy: Policy, base: Baseline) -> date:
    return policy.start or base.start + timedelta(weeks=base.policy_start)


def _strengths(chain: Sequence[Policy], base: Baseline) -> list[tuple[Policy, np.ndarray]]:
    """Return how strong each setting of a chain is by week: one policy a setting, each from the chain's first day."""
    if len(chain) == 1:
        return [(chain[0], chain[0].strength(base))]
    kinds = [replace(entry, intensity=1.0, start=chain[0].start, end=None) for entry in chain]
    strength = {kind: base.nothing() for kind in kinds}
    for entry, own in zip(chain, kinds, strict=True):
        first = max(base.week_of(_first_day(entry, base)), 0)
        weeks = slice(first, None if entry.end is None else max(base.week_of(entry.end), first))
        come = replace(entry, intensity=1.0).strength(base)[weeks]  # how far its ramp has come
        before = {kind: by_week[weeks] for kind, by_week in strength.items()}
        if not come.size:
            continue
        reached = np.minimum(before[own][0] + entry.intensity * come, entry.intensity)
        others = {kind: by_week * (1.0 - come) for kind, by_week in before.items() if kind != own}
        rest = sum(others.values(), np.zeros_like(come))
        room = np.maximum(sum(before.values(), np.zeros_like(come)), entry.intensity) - reached
        kept = np.divide(room, rest, out=np.ones_like(rest), where=rest > room)
        strength[own][weeks] = reached
        for kind, by_week in others.items():
            strength[kind][weeks] = by_week * kept
    return list(strength.items())


def _narrowed(policy: Policy, where: frozenset[str]) -> Policy:
    """Return a policy that acts in some places only, whether or not it acts there."""
    if where == places(policy) or where == {NOWHERE}:
        return policy
    scope = "countries" if "countries" in policy.scopes else policy.scopes[0]
    names = tuple(code for code in type(policy).choices(scope) if code in where)
    return replace(policy, **dict.fromkeys(SCOPES, ()) | {scope: names})  # type: ignore[arg-type]


def _moved(policy: Policy, base: Baseline) -> Amounts:
    found: dict[Any, list[np.ndarray]] = {}
    for shift in policy.shifts(base):
        found.setdefault((shift.field, *map(int, shift.at)), []).append(np.asarray(shift.amount, dtype=float))
    return {key: sum(amounts[1:], amounts[0]) for key, amounts in found.items()}


def _paid(policy: Policy, base: Baseline) -> Amounts:
    return {name: getattr(policy, name)(base) for name in COSTS}


def _combined(parts: Sequence[Amounts], how: Callable[..., np.ndarray]) -> Amounts:
    """Return one amount a key; a part that lacks a key moves it by nothing."""
    if len(parts) == 1:
        return parts[0]
    nothing = np.zeros_like(next(iter(parts[0].values())))
    keys = sorted({key for part in parts for key in part}, key=repr)
    return {key: how(np.stack([part.get(key, nothing) for part in parts]), axis=0) for key in keys}


def _stronger(amounts: np.ndarray, axis: int) -> np.ndarray:
    """Return week by week the amount that moves furthest."""
    low, high = amounts.min(axis=axis), amounts.max(axis=axis)
    return np.where(-low > high, low, high)
