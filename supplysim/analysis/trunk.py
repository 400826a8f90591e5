"""Runs that share their past: the weeks before any policy are run once a world and kept, other policies fork off.

What comes out is equal to the bit to a run from week 0, see `Engine.fork`. Kept by the process that runs it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supplysim.engine import Engine
    from supplysim.policies.base import Policy
    from supplysim.scenario import Scenario

MOST = 16  # worlds kept, about 12 MB each
_trunks: OrderedDict[tuple, Engine] = OrderedDict()


def finished(
    scenario: Scenario, policies: tuple[Policy, ...], seed: int, parameters: Mapping[str, float], first_week: int
) -> Engine:
    """Return a finished run; `first_week` is the first in which any policy of interest acts."""
    from supplysim.engine import Engine  # compiled code: only workers load it

    key = (scenario.hash(), seed, tuple(parameters.items()), first_week)
    trunk = _trunks.get(key)
    if trunk is None:
        trunk = _trunks[key] = Engine(scenario, (), seed, parameters)
        trunk.run(first_week)
        while len(_trunks) > MOST:
            _trunks.popitem(last=False)
    _trunks.move_to_end(key)
    course = trunk.course(policies)
    engine = trunk.fork(course) if course.week >= trunk.week else Engine(scenario, policies, seed, parameters)
    engine.run()
    return engine
