"""How policies stand to each other, in sentences: ties, objectives on which the order differs, what decides it.

Screen and report print the same sentences. No order is told without what decides it, or that it is a tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supplysim.evidence import parameters
from supplysim.experiment.assumptions import FEWEST, Assumption, Turn, assumptions
from supplysim.experiment.objectives import OBJECTIVES, aims_of
from supplysim.experiment.statistics import FALL, RISE
from supplysim.experiment.study import Study
from supplysim.experiment.ties import FEWEST as FEWEST_MATCHES
from supplysim.experiment.ties import MARGIN, SURE, TIE, UNKNOWN, Matches, reversed_order
from supplysim.experiment.uncertainty import AS_IT_STANDS, choices
from supplysim.experiment.volume import ByVolume, by_volume
from supplysim.language import ENGLISH, gettext, language
from supplysim.report.formatting import minus, percent
from supplysim.run import BASELINE

CHIPS = "chips"
GLOSS = 45  # letters of a meaning that stands behind a name
TOLD = 3  # flips, assumptions and policies named in a sentence; all stand in files
HOW_TIES_ARE_FOUND = (
    f"One does more than another in a world if it leaves less by over {100 * MARGIN:.1g} % of that world's baseline. "
    f"In {100 * SURE:.0f} of 100 worlds or more it is said to be better; in fewer the two are tied."
)
HOW_ASSUMPTIONS_ARE_FOUND = (
    "Effect at the 5 % and the 95 % point of an assumption: a straight line through the relative changes of all worlds "
    "on the assumption's normal scores, large worlds weighing more, so that its middle is the change of the mean. "
    "Listed are up to three a policy, by rank correlation with what those before leave unexplained. Behind `or`: one "
    "whose values go along with it in so few worlds, and which explains as much."
)


def listed(parts: Sequence[str]) -> str:
    """Return parts as a list in words."""
    if len(parts) == 1:
        return parts[0]
    return gettext("{list} and {last}", list=", ".join(parts[:-1]), last=parts[-1])


def ties(study: Study, objective: str = CHIPS) -> str | None:
    """Return which choices do most on an objective, or that they are tied, and which do no more than the baseline."""
    aim = aims_of(study.measures).get(objective)
    if aim is None or len(study.arms) < 2:
        return None
    found = study.matches(aim.measure)
    others = [name for name in found.names if name != AS_IT_STANDS]
    if len(others) < 2:
        return None
    if found.worlds < FEWEST_MATCHES:
        return gettext(
            "{n} worlds with any {aim} are too few to say which policy does more.",
            n=found.worlds,
            aim=gettext(aim.words),
        )
    first = [name for name in found.groups()[0] if name != AS_IT_STANDS]
    idle = [name for name in others if found.verdict(name, AS_IT_STANDS) == TIE]
    if len(first) < len(found.groups()[0]):
        return gettext(
            "No policy beats the baseline on {aim} in {n} of 100 worlds: all are tied with it.",
            aim=gettext(aim.words),
            n=f"{100 * SURE:.0f}",
        )
    if len(first) == 1:
        least = min(found.better[found.names.index(first[0]), found.names.index(other)] for other in others[1:])
        text = gettext(
            "On {aim} {policy} does more than each other policy in {n} of 100 worlds or more.",
            aim=gettext(aim.words),
            policy=first[0],
            n=f"{100 * least:.0f}",
        )
    else:
        text = gettext("Tied on {aim}: {policies}.", aim=gettext(aim.words), policies=listed(first))
    if idle:
        text += " " + gettext("Tied with the baseline: {policies}.", policies=listed(idle))
    return text


def across(study: Study) -> str | None:
    """Return on which objectives the order is another one, or a sign turns."""
    aims = aims_of(study.measures)
    if len(aims) < 2:
        return None
    found = {name: study.matches(aim.measure) for name, aim in aims.items()}
    signs = _turned_signs(study)
    parts = [*signs.values(), *_flips(found, signs)]
    if parts:
        return " ".join(parts)
    if len(study.arms) < 2 or any(one.worlds < FEWEST_MATCHES for one in found.values()):
        return None
    words = listed([aim.words for aim in list(aims.values())[1:]])
    heads = {name: set(one.groups()[0]) for name, one in found.items()}
    if all(head == heads[CHIPS] for head in heads.values()):
        return f"The same stand first on {words}: no order flips between objectives."
    rest = [f"on {aims[name].words} {_front(found[name])}" for name in heads if heads[name] != heads[CHIPS]]
    return f"No order flips between objectives, but others stand in front: {'; '.join(rest)}."


def _front(found: Matches) -> str:
    """Return who stands in front, or that none beats the baseline."""
    first = found.groups()[0]
    return "none beats the baseline" if AS_IT_STANDS in first else listed(first)


def _turned_signs(study: Study) -> dict[str, str]:
    """Return the policies that lower one objective and raise another, and a sentence on each."""
    told = {}
    for arm in study.arms:
        verdicts = {aim.words: study.effect(arm, aim.measure).verdict for aim in aims_of(study.measures).values()}
        falls, rises = ([words for words, one in verdicts.items() if one == kind] for kind in (FALL, RISE))
        if falls and rises:
            told[arm] = f"{arm} lowers {listed(falls)} and raises {listed(rises)}."
    return told


def _flips(found: dict[str, Matches], told: Iterable[str]) -> list[str]:
    """Return the first few pairs whose order flips between objectives, but for those of which more was told."""
    every = [flip for flip in reversed_order(found) if not {*flip[:2]} & {*told, AS_IT_STANDS}]
    sentences = [
        f"{one} does more than {other} on {OBJECTIVES[here].words}, but less on {OBJECTIVES[there].words}."
        for one, other, here, there in every[:TOLD]
    ]
    more = len(every) - TOLD
    return [*sentences, *([f"{more} more such pairs: pairwise.csv."] if more > 0 else [])]


def decided(study: Study, objective: str = CHIPS) -> str | None:
    """Return which assumption decides the order of the first three, or that none does or can be told."""
    aim = aims_of(study.measures).get(objective)
    leading = [] if aim is None else study.leading(aim.measure)
    if aim is None or len(leading) < 2:
        return None
    if study.parameters == "central":
        return gettext("Every assumption was held at its central value: what decides the order is not looked into.")
    names = listed(leading)
    if study.pairs < FEWEST:
        return gettext(
            "Which assumption decides the order of {policies} takes {n} worlds or more to tell (--pairs).",
            policies=names,
            n=FEWEST,
        )
    turns = study.turns(aim.measure)
    if turns:
        return " ".join(map(_turn, _apart(turns)))
    found = study.matches(aim.measure)
    verdicts = {found.verdict(one, other) for one in leading for other in leading if one != other}
    if verdicts <= {TIE, UNKNOWN}:
        return gettext("{policies} are tied, and no single assumption is seen to decide between them.", policies=names)
    return gettext("No single assumption is seen to turn the order of {policies} within its range.", policies=names)


def _apart(turns: Sequence[Turn]) -> list[Turn]:
    """Return the surest turns, no parameter twice."""
    kept = {turn.parameter: turn for turn in reversed(turns)}
    return [turn for turn in turns if kept[turn.parameter] is turn][: TOLD - 1]


def _turn(turn: Turn) -> str:
    return gettext(
        "With {assumption} below {value} ({low} to {high}) {below} does more than {above}, above it less.",
        assumption=named(turn),
        value=f"{number(turn.value)}{_unit(turn.parameter)}",
        low=number(turn.low),
        high=number(turn.high),
        below=turn.below,
        above=turn.above,
    )


def hangs(study: Study, objective: str = CHIPS) -> str | None:
    """Return what the effects hang on most, an assumption at a time; None if nothing can be said."""
    aim = aims_of(study.measures).get(objective)
    if aim is None or study.parameters == "central" or study.pairs < FEWEST:
        return None
    found: dict[str, list[Assumption]] = {}
    for arm in choices(study.arms):  # a package hangs on what its parts hang on
        for one in assumptions(study, arm, aim.measure):
            if one.stands_out:
                found.setdefault(one.parameter, []).append(one)
    if not found:
        return f"No assumption stands out among {study.pairs} worlds."
    ordered = sorted(found.values(), key=lambda some: -max(abs(one.at_high - one.at_low) for one in some))
    alike = any(one.instead for some in ordered[:TOLD] for one in some)
    unlike = f" Where it says or, {study.pairs} worlds do not tell the two apart." if alike else ""
    return f"On {aim.words}: {'; '.join(map(_assumed, ordered[:TOLD]))}.{unlike}"


def _assumed(some: Sequence[Assumption]) -> str:
    first = some[0]
    ends = ", ".join(f"{one.policy} {ends_of(one)}" for one in some)
    drawn = f"{number(first.low)} to {number(first.high)}{_unit(first.parameter)}"
    return f"{first.parameter}{_meaning(first.parameter)}{_or(first)}, {drawn}: {ends}"


def ends_of(one: Assumption) -> str:
    """Return the effect at the low and at the high end of an assumption."""
    return f"{percent(one.at_low).removesuffix(' %')} to {percent(one.at_high)}"


def named(one: Assumption | Turn) -> str:
    """Return the name of an assumption, and of one that cannot be told from it."""
    return f"{_spoken(one.parameter)}{_or(one)}"


def _spoken(parameter: str) -> str:
    """Return a parameter's name: in English as files have it, else in words."""
    return parameter if language() == ENGLISH else gettext(parameter.replace("_", " "))


