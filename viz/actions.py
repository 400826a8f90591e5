"""What a browser may ask of a session, by name; anything else is not heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from supplysim.viz import url_state
from supplysim.viz.bills import bills
from supplysim.viz.chance import NOTHING
from supplysim.viz.levers import PRESETS
from supplysim.viz.refused import Refused
from supplysim.viz.session import Session
from supplysim.viz.upload import read_upload
from supplysim.viz.url_state import GRAPHS, RECORDS, SOURCES, UNITS

from supplysim.emulator.predict import CLOSED
from supplysim.errors import one_line
from supplysim.language import gettext
from supplysim.policies import Policy, build, parse
from supplysim.policies import levers as kinds
from supplysim.setup.rules import DECISIONS

Message = dict[str, Any]


def levers(session: Session, message: Message) -> None:
    """Move sliders; moves of one drag carry its number."""
    state = session.state
    for name, x in list(message["levers"].items())[:40]:
        if name not in kinds():
            raise Refused(gettext("lever"), name, gettext("there is no such lever"), gettext("choose one of the panel"))
        strength = min(max(float(x), 0.0), 1.0)
        old = state.levers.get(name)
        if old is not None:
            policy = replace(old, intensity=strength)
        else:
            table: dict[str, Any] = {"lever": name, "intensity": strength}
            if kinds()[name].needs_scope:
                table["countries"] = [CLOSED]
            policy = build(table, "lever")
        state = state.with_lever(policy)
    session.change(state, message.get("drag"))


def detail(session: Session, message: Message) -> None:
    """Set a lever with dates, places and settings."""
    name = message["lever"]
    table: dict[str, Any] = {"lever": name, "intensity": min(max(float(message.get("x", 1.0)), 0.0), 1.0)}
    for key in ("start", "end"):
        if (value := url_state.day(message.get(key))) is not None:
            table[key] = value
    places = message.get("countries")
    if places and "countries" in kinds()[name].scopes:
        table["countries"] = [str(code)[:4] for code in places][:20]
    table |= {str(key)[:40]: value for key, value in list((message.get("settings") or {}).items())[:12]}
    policy = url_state.checked(build(table, "lever"), session.scenario, "lever")
    session.change(session.state.with_lever(policy))


def undo(session: Session, _: Message) -> None:
    """Go back one state."""
    if session.past:
        session.future = [*session.future, session.state]
        session.state = session.past[-1]
        session.past = session.past[:-1]
        session.drag = -1
        session.refresh()


def redo(session: Session, _: Message) -> None:
    """Go forward again."""
    if session.future:
        session.past = [*session.past, session.state]
        session.state = session.future[-1]
        session.future = session.future[:-1]
        session.drag = -1
        session.refresh()


def reset(session: Session, _: Message) -> None:
    """Switch all levers off."""
    session.change(session.state.holding(()))


def preset(session: Session, message: Message) -> None:
    """Take one of the ready packages."""
    _, text = PRESETS[message["name"]]
    policies: tuple[Policy, ...] = parse(text, session.scenario).policies if text else ()
    session.change(session.state.holding(policies))


def bill(session: Session, message: Message) -> None:
    """Take the levers of a bill."""
    policies = bills()[message["name"]].policies
    checked = [url_state.checked(policy, session.scenario, "bill") for policy in policies]
    session.change(session.state.holding(checked))


def graph(session: Session, message: Message) -> None:
    """Show another figure on a side."""
    side, name = message["side"], message["name"]
    if side in ("left", "right") and name in GRAPHS:
        session.state = replace(session.state, **{side: name})


def choose(session: Session, message: Message) -> None:
    """Choose among fixed words: the unit, the record, the decision rule, where parameters come from."""
    known = {"unit": UNITS, "record": RECORDS, "rule": ("", *DECISIONS), "source": SOURCES}
    key, value = message["key"], message["value"]
    if value not in known[key]:
        raise Refused(str(key)[:20], value, gettext("there is no such choice"), gettext("choose one of the list"))
    state = replace(session.state, **{key: value})
    if key in ("unit", "record"):
        session.state = state
    else:
        session.change(state)


def seed(session: Session, message: Message) -> None:
    """Play other worlds."""
    session.change(replace(session.state, seed=url_state.seed_of(message["seed"])))


def state(session: Session, message: Message) -> None:
    """Hold a state of the world at a value for certain, or leave it to chance again."""
    held = session.state.chance.settled(session.base, str(message["name"]), str(message.get("value") or ""))
    session.change(replace(session.state, chance=held))


def chance(session: Session, message: Message) -> None:
    """Count a value of a state with another probability, or all with the scenario's own; nothing is run."""
    old, name = session.state.chance, str(message["name"])
    if message.get("value"):
        new = old.weighed(session.base, name, str(message["value"]), float(message["p"]))
    else:
        new = old.forgotten(name)
    session.state = replace(session.state, chance=new)


def upload(session: Session, message: Message) -> None:
    """Take the visitor's own scenario file."""
    text, name = message["text"], message["name"]
    if not isinstance(text, str) or not isinstance(name, str):
        raise TypeError
    own = read_upload(text, name)
    session.own = own.with_(policies=[])
    session.past, session.future = [], []
    state = replace(session.state, scenario=url_state.UPLOADED, rule="", chance=NOTHING)
    session.state = state.holding(own.policies)
    session.notice = gettext(
        "Loaded {title}: {weeks} weeks, {policies} policies.",
        title=one_line(own.title or own.name)[:80],
        weeks=own.weeks,
        policies=len(own.policies),
    )
    session.refresh()


def scenario(session: Session, message: Message) -> None:
    """Take a shipped scenario."""
    name = message["name"]
    if name not in url_state.shipped():
        raise Refused(
            gettext("scenario"), name, gettext("there is no such scenario"), gettext("choose one of the list")
        )
    state = replace(session.state.holding(()), scenario=name, rule="", chance=NOTHING)
    if session.own is None:
        session.change(state)
        return
    session.own = None  # what came before was that file's world and cannot be had again
    session.past, session.future, session.state = [], [], state
    session.refresh()


MOVES: dict[str, Callable[[Session, Message], None]] = {
    move.__name__: move
    for move in (levers, detail, undo, redo, reset, preset, bill, graph, choose, seed, state, chance, upload, scenario)
}
