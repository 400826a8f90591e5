"""One visitor: the state, its history, what is known about it now, and what the browser asks for. No Solara."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from supplysim.viz import links
from supplysim.viz.backend import Backend, Busy, Job, World, backend
from supplysim.viz.figures import explore
from supplysim.viz.levers import PRESETS
from supplysim.viz.links import GRAPHS, RECORDS, RULES, SOURCES, UNITS, State

from supplysim.analysis.emulator import CLOSED, Emulator, emulator
from supplysim.analysis.summary import Summary
from supplysim.errors import InputError, one_line
from supplysim.policies import Policy, build, levers, parse
from supplysim.scenario import Scenario

MOST_SESSIONS = int(os.environ.get("SUPPLYSIM_APP_SESSIONS", "60"))
MOST_MEMORY = int(os.environ.get("SUPPLYSIM_APP_MEMORY_MB", "3000"))
LONGEST_HISTORY = 100
_numbers = itertools.count(1)
_alive: set[int] = set()
_alive_lock = threading.Lock()


class Full(RuntimeError):
    """The server takes no more visitors now."""


def memory_mb() -> float:
    """Return the memory of this process, MB; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0


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
    """

    def __init__(
        self, query: str = "", publish: Callable[[], None] = lambda: None, pool: Backend | None = None
    ) -> None:
        with _alive_lock:
            if len(_alive) >= MOST_SESSIONS:
                raise Full(f"{MOST_SESSIONS} people use this server already; please come back in a few minutes")
            if memory_mb() > MOST_MEMORY:
                raise Full("this server has no memory to spare; please come back in a few minutes")
            self.number = next(_numbers)
            _alive.add(self.number)
        self.publish = publish
        self.pool = pool or backend()
        self.lock = threading.RLock()
        self.state, self.rest, self.problems = links.decode(query)
        self.own: Scenario | None = None
        self.past: list[State] = []
        self.future: list[State] = []
        self.drag = -1
        self.seq = 0
        self.notice = ""
        self.known: Summary | None = None  # what is shown
        self.stale = True
        self.job: Job | None = None
        self.progress = 0
        self.refresh()

    def close(self) -> None:
        """Forget the visitor."""
        self.pool.withdraw(self.number)
        with _alive_lock:
            _alive.discard(self.number)

    # --- what the state means --------------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario:
        """The scenario in use: a shipped one or the visitor's own."""
        base = self.own if self.own is not None else links.load(self.state.scenario)
        return base.with_(rules={"decision": self.state.rule}) if self.state.rule else base

    @property
    def start(self) -> float:
        """The decimal year of week 0."""
        return float(self.scenario.start.year)

    def fast(self) -> Emulator | None:
        """Return the emulator if it knows the state's world."""
        known = emulator()
        if (
            known is None
            or self.state.source != "prior"
            or self.state.seed != 1
            or self.state.rule
            or self.own is not None
        ):
            return None
        return known if self.state.scenario == links.BASELINE and known.covers(self.scenario.hash()) else None

    def inside(self) -> str:
        """Return why the emulator cannot answer, nothing if it can."""
        if self.fast() is None:
            return "The quick estimate knows only the baseline scenario with its own priors and seed 1."
        for policy in self.state.package():
            if policy.lever not in emulator().levers:  # type: ignore[union-attr]
                return f"The quick estimate does not know the lever {policy.lever}."
            plain = levers()[policy.lever]
            usual = (
                plain(intensity=policy.intensity, countries=(CLOSED,))
                if policy.lever == "close_country"
                else plain(intensity=policy.intensity)
            )
            if policy != usual:
                return f"The quick estimate does not know these dates or settings of {explore_name(policy.lever)}."
        return ""

    def refresh(self) -> None:
        """Estimate at once if that is possible, and ask for exact runs."""
        state = self.state
        package = state.package()
        why = self.inside()
        if not why:
            self.known = self.fast().predict({p.lever: p.intensity for p in package})  # type: ignore[union-attr]
            self.stale = False
        else:
            self.stale = True
        self.outside = why
        self.progress = 0
        world = World(self.scenario, state.seed, state.source)
        self.job = Job(self.number, world, (package,), self._deliver)
        try:
            self.pool.ask(self.job)
            self.busy = ""
        except Busy as error:
            self.job = None
            self.busy = f"{error}; the estimate stays until it is your turn: move a lever again in a minute"
        except InputError as error:
            self.job, self.busy = None, str(error)

    def _deliver(self, job: Job, pairs: int) -> None:
        """Take exact results from the pool's thread."""
        with self.lock:
            if job is not self.job:
                return
            if job.failed:
                self.busy = f"The exact runs stopped: {job.failed}. Move a lever to try again."
            elif pairs:
                self.known = job.summary(pairs)
                self.stale = False
                self.progress = pairs
        self.publish()

    # --- what the browser asks -------------------------------------------------------------------------

    def act(self, message: Any) -> None:
        """Do what the browser asks; anything malformed becomes a polite line, never an error."""
        if not isinstance(message, dict):
            return
        with self.lock:
            self.notice = ""
            try:
                done = (
                    getattr(self, f"_do_{message.get('do')}", None) if str(message.get("do")).isidentifier() else None
                )
                if done is not None:
                    done(message)
            except InputError as error:
                self.notice = str(error)
            except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
                self.notice = "That could not be read; nothing was changed."
            if isinstance(message.get("seq"), int):
                self.seq = message["seq"]

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

    def _do_levers(self, message: dict[str, Any]) -> None:
        state = self.state
        for name, x in list(message["levers"].items())[:40]:
            if name not in levers():
                raise InputError("lever", name, "there is no such lever", "choose one of the panel")
            strength = min(max(float(x), 0.0), 1.0)
            old = state.levers.get(name)
            if old is not None:
                policy = replace(old, intensity=strength)
            else:
                table: dict[str, Any] = {"lever": name, "intensity": strength}
                if levers()[name].needs_scope:
                    table["countries"] = [CLOSED]
                policy = build(table, "lever")
            state = state.with_lever(policy)
        self.change(state, message.get("drag"))

    def _do_detail(self, message: dict[str, Any]) -> None:
        name = message["lever"]
        table: dict[str, Any] = {"lever": name, "intensity": min(max(float(message.get("x", 1.0)), 0.0), 1.0)}
        for key in ("start", "end"):
            if (value := links.day(message.get(key))) is not None:
                table[key] = value
        places = message.get("countries")
        if places and "countries" in levers()[name].scopes:
            table["countries"] = [str(code)[:4] for code in places][:20]
        table |= {str(key)[:40]: value for key, value in list((message.get("settings") or {}).items())[:12]}
        policy = links.checked(build(table, "lever"), self.scenario, "lever")
        self.change(self.state.with_lever(policy))

    def _do_undo(self, _: dict[str, Any]) -> None:
        if self.past:
            self.future = [*self.future, self.state]
            self.state = self.past[-1]
            self.past = self.past[:-1]
            self.drag = -1
            self.refresh()

    def _do_redo(self, _: dict[str, Any]) -> None:
        if self.future:
            self.past = [*self.past, self.state]
            self.state = self.future[-1]
            self.future = self.future[:-1]
            self.drag = -1
            self.refresh()

    def _do_reset(self, _: dict[str, Any]) -> None:
        self.change(replace(self.state, levers={}))

    def _do_preset(self, message: dict[str, Any]) -> None:
        _, text = PRESETS[message["name"]]
        policies: tuple[Policy, ...] = parse(text, self.scenario).policies if text else ()
        self.change(replace(self.state, levers={policy.lever: policy for policy in policies}))

    def _do_graph(self, message: dict[str, Any]) -> None:
        side, name = message["side"], message["name"]
        if side in ("left", "right") and name in GRAPHS:
            self.state = replace(self.state, **{side: name})

    def _do_choose(self, message: dict[str, Any]) -> None:
        """Choose among fixed words: the unit, the record, the decision rule, where parameters come from."""
        known = {"unit": UNITS, "record": RECORDS, "rule": ("", *RULES), "source": SOURCES}
        key, value = message["key"], message["value"]
        if value not in known[key]:
            raise InputError(str(key)[:20], value, "there is no such choice", "choose one of the list")
        state = replace(self.state, **{key: value})
        if key in ("unit", "record"):
            self.state = state
        else:
            self.change(state)

    def _do_seed(self, message: dict[str, Any]) -> None:
        seed = int(message["seed"])
        if not 0 <= seed < 10**9:
            raise InputError("seed", seed, "it must lie between 0 and 999999999", "use 1, say")
        self.change(replace(self.state, seed=seed))

    def _do_upload(self, message: dict[str, Any]) -> None:
        text, name = message["text"], message["name"]
        if not isinstance(text, str) or not isinstance(name, str):
            raise TypeError
        scenario = links.read_upload(text, name)
        self.own = scenario.with_(policies=[])
        self.own_name = scenario.title or scenario.name
        self.past, self.future = [], []
        self.state = replace(
            self.state,
            scenario=links.UPLOADED,
            levers={p.lever: p for p in scenario.policies},
            rule="",
            seed=self.state.seed,
        )
        self.notice = f"Loaded {one_line(scenario.title or scenario.name)[:80]}: {scenario.weeks} weeks, {len(scenario.policies)} policies."
        self.refresh()

    def _do_scenario(self, message: dict[str, Any]) -> None:
        name = message["name"]
        if name not in links.shipped():
            raise InputError("scenario", name, "there is no such scenario", "choose one of the list")
        self.own = None
        base = links.load(name)
        self.change(replace(self.state, scenario=name, levers={}, rule=""))
        del base

    # --- what is shown ---------------------------------------------------------------------------------

    def badge(self) -> dict[str, Any]:
        """Return how sure the numbers on the screen are."""
        target = self.job.target if self.job else 0
        if self.busy:
            return {"state": "busy", "text": "estimate only" if not self.stale else "waiting", "n": 0, "target": target}
        if self.stale:
            return {"state": "waiting", "text": "running", "n": 0, "target": target}
        if self.known is not None and self.known.status == "estimate":
            return {"state": "estimate", "text": "estimate", "n": 0, "target": target}
        return {
            "state": "exact",
            "text": f"exact {self.progress}" if self.progress else "exact 64",
            "n": self.progress or 64,
            "target": target,
        }

    def explore(self) -> dict[str, Any]:
        """Return the Explore page."""
        with self.lock:
            acted = bool(self.state.levers)
            view: dict[str, Any] = {
                "seq": self.seq,
                "badge": self.badge(),
                "acted": acted,
                "outside": self.outside,
                "busy": self.busy,
            }
            if self.known is not None:
                s = self.known
                shown = acted and s.series_diff is not s.series_base
                figures = [
                    explore.figure(name, s, self.state.unit, self.start, shown)
                    for name in (self.state.left, self.state.right)
                ]
                view |= {
                    "tiles": explore.tiles(s, self.state.unit, shown, self.state.record),
                    "left": figures[0],
                    "right": figures[1],
                    "changed": explore.changed(s, shown),
                    "stale": self.stale,
                }
            else:
                view |= {"tiles": [], "left": None, "right": None, "changed": "Running the model…", "stale": True}
            return view | self.common()

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
                }
                for name, p in state.levers.items()
            },
            "link": links.encode(state),
            "text": state.text(),
            "undo": bool(self.past),
            "redo": bool(self.future),
            "notice": self.notice,
            "problems": self.problems[:4],
            "unit": state.unit,
            "record": state.record,
            "rule": state.rule,
            "source": state.source,
            "seed": state.seed,
            "scenario": state.scenario,
            "scenario_title": self.scenario.title or self.scenario.name,
            "dates": [
                self.scenario.start.isoformat(),
                self.scenario.end.isoformat(),
                self.scenario.policy_start.isoformat(),
            ],
        }


def explore_name(lever: str) -> str:
    """Return a lever's name on the panel."""
    from supplysim.viz.levers import SHORT

    return SHORT.get(lever, lever)
