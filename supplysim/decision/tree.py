"""In which worlds the favourite loses: a shallow tree, judged by worlds that it has not seen.

Two thirds of the pairs, by chance and not in their order (points of a design alternate), grow the tree, and the choice
of what it may ask is theirs too; the rest tell its precision and coverage beside the base rate. A tree that is no
better there than the base rate says nothing, and that is what is said.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

import numpy as np

from supplysim.decision.choices import Choices
from supplysim.decision.library import library
from supplysim.decision.losing import Losing, Quality, Rule, candidates, favourite, features, harmonic, quality
from supplysim.language import gettext
from supplysim.report.formatting import share

FEWEST = 64  # pairs; of fewer a third tells nothing
FEWEST_LOST = 8  # losing worlds among those that grow the tree, and as many others
DEPTH, LEAF = 3, 0.05  # of the tree; least share of the worlds in a leaf
TRAINING = 2.0 / 3.0


@dataclass(frozen=True, eq=False)
class Tree(Losing):
    """When the favourite loses.

    Attributes
    ----------
    rules : tuple of Rule
        One a leaf that calls worlds lost; none if there is no tree.
    each : tuple of Quality
        Of each rule, on the worlds held out.
    held_out : Quality or None
        Of all rules together.
    """

    rules: tuple[Rule, ...] = ()
    each: tuple[Quality, ...] = ()
    held_out: Quality | None = None

    def document(self) -> dict[str, Any]:
        """Return it as names and numbers."""
        rules = [rule.document() | asdict(own) for rule, own in zip(self.rules, self.each, strict=True)]
        held_out = None if self.held_out is None else asdict(self.held_out) | {"holds": self.held_out.holds}
        return super().document() | {"rules": rules, "held_out": held_out}

    def sentences(self) -> list[str]:
        """Return when the favourite loses, and how well that is known."""
        told = [
            gettext(
                "{option} is beaten by some other option in {share} of worlds.",
                option=self.favourite,
                share=share(self.losing),
            )
        ]
        if self.held_out is None:
            return [*told, self.why_not]
        found = self.held_out
        if not found.holds:
            said = gettext("none") if not found.told > 0.0 else share(found.precision)
            nothing = gettext(
                "No rule tells which: where a tree says so it loses in {share} of the {worlds} worlds held out, "
                "against {base} of all of them.",
                share=said,
                worlds=found.worlds,
                base=share(found.base),
            )
            return [*told, nothing]
        for rule, own in zip(self.rules, self.each, strict=True):
            if own.told > 0.0:
                lost = share(own.precision)
                told.append(
                    gettext("It loses in {share} of held-out worlds where {rule}.", share=lost, rule=rule.words())
                )
        told.append(
            gettext(
                "On {worlds} worlds held out these rules are right in {precision} of the worlds they name, against "
                "{base} of all, and name {coverage} of those in which it loses.",
                worlds=found.worlds,
                precision=share(found.precision),
                base=share(found.base),
                coverage=share(found.coverage),
            )
        )
        return told


def tree(choices: Choices, objective: str = "chips", seed: int = 7) -> Tree:
    """Return when the best option by mean loses.

    Parameters
    ----------
    choices : Choices
    objective : str
    seed : int
        Of the split.
    """
    name, losing, lost = favourite(choices, objective)
    pairs = np.unique(choices.pair)
    if len(pairs) < FEWEST:
        return Tree(name, losing, why_not=gettext("When it loses takes {n} worlds or more to tell.", n=FEWEST))
    drawn = np.random.default_rng(seed).permutation(pairs)[: ceil(TRAINING * len(pairs))]
    grows = np.isin(choices.pair, drawn)
    if min(lost[grows].sum(), (~lost)[grows].sum()) < FEWEST_LOST:
        return Tree(name, losing, why_not=gettext("That is too rare, or too common, to tell when."))
    rules = _grown(choices.where(grows), lost[grows])
    rest, missed = choices.where(~grows), lost[~grows]
    told = [rule.holds(rest) for rule in rules]
    any_of = np.any(told, axis=0) if told else np.zeros(rest.worlds, dtype=bool)
    each = tuple(quality(one, missed, rest.weights) for one in told)
    return Tree(name, losing, "", rules, each, quality(any_of, missed, rest.weights))


def _grown(choices: Choices, lost: np.ndarray) -> tuple[Rule, ...]:
    """Return the leaves of a tree that are named, as rules; two from one question are one."""
    table = features(choices, candidates(choices, lost))
    if not table.shape[1]:
        return ()
    leaf = max(2, ceil(LEAF * choices.worlds))
    maker = library("sklearn.tree").DecisionTreeClassifier
    model = maker(max_depth=DEPTH, min_samples_leaf=leaf, class_weight="balanced", random_state=0)
    grown = model.fit(table.to_numpy(), lost, sample_weight=choices.weights).tree_
    named = _named(model.apply(table.to_numpy()), lost, choices.weights)
    found: list[Rule] = []

    def calls_lost(node: int) -> bool:
        """Return whether every leaf below a node is named."""
        if grown.feature[node] < 0:
            return node in named
        return calls_lost(grown.children_left[node]) and calls_lost(grown.children_right[node])

    def down(node: int, ends: dict[str, tuple[float, float]]) -> None:
        if calls_lost(node) and ends:
            found.append(_rule(choices, ends))
        if calls_lost(node) or grown.feature[node] < 0:
            return
        column = grown.feature[node]
        name, at = table.columns[column], float(grown.threshold[node])
        low, high = ends.get(name, (-np.inf, np.inf))
        down(grown.children_left[node], ends | {name: (low, min(high, at))})
        down(grown.children_right[node], ends | {name: (max(low, at), high)})

    down(0, {})
    return tuple(found)


def _named(leaf: np.ndarray, lost: np.ndarray, weight: np.ndarray) -> set[int]:
    """Return the leaves that name losing worlds best together, by the harmonic mean of precision and coverage.

    Leaves are taken in the order of their share of lost worlds. `leaf` has that of each world.
    """
    here = {int(one): weight[leaf == one] @ lost[leaf == one] / weight[leaf == one].sum() for one in np.unique(leaf)}
    best, most = set[int](), 0.0
    ordered = sorted(here, key=lambda one: (-here[one], one))
    for upto in range(1, len(ordered) + 1):
        found = quality(np.isin(leaf, ordered[:upto]), lost, weight)
        if harmonic(found) > most:
            best, most = {*ordered[:upto]}, harmonic(found)
    return best


def _rule(choices: Choices, ends: dict[str, tuple[float, float]]) -> Rule:
    """Return a path through the tree as a rule: columns of 0 and 1 become values of their state."""
    parts = choices.parts()
    states: dict[str, tuple[str, ...]] = {}
    for part in (name for name in ends if name in parts):
        state, _, value = part.partition("=")
        left = states.get(state, tuple(sorted(choices.states[state].unique())))
        states[state] = tuple(one for one in left if (one == value) == (ends[part][0] > 0.0))
    return Rule({name: both for name, both in ends.items() if name not in parts}, states)
