"""The comparison as one self-contained HTML page that can be attached to a memo: answer first, provenance last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.experiment.cards_table import cards_of
from supplysim.experiment.ledger import DISABLED, ENTRIES, NOISE, SPLIT
from supplysim.experiment.objectives import aims_of
from supplysim.experiment.stakeholders import BURDENS, reported
from supplysim.experiment.statistics import mean_interval
from supplysim.experiment.study import Study
from supplysim.packs import badge
from supplysim.packs.words import said_on_page
from supplysim.report import appendix, bills, by_state, detail, effects, own, standing, text
from supplysim.report.figures import PICTURES, Picture
from supplysim.report.formatting import compact, dollars, points, relative
from supplysim.report.html import Table, drawing, listed, paragraph, table

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.beside import Beside

    Frames = Mapping[str, pd.DataFrame]


STYLE = Path(__file__).with_suffix(".css")
COLUMNS_TOGETHER = 4  # policies side by side: as many as a sheet of paper holds

Section = tuple[str, list[str]]  # heading, pieces of HTML

MONEY, SHARE = "US$", "share"

LEDGER_NOTE = (
    "Chips, mean over pairs and its 90 % interval. Prevented = substituted (never ordered from an intermediary) "
    "+ intercepted (seized) + blocked (refused, or the seller gone or unwilling) + "
    "delayed (still open or in transit at the end)."
)
SPLIT_NOTE = (
    "What took the place of the chips that were never ordered, in chips of the same compute; the four add up to "
    "substituted. None: nobody replaced it; below zero, more was bought elsewhere than was given up."
)
MEMO_NOTE = (
    "Beside the sum, since these chips arrived. Rerouted chips came by another country. Two worlds without any policy "
    "differ by as much as stands under noise: rerouting below that is no news."
)
ROUTES_NOTE = (
    "Chips delivered over the window by the last country before China, those with the most: as it stands, then the "
    "mean change over pairs with its 90 % interval. All countries: routes.csv. By mode, class of buyers and month: "
    "study.breakdown in Python, which runs the pairs again."
)
COST_NOTE = (
    "US$ beyond the scenario as it stands, discounted, over the window. An H100e-year is the compute of one "
    "H100 in use for a year; compute that is switched off counts as denied. "
    "Intervals of ratios are Fieller's; none is given where the fall is not clear."
)
BURDEN_NOTE = (
    "Change of the mean against the scenario as it stands over the window, ± half its 90 % interval, and as a number "
    "(alone where there was nothing to begin with); more is worse."
)
SCORECARD_NOTE = (
    "Change of the mean over the window, ± half its 90 % interval, and as an amount; US$ are not discounted. No clear "
    "effect: the interval includes zero. "
    "Policies declare what they cost governments and industry, not which of them pays: "
    "costs that two stakeholders share are shown in full for each."
)
LEDGER_COLUMNS = {name: name.capitalize() for name in ENTRIES[:-1]}
SPLIT_COLUMNS = {name: name.removeprefix("substituted_").capitalize() for name in SPLIT}
ROUTES_SHOWN = 6
MEMO_COLUMNS = {ENTRIES[-1]: "Rerouted", NOISE: "Rerouted: noise", DISABLED: "Disabled later"}
_BURDEN_HEADS = {
    "honest_flagged": "Orders flagged",
    "honest_delay_weeks": "Chip-weeks of delay",
    "honest_lost": "Chips lost",
    "false_leads": "False leads",
    "false_cases": "False cases",
    "honest_disabled": "Chips disabled",
    "honest_inspected": "Orders opened at borders",
}


def html(
    study: Study,
    tables: Frames,
    provenance: Mapping[str, Any],
    images: Mapping[str, bytes],
    attributions: Sequence[Attribution] = (),
    beside: Beside | None = None,
) -> str:
    """Return the page; `tables` are those of the study by name, `images` the files of `PICTURES` that were drawn."""
    title = escape(" · ".join(filter(None, (study.scenario.title, badge()))))
    parts = [*_beside(beside), *_sections(study, tables, provenance, images, attributions)]
    links = "".join(f'<li><a href="#part-{place}">{escape(head)}</a></li>' for place, (head, _) in enumerate(parts))
    body = [
        f"<main><h1>{title}</h1>",
        paragraph(study.scenario.question, "question"),
        *_own(study),
        paragraph(text.answer(study), "answer"),
        *(paragraph(line, "note") for line in (_how_run(study), *study.notes, *text.LIMITS)),
        f'<nav aria-label="Contents"><ol>{links}</ol></nav>',
        *(
            f'<section id="part-{place}"><h2>{escape(head)}</h2>\n{"".join(pieces)}</section>'
            for place, (head, pieces) in enumerate(parts)
        ),
        "</main>",
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE.read_text(encoding='utf-8')}</style>"
    )
    page = f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(body) + "\n</body></html>\n"
    return said_on_page(page)


def _own(study: Study) -> list[str]:
    """Return the assumptions of the reader's own, before any answer."""
    if study.beliefs is None:
        return []
    head = own.title(study.beliefs)
    return [
        f"<h2>{escape(head)}</h2>",
        table(head, *own.changed(study.beliefs), "words"),
        paragraph(own.CHANGED_NOTE, "note"),
    ]


