"""A round of the role play: what each team gets to see, and the debrief from the ledger.

Run as ``python -m supplysim.lessons.roleplay rounds.toml``, where every table is a round and every key a team:

    [round1]
    agency = "whistleblower+enforcement_budget=0.5"
    singapore = "border:SG"
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping
from pathlib import Path

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.experiment import tables
from supplysim.experiment.compare import compare
from supplysim.experiment.comparison import Comparison
from supplysim.language import numerals
from supplysim.lessons.extras import is_extra, with_extras
from supplysim.lessons.roles import Role, merged, role_play
from supplysim.lessons.runs import SEED
from supplysim.lessons.words import LEDGER_WORDS
from supplysim.policies import Package
from supplysim.report.formatting import compact, dollars, percent

PAIRS = 16  # enough for a class that waits


def play(
    rounds: Mapping[str, Mapping[str, str]], pairs: int = PAIRS, seed: int = SEED, workers: int | None = None
) -> Comparison:
    """Return all rounds against the world as it stands: the same worlds, other choices.

    Raises
    ------
    InputError
        If a team's choice breaks the rules, or nobody moves anything in a round.
    """
    packages = []
    for name, choices in arguments.table(rounds, "rounds", 'write {"round1": {"agency": "whistleblower"}}').items():
        arguments.one_of(str, name, "rounds", "name each round by a text")
        package = merged(choices)
        if not package.policies:
            raise InputError(name, None, "nobody moves anything", "let at least one team choose a lever")
        packages.append(Package(name, package.policies))
    if not packages:
        raise InputError("rounds", None, "there is no round", 'write {"round1": {"agency": "whistleblower"}}')
    study = compare(role_play().scenario, packages, pairs, seed=seed, replicates=0, workers=workers, quarters=True)
    return with_extras(study)


def briefing(comparison: Comparison, round_: str, role: Role) -> list[tuple[str, str, str]]:
    """Return what a team sees after a round: measure, mean before, mean after, over both policy years."""
    rows = []
    for measure in role.sees:
        sides = [comparison.values(arm, measure, comparison.window).mean() for arm in ("baseline", round_)]
        if is_extra(measure):
            sides = [side * len(comparison.policy_years) for side in sides]
        small = max(map(abs, sides)) < 3.0
        before, after = (numerals(f"{side:.1%}") if small else compact(side) for side in sides)
        rows.append((measure, before, after))
    return rows


def debrief(comparison: Comparison) -> list[str]:
    """Return the truth of every round in sentences: total, ledger, bill, and what the public saw."""
    lines = []
    window, ledgers = comparison.window, tables.ledger(comparison).set_index("policy")
    base = comparison.values("baseline", "delivered", window).mean()
    news = comparison.values("baseline", "public_seized", window).mean()
    for name, policies in comparison.arms.items():
        effect, entries = comparison.effect(name), ledgers.loc[name]
        interval = f"{percent(effect.mean_low / base)} to {percent(effect.mean_high / base)}"
        parts = "; ".join(f"{compact(entries[key])} {words}" for key, words in LEDGER_WORDS.items())
        public = percent(comparison.values(name, "public_seized", window).mean() / news - 1.0)
        government, industry = map(dollars, comparison.extra_costs(name).mean(axis=0))
        lines += [
            f"{name}: {'+'.join(policy.label() for policy in policies)}",
            f"  deliveries {percent(effect.relative)} ({interval}); down in {effect.pairs_down}/{effect.pairs} pairs",
            f"  kept out {compact(entries['prevented'])}: {parts}",
            f"  seizures in the news {public}; governments pay {government}, industry {industry}",
        ]
    return lines


def main() -> None:
    """Print every team's briefing of the last round, then, if asked, the debrief."""
    reader = argparse.ArgumentParser(description="Run the rounds of a role play.")
    reader.add_argument("file", type=Path)
    reader.add_argument("--pairs", type=int, default=PAIRS)
    reader.add_argument("--debrief", action="store_true", help="print the truth of all rounds")
    given = reader.parse_args()
    comparison = play(tomllib.loads(given.file.read_text("utf-8")), given.pairs)
    last = [*comparison.arms][-1]
    for role in role_play().roles:
        print(f"\n{role.name} - {last}")
        for measure, before, after in briefing(comparison, last, role):
            print(f"  {measure:<24} {before:>10} -> {after:>10}")
    if given.debrief:
        print("\nDebrief\n" + "\n".join(debrief(comparison)))


if __name__ == "__main__":
    main()
