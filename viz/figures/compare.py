"""Figures of the Compare page: calendar, forest, ledgers side by side, cost against effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from supplysim.viz.figures.account import PARTS
from supplysim.viz.figures.parts import MODEL, PROJECTED, inside
from supplysim.viz.headline import NO_CHANGE, Headline, headline

from supplysim.experiment.effects import HIGH, LOW, LOWER, UPPER, WINDOW, Summary
from supplysim.language import gettext, ngettext
from supplysim.outputs.measures import MEASURES, on_screen
from supplysim.policies import Policy
from supplysim.report.formatting import chips, compact, dollars, form, share, signed
from supplysim.setup.scenario import Scenario

BETTER = {"lower": -1, "higher": 1, "neither": 0}
COLOURS = ("teal", "blue", "rust", "slate", "plum")


def year_of(day: date) -> float:
    """Return a day as a decimal year."""
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def calendar(names: Sequence[str], packages: Sequence[tuple[Policy, ...]], scenario: Scenario) -> dict[str, Any]:
    """Return the dates of all levers as bars with their ramps."""
    rows, table = [], []
    for place, (name, package) in enumerate(zip(names, packages, strict=True)):
        for policy in package:
            first, last = policy.start or scenario.policy_start, policy.end or scenario.end
            full = year_of(first) + policy.ramp_weeks / 52.18
            label = gettext(policy.called()) + (f" ({', '.join(policy.countries)})" if policy.countries else "")
            rows.append(
                {
                    "package": name,
                    "tone": COLOURS[place % 5],
                    "label": label,
                    "from": year_of(first),
                    "full": min(full, year_of(last)),
                    "to": year_of(last),
                    "x": policy.intensity,
                }
            )
            table.append(
                [
                    name,
                    label,
                    f"{100 * policy.intensity:.0f} %",
                    first.isoformat(),
                    ngettext("{n} week", "{n} weeks", policy.ramp_weeks, n=policy.ramp_weeks),
                    last.isoformat(),
                ]
            )
    return {
        "id": "calendar",
        "kind": "gantt",
        "title": gettext("Policy calendar"),
        "rows": rows,
        "x0": year_of(scenario.start),
        "x1": year_of(scenario.end),
        "projected_at": PROJECTED,
        "sub": gettext("When each lever acts. Slope: until full strength. Height: strength."),
        "status": "exact",
        "pairs": 0,
        "source": gettext("Ramps and dates as set; see each lever's card."),
        "file": "supplysim-calendar",
        "aria": gettext("{n} levers in {packages} packages", n=len(rows), packages=len(names)),
        "table": {
            "head": [
                *(gettext("Package"), gettext("Lever"), gettext("Strength")),
                *(gettext("From"), gettext("Full after"), gettext("Until")),
            ],
            "rows": table,
        },
    }


def forest(names: Sequence[str], summaries: Sequence[Summary], measure: str) -> dict[str, Any]:
    """Return the paired difference of every package, with its spread and its natural frequency."""
    screen, shown = on_screen()[measure], form(MEASURES[measure].unit)
    rows = []
    for place, (name, s) in enumerate(zip(names, summaries, strict=True)):
        e, told = s.effect(measure, WINDOW), headline(s)
        change = told.of(measure)
        share = f" ({told.share_text(measure)})" if change.share() else ""
        rows.append(
            {
                "label": name,
                "tone": COLOURS[place % 5],
                "lo": _finite(e.diff[LOW]),
                "q1": _finite(e.diff[LOWER]),
                "mid": _finite(e.mean),
                "q3": _finite(e.diff[UPPER]),
                "hi": _finite(e.diff[HIGH]),
                "text": f"{change.amount()}{share}",
                "words": _in_words(told, measure),
                "verdict": change.said,
            }
        )
    status = "exact" if all(s.status == "exact" for s in summaries) else "estimate"
    return {
        "id": "forest",
        "kind": "forest",
        "title": gettext("Paired difference: {measure}", measure=inside(gettext(screen.title))),
        "rows": rows,
        "good": BETTER[screen.better],
        "fmt": shown.browser,
        "sub": gettext(
            "With the package minus as it stands, {window}. Dot and number: mean over worlds; ± half the 90 % interval of simulating it. Thick: the middle half of worlds. Thin: 9 in 10.",
            window=_window(summaries),
        ),
        "status": status,
        "pairs": min((s.pairs for s in summaries), default=0),
        "source": gettext(MODEL),
        "file": "supplysim-forest",
        "aria": "; ".join(f"{r['label']}: {r['text']}. {r['words']}" for r in rows),
        "table": {
            "head": [
                *(gettext("Package"), gettext("Change of the mean")),
                *(gettext("5 % of worlds"), gettext("95 % of worlds"), gettext("Worlds")),
            ],
            "rows": [
                [r["label"], r["text"], shown.change(r["lo"] or 0.0), shown.change(r["hi"] or 0.0), r["words"]]
                for r in rows
            ],
            "data": [[r["label"], r["mid"], r["lo"], r["hi"], r["words"]] for r in rows],
            "unit": gettext(MEASURES[measure].unit),
        },
    }


def _in_words(told: Headline, measure: str) -> str:
    change = told.of(measure)
    if not math.isfinite(change.low):
        return gettext("Not in the quick estimate.")
    if change.verdict == NO_CHANGE:
        return gettext("Never a difference.")
    return f"{change.said}; {told.frequency(change)}"


def _window(summaries: Sequence[Summary]) -> str:
    return headline(summaries[0]).window if summaries else ""


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def ledgers(names: Sequence[str], summaries: Sequence[Summary]) -> dict[str, Any]:
    """Return the ledgers as stacked bars, one a package."""
    rows = []
    for place, (name, s) in enumerate(zip(names, summaries, strict=True)):
        parts = [{"label": gettext(label), "tone": tone, "value": round(s.ledger[key])} for key, label, tone in PARTS]
        rows.append(
            {
                "label": name,
                "tone": COLOURS[place % 5],
                "parts": parts,
                "total": round(s.ledger["prevented"]),
                "text": signed(s.ledger["prevented"]),
                "memo": chips(s.ledger["rerouted_memo"]),
            }
        )
    return {
        "id": "ledgers",
        "kind": "stack",
        "title": gettext("Where the chips went instead"),
        "rows": rows,
        "keys": [{"label": gettext(label), "tone": tone} for _, label, tone in PARTS],
        "sub": gettext(
            "Chips no longer delivered in {window}, by what became of them (mean over worlds). Left of zero: more of it.",
            window=_window(summaries),
        ),
        "status": summaries[0].status if summaries else "exact",
        "pairs": min((s.pairs for s in summaries), default=0),
        "source": gettext(MODEL),
        "file": "supplysim-ledgers",
        "aria": "; ".join(gettext("{package}: {n} fewer delivered", package=r["label"], n=r["text"]) for r in rows),
        "table": {
            "head": [
                gettext("Package"),
                *(gettext(label) for _, label, _ in PARTS),
                *(gettext("Fewer delivered"), gettext("Rerouted (memo)")),
            ],
            "rows": [[r["label"], *(signed(p["value"]) for p in r["parts"]), r["text"], r["memo"]] for r in rows],
            "data": [
                [r["label"], *(p["value"] for p in r["parts"]), r["total"], round(s.ledger["rerouted_memo"])]
                for r, s in zip(rows, summaries, strict=True)
            ],
            "unit": gettext("chips"),
        },
    }


def frontier(names: Sequence[str], summaries: Sequence[Summary]) -> dict[str, Any]:
    """Return cost against effect: a package on the line is beaten by none that is cheaper."""
    marks = []
    for place, (name, s) in enumerate(zip(names, summaries, strict=True)):
        cost = s.cost["government"] + s.cost["industry"]
        e, mean = s.effect("delivered", WINDOW).diff, s.ledger["prevented"]
        each = s.cost["per_chip"][0]
        marks.append(
            {
                "label": name,
                "tone": COLOURS[place % 5],
                "x": cost,
                "y": mean,
                "lo": _finite(-e[3]),
                "hi": _finite(-e[1]),
                "text": f"{dollars(cost)}, {signed(mean)}",
                "each": (
                    gettext("{cost} a chip", cost=dollars(each)) if math.isfinite(each) else gettext(s.cost["verdict"])
                ),
            }
        )
    best, line = -math.inf, []
    for mark in sorted(marks, key=lambda m: (m["x"], -m["y"])):
        if mark["y"] > max(best, 0.0):
            best = mark["y"]
            line.append([mark["x"], mark["y"]])
    return {
        "id": "frontier",
        "kind": "scatter",
        "title": gettext("Cost against effect"),
        "marks": marks,
        "line": line,
        "sub": gettext(
            "Public and industry cost against chips prevented in {window}, means over worlds. Bar: the middle half of worlds.",
            window=_window(summaries),
        ),
        "status": summaries[0].status if summaries else "exact",
        "pairs": min((s.pairs for s in summaries), default=0),
        "source": gettext(MODEL),
        "file": "supplysim-frontier",
        "aria": "; ".join(f"{m['label']}: {m['text']}" for m in marks),
        "table": {
            "head": [*(gettext("Package"), gettext("Cost"), gettext("Chips prevented")), gettext("Cost per chip")],
            "rows": [[m["label"], dollars(m["x"]), signed(m["y"]), m["each"]] for m in marks],
            "data": [[m["label"], round(m["x"]), round(m["y"]), m["each"]] for m in marks],
            "unit": gettext("US$ and chips"),
        },
    }


def cards(
    names: Sequence[str], packages: Sequence[tuple[Policy, ...]], summaries: Sequence[Summary | None]
) -> list[dict[str, Any]]:
    """Return a card a package: what is in it and the answer in one line."""
    made = []
    for place, (name, package, s) in enumerate(zip(names, packages, summaries, strict=True)):
        card: dict[str, Any] = {
            "name": name,
            "tone": COLOURS[place % 5],
            "levers": [f"{gettext(p.called())} {100 * p.intensity:.0f} %" for p in package],
            "text": "+".join(p.label() for p in package),
        }
        if s is not None:
            told = headline(s)
            change = told.of("delivered")
            card |= {
                "change": told.share_text("delivered"),
                "amount": gettext("{amount} chips, {window}", amount=change.amount(), window=told.window),
                "verdict": change.said,
                "words": " ".join(filter(None, (told.range(change), told.counting(change)))),
                "cost": dollars(s.cost["government"] + s.cost["industry"]),
                "honest": share(told.of("honest_flagged_share").policy),
                "status": s.status,
                "prevented": compact(s.ledger["prevented"]),
            }
        made.append(card)
    return made
