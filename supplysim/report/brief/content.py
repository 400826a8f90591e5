"""What a brief says, before it is put on paper: sentences, three charts, a budget, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from math import isfinite
from textwrap import shorten

import numpy as np

from supplysim.edition import edition
from supplysim.errors import InputError
from supplysim.evidence import parameters, resolve
from supplysim.experiment.assumptions import FEWEST, Assumption, assumptions
from supplysim.experiment.objectives import aims_of
from supplysim.experiment.statistics import FALL, NO_EFFECT
from supplysim.experiment.study import Study
from supplysim.experiment.uncertainty import choices
from supplysim.packs import badge, limits
from supplysim.report import own, standing, ways
from supplysim.report.brief.budget import budget
from supplysim.report.brief.chart import Chart, Row
from supplysim.report.brief.words import amount, falls, percent, plain, signed, two
from supplysim.report.html import Table
from supplysim.run import BASELINE

NOT_A_FORECAST = "A comparison under stated assumptions, not a forecast: no lever's strength was ever measured."
CHIPS = "chips"
MOST_POLICIES, MOST_ASSUMED, MOST_CHANGED, MOST_SOURCES = 7, 3, 5, 4
LONG, CELL = 150, 85  # letters of a line, and of a cell of a table
WIDE, NARROW = 6.9, 3.4  # inches of a chart alone, and of one of two side by side
READ = "Line: 9 of 10 worlds. Dot and number: the average."
NOT_COVERED = (
    "Whether the model has the right mechanisms. Worlds differ in numbers alone: a way of smuggling that is not in it "
    "cannot show.",
    "What no public data identify: how much is smuggled today, what screening tells, how many insiders would talk, how "
    "strongly traders respond to risk.",
    "Politics: whether a policy is passed, funded, staffed and kept, unless the scenario has that as a state.",
)


@dataclass(frozen=True)
class Section:
    """A part of a brief that somebody adds: heading, sentences, a table, a chart; most of it may be empty."""

    head: str
    words: tuple[str, ...] = ()
    table: Table | None = None
    chart: Chart | None = None


@dataclass(frozen=True)
class Findings:
    """What a decision says in place of the answer to a comparison.

    Attributes
    ----------
    answer : str
        The headline, one sentence.
    arm : str
        The policy that budget, charts and assumptions are about.
    facts : sequence of str
        Sentences below the headline.
    sections : sequence of Section
        In place of the chart of all policies.
    names : mapping of str to str
        Policy -> what it is called in place of its levers.
    """

    answer: str
    arm: str
    facts: Sequence[str] = ()
    sections: Sequence[Section] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Brief:
    """What two pages say.

    Attributes
    ----------
    title, question, answer : str
    facts : list of str
        Sentences below the answer.
    changed : Table or None
        Assumptions of the reader's own; `changed_head` stands above.
    sections : list of Section
        First page, below the facts.
    charts : list of Chart
        Second page, side by side.
    budget : tuple of (Table, str) or None
        With the note below it.
    budget_head : str
    rests, not_covered, sources : list of str
    made : str
    """

    title: str
    question: str
    answer: str
    facts: list[str]
    changed_head: str
    changed: Table | None
    sections: list[Section]
    charts: list[Chart]
    budget: tuple[Table, str] | None
    budget_head: str
    rests: list[str]
    not_covered: list[str]
    sources: list[str]
    made: str

    def every_chart(self) -> list[Chart]:
        """Return the charts that have to be drawn."""
        return [*(one.chart for one in self.sections if one.chart is not None), *self.charts]


def brief(study: Study, findings: Findings | None = None) -> Brief:
    """Return what two pages say of a comparison, or of a decision with findings of its own.

    Raises
    ------
    InputError
        If the findings are about a policy that was not compared.
    """
    if findings is not None and findings.arm not in study.arms:
        raise InputError("findings.arm", findings.arm, "it was not compared", f"choose one of {', '.join(study.arms)}")
    arm = foremost(study) if findings is None else findings.arm
    names, strongest = plain(study) | dict(findings.names if findings else {}), _assumed(study, arm)
    sections = [Section("", chart=_first_chart(study, names, arm))] if findings is None else [*findings.sections]
    head, changed = ("", None) if study.beliefs is None else (own.title(study.beliefs), _changed(study))
    return Brief(
        title=shorten(" · ".join(filter(None, (study.scenario.title, badge()))), LONG, placeholder=" …"),
        question=shorten(study.scenario.question, LONG, placeholder=" …"),
        answer=_answer(study, names, arm) if findings is None else findings.answer,
        facts=[*(() if findings is None else findings.facts), *_facts(study, names, arm)],
        changed_head=head,
        changed=changed,
        sections=sections,
        charts=[*_second_charts(study, names, arm, strongest)],
        budget=budget(study, arm),
        budget_head=f"What “{names[arm]}” costs, and whom",
        rests=[*_rests(study, strongest)],
        not_covered=[*filter(None, (limits(),)), *NOT_COVERED],
        sources=[*_sources(study, arm)],
        made=_made(study),
    )


def foremost(study: Study) -> str:
    """Return the policy that a brief is about: the largest clear fall in deliveries by its mean, else the first."""
    clear = [arm for arm in study.arms if study.effect(arm).verdict == FALL]
    return min(clear, key=lambda arm: study.effect(arm).mean, default=next(iter(study.arms)))


def _answer(study: Study, names: dict[str, str], arm: str) -> str:
    found = study.effect(arm)
    if not isfinite(found.worlds_low):
        return f"No chips are smuggled to China in these worlds as things stand, so “{names[arm]}” cannot change that."
    spread = f"In 9 of 10 worlds the number of chips smuggled to China {falls(found.worlds_low, found.worlds_high)}"
    average = f"on average it {'falls' if found.relative < 0 else 'rises'} by {percent(found.relative)}"
    chance = f", which {study.pairs} worlds do not tell from chance"
    unclear = chance if found.verdict == NO_EFFECT else ""
    best = f", the most of the {len(study.arms)} policies compared" if len(study.arms) > 1 and not unclear else ""
    return f"{spread} with “{names[arm]}” {_when(study)}; {average}{unclear}{best}."


def _when(study: Study) -> str:
    years = study.window_days.partition(" (")[0]
    first, dash, last = years.partition("-")
    return f"from {first} to {last}" if dash and " " not in years else f"in {years}"


def _facts(study: Study, names: dict[str, str], arm: str) -> Iterator[str]:
    levels = study.values(BASELINE, "delivered", study.window)
    low, high = (amount(float(end)) for end in np.quantile(levels, (0.05, 0.95)))
    yield (
        f"As things stand {amount(float(levels.mean()))} chips reach China that way {_when(study)} on average; "
        f"in 9 of 10 worlds between {low} and {high}."
    )
    if told := ways.said(study, arm, amount):
        yield told
    found = study.effect(arm)
    if isfinite(found.relative_low):
        error = two(50.0 * (found.relative_high - found.relative_low))
        yield (
            f"The average rests on {study.pairs} simulated worlds; simulating more could move it by {error} points "
            "(90 % interval)."
        )
    if ties := standing.ties(study):
        yield shorten(_in_words(ties, names), 2 * LONG, placeholder=" …")


def _in_words(text: str, names: dict[str, str]) -> str:
    """Return a sentence with the policies called as the brief calls them, the longest name first."""
    for place, arm in enumerate(sorted(names, key=len, reverse=True)):
        text = text.replace(arm, f"\x00{place}\x00")
    for place, arm in enumerate(sorted(names, key=len, reverse=True)):
        text = text.replace(f"\x00{place}\x00", f"“{names[arm]}”")
    return text


def _row(study: Study, arm: str, label: str, measure: str = "delivered", year: str | None = None) -> Row:
    found = study.effect(arm, measure, year)
    return Row(label, found.worlds_low, found.relative, found.worlds_high)


def _first_chart(study: Study, names: dict[str, str], arm: str) -> Chart | None:
    """Return the policies against one another; of a single one, its years."""
    if len(study.arms) == 1:
        return _by_year(study, arm, "brief-1", WIDE)
    ordered = sorted(study.arms, key=lambda one: study.effect(one).mean)
    shown = tuple(_row(study, one, names[one]) for one in ordered[:MOST_POLICIES])
    left = f" {len(ordered) - MOST_POLICIES} more, which do less: report.html." if len(ordered) > MOST_POLICIES else ""
    if study.effect(arm).verdict != FALL:
        claim = "No policy clearly lowers the number of chips smuggled"
    else:
        claim = f"“{names[arm]}” keeps most chips out: {percent(study.effect(arm).relative)} on average"
        single = [one for one in ordered if one in choices(study.arms)]
        if arm not in single and single and study.effect(single[0]).verdict == FALL:
            claim += f"; of single policies “{names[single[0]]}” does most"
    return _chart("brief-1", claim, f"Change in chips smuggled to China. {READ}{left}", shown, WIDE)


def _second_charts(study: Study, names: dict[str, str], arm: str, strongest: list[Assumption]) -> Iterator[Chart]:
    aims = aims_of(study.measures)
    if len(aims) > 1:
        found = {name: study.effect(arm, aim.measure) for name, aim in aims.items()}
        told = [
            f"{aims[name].words} {'falls' if one.relative < 0 else 'rises'} by {percent(one.relative)}"
            if one.verdict != NO_EFFECT
            else f"{aims[name].words} does not clearly change"
            for name, one in found.items()
            if name != CHIPS
        ]
        rows = tuple(_row(study, arm, _capital(aim.words), aim.measure) for aim in aims.values())
        made = _chart("brief-2", _capital(standing.listed(told)), f"Change with “{names[arm]}”. {READ}", rows, NARROW)
        if made is not None:
            yield made
    if strongest:
        first = strongest[0]
        ends = sorted((first.at_low, first.at_high))
        claim = f"Most hangs on {_called(first)}: {signed(ends[0])} at one end, {signed(ends[1])} at the other"
        rows = tuple(
            Row(_range(one), min(one.at_low, one.at_high), np.nan, max(one.at_low, one.at_high)) for one in strongest
        )
        note = f"Average change in chips smuggled with “{names[arm]}”, from one end of an assumption to the other."
        made = _chart("brief-3", claim, note, rows, NARROW)
    else:
        made = _by_year(study, arm, "brief-3", NARROW) if len(study.arms) > 1 and len(study.told_years) > 1 else None
    if made is not None:
        yield made


def _by_year(study: Study, arm: str, name: str, width: float) -> Chart | None:
    years = [str(year) for year in study.told_years]
    first, last = (study.effect(arm, "delivered", year).relative for year in (years[0], years[-1]))
    labels = [study.periods[int(year)].label for year in years]
    claim = f"The change in chips smuggled is {signed(first)} in {labels[0]}"
    claim += f" and {signed(last)} in {labels[-1]}" if len(years) > 1 else ""
    rows = tuple(_row(study, arm, label, year=year) for label, year in zip(labels, years, strict=True))
    return _chart(name, claim, f"Change in chips smuggled to China. {READ}", rows, width)


def _chart(name: str, claim: str, note: str, rows: tuple[Row, ...], width: float) -> Chart | None:
    """Return a chart; None if none of its rows is known."""
    known = tuple(row for row in rows if isfinite(row.low) and isfinite(row.high))
    return Chart(name, shorten(claim, LONG, placeholder=" …"), shorten(note, 2 * LONG), known, width) if known else None


def _assumed(study: Study, arm: str) -> list[Assumption]:
    """Return the assumptions that the effect of a policy hangs on most, as far as worlds tell."""
    if study.parameters == "central" or study.pairs < FEWEST:
        return []
    found = [one for one in assumptions(study, arm, "delivered") if one.stands_out]
    return sorted(found, key=lambda one: -abs(one.at_high - one.at_low))[:MOST_ASSUMED]


def _rests(study: Study, strongest: list[Assumption]) -> Iterator[str]:
    yield "Strengths and costs of policies are drawn from stated ranges, since no study has measured them."
    if study.parameters == "central":
        yield "Every assumption was held at its central value, so the spread over worlds is chance alone."
        return
    if study.pairs < FEWEST:
        yield f"Which assumption matters most takes {FEWEST} worlds or more to tell; there are {study.pairs}."
    elif not strongest:
        yield f"No single assumption stands out among {study.pairs} worlds."
    for one in strongest:
        yield f"{_capital(_range(one))}: {signed(one.at_low)} at the low end, {signed(one.at_high)} at the high end."
    known = parameters()
    uncertain = [name for name in study.scenario.uncertain() if name in known]
    bare = sum(known[name].assumed for name in uncertain)
    yield f"Of {len(uncertain)} uncertain numbers {bare} rest wholly or in part on an assumption without a source."


def _called(one: Assumption) -> str:
    known = parameters().get(one.parameter)
    text = one.parameter if known is None else known.meaning
    text = text if text[:2].isupper() else text[0].lower() + text[1:]
    return shorten(text, 60, placeholder=" …")


def _range(one: Assumption) -> str:
    unit = getattr(parameters().get(one.parameter), "unit", "")
    return f"{_called(one)} ({standing.number(one.low)} to {standing.number(one.high)} {unit})".replace(" )", ")")


def _changed(study: Study) -> Table:
    """Return the reader's own assumptions, as many as there is room for."""
    assert study.beliefs is not None
    every = study.beliefs.changed()
    rows: list[tuple[str, ...]] = [
        (one.name, one.default, one.believed, shorten(f"{one.source}. {one.why}", CELL, placeholder=" …"))
        for one in every[:MOST_CHANGED]
    ]
    if len(every) > MOST_CHANGED:
        rows.append((f"{len(every) - MOST_CHANGED} more", "", "", "report.html has all of them."))
    return ("Assumption", "As shipped", "Your own", "Source and reason"), rows


