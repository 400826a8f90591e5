"""The eleven figures of the Explore page, made of one `Summary`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from supplysim.analysis.summary import HIGH, LOW, LOWER, MIDDLE, UPPER, WINDOW, Summary
from supplysim.evidence import table
from supplysim.experiment.published import published_volume
from supplysim.experiment.words import compact, dollars, percent

Figure = dict[str, Any]

TITLES = {
    "fan": "Chips delivered to China",
    "effect": "What the package changes",
    "map": "Where chips flow",
    "sankey": "From order to delivery",
    "ledger": "Where the chips went instead",
    "funnel": "From lead to prosecution",
    "price": "What a smuggled chip costs",
    "sellers": "Smugglers in business",
    "honest": "What honest trade bears",
    "record": "What the public sees, and what happened",
    "costs": "What it costs",
}
MODEL = "supplysim, paired runs on the same seeds and parameters; effects of levers are assumptions with ranges."
PLACES = {  # longitude, latitude; those beyond the map stand at its edge
    "US": (146.0, 46.0),
    "TW": (121.0, 23.8),
    "SG": (103.82, 1.32),
    "MY": (101.7, 3.3),
    "HK": (114.15, 22.3),
    "AE": (54.6, 24.6),
    "VN": (105.9, 20.2),
    "IN": (77.6, 15.0),
    "TH": (100.6, 14.6),
    "JP": (138.5, 36.2),
    "KR": (127.3, 36.6),
    "EU": (46.5, 46.5),
    "OT": (88.0, -7.5),
    "CN": (113.6, 33.5),
}
NAMES = {row["code"]: row["name"] for row in table("countries")}


def figure(name: str, summary: Summary, unit: str = "delivered", start: float = 2023.0, acted: bool = True) -> Figure:
    """Return one of the figures of `TITLES`.

    Parameters
    ----------
    name : str
    summary : Summary
    unit : {"delivered", "delivered_h100e"}
        What deliveries are counted in.
    start : float
        Decimal year of the first quarter.
    acted : bool
        Whether any lever is on.
    """
    made = FIGURES[name](summary, unit, start, acted)
    made |= {"id": name, "title": made.get("title", TITLES[name]), "status": summary.status, "pairs": summary.pairs}
    made.setdefault("source", MODEL)
    made["file"] = f"supplysim-{name}"
    return made


def clean(values: Any) -> list[float | None]:
    """Return numbers fit for JSON: five significant digits, None for what is unknown."""
    return [float(f"{v:.5g}") if math.isfinite(v) else None for v in np.asarray(values, dtype=float)]


def band(label: str, role: str, q: np.ndarray, first: int = 0) -> dict[str, Any]:
    """Return one line with its two bands."""
    rows = {
        key: clean(q[i, first:])
        for key, i in (("lo", LOW), ("q1", LOWER), ("mid", MIDDLE), ("q3", UPPER), ("hi", HIGH))
    }
    return {"label": label, "role": role, **rows}


def quarters(summary: Summary, start: float) -> list[float]:
    """Return the middle of every quarter as a decimal year."""
    count = next(iter(summary.series_base.values())).shape[1]
    return [round(start + (q + 0.5) / 4, 3) for q in range(count)]


def label_of(x: float) -> str:
    """Return a quarter's name: 2025.125 -> ``2025 Q1``."""
    return f"{int(x)} Q{int((x - int(x)) * 4) + 1}"


def lines_table(x: Sequence[float], series: list[dict[str, Any]], show: Any) -> dict[str, Any]:
    """Return the numbers of a line figure as a table."""
    head = ["Quarter", *(f"{s['label']}: {part}" for s in series for part in ("median", "5 %", "95 %"))]
    rows = [[label_of(at), *(show(s[key][i]) for s in series for key in ("mid", "lo", "hi"))] for i, at in enumerate(x)]
    return {"head": head, "rows": rows}


def chips(value: float | None) -> str:
    """Return a number of chips in little room."""
    return "–" if value is None else compact(value)


def signed(value: float | None) -> str:
    """Return a change in chips."""
    return "–" if value is None else compact(value, sign=True)


