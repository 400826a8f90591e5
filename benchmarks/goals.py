"""What the figures shall come to on two quiet cores: figure -> (at most, when the goal was set).

Set for the first edition of the rules. A figure that misses its goal says so in the table; nothing fails, since a
goal is no limit: what CI holds are the instructions (`instructions.py`).
"""

GOALS = {
    "run over floor": (4.2, "5.94"),
    "run, a simulated year": (9.0, "12-13.7"),
    "central worlds": (52.5, "73.5"),
    "prior worlds with policies, a simulated year": (18.0, "26-33"),
    "default question, processor time": (45.0, "140, without the answer"),
    "8 arms x 64 pairs x 4 years, with report": (14.0, "20-27"),
    "same question again, with report": (2.0, "6.5"),
    "same question again, without": (0.8, "2.2-2.8"),
    "supplysim run minimal": (0.9, "2.0-2.25"),
    "supplysim list": (0.3, "0.45-0.62"),
    "into an empty cache": (23.0, "46"),
    "an agent-week with 100 times the firms, over that with 1": (1.8, "2.6"),
    "52 weeks, 292,800 firms": (2.0, "2.6-3.0"),
    "ratio at 20,000": (0.25, "0.28"),
    "ratio at 200,000": (0.5, "0.63"),
}
