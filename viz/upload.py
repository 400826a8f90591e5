"""A scenario that a visitor uploads: the same gate as a file's, and the bounds that a shared server needs."""

from __future__ import annotations

import re
import tomllib

from supplysim.viz.cost import cost
from supplysim.viz.refused import Refused, nearest

from supplysim.environment import whole
from supplysim.errors import one_line
from supplysim.language import gettext
from supplysim.setup.scenario import Scenario, shipped

MOST_WEEKS, MOST_FIRMS = 320, 6_000  # of a scenario that somebody uploads: a run must stay short
LARGEST_UPLOAD = 64_000  # bytes
MOST_COST = whole("SUPPLYSIM_APP_UPLOAD_COST", 12, 1, 1_000_000)  # of a run of it, in runs of the baseline


def read_upload(text: str, name: str) -> Scenario:
    """Return the scenario in a file that somebody uploads; other files it may not name.

    Raises
    ------
    InputError
        The same one-line message as on the command line, and for what only the app refuses.
    """
    place = one_line(re.sub(r"[^A-Za-z0-9._ -]", "_", name)[:60]) or "upload.toml"
    if len(text.encode("utf-8", "replace")) > LARGEST_UPLOAD:
        raise Refused(
            place,
            None,
            gettext("is larger than {n} kB", n=LARGEST_UPLOAD // 1000),
            gettext("keep data out of scenario files"),
        )
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError):
        raw = {}  # the reader below says what is wrong with it
    parent = raw.get("extends")
    if isinstance(parent, str) and parent not in shipped():
        raise Refused(
            f"{place}: extends",
            parent,
            gettext("an uploaded file may extend a shipped scenario only"),
            nearest(parent, shipped()),
        )
    if raw.get("network"):
        raise Refused(
            f"{place}: network", None, gettext("an uploaded file may not name other files"), gettext("leave it out")
        )
    scenario = Scenario.from_text(text, place)
    if scenario.weeks > MOST_WEEKS:
        raise Refused(
            f"{place}: time.end",
            scenario.end,
            gettext("the app runs at most {n} weeks", n=MOST_WEEKS),
            gettext("choose an earlier end"),
        )
    for key in ("distributors", "end_users", "intermediaries", "buyers"):
        if getattr(scenario.population, key) > MOST_FIRMS:
            raise Refused(
                f"{place}: population.{key}",
                getattr(scenario.population, key),
                gettext("the app takes at most {n}", n=MOST_FIRMS),
                gettext("use the command line for larger worlds"),
            )
    if (estimate := cost(scenario)) > MOST_COST:
        raise Refused(
            f"{place}: population",
            None,
            gettext(
                "a run of this world is estimated at {n} runs of the baseline, and the app takes {most}",
                n=f"{estimate:.0f}",
                most=MOST_COST,
            ),
            gettext("use fewer firms, less demand or weeks, or the command line"),
        )
    return scenario
