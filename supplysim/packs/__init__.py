"""World packs: other people's countries, goods, supply and numbers laid over the evidence (docs/world-packs.md).

The world is chosen once a process, before the evidence is read, since the sizes of compiled code follow from it
(docs/decisions/0023). Nothing here imports the evidence, so that the choice can come first.
"""

from supplysim.packs.contents import Pack
from supplysim.packs.pack import active, badge, described, found, installed, limits, screen_words, stamp, use_world

__all__ = ["Pack", "active", "badge", "described", "found", "installed", "limits", "screen_words", "stamp", "use_world"]