def lines(
    summary: Summary, start: float, column: str, acted: bool, fmt: str, sub: str, unit: str, first: int = 4
) -> Figure:
    """Return a column of both worlds by quarter."""
    x = quarters(summary, start)[first:]
    series = [band("As it stands", "base", summary.series_base[column], first)]
    if acted:
        series.append(band("With the package", "policy", summary.series_policy[column], first))
    show = {"x": lambda v: "–" if v is None else f"{v:.2f}"}.get(fmt, chips)
    last = series[-1]
    aria = f"{series[0]['label']}: {show(series[0]['mid'][-1])} {unit} in {label_of(x[-1])}"
    if acted:
        aria += f"; {last['label'].lower()}: {show(last['mid'][-1])}, 5 to 95 percent of runs {show(last['lo'][-1])} to {show(last['hi'][-1])}"
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": fmt,
        "unit": unit,
        "sub": sub,
        "aria": aria,
        "policy_at": start + summary.first_quarter / 4,
        "table": lines_table(x, series, show),
    }


HOW = "Line: median run. Dark band: middle half. Light band: 5–95 %."


def fan(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return deliveries by quarter, both worlds, against the published estimate of 2024."""
    h100e = unit == "delivered_h100e"
    made = lines(
        summary,
        start,
        unit,
        acted,
        "chips",
        f"{'H100 equivalents' if h100e else 'Chips'} a quarter. {HOW}",
        "H100e a quarter" if h100e else "chips a quarter",
    )
    if not h100e:
        known = published_volume()
        made["note"] = {
            "from": 2024.0,
            "to": 2025.0,
            "lo": known.low / 4,
            "mid": known.median / 4,
            "hi": known.high / 4,
            "text": f"published 2024: {compact(known.median)} a year",
        }
        made["source"] = (
            f"{MODEL} Published estimate: {known.source}, evidence {known.evidence_id}, {compact(known.low)} to {known.high_as_published} chips in 2024."
        )
    return made


def effect(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the paired difference by quarter."""
    first = max(summary.first_quarter - 2, 0)
    x = quarters(summary, start)[first:]
    series = [band("Paired difference", "policy", summary.series_diff[unit], first)]
    effects = summary.effect(unit, WINDOW)
    word = "H100e" if unit == "delivered_h100e" else "chips"
    text = "Move a lever to see what it changes." if not acted else f"{fell(effects.down, effects.up, summary)}"
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "signed",
        "unit": f"{word} a quarter",
        "zero": True,
        "sub": f"With the package minus as it stands, pair by pair; {word} a quarter.",
        "callout": text,
        "policy_at": start + summary.first_quarter / 4,
        "aria": f"Paired difference in deliveries. {text} Median of the window {signed(effects.diff[MIDDLE])} {word}, 5 to 95 percent {signed(effects.diff[LOW])} to {signed(effects.diff[HIGH])}.",
        "table": lines_table(x, series, signed),
    }


def fell(down: float, up: float, summary: Summary) -> str:
    """Return a share of pairs as a natural frequency."""
    share, word = (down, "down") if down >= up else (up, "up")
    if summary.status == "exact":
        return f"{word.capitalize()} in {round(share * summary.pairs)} of {summary.pairs} paired runs."
    return f"{word.capitalize()} in about {round(share * 20) * 5} of 100 paired runs."


def latest(summary: Summary, values: dict[str, np.ndarray], column: str, quarters_back: int = 4) -> float:
    """Return the median of a column over the last quarters, summed."""
    return float(np.nansum(values[column][MIDDLE, -quarters_back:]))


