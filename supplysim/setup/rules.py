"""Which theories of behaviour and enforcement can hold in a world; in compiled code a rule's number is its place."""

from typing import Literal, get_args

Decision = Literal["expected_utility", "salience", "habit"]
Triage = Literal["weighed", "naive"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
TRIAGES: tuple[Triage, ...] = get_args(Triage)
