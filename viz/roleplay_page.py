"""The role play's table: rounds of the teams' choices, merged, run, and told to each team in its own numbers only.

Its steps are those of the Present page: the teams choose, the class votes, each team sees its own desk, the debrief.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from supplysim.viz.classroom import Classroom
from supplysim.viz.figures.account import waterfall
from supplysim.viz.practice import Practice
from supplysim.viz.refused import Refused
from supplysim.viz.session import Session
from supplysim.viz.syllabus import called
from supplysim.viz.votes import asked_of, outcome, voted

from supplysim.experiment.comparison import Comparison
from supplysim.language import gettext, gettext_noop
from supplysim.lessons.roleplay import PAIRS, briefing
from supplysim.lessons.roles import meaning, merged, role_play
from supplysim.lessons.words import title_of
from supplysim.policies import Package
from supplysim.report.formatting import between, dollars, percent
from supplysim.setup.scenario import Scenario

LONGEST_CHOICE = 1000  # characters; a link
ROUND = gettext_noop("Round {n}")  # in English the name of its runs


@dataclass
class Round:
    """One round: what each team chose, and how many hands expected what."""

    choices: dict[str, str] = field(default_factory=dict)
    package: str = ""
    votes: list[int] = field(default_factory=lambda: [0] * 4)


class RolePlayPage:
    """Rounds so far, and the runs behind them.

    Parameters
    ----------
    session : Session
        Whose pool runs them.
    classroom : Classroom
        Whose phones choose and vote too, if it is open.
    """

    def __init__(self, session: Session, classroom: Classroom) -> None:
        self.session, self.classroom = session, classroom
        self.rounds = [Round()]
        self.practice: Practice | None = None
        self.briefed = ""

    def act(self, message: dict[str, Any], step: str) -> str:
        """Do what the browser asks (run a round, count a hand, brief a team, begin the next); return the step then."""
        what, now = message.get("what"), self.rounds[-1]
        if what == "choices":
            self._run(message["choices"])
            return "vote"
        if what == "vote":
            now.votes = voted(now.votes, message)
        elif what == "brief":
            self.briefed = role_play().role(str(message["role"])[:40]).id if message.get("role") else ""
        elif what == "next" and now.package and len(self.rounds) < role_play().rounds:
            self.rounds.append(Round(dict(now.choices)))
            self.classroom.tell(len(self.rounds), now.choices)
            self.briefed = ""
            return "public"
        elif what == "again":
            self.close()
            self.rounds, self.practice, self.briefed = [Round()], None, ""
            self.classroom.anew()
            return "public"
        return step

    def go(self, step: str) -> None:
        """Make ready for a step: the vote and what follows need a round that runs.

        Raises
        ------
        InputError
            If nobody chose anything yet.
        """
        now = self.rounds[-1]
        if step == "vote" or (step != "public" and not now.package):
            choices = self._choices()
            if not now.package or labels(merged(choices)) != now.package:
                self._run(choices)

    def kept(self) -> dict[str, Any]:
        """Return what brings the table back."""
        return {"rounds": [asdict(played) for played in self.rounds]}

    def take(self, left: dict[str, Any]) -> None:
        """Bring the table back, and have its rounds run again."""
        self.close()
        played = [Round(dict(it["choices"]), str(it["package"]), [*it["votes"]]) for it in left["rounds"]]
        self.rounds = played or [Round()]
        self.practice, self.briefed = None, ""
        if self.rounds[0].package:
            self._ask()

    def _choices(self) -> dict[str, str]:
        """Return the choices of the round: those of phones where a team has some."""
        phones = self.classroom.choices(len(self.rounds))
        movers = {role.id for role in role_play().roles if role.levers}
        return self.rounds[-1].choices | {team: choice for team, choice in phones.items() if team in movers}

    def _run(self, choices: dict[str, Any]) -> None:
        now = self.rounds[-1]
        wanted = {role.id: str(choices.get(role.id, ""))[:LONGEST_CHOICE] for role in role_play().roles}
        package = merged(wanted)
        if not package.policies:
            raise Refused(
                gettext("round"),
                None,
                gettext("nobody moves anything"),
                gettext("let at least one team choose a lever"),
            )
        now.choices, now.package, self.briefed = wanted, labels(package), ""
        self.classroom.tell(len(self.rounds), wanted)
        self._ask()

    def _ask(self) -> None:
        packages = {ROUND.format(n=number): it.package for number, it in enumerate(self.rounds, 1) if it.package}
        scenario = Scenario.load(role_play().scenario)
        self.practice = Practice(self.session, "table", scenario, "prior", packages, PAIRS)

    def close(self) -> None:
        """Stop waiting."""
        if self.practice is not None:
            self.practice.withdraw()

    def _ready(self) -> bool:
        """Whether the runs of this round are there."""
        practice = self.practice
        return practice is not None and practice.pairs >= practice.target and bool(self.rounds[-1].package)

    def desks(self) -> dict[str, list[list[str]]]:
        """Return for each team what it sees after this round: measure, as it stood, now. Nothing before the runs."""
        if self.practice is None or not self._ready():
            return {}
        comparison, name = self.practice.comparison(), ROUND.format(n=len(self.rounds))
        return {role.id: [[*row] for row in briefing(comparison, name, role)] for role in role_play().roles}

    def _tally(self, number: int) -> list[int]:
        return self.classroom.tally(f"round {number}", self.rounds[number - 1].votes)

    def view(self, step: str) -> dict[str, Any]:
        """Return what is on the wall: no team sees another's numbers, and nobody the truth before the debrief."""
        play, now, practice, ready = role_play(), self.rounds[-1], self.practice, self._ready()
        shown: dict[str, Any] = {
            "asked": f"round {len(self.rounds)}",
            "roles": [
                {
                    "id": role.id,
                    "name": role.name,
                    "wants": role.wants,
                    "levers": [[lever, title_of(lever)] for lever in role.levers],
                }
                for role in play.roles
            ],
            "moves": play.moves,
            "levels": [*play.levels],
            "round": len(self.rounds),
            "rounds": play.rounds,
            "choices": self._choices(),
            "package": [called(term) for term in now.package.split("+") if term],
            "votes": now.votes,
            "tally": self._tally(len(self.rounds)),
            "ready": ready,
            "pairs": practice.pairs if practice else 0,
            "target": PAIRS,
            "trouble": practice.trouble if practice else "",
            "briefed": self.briefed,
        }
        shown |= asked_of("round", len(self.rounds))
        if practice is not None and ready and self.briefed and step == "truth":
            role = play.role(self.briefed)
            shown["briefing"] = {"role": role.name, "ask": role.ask, "rows": in_words(self.desks()[role.id])}
        if practice is not None and ready and step == "why":
            comparison = practice.comparison()
            shown["debrief"] = [
                debriefing(comparison, number, self._tally(number), self._headline(number))
                for number in range(1, len(self.rounds) + 1)
            ]
        return shown

    def _headline(self, number: int) -> str:
        """Return what the journalists wrote after a round."""
        silent = [role.id for role in role_play().roles if not role.levers]
        return "; ".join(text for team, text in self.classroom.choices(number).items() if team in silent)


