"""A small world that chance decides: China's door is open or shut, a law is passed or not."""

TOML = """
name = "chance"
extends = "minimal"
title = "A small world that chance decides"

[[states]]
name = "door"
values = [
    { name = "open", probability = 0.35, set = { access = 0.6 } },
    { name = "shut", probability = 0.65, set = { access = 0.1 } },
]

[[states]]
name = "law"
values = [{ name = "passed", probability = 0.5 }, { name = "not", probability = 0.5 }]

[[policies]]
lever = "due_diligence"
intensity = 0.25
when = "door:open"
"""

CARD = """
name = "card"
extends = "minimal"

[[states]]
name = "law-card"
values = [{ name = "passed", probability = 0.4 }, { name = "not", probability = 0.6 }]

[[states]]
name = "idle"
values = [{ name = "one", probability = 1 }]

[[policies]]
lever = "border"
when = "law-card:passed"
"""
