"""The role play's table: rounds of the teams' choices, merged, run, and told to each team in its own numbers only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from supplysim.viz.figures.account import waterfall
from supplysim.viz.practice import Practice
from supplysim.viz.session import Session
from supplysim.viz.syllabus import title_of
from supplysim.viz.votes import OUTCOMES, outcome, voted

from supplysim.errors import InputError
from supplysim.experiment.comparison import Comparison
from supplysim.lessons.roleplay import PAIRS, briefing
from supplysim.lessons.roles import meaning, merged, role_play
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
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rounds = [Round()]
        self.practice: Practice | None = None
        self.briefed = ""
        self.debriefed = False

    def act(self, message: dict[str, Any]) -> None:
        """Do what the browser asks: run a round, count a hand, brief a team, begin the next round, debrief."""
        what, now = message.get("what"), self.rounds[-1]
        if what == "choices":
            self._run(message["choices"])
        elif what == "vote":
            now.votes = voted(now.votes, message)
        elif what == "brief":
            self.briefed = role_play().role(str(message["role"])[:40]).id if message.get("role") else ""
        elif what == "next" and now.package and len(self.rounds) < role_play().rounds:
            self.rounds.append(Round(dict(now.choices)))
            self.briefed = ""
        elif what == "debrief":
            self.debriefed = not self.debriefed
        elif what == "again":
            self.close()
            self.rounds, self.practice, self.briefed, self.debriefed = [Round()], None, "", False

    def _run(self, choices: dict[str, Any]) -> None:
        now = self.rounds[-1]
        now.choices = {role.id: str(choices.get(role.id, ""))[:LONGEST_CHOICE] for role in role_play().roles}
        package = merged(now.choices)
        if not package.policies:
            raise InputError("round", None, "nobody moves anything", "let at least one team choose a lever")
        now.package, self.briefed = "+".join(policy.label() for policy in package.policies), ""
        packages = {f"Round {number}": it.package for number, it in enumerate(self.rounds, 1)}
        scenario = Scenario.load(role_play().scenario)
        self.practice = Practice(self.session, "table", scenario, "prior", packages, PAIRS)

    def close(self) -> None:
        """Stop waiting."""
        if self.practice is not None:
            self.practice.withdraw()

    def view(self) -> dict[str, Any]:
        """Return what is on the wall: no team sees another's numbers, and nobody the truth before the debrief."""
        play, now, practice = role_play(), self.rounds[-1], self.practice
        ready = practice is not None and practice.pairs >= practice.target and bool(now.package)
        shown: dict[str, Any] = {
            "title": play.title,
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
            "round": len(self.rounds),
            "rounds": play.rounds,
            "choices": now.choices,
            "package": [title_of(term.partition("=")[0]) for term in now.package.split("+") if term],
            "options": list(OUTCOMES),
            "votes": now.votes,
            "ready": ready,
            "pairs": practice.pairs if practice else 0,
            "target": PAIRS,
            "trouble": practice.trouble if practice else "",
            "briefed": self.briefed,
            "debriefed": self.debriefed,
        }
        if practice is not None and ready:
            comparison = practice.comparison()
            if self.briefed:
                role = play.role(self.briefed)
                rows = briefing(comparison, f"Round {len(self.rounds)}", role)
                shown["briefing"] = {
                    "role": role.name,
                    "ask": role.ask,
                    "rows": [[meaning(m), a, b] for m, a, b in rows],
                }
            if self.debriefed:
                shown["debrief"] = [
                    debriefing(comparison, name, it) for name, it in zip(comparison.arms, self.rounds, strict=True)
                ]
        return shown


def debriefing(comparison: Comparison, name: str, played: Round) -> dict[str, Any]:
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
        "package": " · ".join(policy.label() for policy in comparison.arms[name]),
        "total": percent(effect.relative),
        "range": between(effect.relative_low, effect.relative_high),
        "down": f"down in {effect.pairs_down} of {effect.pairs} paired runs",
        "news": percent(shown / news - 1.0) if news else "–",
        "bill": f"governments {government}, industry {industry}",
        "votes": played.votes,
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