def _beside(beside: Beside | None) -> Iterator[Section]:
    if beside is not None:
        two = [piece for name, of in own.two_tables(beside) for piece in (paragraph(name), table(name, *of))]
        did = table("Which assumption did it", *own.moved(beside))
        yield (
            "Your assumptions beside the shipped ones",
            [
                paragraph(own.said(beside)),
                *two,
                paragraph(effects.HOW_TO_READ, "note"),
                did,
                paragraph(own.MOVED_NOTE, "note"),
            ],
        )


def _drawing(images: Mapping[str, bytes], picture: Picture) -> str:
    """Return a figure; a line in its place if it could not be drawn."""
    image = images.get(f"{picture.name}.svg")
    if image is None:
        return paragraph("The figure that stands here could not be drawn on the machine that made this page.", "note")
    return drawing(image.decode(), picture.name, picture.caption)


def _sections(
    study: Study,
    tables: Frames,
    provenance: Mapping[str, Any],
    images: Mapping[str, bytes],
    attributions: Sequence[Attribution],
) -> Iterator[Section]:
    drawn = {picture.name: _drawing(images, picture) for picture in PICTURES}
    if cards_of(study):
        lines = [piece for card, told in bills.missing(study) for piece in (paragraph(card), listed(told))]
        said = paragraph(f"{bills.HOW_TO_READ} {bills.note(study)}".strip(), "note")
        yield bills.TITLE, [table(bills.TITLE, *bills.table(study)), said, paragraph(bills.MISSING), *lines]
    main = effects.main(study)
    yield (
        "What each policy changes",
        [
            table("What each policy changes", ("Policy", *main.columns[1:]), _numbered(main.rows)),
            paragraph(f"{text.setting(study)} {effects.HOW_TO_READ}", "note"),
            table("What to read from it", ("What", "Says"), standing.facts(study), "words"),
            drawn["effects"],
            paragraph(text.precision(study)),
        ],
    )
    if by_state.shown(study.states):
        made = by_state.tables(study)
        told = [piece for title, of in made.items() for piece in (paragraph(title), table(title, *of))]
        notes = [paragraph(by_state.NOTE, "note"), paragraph(by_state.probabilities(study))]
        yield "By state of the world", [*told, *notes]
    if len(aims_of(study.measures)) > 1:
        yield "On three objectives", [*_told("Objectives", detail.objectives(study), detail.OBJECTIVES_NOTE)]
    yield (
        "Year by year, against the scenario as it stands",
        [*_several(detail.years(study), detail.YEARS_NOTE), drawn["fan"], paragraph(text.against_published(study))],
    )
    yield "For which worlds it is true", [*_several(detail.worlds(study, tables["worlds"]), detail.WORLDS_NOTE)]
    yield (
        "Where the chips went instead",
        [
            drawn["waterfall"],
            *_told("Ledger", _ledger(tables["ledger"], LEDGER_COLUMNS), LEDGER_NOTE),
            *_told("Substitutes", _ledger(tables["ledger"], SPLIT_COLUMNS), SPLIT_NOTE),
            *_told("Beside the ledger", _ledger(tables["ledger"], MEMO_COLUMNS), MEMO_NOTE),
            *(() if tables["routes"].empty else _told("Routes", _routes(tables["routes"]), ROUTES_NOTE)),
        ],
    )
    yield "Cost against effect", [drawn["frontier"], *_told("Cost", _costs(study), COST_NOTE)]
    if not tables["burden"].empty:
        yield "Burden on honest trade", [*_told("Burden", _burden(study, tables["burden"]), BURDEN_NOTE)]
    yield "Who gains and who loses", [*_scorecards(study, tables["scorecard"])]
    for attribution in attributions:
        yield f"What brings the effect of {attribution.study.name}", [*_attribution(attribution)]
    if len(study.arms) > 1:
        yield (
            "Which single choice is best, and how surely",
            [
                paragraph(standing.across(study)),
                *_matches(study),
                paragraph(standing.HOW_TIES_ARE_FOUND, "note"),
                paragraph(text.ranking(study)),
                *_told("Ranking", appendix.ranking(study, tables["ranking"]), appendix.RANKING_NOTE),
            ],
        )
    split = appendix.variance(tables["variance"])
    if split[1]:
        pieces = [paragraph(text.variance(study)), *_told("Variance", split, appendix.VARIANCE_NOTE)]
        yield "Chance and ignorance", pieces
    driving = appendix.drivers(study, tables["drivers"])
    yield (
        "Assumptions that matter",
        [
            paragraph(standing.hangs(study)),
            *_several(detail.assumed(study, tables["assumptions"]), standing.HOW_ASSUMPTIONS_ARE_FOUND, "words"),
            *(_told("Drivers", driving, appendix.DRIVERS_NOTE, "words") if driving[1] else ()),
            paragraph("" if driving[1] else appendix.NO_DRIVERS),
            table("Levers", *appendix.levers(study), "words"),
        ],
    )
    yield "What is not identified", [*map(paragraph, appendix.not_identified(study))]
    whole = escape(json.dumps(_short(provenance), indent=2))
    world = escape(provenance.get("question", {}).get("scenario_toml", ""))
    yield (
        "Where this comes from",
        [
            table("Provenance", *appendix.origin(provenance), "words"),
            f"<details><summary>All of it</summary><pre>{whole}</pre></details>",
            f"<details><summary>The scenario in full</summary><pre>{world}</pre></details>" if world else "",
        ],
    )


