"""The lessons: what they ask, what they show once a prediction is locked, and how they are written down.

attempt = Attempt(lesson("squeeze-one-port").opening)
attempt = attempt.lock(option=1, confidence=70)
attempt.after(lesson("squeeze-one-port"), results()["squeeze-one-port"])
"""

from __future__ import annotations

from supplysim.lessons.attempt import STEPS, Attempt, NotYet
from supplysim.lessons.lesson import CONFIDENCE, After, Answer, Lesson, Opening, Prediction
from supplysim.lessons.library import lesson, lessons, results, titles
from supplysim.lessons.results import Found, Point, Results

__all__ = [
    "CONFIDENCE",
    "STEPS",
    "After",
    "Answer",
    "Attempt",
    "Found",
    "Lesson",
    "NotYet",
    "Opening",
    "Point",
    "Prediction",
    "Results",
    "lesson",
    "lessons",
    "results",
    "titles",
]
