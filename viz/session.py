"""One visitor: the state, its history, and what is known about it now. No Solara."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable
from math import isfinite
from typing import Any

from supplysim.viz import url_state
from supplysim.viz.backend import Backend, Busy, backend
from supplysim.viz.figures import explore, hangs, public, states, tiles
from supplysim.viz.headline import headline, held
from supplysim.viz.jobs import Job, World
from supplysim.viz.url_state import State

from supplysim.emulator.predict import Emulator, emulator, refusal
from supplysim.errors import InputError
from supplysim.experiment.assumptions import FEWEST
from supplysim.experiment.effects import Summary
from supplysim.language import ENGLISH, gettext, gettext_noop
from supplysim.outputs import periods
from supplysim.outputs.notes import notes
from supplysim.setup.scenario import Scenario

LONGEST_HISTORY = 100
RUNNING = gettext_noop("Exact runs are under way; what is shown in grey is of the package before.")
DRAWN = {
    "prior": gettext_noop(
        "Worlds are drawn from the priors, not from the sample that fits what was published: the quick estimate "
        "knows only these. The calibrated worlds are run exactly."
    ),
    "posterior": gettext_noop("Worlds are drawn from the sample that fits what was published."),
    "central": gettext_noop("Every world has the central parameters; only luck differs."),
}
_numbers = itertools.count(1)


class Session:
    """A visitor's state and what is shown for it.

    Parameters
    ----------
    query : str
        The link the page was opened with.
    publish : callable
        Called without arguments when there is something new to show.
    pool : Backend, optional
        Where exact runs are made.
    party : hashable, optional
        Who takes turns there; default: this visitor alone.
    language : str
        What the visitor reads. Whoever calls speaks it; what comes from another thread has to.
    """

    def __init__(
        self,
        query: str = "",
        publish: Callable[[], None] = lambda: None,
        pool: Backend | None = None,
        party: Hashable = None,
        language: str = ENGLISH,
    ) -> None:
        self.language = language
        self.number = next(_numbers)
        self.party = self.number if party is None else party
        self.publish = publish
        self.pool = pool or backend()
        self.lock = threading.RLock()
        self.state, self.rest, self.problems = url_state.decode(query)
        self.own: Scenario | None = None
        self.past: list[State] = []
        self.future: list[State] = []
        self.drag = -1
        self.seq = 0
        self.notice = ""
        self.known: Summary | None = None  # what is shown
        self.levels: dict[tuple[str, int, str], Summary] = {}  # all pairs of a world without a quick estimate
        self.stale = True
        self.job: Job | None = None
        self.alone: Job | None = None  # the levers in force, each by itself
        self.hanging: dict[str, Any] | None = None
        self.progress = 0
        self.refresh()

    def close(self) -> None:
        """Forget the visitor."""
        self.pool.withdraw((self.number, "explore"))
        self.pool.withdraw((self.number, "alone"))

    # --- what the state means --------------------------------------------------------------------------

    @property
    def base(self) -> Scenario:
        """The scenario as its file has it."""
        return self.own if self.own is not None else url_state.load(self.state.scenario)

    @property
    def scenario(self) -> Scenario:
        """The scenario in use: a shipped one or the visitor's own, with what is supposed of its states."""
        base = self.state.chance.applied(self.base)
        return base.with_(rules={"decision": self.state.rule}) if self.state.rule else base

    @property
    def start(self) -> float:
        """The decimal year of week 0: a whole one where rows are calendar years."""
        return periods.decimal(self.scenario.start)

    def fast(self) -> Emulator | None:
        """Return the emulator if it knows the state's world, in the states that are held for certain."""
        state = self.state
        known = emulator(state.scenario)
        if known is None or state.source != "prior" or state.seed != 1 or state.rule or self.own is not None:
            return None
        if not known.covers(self.base.hash()):
            return None
        return emulator(state.scenario, tuple(sorted(state.chance.certain.items())))

    def inside(self) -> str:
        """Return why the emulator cannot answer, nothing if it can."""
        if emulator(self.state.scenario) is None:
            return f"{refusal(self.state.scenario)}."
        known = self.fast()
        if known is None:
            return gettext("The quick estimate knows only a baseline with its own priors and seed 1.")
        policy = known.unknown(self.state.package())
        if policy is None:
            return ""
        if policy.lever not in known.levers:
            return gettext("The quick estimate does not know the lever {lever}.", lever=policy.lever)
        return gettext(
            "The quick estimate does not know these dates, places or settings of {lever}.",
            lever=gettext(policy.called()),
        )

    def refresh(self) -> None:
        """Estimate at once if that is possible, and ask for exact runs."""
        state = self.state
        package = state.package()
        why = self.inside()
        if not why:
            self.known = self.fast().answer(package)  # type: ignore[union-attr]
            self.stale = False
        else:
            self.stale = True
        self.outside = why
        self.progress = 0
        self.alone, self.hanging = None, None
        self.pool.withdraw((self.number, "alone"))
        try:
            self.job = Job((self.number, "explore"), self.world(), (package,), self._deliver, party=self.party)
            self.pool.ask(self.job)
            self.busy = ""
        except Busy as error:
            self.job = None
            self.busy = gettext(
                "{why}; the estimate stays until it is your turn: move a lever again in a minute", why=error
            )
        except InputError as error:
            self.job, self.busy = None, str(error)

    def _deliver(self, job: Job, pairs: int) -> None:
        """Take exact results from the pool's thread."""
        with self.lock:
            if job is not self.job:
                return
            if job.failed:
                self.busy = gettext("The exact runs stopped: {why}. Move a lever to try again.", why=job.failed)
            elif pairs:
                self.known = self.at_level(job, pairs)
                self.stale = False
                self.progress = pairs
                if pairs == job.target:
                    self._ask_alone()
        self.publish()

    def at_level(self, job: Job, pairs: int, arm: int = 1) -> Summary:
        """Return what the first pairs say, at the level of all pairs of the world as it stands, where that is known."""
        found, key = job.summary(pairs, arm), job.world.key()
        quick = self.fast() if key == self.world().key() else None
        if quick is not None:
            return held(found, quick.base)
        if pairs == job.target:
            self.levels = {key: found}  # of the world that was looked at last
        return held(found, self.levels.get(key))

    def world(self) -> World:
        """Return the world that is looked at."""
        return World(self.scenario, self.state.seed, self.state.source)

    def _ask_alone(self) -> None:
        """Ask for each lever in force by itself, to say what it hangs on."""
        package = self.state.package()
        if not package or len(package) > hangs.MOST or self.state.source == "central":
            return
        owner = (self.number, "alone")
        self.alone = Job(
            owner, self.world(), tuple((policy,) for policy in package), self._hear_alone, party=self.party
        )
        try:
            self.pool.ask(self.alone)
        except (Busy, InputError):
            self.alone = None  # the card goes on saying what it waits for

    def _hear_alone(self, job: Job, pairs: int) -> None:
        """Take the runs of single levers from the pool's thread."""
        if job.failed or pairs < FEWEST or job is not self.alone:
            return
        made = hangs.card(job.study([gettext(arm[0].called()) for arm in job.packages], pairs))
        with self.lock:
            if job is not self.alone:
                return
            self.hanging = made
        self.publish()

    def hangs_on(self) -> dict[str, Any] | None:
        """Return what each lever in force hangs on, or why that cannot be said; None without levers."""
        if not self.state.levers:
            return None
        done = 0 if self.alone is None else self.alone.told
        why = hangs.words(done, self.state.source, len(self.state.levers))
        return self.hanging or hangs.waiting(why or gettext("Being worked out."))

    def by_state(self) -> dict[str, Any] | None:
        """Return the package's effect in each state of the world from the exact pairs; None without any."""
        left = [state for state in self.base.states if state.name not in self.state.chance.certain]
        if not left or not self.state.levers or self.job is None or self.progress == 0:
            return None
        made = states.answer(self.job.study(["package"], self.progress), self.state.unit, self.state.chance)
        if self.known is not None and not self.state.chance.chances:  # as the pairs were drawn: the headline itself
            made["overall"] = headline(self.known).share_text(self.state.unit)
        return made

    # --- history ---------------------------------------------------------------------------------------

    def change(self, state: State, drag: Any = None) -> None:
        """Move to another state; moves of one drag are one step of the history."""
        if state == self.state:
            return
        if drag is None or drag != self.drag:
            self.past = [*self.past, self.state][-LONGEST_HISTORY:]
            self.future = []
        self.drag = drag if drag is not None else -1
        self.state = state
        self.refresh()

    # --- what is shown ---------------------------------------------------------------------------------

    def badge(self) -> dict[str, Any]:
        """Return how sure the numbers on the screen are."""
        target = self.job.target if self.job else 0
        if self.busy:
            text = gettext("waiting") if self.stale else gettext("estimate only")
            return {"state": "busy", "text": text, "n": 0, "target": target}
        if self.stale:
            return {"state": "waiting", "text": gettext("running"), "n": 0, "target": target}
        if self.known is not None and self.known.status == "estimate":
            return {"state": "estimate", "text": gettext("estimate"), "n": 0, "target": target}
        pairs = self.progress or 64
        return {"state": "exact", "text": gettext("exact {pairs}", pairs=pairs), "n": pairs, "target": target}

    def standing(self) -> dict[str, Any]:
        """Return how sure the numbers are, and why they are not surer."""
        return {
            "seq": self.seq,
            "badge": self.badge(),
            "acted": bool(self.state.levers),
            "outside": self.outside,
            "busy": self.busy,
        }

    def explore(self) -> dict[str, Any]:
        """Return the Explore page."""
        with self.lock:
            acted = bool(self.state.levers)
            hidden = self.state.record == url_state.PUBLIC
            view = self.standing()
            if self.known is not None:
                view |= self._shown(self.known, acted, hidden) | {"stale": self.stale}
            else:
                view |= {"tiles": [], "left": None, "right": None, "worlds": None, "answer": None, "stale": True}
            if self.stale:
                view |= {"changed": gettext(RUNNING), "small": ""}
            below = {"hangs": None if hidden else self.hangs_on(), "by_state": None if hidden else self.by_state()}
            return view | below | self.common()

    def _shown(self, s: Summary, acted: bool, hidden: bool) -> dict[str, Any]:
        """Return what is drawn and said of a summary: of the truth, or of what is published."""
        if hidden:
            left, right = public.figures(s, self.start, acted)
            told = {"tiles": public.tiles(s, acted), "changed": public.changed(s, acted), "small": "", "worlds": None}
            told |= {"answer": None}
            return told | {"left": left, "right": right}
        unit, right = self.state.unit, self.state.right
        if right in ("effect", "worlds") and not acted and self.state.left != "map":
            right = "map"  # no lever, no effect to draw
        left, right = (explore.figure(name, s, unit, self.start, acted) for name in (self.state.left, right))
        return {
            "left": left,
            "right": right,
            "tiles": tiles.tiles(s, unit, acted),
            "changed": tiles.changed(s, acted, unit),
            "small": headline(s, acted).small_print(unit),
            "worlds": explore.figure("worlds", s, unit, self.start, acted) if acted else None,
            "answer": self.answer(s) if acted else None,
        }

    def answer(self, s: Summary) -> dict[str, Any]:
        """Return the headline for what compares it: the change as a share, its verdict, its sentence."""
        told = headline(s)
        change = told.of(self.state.unit)
        return {
            "ratio": round(change.relative.mean, 4) if isfinite(change.relative.mean) else 0.0,
            "verdict": change.said,
            "amount": change.amount(),
            "share": change.share(),
            "window": told.window,
            "said": told.sentence(self.state.unit),
        }

    def common(self) -> dict[str, Any]:
        """Return what every page shows: levers, link, history, notices."""
        state = self.state
        return {
            "levers": {
                name: {
                    "x": round(p.intensity, 4),
                    "start": p.start.isoformat() if p.start else "",
                    "end": p.end.isoformat() if p.end else "",
                    "countries": list(p.countries),
                    "settings": {key: getattr(p, key) for key in p.changed_settings()},
                    "more": len(state.further(name)),
                }
                for name, p in state.levers.items()
            },
            "link": url_state.encode(state),
            "text": state.text(),
            "undo": bool(self.past),
            "redo": bool(self.future),
            "notice": self.notice,
            "problems": self.problems[:4],
            "unit": state.unit,
            "record": state.record,
            "rule": state.rule,
            "source": state.source,
            "drawn": gettext(DRAWN[state.source]),
            "seed": state.seed,
            "scenario": state.scenario,
            "states": states.controls(self.base, state.chance),
            "notes": notes(self.scenario, {"package": state.package()}),
            "scenario_title": gettext(self.scenario.title) or self.scenario.name,
            "dates": [
                self.scenario.start.isoformat(),
                self.scenario.end.isoformat(),
                self.scenario.policy_start.isoformat(),
            ],
        }
