"""Texts of the Info and Assumptions pages."""

from __future__ import annotations

from supplysim.language import gettext, gettext_noop

RULES = [
    {
        "id": "",
        "title": gettext_noop("As the scenario says"),
        "text": gettext_noop("The scenario's own rule, expected utility in the baseline."),
    },
    {
        "id": "expected_utility",
        "title": gettext_noop("Expected utility"),
        "text": gettext_noop("Traders weigh gain against the believed chance and size of a loss."),
    },
    {
        "id": "salience",
        "title": gettext_noop("Salience"),
        "text": gettext_noop("Recent and nearby losses loom larger than their odds; quiet years are forgotten."),
    },
    {
        "id": "habit",
        "title": gettext_noop("Habit"),
        "text": gettext_noop("Traders stay with what has worked and change late."),
    },
]

SOURCES = [
    {
        "id": "prior",
        "title": gettext_noop("Their priors"),
        "text": gettext_noop("Every pair draws its own; the bands show what is not known."),
    },
    {
        "id": "posterior",
        "title": gettext_noop("Calibrated to what was published"),
        "text": gettext_noop(
            "Drawn from the sample that fits 2022–2024, or 2022–2025 where policies start in 2026 or later."
        ),
    },
    {
        "id": "central",
        "title": gettext_noop("Central values"),
        "text": gettext_noop("Only luck differs between pairs."),
    },
]

INFO = [
    (
        gettext_noop("What is it?"),
        [
            gettext_noop(
                "An agent-based model of how export-controlled AI chips are diverted to China and what policy can do about it. About 2,900 firms in 14 places trade week by week from 2023 to 2030."
            ),
            gettext_noop(
                "It compares policies under the same assumptions. It is not a forecast, and it accuses no one: firms are drawn at random and carry made-up names."
            ),
        ],
    ),
    (
        gettext_noop("How it works"),
        [
            gettext_noop(
                "Every week vendors supply distributors, honest firms and traders order, distributors screen, traders choose routes, borders open some consignments, agencies collect leads and open cases, and buyers in China compare smuggled, licensed, rented and domestic compute."
            ),
            gettext_noop(
                "A policy never sets an outcome. It moves a mechanism (how often something is looked at, what a look tells, what being caught costs, who can buy), and traders adapt: other routes, other sellers, new shells, smaller lots."
            ),
            gettext_noop(
                "Effects are paired: the same world with the same random numbers, with and without the package. Only the package differs."
            ),
        ],
    ),
    (
        gettext_noop("How to use it"),
        [
            gettext_noop(
                "Explore: move levers. An estimate answers at once (hatched); exact paired runs replace it within seconds."
            ),
            gettext_noop(
                "Compare: two to five packages side by side, with dates, and downloads. Watch: one run week by week. Assumptions: what is uncertain and what matters. Present: for a class or a meeting. Learn: fourteen lessons that ask before they show."
            ),
            gettext_noop(
                "Every picture is a link: Share copies it. The same state runs on the command line: supplysim compare baseline-2027 -p border=0.5+whistleblower."
            ),
        ],
    ),
    (
        gettext_noop("Things to notice"),
        [
            gettext_noop(
                "The two wide bands overlap although the paired difference is clear: most of the width is uncertainty about the world, not about the policy."
            ),
            gettext_noop(
                "Seizures may rise while deliveries fall, or while they do not. Look at What the public sees."
            ),
            gettext_noop("Closing one port moves chips to others: see the memo line of the ledger."),
        ],
    ),
    (
        gettext_noop("Things to try"),
        [
            gettext_noop("Tips without investigators, then investigators without tips, then both."),
            gettext_noop("Start location checks two years earlier: why does it act so late?"),
            gettext_noop(
                "Find the cheapest package that halves deliveries and flags fewer than 30 of 1,000 honest orders."
            ),
            gettext_noop("Change the decision rule on Assumptions. Does your answer survive?"),
        ],
    ),
    (
        gettext_noop("Overview, design concepts, details (ODD)"),
        [
            gettext_noop(
                "Purpose: compare policies in aggregate. Entities: vendors, distributors, end users, intermediaries (shells and their principals), buyers, agencies. Scale: one week, eight years, whole chips and whole dollars."
            ),
            gettext_noop(
                "Process: thirteen phases a week in a fixed order. Design: firms see only their own ties and learn from their own and nearby losses; detection is a signal-detection test, never a fixed probability. Initialisation: drawn from the seed. Input: published supply, prices, dated rules. Submodels: one file each, in ODD order in model.py."
            ),
        ],
    ),
    (
        gettext_noop("Limits"),
        [
            gettext_noop(
                "The strength of every lever is an assumption with a range. No effect of any of these levers on diversion has been measured."
            ),
            gettext_noop(
                "Volumes before 2024 fill the shelves and are not reported. What follows the last published quarter, mid-2026, is a projection under the scenario's rules."
            ),
            gettext_noop("Routes are aggregate categories; nothing here tells anyone how to avoid a check."),
        ],
    ),
    (
        gettext_noop("Extending the model"),
        [
            gettext_noop(
                "A scenario is a TOML file; upload one on Assumptions. A lever is a small class with dates, mechanism, cost and burden; another package can add one, and it appears here by itself."
            ),
            gettext_noop(
                "In Python: import supplysim as ss; ss.SupplyChain('baseline-2027', rng=7) is a Mesa model with agents."
            ),
        ],
    ),
    (
        gettext_noop("How to cite"),
        [
            gettext_noop(
                "The supplysim developers, supplysim: an agent-based simulator of diversion of export-controlled AI chips. See CITATION.cff. Give the version and the link of your picture."
            )
        ],
    ),
]


def rules() -> list[dict[str, str]]:
    """Return the decision rules to choose from, in the language spoken here."""
    return _told(RULES)


def sources() -> list[dict[str, str]]:
    """Return where parameters may come from, in the language spoken here."""
    return _told(SOURCES)


def _told(choices: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{key: text if key == "id" else gettext(text) for key, text in choice.items()} for choice in choices]


def info() -> list[tuple[str, list[str]]]:
    """Return the sections of the Info page, title and paragraphs, in the language spoken here."""
    return [(gettext(title), [gettext(text) for text in texts]) for title, texts in INFO]