def flow_map(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return flows to China by the last country, over the last year of the scenario."""
    codes = [code for code in PLACES if code != "CN"]
    base = {code: latest(summary, summary.series_base, f"delivered_via:{code}") for code in codes}
    now = {code: latest(summary, summary.series_policy, f"delivered_via:{code}") for code in codes}
    nodes = [
        {
            "code": code,
            "name": NAMES[code],
            "at": PLACES[code],
            "value": round(now[code]),
            "base": round(base[code]),
            "role": "home" if code in ("US", "TW") else "hub",
            "off": code in ("US", "EU", "OT"),
        }
        for code in codes
    ]
    nodes.append(
        {"code": "CN", "name": "China", "at": PLACES["CN"], "value": 0, "base": 0, "role": "buyer", "off": False}
    )
    flows = [
        {"from": code, "to": "CN", "kind": "diverted", "value": round(now[code]), "base": round(base[code])}
        for code in codes
        if now[code] >= 1 or base[code] >= 1
    ]
    honest = {code: float(row["honest_weight"]) for row in table("countries") if (code := row["code"]) != "CN"}
    flows += [
        {"from": "TW", "to": code, "kind": "licensed", "value": honest[code], "base": honest[code]}
        for code in ("US", "SG", "MY", "JP", "IN", "EU", "AE")
    ]
    order = sorted(codes, key=lambda code: -now[code])
    year = int(start) + len(quarters(summary, start)) // 4 - 1
    return {
        "kind": "map",
        "nodes": nodes,
        "flows": flows,
        "year": year,
        "acted": acted,
        "sub": f"Diverted chips in {year} by the last country before China (median). Width: chips. Blue: honest sales.",
        "aria": "Largest flows: " + ", ".join(f"{NAMES[c]} {chips(now[c])}" for c in order[:4]),
        "note": "Schematic; borders are not a position on sovereignty.",
        "table": {
            "head": ["Last country before China", "As it stands", "With the package", "Change"],
            "rows": [[NAMES[c], chips(base[c]), chips(now[c]), signed(now[c] - base[c])] for c in order],
        },
        "source": MODEL + " Map: Natural Earth (public domain).",
    }


def window_sum(summary: Summary, values: dict[str, np.ndarray], column: str) -> float:
    """Return the median of a column summed over the policy window."""
    return float(np.nansum(values[column][MIDDLE, summary.first_quarter :]))


def sankey(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what becomes of the chips that are ordered, stage by stage, over the policy window."""
    values = summary.series_policy if acted else summary.series_base
    get = lambda name: max(window_sum(summary, values, name), 0.0)  # noqa: E731
    ordered, delivered, seized, cancelled = get("ordered"), get("delivered"), get("seized"), get("cancelled")
    rest = max(ordered - delivered - seized - cancelled, 0.0)
    parts = [
        ("Delivered to China", delivered, "rust"),
        ("Seized", seized, "teal"),
        ("Given up: refused, or no seller", cancelled, "slate"),
        ("Still open or on the way", rest, "grey"),
    ]
    refused = get("refused")
    return {
        "kind": "sankey",
        "total": {"label": "Ordered from smugglers", "value": round(ordered)},
        "parts": [
            {"label": a, "value": round(b), "tone": c, "share": b / ordered if ordered else 0.0} for a, b, c in parts
        ],
        "sub": f"{'With the package' if acted else 'As it stands'}, medians over the policy years. Refusals on the way: {chips(refused)} chips.",
        "aria": f"Of {chips(ordered)} chips ordered, {chips(delivered)} are delivered and {chips(seized)} seized.",
        "table": {
            "head": ["Stage", "Chips", "Of those ordered"],
            "rows": [
                ["Ordered from smugglers", chips(ordered), "100 %"],
                *([a, chips(b), f"{100 * b / ordered if ordered else 0:.0f} %"] for a, b, _ in parts),
            ],
        },
    }


PARTS = (
    ("substituted", "Never ordered from smugglers", "blue"),
    ("intercepted", "Seized", "teal"),
    ("blocked", "Refused, deterred or no seller", "slate"),
    ("delayed", "Still open or on the way", "grey"),
)


def ledger(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the displacement ledger as a waterfall."""
    book = summary.ledger
    rows, reached = [], 0.0
    for key, label, tone in PARTS:
        rows.append(
            {
                "label": label,
                "from": round(reached),
                "to": round(reached + book[key]),
                "tone": tone,
                "text": signed(book[key]),
            }
        )
        reached += book[key]
    rows.append(
        {
            "label": "Fewer delivered",
            "from": 0,
            "to": round(book["prevented"]),
            "tone": "rust",
            "text": signed(book["prevented"]),
            "total": True,
        }
    )
    rows.append(
        {
            "label": "Arrived by another country",
            "from": 0,
            "to": round(book["rerouted_memo"]),
            "tone": "hollow",
            "text": chips(book["rerouted_memo"]),
            "memo": True,
        }
    )
    split = {"licensed": "licensed chips", "rented": "rented compute", "domestic": "domestic chips", "none": "nothing"}
    swaps = [f"{chips(book[key])} by {word}" for key, word in split.items() if abs(book.get(key, 0.0)) >= 50]
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "chips",
        "sub": "Mean over pairs, chips over the policy years. The first four add up to the fall in deliveries.",
        "callout": ("Replaced " + ", ".join(swaps) + ".") if swaps and acted else "",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
        "table": {
            "head": ["Entry", "Chips"],
            "rows": [
                *([row["label"], row["text"]] for row in rows),
                *([f"of which replaced by {w}", signed(book.get(k, 0.0))] for k, w in split.items()),
            ],
        },
    }


def pair_rows(summary: Summary, entries: Sequence[tuple[str, str]], show: Any, acted: bool) -> tuple[list, list]:
    """Return bars of both worlds over the policy window, and their table rows."""
    bars, rows = [], []
    for column, label in entries:
        a, b = window_sum(summary, summary.series_base, column), window_sum(summary, summary.series_policy, column)
        bars.append(
            {
                "label": label,
                "base": max(a, 0.0),
                "policy": max(b, 0.0) if acted else None,
                "text": f"{show(a)} → {show(b)}" if acted else show(a),
            }
        )
        rows.append([label, show(a), show(b)])
    return bars, rows


def plain(value: float) -> str:
    """Return a count, one decimal when small."""
    return f"{value:.1f}" if value < 9.95 else compact(value)


def funnel(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return enforcement from leads to outcomes."""
    entries = [
        ("true_leads", "Leads on smugglers"),
        ("false_leads", "Leads on honest firms"),
        ("looks", "Dossiers read"),
        ("cases_opened", "Cases opened"),
        ("prosecutions", "Prosecuted"),
        ("listings", "Listed"),
        ("lapsed_cases", "Lapsed: firm was gone"),
        ("false_cases", "Against honest firms"),
    ]
    bars, rows = pair_rows(summary, entries, plain, acted)
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": "Medians over the policy years, logarithmic scale. Grey: as it stands. Teal: with the package.",
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": {"head": ["Stage", "As it stands", "With the package"], "rows": rows},
    }


def price(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the mark-up by quarter."""
    return lines(summary, start, "mark_up", acted, "x", f"Reference price over list price. {HOW}", "× list price")


def sellers(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return active intermediaries by quarter, with entries and exits."""
    made = lines(summary, start, "active_intermediaries", acted, "count", f"Intermediaries in business. {HOW}", "firms")
    come, go = (
        window_sum(summary, summary.series_policy if acted else summary.series_base, name)
        for name in ("newcomers", "exits")
    )
    made["callout"] = f"Over the policy years {plain(come)} firms come or return, {plain(go)} leave."
    return made


def honest(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return false alarms and delay."""
    entries = [
        ("honest_flagged", "Honest orders flagged"),
        ("honest_delay", "Chip-weeks of delay"),
        ("honest_inspected", "Honest consignments opened"),
        ("false_leads", "Leads on honest firms"),
        ("false_cases", "Cases against honest firms"),
    ]
    bars, rows = pair_rows(summary, entries, plain, acted)
    share = summary.effect("honest_flagged_share", WINDOW)
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": "Medians over the policy years, logarithmic scale. Grey: as it stands. Teal: with the package.",
        "callout": f"{1000 * share.policy[MIDDLE]:.0f} of 1,000 honest orders are flagged ({1000 * share.base[MIDDLE]:.0f} as it stands).",
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": {"head": ["Burden", "As it stands", "With the package"], "rows": rows},
    }


def record(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what happened against what becomes public: deliveries, seizures, and the seizures that are published."""
    first = 4
    x = quarters(summary, start)[first:]
    values = summary.series_policy if acted else summary.series_base
    series = [
        band("Delivered: seen by nobody", "hidden", values["delivered"], first),
        band("Seized", "base", values["seized"], first),
        band("Published seizures", "policy", values["seizures_published"], first),
    ]
    out, cases = (
        window_sum(summary, values, "seizures_published"),
        window_sum(summary, values, "prosecutions_published"),
    )
    true = window_sum(summary, values, "delivered")
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "chips",
        "unit": "chips a quarter",
        "sub": "Chips a quarter. A record seizure is good news only if deliveries fall as well.",
        "callout": f"The public hears of {chips(out)} seized chips and {plain(cases)} prosecutions; {chips(true)} chips arrive.",
        "policy_at": start + summary.first_quarter / 4,
        "aria": f"Published seizures {chips(out)}, delivered {chips(true)} chips over the policy years.",
        "table": lines_table(x, series, chips),
    }


def costs(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what the package costs, to whom, and for each chip prevented."""
    cost = summary.cost
    estimate, low, high = cost["per_chip"]
    rows = [
        {
            "label": "Government",
            "from": 0,
            "to": cost["government"],
            "tone": "blue",
            "text": dollars(cost["government"]),
        },
        {"label": "Industry", "from": 0, "to": cost["industry"], "tone": "slate", "text": dollars(cost["industry"])},
        {
            "label": "Together",
            "from": 0,
            "to": cost["government"] + cost["industry"],
            "tone": "rust",
            "text": dollars(cost["government"] + cost["industry"]),
            "total": True,
        },
    ]
    each = (
        f"{dollars(estimate)} for each chip prevented (90 %: {dollars(low)} to {dollars(high)})."
        if math.isfinite(estimate)
        else f"Cost per chip: {cost['verdict']} in deliveries."
    )
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "dollars",
        "callout": each if acted else "",
        "sub": "Beyond the scenario as it stands, over the policy years, discounted to their start.",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows) + ". " + each,
        "table": {
            "head": ["Who pays", "US$"],
            "rows": [
                *([row["label"], row["text"]] for row in rows),
                ["For each chip prevented", dollars(estimate) if math.isfinite(estimate) else cost["verdict"]],
            ],
        },
    }


FIGURES = {
    "fan": fan,
    "effect": effect,
    "map": flow_map,
    "sankey": sankey,
    "ledger": ledger,
    "funnel": funnel,
    "price": price,
    "sellers": sellers,
    "honest": honest,
    "record": record,
    "costs": costs,
}


# --- tiles -------------------------------------------------------------------------------------------------


def tiles(summary: Summary, unit: str, acted: bool, record: str = "truth") -> list[dict[str, Any]]:
    """Return the six outcome tiles."""
    year = str(summary.years[-1])
    chips_word = "H100e" if unit == "delivered_h100e" else "chips"
    made = [
        tile(summary, unit, year, f"Delivered in {year}", chips, signed, acted, chips_word, good=-1),
        tile(summary, "training_share", year, "Of China's training compute", share_text, points, acted, "", good=-1),
        tile(
            summary,
            "mark_up",
            year,
            "Price over list",
            lambda v: f"{v:.2f}×",
            lambda v: f"{v:+.2f}".replace("-", "−"),
            acted,
            "",
            good=1,
        ),
        tile(summary, "interdiction_rate", year, "Seized of all that moved", share_text, points, acted, "", good=1),
        tile(summary, "honest_flagged_share", year, "Honest orders flagged", share_text, points, acted, "", good=-1),
        cost_tile(summary, acted),
    ]
    if record == "public":
        for each in made:
            if each["id"] in (unit, "training_share", "interdiction_rate", "honest_flagged_share"):
                each |= {
                    "value": "not known",
                    "range": "nobody publishes this",
                    "change": "",
                    "words": "",
                    "tone": "",
                    "hidden": True,
                }
        made[0] |= {"range": "published for 2024: 10k to several 100k"}
        for position, (column, title) in {
            1: ("prosecutions_published", "Prosecutions announced"),
            3: ("seizures_published", "Chips reported seized"),
        }.items():
            made[position] = public_tile(summary, column, f"{title} in {year}", acted)
    return made


def public_tile(summary: Summary, column: str, title: str, acted: bool) -> dict[str, Any]:
    """Return a tile of what is published in the last year, quarters added up."""
    base, policy = (values[column][:, -4:].sum(axis=1) for values in (summary.series_base, summary.series_policy))
    q = policy if acted else base
    change = (
        signed(policy[MIDDLE] - base[MIDDLE])
        if abs(policy[MIDDLE] - base[MIDDLE]) >= 9.95
        else f"{policy[MIDDLE] - base[MIDDLE]:+.1f}".replace("-", "−")
    )
    return {
        "id": column,
        "title": title,
        "unit": "",
        "value": plain(q[MIDDLE]),
        "range": f"{plain(q[LOW])} – {plain(q[HIGH])}",
        "tone": "",
        "change": change if acted else "",
        "words": "against as it stands" if acted else "late and incomplete",
    }


def share_text(value: float) -> str:
    """Return a share as percent with two digits that matter."""
    return f"{100 * value:.1f} %" if abs(value) < 0.0995 else f"{100 * value:.0f} %"


def points(value: float) -> str:
    """Return a change of a share in percentage points."""
    return f"{100 * value:+.1f} pts".replace("-", "−")


def tile(
    summary: Summary, measure: str, year: str, title: str, show: Any, change: Any, acted: bool, unit: str, good: int
) -> dict[str, Any]:
    """Return one tile: median, 5-95 %, paired change, natural frequency, and whether that is good news."""
    e = summary.effect(measure, year)
    q = e.policy if acted else e.base
    tone = ""
    if acted and np.isfinite(e.diff[MIDDLE]):
        sure = max(e.down, e.up) >= 0.9
        tone = "" if not sure else ("good" if (e.up > e.down) == (good > 0) else "bad")
    relative = ""
    if acted and measure.startswith("delivered") and e.base[MIDDLE] > 0:
        relative = f" ({percent(e.diff[MIDDLE] / e.base[MIDDLE])})"
    same = acted and e.down == 0.0 and e.up == 0.0
    return {
        "id": measure,
        "title": title,
        "unit": unit,
        "value": show(q[MIDDLE]) if np.isfinite(q[MIDDLE]) else "–",
        "range": f"{show(q[LOW])} – {show(q[HIGH])}",
        "tone": tone,
        "change": "no change" if same else (change(e.diff[MIDDLE]) + relative if acted else ""),
        "words": "" if not acted or same else fell(e.down, e.up, summary).rstrip("."),
    }


def cost_tile(summary: Summary, acted: bool) -> dict[str, Any]:
    """Return the tile of the cost per chip prevented."""
    estimate, low, high = summary.cost["per_chip"]
    clear = math.isfinite(estimate) and acted
    total = summary.cost["government"] + summary.cost["industry"]
    verdict = summary.cost["verdict"]
    value = (
        dollars(estimate)
        if clear
        else ("–" if not acted else "deliveries rise" if verdict == "clear rise" else "no clear effect")
    )
    return {
        "id": "cost_per_chip",
        "title": "Cost per chip prevented",
        "unit": "",
        "value": value,
        "tone": "",
        "range": f"{dollars(low)} – {dollars(high)}"
        if clear
        else ("no lever is on" if not acted else "the fall is not clear"),
        "change": f"{dollars(total)} in all" if acted else "",
        "words": "public and industry" if acted else "",
    }


def changed(summary: Summary, acted: bool) -> str:
    """Return what changed, one clause for each entry of the ledger."""
    if not acted:
        return "Nothing is changed yet: this is the scenario as it stands."
    book = summary.ledger
    fall = book["prevented"]
    e = summary.effect("delivered", WINDOW)
    clear = max(e.down, e.up) >= 0.8
    if abs(fall) < 1:
        return "Deliveries stay as they are."
    lead = f"Of {chips(abs(fall))} {'fewer' if fall > 0 else 'more'} chips delivered"
    clauses = []
    sign = 1 if fall > 0 else -1
    told = {
        "substituted": ("were never ordered from smugglers", "are ordered on top"),
        "intercepted": ("were seized", "fewer are seized"),
        "blocked": ("were refused, deterred or found no seller", "fewer are refused"),
        "delayed": ("are still on the way", "fewer are still on the way"),
    }
    for key, (word, other) in told.items():
        value = sign * book[key]
        if abs(value) >= 0.03 * abs(fall):
            clauses.append(f"{chips(abs(value))} {word if value * sign > 0 else other}")
    tail = (
        f" {chips(book['rerouted_memo'])} arrived by another country."
        if book["rerouted_memo"] > 0.02 * abs(fall)
        else ""
    )
    unsure = "" if clear else " The direction is not clear."
    return f"{lead}, " + ", ".join(clauses) + "." + tail + unsure
