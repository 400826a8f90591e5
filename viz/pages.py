"""Which pages there are, what stays the same on each, and what a visit shows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from supplysim.viz import links
from supplysim.viz.desk import Desk, encoded
from supplysim.viz.figures import film as films
from supplysim.viz.figures.compare import MEASURES
from supplysim.viz.figures.explore import TITLES
from supplysim.viz.levers import GROUPS, PRESETS, panel
from supplysim.viz.session import Session
from supplysim.viz.words import INFO, RULES

from supplysim import __version__, evidence
from supplysim.analysis.emulator import emulator
from supplysim.errors import InputError
from supplysim.experiment.design import parameter_draws
from supplysim.policies import parse

NAMES = {
    "explore": "Explore",
    "compare": "Compare",
    "learn": "Learn",
    "watch": "Watch",
    "assumptions": "Assumptions",
    "evidence": "Evidence",
    "info": "Info",
    "present": "Present",
}
PAGES = tuple(NAMES)
_numbers = itertools.count(1)


@cache
def shared() -> dict[str, Any]:
    """Return what every page needs."""
    from supplysim.scenario import available

    return {
        "version": __version__,
        "pages": [{"id": name, "title": title} for name, title in NAMES.items()],
        "levers": panel(),
        "groups": [{"id": key, "title": title} for key, title in GROUPS.items()],
        "presets": [{"id": key, "title": title, "text": text} for key, (title, text) in PRESETS.items()],
        "graphs": [{"id": key, "title": title} for key, title in TITLES.items()],
        "scenarios": [{"id": name, "title": title or name} for name, title in available().items()],
        "measures": [{"id": key, "title": title} for key, (title, _, _) in MEASURES.items()],
    }


@cache
def contents(name: str) -> dict[str, Any]:
    """Return what stays the same on a page."""
    if name == "assumptions":
        return shared() | {"parameters": parameters(), "rules": RULES}
    if name == "evidence":
        return shared() | {"tables": tables(), "emulator": tested()}
    if name == "info":
        return shared() | {"info": INFO}
    return shared()


def parameters() -> list[dict[str, Any]]:
    """Return the parameters by group, each with what its prior says."""
    groups: dict[str, list[list[str]]] = {}
    for name, p in evidence.parameters().items():
        low, high = (p.prior.quantile(0.05), p.prior.quantile(0.95)) if p.prior is not None else (None, None)
        spread = f"{low:.3g} – {high:.3g}" if low is not None and high is not None else "fixed"
        groups.setdefault(p.group, []).append(
            [name.replace("_", " "), p.meaning, f"{p.default:g} {p.unit}", spread, ", ".join(p.sources)]
        )
    return [{"title": group, "rows": rows} for group, rows in groups.items()]


def tables() -> list[dict[str, Any]]:
    """Return the evidence as tables with links."""
    world = [
        [r.id, r.quantity, span(r), r.unit, r.confidence, r.source_title, address(r.source_url)]
        for r in evidence.quantities().values()
    ]
    policy = [
        [f"P:{r.id}", f"{r.lever}: {r.parameter}", span(r), r.unit, r.confidence, r.source_title, address(r.source_url)]
        for r in evidence.tables.levers().values()
    ]
    return [
        {"id": "world", "title": "About the world", "rows": world},
        {"id": "policy", "title": "About the levers", "rows": policy},
    ]


def span(row: Any) -> str:
    """Return a quantity's range, or the source's own words."""
    if row.text and row.central is None:
        return row.text
    return " – ".join(f"{v:,g}" for v in (row.low, row.central, row.high) if v is not None)


def address(text: str) -> str:
    """Return a link if it is a plain web address."""
    first = text.split(" ")[0]
    return first if first.startswith(("https://", "http://")) else ""


def tested() -> dict[str, Any]:
    """Return how well the quick estimate does on packages it has not seen."""
    known = emulator()
    if known is None or "delivered" not in known.report:
        return {}
    titles = {
        "delivered": "Chips delivered",
        "seized": "Chips seized",
        "mark_up": "Price over list",
        "interdiction_rate": "Share seized",
        "honest_flagged_share": "Honest orders flagged",
        "training_share": "Training share",
    }
    rows = [
        [
            titles[name],
            f"{100 * case['median_error']:.1f} %",
            f"{100 * case['p90_error']:.1f} %",
            f"{case['correlation']:.2f}" if case["correlation"] is not None else "–",
            f"{100 * case['inside']:.0f} %",
        ]
        for name, case in known.report.items()
        if name in titles
    ]
    return {
        "rows": rows,
        "packages": known.report["test_packages"],
        "pairs": known.report["test_pairs"],
        "train": known.report["train_rows"],
        "points": known.report["delivered"]["points"],
        "ms": round(known.report.get("milliseconds", 0.0), 1),
    }


class Visit(Session):
    """A session and the pages it looks at."""

    def __init__(self, query: str, publish: Callable[[], None]) -> None:
        self.name = "explore"
        self.reply: dict[str, Any] = {}
        self.film: dict[str, Any] = {}
        self.filming = ""
        super().__init__(query, publish)
        self.desk = Desk(self)

    def close(self) -> None:
        """Forget the visitor."""
        self.desk.close()
        super().close()

    def link(self) -> str:
        """Return the query of the link to what is shown."""
        return links.encode(self.state)

    def hand(self, name: str, kind: str, content: bytes) -> None:
        """Give the browser a file."""
        self.reply = {"number": next(_numbers), "name": name, "type": kind, "base64": encoded(content)}

    def show(self, name: str) -> None:
        """Prepare a page that is about to be shown."""
        if name != self.name or name == "compare":
            self.name = name
            if name == "compare":
                self.desk.open(self.rest.get("c", ""))
            if name == "watch" and not self.film and not self.filming:
                self._do_watch({})

    def view(self, name: str) -> dict[str, Any]:
        """Return what changes on a page."""
        with self.lock:
            if name in ("explore", "present"):
                return self.explore()
            if name == "compare":
                return self.common() | self.desk.view() | {"acted": bool(self.state.levers)}
            view = self.common() | {
                "acted": bool(self.state.levers),
                "seq": self.seq,
                "badge": self.badge(),
                "outside": self.outside,
                "busy": self.busy,
            }
            if name == "assumptions":
                view |= {"tornado": self.tornado()}
            if name == "watch":
                view |= {"filming": self.filming}
            return view

    def _do_desk(self, message: dict[str, Any]) -> None:
        self.desk.act(message)

    # --- assumptions -----------------------------------------------------------------------------------

    def tornado(self) -> dict[str, Any] | None:
        """Return which uncertain parameters matter most for deliveries and for the package's effect."""
        job = self.job
        if job is None or self.progress < 16 or self.state.source != "prior":
            return None
        pairs = self.progress
        draws = parameter_draws(self.scenario, "prior", 64, self.state.seed)[:pairs]
        base = np.array([job.done[pair, 0].account.delivered for pair in range(pairs)], dtype=float)
        policy = np.array([job.done[pair, 1].account.delivered for pair in range(pairs)], dtype=float)
        change = np.where(base > 0, (policy - base) / np.maximum(base, 1.0), 0.0)
        acted = bool(self.state.levers)
        target = change if acted else base
        found = []
        for name in draws[0]:
            values = np.array([draw[name] for draw in draws])
            if values.std() > 0 and target.std() > 0:
                found.append((name, spearman(values, target)))
        found.sort(key=lambda item: -abs(item[1]))
        rows = [
            {
                "label": name.replace("_", " "),
                "value": round(r, 3),
                "text": f"{r:+.2f}".replace("-", "−"),
                "meaning": evidence.parameters()[name].meaning,
            }
            for name, r in found[:12]
        ]
        what = "the package's relative effect" if acted else "deliveries as they stand"
        noise = 1.64 / np.sqrt(max(pairs - 1, 1))
        return {
            "id": "tornado",
            "kind": "tornado",
            "title": "What matters most",
            "rows": rows,
            "noise": round(float(noise), 3),
            "status": "exact",
            "pairs": pairs,
            "sub": f"Rank correlation of each uncertain parameter with {what} over {pairs} runs. Inside the grey band: not told from chance.",
            "source": "Parameters drawn from their priors together; correlation, not cause.",
            "file": "supplysim-tornado",
            "aria": "; ".join(f"{r['label']} {r['text']}" for r in rows[:5]),
            "table": {
                "head": ["Parameter", "Rank correlation", "Meaning"],
                "rows": [[r["label"], r["text"], r["meaning"]] for r in rows],
            },
        }

    # --- watch -----------------------------------------------------------------------------------------

    def _do_watch(self, message: dict[str, Any]) -> None:
        """Film one world as it stands, and its twin with the package."""
        seed = int(message.get("seed", self.film.get("seed", 7)))
        if not 0 <= seed < 10**9:
            raise InputError("seed", seed, "it must lie between 0 and 999999999", "use 7, say")
        package = self.state.package() or parse(PRESETS["border"][1], self.scenario).policies
        central = self.scenario.central_parameters()
        scenario, title = self.scenario, " + ".join(p.label() for p in package)
        self.filming = f"{seed}:{title}"
        wanted = self.filming
        futures = [self.pool.call(films.shoot, scenario, arm, seed, central) for arm in ((), package)]

        def ready(_: Any) -> None:
            with self.lock:
                if self.filming != wanted or not all(future.done() for future in futures):
                    return
                self.filming = ""
                if any(future.cancelled() or future.exception() is not None for future in futures):
                    self.notice = "The run could not be filmed; try another seed."
                else:
                    self.film = twins(*(future.result() for future in futures)) | {"seed": seed, "package": title}
            self.publish()

        for future in futures:
            future.add_done_callback(ready)


def twins(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Return both films, every followed lot with what became of the same order in the other world."""
    words = ("still open", "filled", "given up")
    for film, other in ((a, b), (b, a)):
        book = other["lots"]["orders"]
        for lot in film["lots"]["picked"].values():
            twin = book.get(lot["identity"])
            if twin is None:
                lot["twin"] = "In the other world this order was never placed."
            else:
                week, size, bought, status = twin
                lot["twin"] = (
                    f"In the other world the buyer's same order was placed in week {week}: {size} chips, of which {bought} were bought; it is {words[status]}."
                )
    return {"id": next(_numbers), "worlds": [{**film, "lots": film["lots"]["picked"]} for film in (a, b)]}


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Return the rank correlation."""
    a, b = (values.argsort().argsort().astype(float) for values in (x, y))
    return float(np.corrcoef(a, b)[0, 1])
