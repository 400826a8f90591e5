"""What is generated from the model: one declaration a step, in the order in which they are made.

Frozen predictions (docs/predictions-*) are no step: they are written once, dated, and never made again.
"""

from __future__ import annotations

from typing import NamedTuple

from docs.writers.levers import names

CLI = ("{python}", "-m", "supplysim")
CALIBRATE = (*CLI, "calibrate", "--seed", "2024", "--draws")
EACH_LEVER = tuple(word for name in names() for word in ("-p", name))


class Step(NamedTuple):
    """One thing that is made.

    Attributes
    ----------
    name : str
    commands : tuple of tuple of str
        Words, with ``{python}``, ``{work}`` (the step's own folder) and ``{posterior}`` (that of another step) to fill
        in. A command may be killed and begun again.
    outputs : dict of str to str
        File or folder of the tree -> its name in the work folder; empty if the command writes it in place.
    minutes : float
        On two processors; what it took last stands in ``made.json``.
    inputs : tuple of str
        Patterns of files that it reads, beside the rules.
    writers : tuple of str
        Patterns of the code that makes it.
    needs : tuple of str
        Steps whose outputs it reads.
    leaves : tuple of str
        What later steps read in its work folder.
    by_rules : bool
        Whether another edition of the rules makes it stale.
    accepts : tuple of int
        Exit statuses of a finished command; 1 says that a check of the model failed, and the page tells which.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    outputs: dict[str, str]
    minutes: float
    inputs: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    by_rules: bool = True
    accepts: tuple[int, ...] = (0,)


BASELINE = ("scenarios/baseline-2024.toml",)
NOW = (*BASELINE, "scenarios/baseline-2027.toml")
TARGETS = "supplysim/evidence/targets.csv"  # moves no run, so no edition tells of it
STEPS = (
    Step(
        "odd",
        (("{python}", "-m", "docs.writers.odd", "--out", "{work}"),),
        {"docs/odd.md": "odd.md"},
        0.1,
        inputs=BASELINE,
        writers=("docs/writers/odd.py",),
    ),
    Step(
        "trace",
        (("{python}", "-m", "docs.writers.trace"),),
        {"docs/trace.md": ""},
        0.1,
        inputs=("docs/trace.csv",),
        writers=("docs/writers/trace.py",),
        by_rules=False,
    ),
    Step(
        "cards",
        (("{python}", "-m", "supplysim.policies.cards", "docs/policies"),),
        {"docs/policies": ""},
        0.1,
        inputs=("supplysim/evidence/levers.csv",),
        writers=("supplysim/policies/cards.py",),
        by_rules=False,
    ),
    Step(
        "bills",
        (("{python}", "-m", "docs.writers.bills", "{work}/bills.md"),),
        {"docs/bills.md": "bills.md"},
        0.1,
        inputs=("scenarios/*.toml",),
        writers=("docs/writers/bills.py", "supplysim/setup/bill.py"),
        by_rules=False,
    ),
    Step(
        "lessons",
        ((*CLI, "validate", "--lessons", "--write"),),
        {"scenarios/lessons/results.csv": "", "scenarios/lessons/series.csv": ""},
        5.0,
        inputs=(*BASELINE, "scenarios/lessons/*.toml"),
        writers=("supplysim/lessons/checks.py", "supplysim/lessons/runs.py", "supplysim/lessons/results.py"),
        accepts=(0, 1),
    ),
    Step(
        "handouts",
        (
            ("{python}", "-m", "docs.writers.handouts", "docs/teaching/handouts"),
            ("{python}", "-m", "docs.writers.handouts", "docs/teaching/de/handouts", "--language", "de"),
        ),
        {"docs/teaching/handouts": "", "docs/teaching/de/handouts": ""},
        0.1,
        inputs=("scenarios/lessons/*.toml", "scenarios/lessons/*.md", "supplysim/language/de.po"),
        writers=("supplysim/lessons/graph.py", "docs/writers/handouts.py", "docs/writers/paper.py"),
        needs=("lessons",),
    ),
    Step(
        "comparison",
        ((*CLI, "compare", "baseline-2024", "--pairs", "32", "--out", "{work}"),),
        {"docs/comparison.png": "comparison.png"},
        0.5,
        inputs=BASELINE,
        writers=("supplysim/report/figures/*.py",),
    ),
    Step(
        "gallery",
        (("{python}", "-m", "docs.writers.gallery", "{work}", "docs"),),
        {"docs/gallery.md": "", "docs/gallery": ""},
        3.0,
        inputs=(*NOW, "scenarios/worlds/teaching/*.csv", "scenarios/worlds/teaching/pack.toml"),
        writers=("docs/writers/gallery.py", "supplysim/report/figures/*.py", "supplysim/report/world.py"),
    ),
    Step(
        "levers",
        (
            (*CLI, "compare", "baseline-2024", *EACH_LEVER, "--pairs", "48", "--seed", "7", "--out", "{work}"),
            ("{python}", "-m", "docs.writers.levers", "{work}", "{work}/levers.md"),
        ),
        {"docs/levers.md": "levers.md"},
        2.0,
        inputs=BASELINE,
        writers=("docs/writers/levers.py",),
    ),
    Step(
        "league",
        (("{python}", "-m", "docs.writers.league", "baseline-2024", "32", "{work}/league.md"),),
        {"docs/league.md": "league.md"},
        5.0,
        inputs=BASELINE,
        writers=("docs/writers/league.py", "docs/writers/levers.py"),
    ),
    Step(
        "league-2027",
        (("{python}", "-m", "docs.writers.league", "baseline-2027", "32", "{work}/league-2027.md"),),
        {"docs/league-2027.md": "league-2027.md"},
        10.0,
        inputs=NOW,
        writers=("docs/writers/league.py", "docs/writers/levers.py"),
    ),
    Step(
        "spending",
        (("{python}", "-m", "docs.writers.spending", "32", "{work}/spending.csv"),),
        {"supplysim/data/spending.csv": "spending.csv"},
        1.0,  # the runs are the league's
        inputs=(*BASELINE, *NOW),
        writers=("docs/writers/spending.py", "docs/writers/league.py", "docs/writers/levers.py"),
    ),
    Step(
        "decide",
        (("{python}", "-m", "docs.writers.decide", "{work}/decide.md"),),
        {"docs/decide.md": "decide.md"},
        5.0,
        inputs=(*NOW, "supplysim/data/emulator-2027.npz"),
        writers=("docs/writers/decide.py", "supplysim/decision/*.py", "supplysim/report/decision/*.py"),
        needs=("spending",),
    ),
    Step(
        "bill-effects",
        (("{python}", "-m", "docs.writers.bill_effects", "64", "{work}/bill-effects.md"),),
        {"docs/bill-effects.md": "bill-effects.md"},
        8.0,
        inputs=(*NOW, "scenarios/*.toml"),
        writers=("docs/writers/bill_effects.py", "supplysim/report/bills.py", "supplysim/experiment/cards_table.py"),
    ),
    Step(
        "hangs-on",
        (("{python}", "-m", "docs.writers.hangs_on", "64", "{work}/hangs_on.csv"),),
        {"supplysim/data/hangs_on.csv": "hangs_on.csv"},
        5.0,
        inputs=NOW,
        writers=("docs/writers/hangs_on.py", "docs/writers/levers.py", "supplysim/experiment/assumptions.py"),
    ),
    Step(
        "emulator",
        (("{python}", "-m", "supplysim.emulator", "--train", "--out", "{work}/emulator.npz", "baseline-2024"),),
        {"supplysim/data/emulator.npz": "emulator.npz"},
        5.0,
        inputs=BASELINE,
        writers=("supplysim/emulator/*.py",),
    ),
    Step(
        "emulator-2027",
        (("{python}", "-m", "supplysim.emulator", "--train", "--out", "{work}/emulator-2027.npz", "baseline-2027"),),
        {"supplysim/data/emulator-2027.npz": "emulator-2027.npz"},
        15.0,
        inputs=NOW,
        writers=("supplysim/emulator/*.py",),
    ),
    Step(
        "posterior",
        ((*CALIBRATE, "4096", "--to", "2024", "--out", "{work}/posterior.parquet"),),
        {
            "supplysim/data/posterior.parquet": "posterior.parquet",
            "docs/calibration.md": "calibration.md",
            "docs/calibration.png": "calibration.png",
        },
        6.0,
        inputs=(*BASELINE, TARGETS),
        writers=("supplysim/calibration/*.py",),
        leaves=("runs.parquet",),
        accepts=(0, 1),
    ),
    Step(
        "posterior-2025",
        ((*CALIBRATE, "4096", "--to", "2025", "--out", "{work}/posterior-2025.parquet"),),
        {
            "supplysim/data/posterior-2025.parquet": "posterior-2025.parquet",
            "docs/calibration-2025.md": "calibration-2025.md",
            "docs/calibration-2025.png": "calibration-2025.png",
        },
        8.0,
        inputs=(*BASELINE, "scenarios/history-2022-2026.toml", TARGETS),
        writers=("supplysim/calibration/*.py",),
        accepts=(0, 1),
    ),
    Step(
        "now",
        (("{python}", "-m", "docs.writers.now", "{work}/now.md"),),
        {"docs/now.md": "now.md"},
        8.0,
        inputs=NOW,
        writers=("docs/writers/now.py", "docs/writers/league.py"),
        needs=("posterior-2025", "league-2027", "hangs-on"),
    ),
    Step(
        "scoreboard",
        (
            (
                *(*CLI, "validate", "--draws", "192", "--pairs", "48", "--rules", "all", "--seed", "7"),
                *("--out", "{work}"),
            ),
        ),
        {"docs/scoreboard.md": "scoreboard.md"},
        15.0,
        inputs=(*BASELINE, "supplysim/validation/facts.csv"),
        writers=("supplysim/validation/*.py", "supplysim/validation/facts/*.py"),
        accepts=(0, 1),
    ),
    Step(
        "sensitivity",
        (
            (
                *("{python}", "-m", "supplysim.sensitivity.run", "--calibration", "{posterior}"),
                *("--kept", "{work}/kept", "--out", "{work}", "--data", "{work}"),
            ),
        ),
        {
            "docs/sensitivity.md": "sensitivity.md",
            "docs/sensitivity.png": "sensitivity.png",
            "supplysim/data/sensitivity.csv": "sensitivity.csv",
        },
        30.0,
        inputs=BASELINE,
        writers=("supplysim/sensitivity/*.py",),
        needs=("posterior",),
    ),
)