def _or(one: Assumption | Turn) -> str:
    return " " + gettext("or {assumption}", assumption=_spoken(one.instead)) if one.instead else ""


def number(value: float) -> str:
    """Return a value of a parameter."""
    return minus(f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}")


def _unit(name: str) -> str:
    known = parameters().get(name)
    return "" if known is None or not known.unit else f" {gettext(known.unit)}"


def _meaning(name: str) -> str:
    """Return what a parameter means, in brackets; nothing where it takes more room than there is."""
    known = parameters().get(name)
    if known is None or len(known.meaning) > GLOSS:
        return ""
    text = known.meaning
    return f" ({text if text[:2].isupper() else text[0].lower() + text[1:]})"


def worlds_differ(study: Study, objective: str = CHIPS) -> str | None:
    """Return the policies for which mean, median world and thirds of worlds say different things; None if none does."""
    told = [f"{arm} {_statistics(found)}" for arm, found in _volumes(study, objective) if found.apart]
    if not told:
        return None
    more = len(told) - TOLD
    rest = f"; {more} more: worlds.csv" if more > 0 else ""
    return (
        f"Change of the mean; of the median world; of thirds of worlds from few to many chips: "
        f"{'. '.join(told[:TOLD])}{rest}."
    )


def _volumes(study: Study, objective: str) -> Iterable[tuple[str, ByVolume]]:
    aim = aims_of(study.measures).get(objective)
    if aim is not None:
        volume = study.values(BASELINE, OBJECTIVES[CHIPS].measure, study.window)
        level = study.values(BASELINE, aim.measure, study.window)
        for arm in study.arms:
            yield arm, by_volume(level, study.values(arm, aim.measure, study.window), volume)


def _statistics(found: ByVolume) -> str:
    thirds = ", ".join(percent(third).removesuffix(" %") for third in (found.low, found.middle, found.high))
    return f"{percent(found.ratio).removesuffix(' %')}; {percent(found.median).removesuffix(' %')}; {thirds} %"


def left_out(study: Study) -> str | None:
    """Return how many worlds deliver nothing and have no relative change; None if all deliver something."""
    levels = study.values(BASELINE, OBJECTIVES[CHIPS].measure, study.window)
    nothing = int((levels == 0.0).sum())
    if not nothing:
        return None
    return f"{nothing} of {study.pairs} worlds deliver nothing and are left out of what single worlds say."


def facts(study: Study) -> list[tuple[str, str]]:
    """Return what is to be said of an order, as (key, sentences); what there is nothing to say of is left out."""
    worlds = " ".join(filter(None, (worlds_differ(study), left_out(study))))
    said = {
        "Order": ties(study),
        "Objectives": across(study),
        "Decided by": decided(study),
        "Hangs on": hangs(study),
        "Worlds": worlds,
    }
    return [(key, text) for key, text in said.items() if text]
