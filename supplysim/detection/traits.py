"""What never changes about a detection channel, as rows for compiled code."""

from __future__ import annotations

import numpy as np

from supplysim.detection.channels import NAMES, TIP
from supplysim.evidence import table
from supplysim.world.columns import columns, real, rows

CHANNEL_TRAITS = columns(
    concealable=real,  # loss of d' against a fully sophisticated firm
    to_us=real,  # share of its leads that reach the US bureau first
    size_exponent=real,  # growth of exposure with a firm's size
    size_scale=real,  # chips
    size_cap=real,  # largest size factor
    active_factor=real,  # exposure of active intermediaries against a firm-year
    honest_factor=real,  # exposure of end users against a firm-year
    naive_evidence=real,  # evidence of a flag under naive triage
)


USUAL_INSIDERS = 0.14  # share of purchases that insiders know of at which `tip_exposure` is stated


def read_channels(concealment: float, insiders: float) -> np.ndarray:
    """Return the channels' traits, one row a channel.

    Parameters
    ----------
    concealment : float
        Replaces the rows marked fully concealable.
    insiders : float
        Share of traders' purchases that pass through people who look away and may tell: tips follow it.
    """
    table_rows = {row["code"]: row for row in table("channels")}
    traits = rows(CHANNEL_TRAITS, len(NAMES))
    for field in traits.dtype.names or ():
        traits[field] = [float(table_rows[name][field]) for name in NAMES]
    traits["active_factor"][TIP] *= insiders / USUAL_INSIDERS
    traits["concealable"] = np.where(traits["concealable"] == 1.0, concealment, traits["concealable"])
    return traits