def in_words(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows of a desk with what each measure means, in the language spoken here."""
    return [[meaning(measure), before, now] for measure, before, now in rows]


def labels(package: Package) -> str:
    """Return a package as the command line writes it."""
    return "+".join(policy.label() for policy in package.policies)


def debriefing(comparison: Comparison, number: int, votes: list[int], headline: str = "") -> dict[str, Any]:
    """Return the truth of a round: total, ledger, bill, what the news showed, and how the class had guessed."""
    window, name, title = comparison.window, ROUND.format(n=number), gettext(ROUND, n=number)
    news, shown = (comparison.values(arm, "public_seized", window).mean() for arm in ("baseline", name))
    effect = comparison.effect(name)
    entries = comparison.ledger().set_index("policy").loc[name]
    rows = waterfall(
        {
            str(key): float(entries[key])
            for key in ("prevented", "substituted", "intercepted", "blocked", "delayed", "rerouted_memo")
        }
    )
    government, industry = map(dollars, comparison.extra_costs(name).mean(axis=0))
    return {
        "name": title,
        "package": " · ".join(called(policy.label()) for policy in comparison.arms[name]),
        "total": percent(effect.relative),
        "range": between(effect.relative_low, effect.relative_high),
        "down": gettext("down in {n} of {pairs} paired runs", n=effect.pairs_down, pairs=effect.pairs),
        "news": percent(shown / news - 1.0) if news else "–",
        "bill": gettext("governments {government}, industry {industry}", government=government, industry=industry),
        "votes": votes,
        "headline": headline,
        "right": outcome(effect.relative),
        "ledger": {
            "id": "ledger",
            "kind": "waterfall",
            "title": gettext("{round}: where the chips went instead", round=title),
            "rows": rows,
            "fmt": "chips",
            "sub": gettext("Mean over pairs, chips over the policy years."),
            "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
            "status": "exact",
            "pairs": comparison.pairs,
            "source": gettext("Exact paired runs of this round."),
            "file": f"supplysim-{name.lower().replace(' ', '-')}",
            "table": {
                "head": [gettext("Entry"), gettext("Chips")],
                "rows": [[row["label"], row["text"]] for row in rows],
            },
        },
    }
