"""Runs that share their past: the weeks before any policy are run once a world and kept, policies fork off.

What comes out is equal to the bit to a run from week 0, see `Engine.fork`. Kept by the process that runs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supplysim.engine import Engine
    from supplysim.policies.base import Policy
    from supplysim.setup.scenario import Scenario

MOST = 16  # worlds kept, about 12 MB each


@dataclass
class Trunks:
    """Runs of one scenario that stand at the first week in which any policy of interest acts.

    Attributes
    ----------
    family : tuple
        What they share: scenario and first week; for another family all are dropped.
    kept : dict
        Seed and parameters -> run. The lowest seeds stay: every question begins with the first pairs, in any worker.
    """

    family: tuple[Any, ...] = ()
    kept: dict[tuple[Any, ...], Engine] = field(default_factory=dict)

    def finished(
        self,
        scenario: Scenario,
        policies: tuple[Policy, ...],
        seed: int,
        parameters: Mapping[str, float],
        first_week: int,
    ) -> Engine:
        """Return a finished run; no policy acts before `first_week`."""
        from supplysim.engine import Engine  # compiled code: only workers load it

        family, key = (scenario.hash(), first_week), (seed, tuple(parameters.items()))
        if self.family != family:
            self.family, self.kept = family, {}
        if key not in self.kept:
            last = max(self.kept, key=lambda key: key[0], default=key)
            if len(self.kept) >= MOST and seed < last[0]:
                del self.kept[last]
            if len(self.kept) < MOST:
                self.kept[key] = Engine(scenario, (), seed, parameters)
                self.kept[key].run(first_week)
        trunk = self.kept.get(key)
        engine = Engine(scenario, policies, seed, parameters) if trunk is None else trunk.fork(policies)
        engine.run()
        return engine


HERE = Trunks()  # of this process
