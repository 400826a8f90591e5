"""Predictions held against what was published: scoring rules, outcomes, naive rivals, and the score of each row."""

from supplysim.validation.scoring.asking import score
from supplysim.validation.scoring.card import Card
from supplysim.validation.scoring.outcome import Outcome, outcomes

__all__ = ["Card", "Outcome", "outcomes", "score"]
