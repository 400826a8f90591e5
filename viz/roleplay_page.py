"""The role play's table: rounds of the teams' choices, merged, run, and told to each team in its own numbers only.

Its steps are those of the Present page: the teams choose, the class votes, each team sees its own desk, the debrief.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from supplysim.viz.classroom import Classroom
from supplysim.viz.figures.account import waterfall
from supplysim.viz.practice import Practice
from supplysim.viz.session import Session
from supplysim.viz.syllabus import called
from supplysim.viz.votes import OUTCOMES, outcome, voted

from supplysim.errors import InputError
from supplysim.experiment.comparison import Comparison
from supplysim.lessons.roleplay import PAIRS, briefing
from supplysim.lessons.roles import meaning, merged, role_play
from supplysim.lessons.words import title_of
from supplysim.policies import Package
from supplysim.report.formatting import between, dollars, percent
from supplysim.setup.scenario import Scenario

LONGEST_CHOICE = 1000  # characters; a link


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
            raise InputError("round", None, "nobody moves anything", "let at least one team choose a lever")
        now.choices, now.package, self.briefed = wanted, labels(package), ""
        self.classroom.tell(len(self.rounds), wanted)
        self._ask()

    def _ask(self) -> None:
        packages = {f"Round {number}": it.package for number, it in enumerate(self.rounds, 1) if it.package}
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
        """Return for each team what it sees after this round: what, as it stood, now. Nothing before the runs."""
        if self.practice is None or not self._ready():
            return {}
        comparison, name = self.practice.comparison(), f"Round {len(self.rounds)}"
        rows = {role.id: briefing(comparison, name, role) for role in role_play().roles}
        return {role: [[meaning(m), a, b] for m, a, b in its] for role, its in rows.items()}

    def _tally(self, number: int) -> list[int]:
        return self.classroom.tally(f"round {number}", self.rounds[number - 1].votes)

    def view(self, step: str) -> dict[str, Any]:
        """Return what is on the wall: no team sees another's numbers, and nobody the truth before the debrief."""
        play, now, practice, ready = role_play(), self.rounds[-1], self.practice, self._ready()
        shown: dict[str, Any] = {
            "title": play.title,
            "asked": f"round {len(self.rounds)}",
            "question": "And the number of chips that arrive in two years?",
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
            "options": list(OUTCOMES),
            "votes": now.votes,
            "tally": self._tally(len(self.rounds)),
            "ready": ready,
            "pairs": practice.pairs if practice else 0,
            "target": PAIRS,
            "trouble": practice.trouble if practice else "",
            "briefed": self.briefed,
        }
        if practice is not None and ready and self.briefed and step == "truth":
            role = play.role(self.briefed)
            shown["briefing"] = {"role": role.name, "ask": role.ask, "rows": self.desks()[role.id]}
        if practice is not None and ready and step == "why":
            comparison = practice.comparison()
            shown["debrief"] = [
                debriefing(comparison, f"Round {number}", self._tally(number), self._headline(number))
                for number in range(1, len(self.rounds) + 1)
            ]
        return shown

    def _headline(self, number: int) -> str:
        """Return what the journalists wrote after a round."""
        silent = [role.id for role in role_play().roles if not role.levers]
        return "; ".join(text for team, text in self.classroom.choices(number).items() if team in silent)


def labels(package: Package) -> str:
    """Return a package as the command line writes it."""
    return "+".join(policy.label() for policy in package.policies)


def debriefing(comparison: Comparison, name: str, votes: list[int], headline: str = "") -> dict[str, Any]:
    """Return the truth of a round: total, ledger, bill, what the news showed, and how the class had guessed."""
    window = comparison.window
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
        "name": name,
        "package": " · ".join(called(policy.label()) for policy in comparison.arms[name]),
        "total": percent(effect.relative),
        "range": between(effect.relative_low, effect.relative_high),
        "down": f"down in {effect.pairs_down} of {effect.pairs} paired runs",
        "news": percent(shown / news - 1.0) if news else "–",
        "bill": f"governments {government}, industry {industry}",
        "votes": votes,
        "headline": headline,
        "right": outcome(effect.relative),
        "ledger": {
            "id": "ledger",
            "kind": "waterfall",
            "title": f"{name}: where the chips went instead",
            "rows": rows,
            "fmt": "chips",
            "sub": "Mean over pairs, chips over the policy years.",
            "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
            "status": "exact",
            "pairs": comparison.pairs,
            "source": "Exact paired runs of this round.",
            "file": f"supplysim-{name.lower().replace(' ', '-')}",
            "table": {"head": ["Entry", "Chips"], "rows": [[row["label"], row["text"]] for row in rows]},
        },
    }