def _short(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page shows of it as JSON: all but the scenario, which is text, and files of trade ties."""
    apart = ("network", "scenario_toml")
    asked = {key: value for key, value in provenance.get("question", {}).items() if key not in apart}
    return {**provenance, "question": asked}


def _how_run(study: Study) -> str:
    return (
        f"{text.pairs(study)} of runs, each on the same seed and the same parameters ({study.parameters}) with and "
        f"without the policy; {study.window_days}. Intervals say how far simulating more pairs could move a number, "
        "not how far the assumptions could be wrong."
    )


def _numbered(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the rows with the numbers that policies have in the figure of cost against effect."""
    return [(f"{place}. {row[0]}" if place else row[0], *row[1:]) for place, row in enumerate(rows)]


def _told(name: str, content: Table, note: str, kind: str = "") -> tuple[str, str]:
    heads, body = content
    return table(name, heads, body, kind), paragraph(note, "note")


def _matches(study: Study) -> Iterator[str]:
    """Return who beats whom, an objective after the other, each with its order and what decides it in words."""
    for objective, (name, content) in detail.matches(study).items():
        said = filter(None, (standing.ties(study, objective), standing.decided(study, objective)))
        yield paragraph(" ".join(said))
        yield table(name, *content)


def _several(tables: Sequence[tuple[str, Table]], note: str, kind: str = "") -> Iterator[str]:
    """Return tables of the same form, and one note on all of them; nothing for none."""
    for name, content in tables:
        yield table(name, *content, kind)
    if tables:
        yield paragraph(note, "note")


def _scorecards(study: Study, frame: pd.DataFrame) -> Iterator[str]:
    arms = [] if frame.empty else list(study.arms)
    for first in range(0, len(arms), COLUMNS_TOGETHER):
        yield table("Scorecard", *_scorecard(frame, arms[first : first + COLUMNS_TOGETHER]), "arms")
    yield paragraph(SCORECARD_NOTE, "note")


def _attribution(attribution: Attribution) -> Iterator[str]:
    yield table("Attribution", text.ATTRIBUTION_COLUMNS, text.attribution_rows(attribution))
    yield paragraph(text.HOW_TO_READ_ATTRIBUTION, "note")
    yield table("Interactions", text.INTERACTION_COLUMNS, text.interaction_rows(attribution))
    yield paragraph(text.HOW_TO_READ_INTERACTIONS, "note")


def _costs(study: Study) -> Table:
    """Return what each policy costs, in all and for each unit denied."""
    rows: list[tuple[str, ...]] = []
    for arm in study.arms:
        parts = (text.amount(mean_interval(part), dollars) for part in study.extra_costs(arm).T)
        per_year = text.per_unit(study.cost_per_h100e_year(arm), "compute in use rises")
        rows.append((arm, *parts, text.per_chip(study, arm), per_year))
    return ("Policy", "Government", "Industry", "Per chip prevented", "Per H100e-year denied"), rows


def _burden(study: Study, frame: pd.DataFrame) -> Table:
    """Return what each policy changes for honest trade, one column a burden."""
    measures = reported(study, BURDENS)
    cells = {(row["policy"], row["measure"]): _change(row) for row in frame.to_dict("records")}
    rows = [(arm, *(cells[arm, measure] for measure in measures)) for arm in study.arms]
    return ("Policy", *(_BURDEN_HEADS[measure] for measure in measures)), rows


def _scorecard(frame: pd.DataFrame, arms: Sequence[str]) -> Table:
    """Return what some policies change for each stakeholder: one row a line, one column a policy."""
    lines: dict[tuple[str, str], list[str]] = {}
    for row in frame[frame["policy"].isin(arms)].to_dict("records"):
        lines.setdefault((row["stakeholder"], row["line"]), []).append(_gain(row))
    rows = [(f"{who}: {line}", *cells) for (who, line), cells in lines.items()]
    return ("For whom", *arms), rows


def _ledger(frame: pd.DataFrame, heads: Mapping[str, str]) -> Table:
    """Return some columns of the ledger, mean and interval in a cell."""
    rows = frame.to_dict("records")
    return ("Policy", *heads.values()), [(row["policy"], *(text.change(row, name) for name in heads)) for row in rows]


def _routes(frame: pd.DataFrame) -> Table:
    """Return the routes with the most chips: as it stands, then what every policy changes, mean and interval."""
    levels = frame.drop_duplicates("route").nlargest(ROUTES_SHOWN, "baseline").set_index("route")["baseline"]
    rows: list[tuple[str, ...]] = [("As it stands", *(compact(level) for level in levels))]
    for policy, of in frame.groupby("policy", sort=False):
        by_route = {row["route"]: row for row in of.to_dict("records")}
        rows.append((str(policy), *(text.change(by_route[route], "effect") for route in levels.index)))
    return ("Policy", *levels.index), rows


def _change(row: dict[str, Any]) -> str:
    """Return a relative change with its interval, if it is known, and on a second line the change as an amount."""
    known = isfinite(row["relative"])
    first = f"{relative(row['relative'], row['relative_low'], row['relative_high'])}\n" if known else ""
    unit = "" if row["unit"] in (MONEY, SHARE) else f" {row['unit']}"
    return f"{first}{_amount(row['change'], row)}{unit}"


def _gain(row: dict[str, Any]) -> str:
    """Return a change and, on a line of its own, what it means to the stakeholder."""
    return f"{_change(row)}\n{row['verdict']}"


def _amount(number: float, row: dict[str, Any]) -> str:
    """Return a change in the little room of the scorecard."""
    if row["unit"] == MONEY:
        return dollars(number)
    if row["unit"] == SHARE:
        return points(number)
    return compact(number, sign=True)
