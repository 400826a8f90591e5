"""The role play: who may move what, who sees what, and how the teams' choices become one package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from html import escape
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, ValidationError

from supplysim import arguments
from supplysim.errors import InputError, nearest
from supplysim.language import by_language, gettext
from supplysim.lessons.schema import Id, Prose, Section
from supplysim.lessons.translated import in_language
from supplysim.policies import Package, Policy
from supplysim.policies.text import parse
from supplysim.setup.schema import key_path

PLACE = "roleplay/roles.toml"


class Role(Section):
    """[[roles]]: one team."""

    id: Id
    name: Prose
    card: Prose
    wants: Prose
    levers: list[str]
    sees: Annotated[list[str], Field(min_length=1)]
    ask: Prose


class RolePlay(Section):
    """The whole file."""

    title: Prose
    scenario: str
    rounds: Annotated[int, Field(ge=1, le=6)]
    moves: Annotated[int, Field(ge=1, le=6)]
    levels: list[float]
    roles: Annotated[list[Role], Field(min_length=2)]

    def role(self, name: str) -> Role:
        """Return a role by id, or raise InputError."""
        found = {role.id: role for role in self.roles}
        return found[arguments.known(name, found, "role play", "role")]


@by_language
def role_play() -> RolePlay:
    """Return the role play that comes with the package, in the language spoken here.

    Raises
    ------
    InputError
        If its file is wrong.
    """
    from supplysim.outputs.measures import MEASURES
    from supplysim.setup.scenario import folder

    raw = tomllib.loads((folder() / "roleplay" / "roles.toml").read_text("utf-8"))
    try:
        play = RolePlay.model_validate(raw)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise InputError(f"{PLACE}: {key_path(detail['loc'])}", None, detail["msg"], "correct it there") from None
    extra = {"public_seized", "public_prosecutions"}
    for role in play.roles:
        for lever in role.levers:
            parse(lever)
        for measure in role.sees:
            if measure not in MEASURES and measure not in extra:
                at = f"{PLACE}: {role.id}.sees"
                raise InputError(at, measure, "there is no such measure", nearest(measure, MEASURES))
    return in_language(play)


def policy_text(choice: str) -> str:
    """Return the package of a team: as it typed it, or out of a link to the app."""
    arguments.one_of(str, choice, "role play", "write a package such as border=0.5, or nothing")
    return parse_qs(urlsplit(choice).query.replace("+", "%2B")).get("p", [""])[0] if "://" in choice else choice.strip()


def merged(choices: Mapping[str, str]) -> Package:
    """Return one package of all teams' choices.

    Parameters
    ----------
    choices : mapping
        Role -> package as on the command line (``border:SG=0.5+cooperation:SG``), a link to the app, or "" for
        nothing. A lever that two teams move acts at the stronger setting.

    Raises
    ------
    InputError
        If a team moves what is not its own, too many levers, or one at a strength that is not on offer.
    """
    play = role_play()
    strongest: dict[str, Policy] = {}
    for name, choice in arguments.table(choices, "role play", 'write {"agency": "whistleblower"}').items():
        role, text = play.role(name), policy_text(choice)
        terms = [term.strip() for term in text.split("+") if term.strip()]
        if len(terms) > play.moves:
            raise InputError(f"{name}: {text}", None, f"{len(terms)} moves", f"choose at most {play.moves}")
        for term in terms:
            lever, _, level = term.partition("=")
            if lever not in role.levers:
                raise InputError(
                    f"{name}: {term}", None, f"{role.name} does not move that", nearest(lever, role.levers)
                )
            (policy,) = parse(term).policies
            if policy.intensity not in play.levels:
                levels = " or ".join(f"{it:g}" for it in play.levels)
                raise InputError(f"{name}: {term}", level, "that strength is not on offer", f"choose {levels}")
            if lever not in strongest or policy.intensity > strongest[lever].intensity:
                strongest[lever] = policy
    policies = tuple(strongest[lever] for lever in sorted(strongest))
    return Package("+".join(policy.label() for policy in policies), policies)


def cards() -> str:
    """Return the role cards as HTML, one page a role."""
    from supplysim.policies import levers

    play, pages = role_play(), []
    fair = gettext(
        "Everything is in aggregate and all firms are made up. "
        "Nobody plays a smuggler, and no result says how to avoid a check."
    )
    for role in play.roles:
        titles = {lever: gettext(levers()[lever.partition(":")[0]].title) for lever in role.levers}
        moves = "".join(
            f'<li><code translate="no">{escape(lever)}</code> {escape(title)}</li>' for lever, title in titles.items()
        )
        sees = "".join(f"<li>{escape(meaning(measure))}</li>" for measure in role.sees)
        rounds = "".join(f"<tr><td>{number}</td>{3 * '<td></td>'}</tr>" for number in range(1, play.rounds + 1))
        heads = (
            gettext("Round"),
            gettext("My moves") if titles else gettext("My headline"),
            gettext("What I expect of deliveries, with a range"),
            gettext("What I learned"),
        )
        head = escape(gettext("supplysim role play · {title}", title=play.title))
        may = gettext("You may move (at most {moves} a round, at half or full strength)", moves=play.moves)
        none = f"<li>{gettext('Nothing. You write.')}</li>"
        pages += [
            f'<section class="page cards"><div class="head"><small>{head}</small>',
            f"<h1>{escape(role.name)}</h1></div><p>{escape(role.card)}</p>",
            f'<div class="box">{gettext("<b>You want:</b> {what}", what=escape(role.wants))}</div>',
            f"<h2>{may}</h2><ul>{moves or none}</ul>",
            f"<h2>{gettext('You see, after each round')}</h2><ul>{sees}</ul><h2>{gettext('Your rounds')}</h2>",
            f'<table class="moves"><tr>{"".join(f"<th>{each}</th>" for each in heads)}</tr>{rounds}</table>',
            f"<p>{gettext('<b>Keep in mind:</b> {what}', what=escape(role.ask))}</p>",
            f'<p class="small">{fair}</p></section>',
        ]
    return "".join(pages)


def meaning(measure: str) -> str:
    """Return what a measure says, in words for a card."""
    from supplysim.outputs.measures import MEASURES

    if measure == "public_seized":
        return gettext("seized chips that were in the news")
    if measure == "public_prosecutions":
        return gettext("prosecutions that were in the news")
    name, its = gettext(measure.partition(":")[0].replace("_", " ")), MEASURES[measure]
    return gettext("{name}: {meaning} ({unit})", name=name, meaning=gettext(its.meaning), unit=gettext(its.unit))
