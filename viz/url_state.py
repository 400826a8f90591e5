"""A state as a link and back: levers, dates, seed, graphs in view, version. What a link says is data, checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from supplysim.viz import chance as of_chance
from supplysim.viz.chance import Chance
from supplysim.viz.refused import Refused, nearest

from supplysim import __version__
from supplysim.errors import InputError, one_line, shown
from supplysim.language import LANGUAGES, gettext, preferred
from supplysim.policies import Policy, build, levers
from supplysim.policies.base import SCOPES
from supplysim.policies.entries import check_dates, check_duplicates
from supplysim.policies.values import written
from supplysim.setup.rules import DECISIONS
from supplysim.setup.scenario import Scenario, shipped

LONGEST_LINK = 4000  # characters
MOST_TERMS = 24
GRAPHS = (
    "fan",
    "effect",
    "worlds",
    "map",
    "sankey",
    "ledger",
    "funnel",
    "price",
    "sellers",
    "honest",
    "record",
    "costs",
)
UNITS = ("delivered", "delivered_h100e")
TRUTH, PUBLIC = "truth", "public"  # what happened, and what of it is published
RECORDS = (TRUTH, PUBLIC)
SOURCES = ("prior", "posterior", "central")
BASELINE = "baseline-2027"
UPLOADED = "uploaded"


@dataclass(frozen=True)
class State:
    """Everything that a picture on the Explore page depends on.

    Attributes
    ----------
    levers : dict of str to Policy
        Levers that are on, by name.
    more : tuple of Policy
        Further entries of these levers: a bill may move one at several times or for several chips.
    chance : Chance
        What is supposed of the scenario's states.
    """

    levers: Mapping[str, Policy] = field(default_factory=dict)
    more: tuple[Policy, ...] = ()
    scenario: str = BASELINE
    seed: int = 1
    rule: str = ""
    source: str = "prior"
    left: str = "fan"
    right: str = "effect"
    unit: str = "delivered"
    record: str = "truth"
    chance: Chance = of_chance.NOTHING

    def package(self) -> tuple[Policy, ...]:
        """Return the levers that are on, in the registry's order, each with its further entries."""
        first = (self.levers[name] for name in levers() if name in self.levers)
        return tuple(entry for policy in first for entry in (policy, *self.further(policy.lever)))

    def further(self, lever: str) -> tuple[Policy, ...]:
        """Return the further entries of a lever."""
        return tuple(policy for policy in self.more if policy.lever == lever)

    def holding(self, policies: Iterable[Policy]) -> State:
        """Return the state with these levers on, and no others."""
        first: dict[str, Policy] = {}
        more = tuple(policy for policy in policies if first.setdefault(policy.lever, policy) is not policy)
        return replace(self, levers=first, more=more)

    def text(self) -> str:
        """Return the package as the command line writes it."""
        return "+".join(policy.label() for policy in self.package())

    def with_lever(self, policy: Policy) -> State:
        """Return the state with one lever at a new setting, its only entry; at strength 0 it is gone."""
        kept = {name: old for name, old in self.levers.items() if name != policy.lever}
        more = tuple(other for other in self.more if other.lever != policy.lever)
        return replace(self, levers=kept if policy.intensity == 0.0 else {**kept, policy.lever: policy}, more=more)


# --- writing -----------------------------------------------------------------------------------------------


def term(policy: Policy) -> str:
    """Return a policy with all its settings: ``whistleblower=0.5@2025-06-02..2026-06-01!award_share:0.2``."""
    plain = policy.lever
    names = [name for scope in SCOPES for name in getattr(policy, scope)]
    if names and names != list(type(policy).default_scope()):
        plain += ":" + ",".join(names)
    plain += f"={written(policy.intensity)}"
    if policy.start or policy.end:
        plain += "@" + (policy.start.isoformat() if policy.start else "")
        plain += f"..{policy.end.isoformat()}" if policy.end else ""
    return plain + "".join(f"!{name}:{written(getattr(policy, name))}" for name in policy.changed_settings())


def encode(state: State, **more: str) -> str:
    """Return the state as the query of a link; what is at its default is left out."""
    default = State()
    pairs = {"p": "+".join(term(policy) for policy in state.package())}
    pairs |= {"s": state.scenario, "seed": str(state.seed), "rule": state.rule, "from": state.source}
    pairs |= {"l": state.left, "r": state.right, "u": state.unit, "rec": state.record}
    usual = {"p": "", "s": default.scenario, "seed": str(default.seed), "rule": default.rule, "from": default.source}
    usual |= {"l": default.left, "r": default.right, "u": default.unit, "rec": default.record}
    kept = {key: value for key, value in pairs.items() if value != usual[key]}
    kept |= {key: value for key, value in of_chance.encode(state.chance).items() if value} | more
    return urlencode(kept | {"v": __version__}, quote_via=quote, safe="=@!:.,~+")


# --- reading -----------------------------------------------------------------------------------------------

TERM = re.compile(
    r"(?P<lever>[a-z_]{1,40})(:(?P<scope>[A-Za-z0-9_,/ -]{1,200}))?(=(?P<x>[0-9.eE+-]{1,24}))?"
    r"(@(?P<start>[0-9-]{0,10})(\.\.(?P<end>[0-9-]{1,10}))?)?(?P<more>(![a-z_]{1,40}:[0-9.eE+-]{1,24})*)"
)


