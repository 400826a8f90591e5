"""Texts of the Info and Assumptions pages."""

from __future__ import annotations

RULES = [
    {"id": "", "title": "As the scenario says", "text": "The scenario's own rule, expected utility in the baseline."},
    {
        "id": "expected_utility",
        "title": "Expected utility",
        "text": "Traders weigh gain against the believed chance and size of a loss.",
    },
    {
        "id": "salience",
        "title": "Salience",
        "text": "Recent and nearby losses loom larger than their odds; quiet years are forgotten.",
    },
    {"id": "habit", "title": "Habit", "text": "Traders stay with what has worked and change late."},
]

SOURCES = [
    {"id": "prior", "title": "Their priors", "text": "Every pair draws its own; the bands show what is not known."},
    {
        "id": "posterior",
        "title": "Calibrated to what was published",
        "text": "Drawn from the sample that fits 2022–2024, or 2022–2025 where policies start in 2026 or later.",
    },
    {"id": "central", "title": "Central values", "text": "Only luck differs between pairs."},
]

INFO = [
    (
        "What is it?",
        [
            "An agent-based model of how export-controlled AI chips are diverted to China and what policy can do about it. About 2,900 firms in 14 places trade week by week from 2023 to 2030.",
            "It compares policies under the same assumptions. It is not a forecast, and it accuses no one: firms are drawn at random and carry made-up names.",
        ],
    ),
    (
        "How it works",
        [
            "Every week vendors supply distributors, honest firms and traders order, distributors screen, traders choose routes, borders open some consignments, agencies collect leads and open cases, and buyers in China compare smuggled, licensed, rented and domestic compute.",
            "A policy never sets an outcome. It moves a mechanism (how often something is looked at, what a look tells, what being caught costs, who can buy), and traders adapt: other routes, other sellers, new shells, smaller lots.",
            "Effects are paired: the same world with the same random numbers, with and without the package. Only the package differs.",
        ],
    ),
    (
        "How to use it",
        [
            "Explore: move levers. An estimate answers at once (hatched); exact paired runs replace it within seconds.",
            "Compare: two to five packages side by side, with dates, and downloads. Watch: one run week by week. Assumptions: what is uncertain and what matters. Present: for a class or a meeting. Learn: thirteen lessons that ask before they show.",
            "Every picture is a link: Share copies it. The same state runs on the command line: supplysim compare baseline-2027 -p border=0.5+whistleblower.",
        ],
    ),
    (
        "Things to notice",
        [
            "The two wide bands overlap although the paired difference is clear: most of the width is uncertainty about the world, not about the policy.",
            "Seizures may rise while deliveries fall, or while they do not. Look at What the public sees.",
            "Closing one port moves chips to others: see the memo line of the ledger.",
        ],
    ),
    (
        "Things to try",
        [
            "Tips without investigators, then investigators without tips, then both.",
            "Start location checks two years earlier: why does it act so late?",
            "Find the cheapest package that halves deliveries and flags fewer than 30 of 1,000 honest orders.",
            "Change the decision rule on Assumptions. Does your answer survive?",
        ],
    ),
    (
        "Overview, design concepts, details (ODD)",
        [
            "Purpose: compare policies in aggregate. Entities: vendors, distributors, end users, intermediaries (shells and their principals), buyers, agencies. Scale: one week, four years, whole chips and whole dollars.",
            "Process: thirteen phases a week in a fixed order. Design: firms see only their own ties and learn from their own and nearby losses; detection is a signal-detection test, never a fixed probability. Initialisation: drawn from the seed. Input: published supply, prices, dated rules. Submodels: one file each, in ODD order in model.py.",
        ],
    ),
    (
        "Limits",
        [
            "The strength of every lever is an assumption with a range. No effect of any of these levers on diversion has been measured.",
            "Volumes before 2024 fill the shelves and are not reported. What follows the last published quarter, mid-2026, is a projection under the scenario's rules.",
            "Routes are aggregate categories; nothing here tells anyone how to avoid a check.",
        ],
    ),
    (
        "Extending the model",
        [
            "A scenario is a TOML file; upload one on Assumptions. A lever is a small class with dates, mechanism, cost and burden; another package can add one, and it appears here by itself.",
            "In Python: import supplysim as ss; ss.SupplyChain('baseline-2027', rng=7) is a Mesa model with agents.",
        ],
    ),
    (
        "How to cite",
        [
            "The supplysim developers, supplysim: an agent-based simulator of diversion of export-controlled AI chips. See CITATION.cff. Give the version and the link of your picture."
        ],
    ),
]
