"""What firms, countries and agencies are called in a film: firms are numbered and carry names of no meaning."""

from __future__ import annotations

import numpy as np
from supplysim.viz.figures.sayings import Saying

from supplysim.evidence import table as evidence_table
from supplysim.language import gettext_noop

COUNTRIES = [row["code"] for row in evidence_table("countries")]
COUNTRY_NAMES = {row["code"]: row["name"] for row in evidence_table("countries")}
AGENCIES = [row["name"] for row in evidence_table("agencies")]
CLASSES = [row["name"] for row in evidence_table("chips")]
SYLLABLES = (
    *("al", "bri", "cor", "dan", "el", "fen", "gor", "hal", "iv", "jun", "kel", "lor", "mar"),
    *("nev", "ost", "per", "qua", "ril", "sol", "tam", "ur", "vel", "win", "yar", "zen"),
)
HONEST = Saying(gettext_noop("an honest firm"))


def name_of(key: int, shell: int = 0) -> str | Saying:
    """Return a made-up name for a firm: the same for the same identity."""
    random = np.random.default_rng([9, key, shell])
    text = f"{''.join(random.choice(SYLLABLES, 2)).capitalize()} #{key}"
    return Saying(gettext_noop("{firm} (shell {n})"), {"firm": text, "n": shell + 1}) if shell else text


def named(country: str) -> Saying:
    """Return a country's name, to be said in the reader's language."""
    return Saying(COUNTRY_NAMES[country])
