"""What exact runs say of a choice on the Decide page: its sections, regret, where it flips, what information is worth.

`tell` runs in a worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from supplysim.viz.choice_cards import differs, exact_card, official
from supplysim.viz.figures.choice import ROWS, ranges, upper
from supplysim.viz.figures.compare import forest
from supplysim.viz.figures.parts import Figure, clean, inside, table
from supplysim.viz.headline import Headline, headline
from supplysim.viz.jobs import summary_of

from supplysim.decision import words
from supplysim.decision.aims import AIMS
from supplysim.decision.decide import REPORTED, Decision
from supplysim.decision.findings import Findings
from supplysim.decision.flips import Curve
from supplysim.decision.robust import robustness
from supplysim.errors import InputError
from supplysim.language import gettext, speaking
from supplysim.report.decision import facts
from supplysim.report.decision.tables import letters
from supplysim.report.formatting import NONE, tight

TONES = ("teal", "blue", "rust", "slate", "plum")


def tell(found: Decision, dollars: float, language: str) -> dict[str, Any]:
    """Return the page as exact runs have it, in a language."""
    with speaking(language):
        return page(found, dollars)


def page(found: Decision, dollars: float) -> dict[str, Any]:
    """Return the page as exact runs have it: cards, winners, sentences by heading, figures."""
    asked, best = found.question.problem, found.best(dollars).name
    aim = asked.objective
    options, measure = official(found, dollars), AIMS[aim].measures[0]
    summaries = {name: summary_of(found.exact, name) for name in options}
    cards = [exact_card(found, each, aim) for each in found.portfolios[dollars][:REPORTED]]
    own = headline(summaries[best]) if best in summaries else None
    told: dict[str, Any] = {
        "status": "exact",
        "found": cards,
        "spread": _spread(own, cards[0]["worlds"], measure) if own else "",
        "tie": " ".join(upper(line) for _, line in facts.runners(found)),
        "winners": winners(found, dollars),
        "states": None,
        "worlds": forest([*options.values()], [*summaries.values()], measure) if summaries else None,
        "notes": [*facts.dominated(found, options_called(found, options))],
    }
    try:
        findings = found.findings(dollars)
    except InputError as error:  # fits need a library that not every server has
        robust = robustness(found.choices.among(found.called(dollars)), aim, asked.target).sentences()
        sections, drawn = {gettext(facts.HEADINGS_OF["robust"]): robust}, []
        told["notes"].append(str(error))
    else:
        sections, drawn = findings.sections(), figures(findings)
    listed = [{"title": head, "lines": lines} for head, lines in sections.items()]
    return told | {"sections": listed, "figures": drawn}


def _spread(own: Headline, worlds: str, measure: str) -> str:
    return " ".join((gettext("In 9 of 10 worlds {range}.", range=worlds), own.counting(own.of(measure))))


def winners(found: Decision, dollars: float) -> list[dict[str, Any]]:
    """Return the best option on every objective, and what the best portfolio changes there."""
    best, study = found.best(dollars).name, found.exact
    made = []
    for aim, name in found.winners(dollars).items():
        there, here = (found.told(one).changes[aim] if one else None for one in (name, best))
        made.append(
            {
                "id": aim,
                "title": gettext(AIMS[aim].words),
                "name": differs(*([policy.lever for policy in study.arms.get(one, ())] for one in (name, best))),
                "same": name == best,
                "change": _change(there),
                "instead": _change(here),
            }
        )
    return made


def _change(effect: Any) -> str:
    """Return a relative change of the mean; nothing is changed by no lever."""
    return NONE if effect is None else tight(effect.relative, effect.relative_low, effect.relative_high)


def figures(found: Findings) -> list[Figure]:
    """Return the figures for which there is something to draw."""
    made = [regret(found)]
    curve = next((one for one in found.flips.curves if one.flips), None)
    if curve is not None:
        made.append(flip(found, curve))
    if found.information.factors:
        made.append(information(found))
    exact = {
        "status": "exact",
        "pairs": found.robustness.worlds,
        "source": gettext("Exact runs of fresh worlds, none of which the search has seen."),
    }
    return [one | exact for one in made]


def regret(found: Findings) -> Figure:
    """Return what it costs not to know the world, by option, the least first."""
    unit = AIMS[found.robustness.objective].unit
    ordered = sorted(found.robustness.standings, key=lambda one: one.regret)
    rows = [
        {
            "label": upper(one.option),
            "lo": 0.0,
            "mid": round(one.regret, 1),
            "hi": round(one.regret_90, 1),
            "text": words.quantity(unit, one.regret),
            "tone": "teal" if place == 0 else "slate",
        }
        for place, one in enumerate(ordered)
    ]
    told = [[upper(one.option), one.regret, one.regret_90, one.regret_max, one.best] for one in ordered]
    head = [*(gettext("Option"), gettext("Mean"), gettext("90 % of worlds")), *(gettext("At most"), gettext("Best in"))]
    numbers = table(head, told, [words.two, words.two, words.two, lambda value: f"{100 * value:.0f} %"], gettext(unit))
    sub = gettext(
        "How much more an option leaves than the best option of each world. Dot: mean; line: up to the 90 % point."
    )
    return ranges("regret", gettext("Regret: what it costs not to know the world"), sub, rows, "count", None, numbers)


def flip(found: Findings, curve: Curve) -> Figure:
    """Return the options that are best somewhere along an assumption, and where they cross."""
    one = max(curve.flips, key=lambda each: each.share)
    options = [each.option for each in found.robustness.standings]
    shown = [*dict.fromkeys(name for each in curve.flips for name in (each.below, each.above))]
    lines = [
        {"label": name, "tone": TONES[place % 5], "values": clean(curve.changes[:, options.index(name)])}
        for place, name in enumerate(shown)
    ]
    at = clean(curve.at)
    ends = clean([one.low, one.high])
    rows = [[words.two(x or np.nan), *(line["values"][i] for line in lines)] for i, x in enumerate(at)][::10]
    return {
        "id": "flip",
        "kind": "curves",
        "title": upper(
            gettext("{option} is better above {value}", option=one.above, value=words.amount(one.factor, one.value))
        ),
        "sub": gettext(
            "Mean change along {factor}. Line: where the best option changes; band: its 90 % interval.",
            factor=words.meaning(one.factor),
        ),
        "x": at,
        "log": bool(curve.at[0] > 0.0 and curve.at[-1] / curve.at[0] > 30.0),
        "xfmt": "percent" if words.is_share(one.factor) else "number",
        "xlabel": words.meaning(one.factor),
        "fmt": "signed",
        "lines": lines,
        "mark": clean([one.value])[0],
        "band": ends if None not in ends else None,
        "file": "supplysim-flip",
        "aria": one.sentence(),
        "table": table([words.meaning(one.factor), *shown], rows, words.two, gettext(AIMS[found.flips.objective].unit)),
    }


def information(found: Findings) -> Figure:
    """Return what it would be worth to know an assumption before choosing."""
    own = found.information
    unit = AIMS[own.objective].unit
    rows = [
        {
            "label": upper(words.meaning(one.name)),
            "lo": round(one.low, 1),
            "mid": round(one.value, 1),
            "hi": round(one.high, 1),
            "text": words.quantity(unit, one.value),
            "tone": "teal" if one.clear else "grey",
        }
        for one in own.factors[:ROWS]
    ]
    told = [
        [words.factor(one.name), one.value, one.low, one.high, one.sources.sentence()] for one in own.factors[:ROWS]
    ]
    head = [gettext("Assumption"), gettext("Worth"), "5 %", "95 %", gettext("Who would tell")]
    sub = gettext(
        "What it would be worth to know it before choosing, {unit}. Line: 90 % interval; grey: no more than chance.",
        unit=gettext(unit),
    )
    numbers = table(head, told, [words.two] * 3, gettext(unit))
    return ranges("information", gettext("What to find out first"), sub, rows, "count", None, numbers)


def options_called(found: Decision, options: Mapping[str, str]) -> dict[str, str]:
    """Return what portfolios are called in a sentence: as on the page instead of by letters."""
    return {
        name: gettext("the {option}", option=inside(options[name]))
        for name in letters(found)
        if name in options and options[name] != name
    }
