"""The detection channels: who is looked at, how much it tells, and which agency hears of it.

The numbers stand in `evidence/channels.csv`; a new channel is a row there, its three parameters
(exposure, sensitivity, threshold) in `evidence/parameters.csv`, and a name here.
"""

from __future__ import annotations

from supplysim.evidence import table
from supplysim.world.streams import numbers

NAMES = tuple(row["code"] for row in table("channels"))
SCREENING, NOTIFICATION, BORDER, LOCATION, END_USE, TIP, MARKETPLACE, INTELLIGENCE, NAMED, SEARCH = numbers(0, 10)
# Channels that watch firms week by week, as against purchases, consignments or sites.
WATCHING = (END_USE, TIP, MARKETPLACE, INTELLIGENCE)