def decode(query: str) -> tuple[State, dict[str, str], list[str]]:
    """Return the state a link describes, its other keys, and one line for everything in it that is wrong.

    What is wrong is left at its default; nothing a link says can raise.
    """
    problems: list[str] = []
    if len(query) > LONGEST_LINK:
        return (
            State(),
            {},
            [
                gettext(
                    "link: it has {n} characters, but {most} are the most; share it anew",
                    n=len(query),
                    most=LONGEST_LINK,
                )
            ],
        )
    pairs = (
        dict(parse_qsl(query.lstrip("?").replace("+", "%2B"), max_num_fields=40, keep_blank_values=True))
        if query.count("&") < 40
        else {}
    )
    state = State()
    choices = {
        "l": ("left", GRAPHS),
        "r": ("right", GRAPHS),
        "u": ("unit", UNITS),
        "rec": ("record", RECORDS),
        "rule": ("rule", DECISIONS),
        "from": ("source", SOURCES),
        "s": ("scenario", tuple(shipped())),
    }
    for key, (name, known) in choices.items():
        if key in pairs:
            if pairs[key] in known:
                state = replace(state, **{name: pairs[key]})
            elif not (key == "s" and pairs[key] == UPLOADED):
                problems.append(unknown(key, pairs[key], gettext("there is no such choice"), known))
            else:
                problems.append(gettext("link: its scenario was somebody's own file; upload that file to see the same"))
    if "seed" in pairs:
        if re.fullmatch(r"[0-9]{1,9}", pairs["seed"]):
            state = replace(state, seed=int(pairs["seed"]))
        else:
            wrong_seed = Refused(
                gettext("link: {key}", key="seed"),
                pairs["seed"],
                gettext("it is not a whole number"),
                gettext("use 1, say"),
            )
            problems.append(str(wrong_seed))
    if pairs.get("p"):
        found, wrong = read_terms(pairs["p"], load(state.scenario))
        state, problems = state.holding(found), problems + wrong
    supposed, wrong = of_chance.decode(pairs, load(state.scenario))
    state, problems = replace(state, chance=supposed), problems + wrong
    if "lang" in pairs and preferred(pairs["lang"]) != pairs["lang"]:
        problems.append(unknown("lang", pairs["lang"], gettext("there is no catalogue of it"), LANGUAGES))
    version = pairs.get("v", __version__)
    if version != __version__:
        told = gettext(
            "link: made with version {version}, this is {here}; numbers may differ",
            version=shown(version)[:20],
            here=__version__,
        )
        problems.append(one_line(told))
    return state, {key: pairs[key] for key in ("c", "d", "lesson", "lang") if key in pairs}, problems


def unknown(key: str, value: str, rule: str, known: Iterable[str]) -> str:
    """Return what is said of a link's key whose value is none of those that are known."""
    return str(Refused(gettext("link: {key}", key=key), value, rule, nearest(value, known)))


def read_terms(text: str, scenario: Scenario) -> tuple[list[Policy], list[str]]:
    """Return the levers a text describes, and one line for each that cannot be read."""
    found: list[Policy] = []
    problems: list[str] = []
    terms = text.split("+")
    if len(terms) > MOST_TERMS:
        return [], [
            gettext("link: p names {n} levers, but {most} are the most; share it anew", n=len(terms), most=MOST_TERMS)
        ]
    for piece in terms:
        try:
            policy = read_term(piece.strip(), scenario)
        except InputError as error:
            problems.append(str(error))
            continue
        try:
            check_duplicates([(entry, "link: p") for entry in (*found, policy)], scenario.policy_start)
        except InputError:
            problems.append(gettext("link: {lever} stands there twice; the first is used", lever=policy.lever))
        else:
            found += [policy] if policy.intensity > 0.0 else []
    return found, problems


def read_term(text: str, scenario: Scenario) -> Policy:
    """Return the policy of one term.

    Raises
    ------
    InputError
        If it cannot be read or lies outside the scenario.
    """
    match = TERM.fullmatch(text)
    if match is None:
        raise Refused(
            gettext("link: {key}", key="p"),
            text,
            gettext("it cannot be read as a lever"),
            gettext("write {example}", example="lever=0.5@2025-06-02"),
        )
    table: dict[str, Any] = {"lever": match["lever"]}
    if match["scope"]:
        kind = levers().get(match["lever"])
        scope = kind.scopes[0] if kind is not None and kind.scopes else "countries"
        table[scope] = match["scope"].split(",")
    if match["x"]:
        table["intensity"] = numeral(match["x"], gettext("link: {key}", key=match["lever"]))
    table |= {key: match[key] for key in ("start", "end") if match[key]}
    for more in filter(None, (match["more"] or "").split("!")):
        name, _, value = more.partition(":")
        table[name] = numeral(value, gettext("link: {key}", key=f"{match['lever']}.{name}"))
    return checked(build(table, f"link: {match['lever']}"), scenario, "link")


def numeral(text: str, place: str) -> float:
    """Return a number somebody wrote.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise Refused(place, text, gettext("it is not a number"), gettext("write 0.5, say")) from None


def checked(policy: Policy, scenario: Scenario, place: str) -> Policy:
    """Return the policy if its dates lie inside the scenario."""
    check_dates(policy, scenario.start, scenario.end, scenario.policy_start, f"{place}: {policy.lever}")
    return policy


@cache
def load(name: str) -> Scenario:
    """Return a shipped scenario."""
    return Scenario.load(name)


def day(value: Any) -> date | None:
    """Return a date a browser sent, None for an empty one."""
    return date.fromisoformat(value) if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None


def seed_of(value: Any) -> int:
    """Return a seed a browser sent.

    Raises
    ------
    InputError
        If it is out of range.
    """
    seed = int(value)
    if not 0 <= seed < 10**9:
        raise Refused(gettext("seed"), seed, gettext("it must lie between 0 and 999999999"), gettext("use 1, say"))
    return seed
