"""Explore as one HTML file without a server: the quick estimate's arrays and the little that evaluates them.

    supplysim export explore.html

The page holds three objectives by year and nothing else, so it is small; `page.js` computes what `Emulator.predict`
does, and a test holds the two together.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from supplysim.emulator.predict import CLOSED, FILES, STEEP, Emulator, cases_of, emulator, file_of, indicators, refusal
from supplysim.errors import InputError, nearest
from supplysim.evidence import PLACES
from supplysim.experiment.effects import WINDOW
from supplysim.experiment.objectives import OBJECTIVES
from supplysim.outputs.measures import MEASURES
from supplysim.packs import badge, limits, stamp
from supplysim.packs.words import said, said_on_page
from supplysim.policies import levers
from supplysim.policies.base import GROUPS
from supplysim.setup.scenario import Scenario

HERE = Path(__file__).parent
TRAINING = "python -m supplysim.emulator --train"
MOST = 8  # levers of a package that it was trained on
MILLION = 1e6  # US$: costs of float16 end at 65,504 of them
FITTED = ("mean", "spread", "ratio", "variance")


def page_of(scenario: str) -> str:
    """Return the page of a scenario that has a quick estimate.

    Raises
    ------
    InputError
        If the scenario has none, or its estimate may not answer for these rules.
    """
    if scenario not in FILES and not stamp():
        raise InputError("--scenario", scenario, "it has no quick estimate", nearest(scenario, FILES))
    if emulator(scenario) is None:
        remedy = f"make it: supplysim train {scenario}" if stamp() else f"make it anew: {TRAINING} {scenario}"
        raise InputError("--scenario", scenario, refusal(scenario).lower(), remedy)
    return page(file_of(scenario) if stamp() else FILES[scenario], Scenario.load(scenario))


def page(file: Path, scenario: Scenario) -> str:
    """Return the page of a quick estimate in a file, trained on a scenario."""
    from supplysim import __version__

    known = Emulator.load(file)
    told = data(file, scenario)
    blanks = {
        "title": escape(" · ".join(filter(None, (scenario.title, badge())))),
        "question": escape(f"{scenario.question} {limits()}".rstrip()),
        "rows": f"{known.report['train_rows']:,}",
        "version": __version__,
        "start": f"{scenario.policy_start.day} {scenario.policy_start:%B %Y}",
        "most": str(MOST),
        "accuracy": accuracy(known),
        "closed": escape(PLACES[CLOSED].name),
        "edition": escape(told.pop("edition")),
        "scenario": escape(scenario.name),
        "command": f"Made by <code>supplysim export --scenario {escape(scenario.name)}</code>.",
        "style": (HERE / "page.css").read_text("utf-8"),
        "data": json.dumps(told, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"),
        "script": (HERE / "page.js").read_text("utf-8"),
    }
    text = (HERE / "page.html").read_text("utf-8")
    for name, value in blanks.items():
        text = text.replace("{{" + name + "}}", value)
    return said_on_page(text)


def data(file: Path, scenario: Scenario) -> dict[str, Any]:
    """Return what the page computes with: names, and the arrays' columns of each objective, by year and in all."""
    known = Emulator.load(file)
    with np.load(file, allow_pickle=False) as stored:
        edition = json.loads(bytes(stored["about"]).decode())["edition"]
    years = [year for year in known.years if year >= known.policy_year]
    aims = [aim for aim in OBJECTIVES.values() if aim.measure in known.measures]
    spans = [*map(str, years), WINDOW]
    columns = columns_of(known, [aim.measure for aim in aims], len(spans))
    arrays, kinds = known.arrays, levers()
    return {
        "edition": edition,
        "scenario": scenario.name,
        "steep": STEEP,
        "most": MOST,
        "groups": list(GROUPS.items()),
        "objectives": [
            {"title": said(MEASURES[aim.measure].screen.title), "short": said(aim.heading)}  # type: ignore[union-attr]
            for aim in aims
        ],
        "spans": [*spans[:-1], f"{years[0]} to {years[-1]}"],
        "levers": [lever(name, kinds[name]) for name in known.levers],
        "states": [
            {"name": state.name, "values": [[value.name, value.probability] for value in state.values]}
            for state in known.states
        ],
        "cases": [
            case_of(Emulator.load(file, case), case, columns, [aim.measure for aim in aims], spans)
            for case in cases_of(known.states)
        ],
        "fitted": {
            **{name: packed(arrays[name][:, columns]) for name in FITTED},
            "cost": packed(arrays["mean_tail"][:, -2:] / MILLION),
        },
        "z": arrays["z"][:, columns].T.tolist(),
        "scale": arrays["scale"][columns].tolist(),
        "floor": arrays["floor"][columns].tolist(),
    }


def columns_of(known: Emulator, measures: Sequence[str], spans: int) -> list[int]:
    """Return where the arrays hold measures by year and over all years."""
    quarters = len(known.series) * (known.arrays["base_series"].shape[1] - known.first_quarter)
    return [quarters + known.measures.index(name) * spans + span for name in measures for span in range(spans)]


def case_of(
    known: Emulator, case: dict[str, str], columns: Sequence[int], measures: Sequence[str], spans: Sequence[str]
) -> dict[str, Any]:
    """Return the world as it stands in one case of the states."""
    arrays = known.arrays
    return {
        "case": case,
        "indicators": indicators(known.states, case).tolist(),
        "base": [known.base.effects[name, span].base.tolist() for name in measures for span in spans],
        "mean": arrays["base_mean"][columns].tolist(),
        "log_middle": arrays["log_middle"][columns].tolist(),
        "log_base": arrays["log_base"][:, columns].T.tolist(),
    }


def lever(name: str, kind: Any) -> dict[str, Any]:
    """Return what a slider says of a lever, and the text that means it on the command line."""
    physical = kind.physical()
    return {
        "name": name,
        "term": f"{name}:{CLOSED}" if name == "close_country" else name,
        "title": said(kind.title),
        "short": said(kind.short),
        "group": kind.group,
        **physical._asdict(),
    }


def packed(array: np.ndarray) -> str:
    """Return an array as float16, little-endian, in base64."""
    return b64encode(np.ascontiguousarray(array, "<f2").tobytes()).decode()


def accuracy(known: Emulator) -> str:
    """Return how well packages were told that it was not fitted to, as a table."""
    report = known.report
    rows = "".join(
        f"<tr><th scope='row'>{aim.heading}</th><td>{100 * told['median_error']:.1f} %</td>"
        f"<td>{100 * told['p90_error']:.1f} %</td>"
        f"<td>{100 * told['inside']:.0f} %</td></tr>"
        for aim in OBJECTIVES.values()
        if (told := report.get(aim.measure))
    )
    head = "<th scope='col'></th><th scope='col'>middle case off by</th><th scope='col'>nine of ten within</th>"
    return (
        f"<p class='note'>{report['test_packages']} packages that it was not fitted to, {report['test_pairs']} exact "
        "pairs each; of the level as it stands, over all years.</p>"
        f"<table><thead><tr>{head}<th scope='col'>exact change inside the range</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