def _sources(study: Study, arm: str) -> Iterator[str]:
    """Yield the publications behind the policy and the world, each with the ids under which they are cited."""
    refs = [ref for policy in study.arms[arm] for ref in getattr(policy, "sources", ())]
    cited: dict[str, list[str]] = {}
    for ref in dict.fromkeys([*refs, *study.scenario.sources]):
        try:
            row = resolve(ref)[0]
        except InputError:  # "assumption", or the source of somebody's own lever
            continue
        if row.source_title.lower().startswith("derived"):  # from others of these
            continue
        day = getattr(row, "source_date", "")  # a case has a court's own
        title = f"{row.source_title}, {day}" if day else row.source_title
        cited.setdefault(title, []).append(ref)
    ordered = sorted(cited, key=lambda title: -len(cited[title]))
    for title in ordered[:MOST_SOURCES]:
        more = f" and {len(cited[title]) - 3} more" if len(cited[title]) > 3 else ""
        yield shorten(f"{title} ({', '.join(cited[title][:3])}{more})", LONG, placeholder=" …")
    if len(ordered) > MOST_SOURCES:
        levers = " ".join(dict.fromkeys(policy.lever for policy in study.arms[arm]))
        yield shorten(f"{len(ordered) - MOST_SOURCES} more: supplysim show {levers.replace(' ', ', ')}", LONG)


def _made(study: Study) -> str:
    return (
        f"supplysim {version('supplysim')}, {edition()}, scenario {study.scenario.name}, {study.pairs} worlds, seed "
        f"{study.seed}, parameters: {study.parameters}. The same numbers again: supplysim reproduce provenance.json."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
