"""supplysim: an agent-based simulator of how export-controlled AI chips are diverted, and of what policy can do.

    import supplysim as ss
    model = ss.SupplyChain("baseline-2024", rng=7)
    effects = ss.compare("baseline-2027", ["whistleblower", "border=0.5"], pairs=64)

Names are imported when first used, so that looking something up stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supplysim import evidence, policies
    from supplysim.agents.views import Buyer, Distributor, EndUser, Enforcer, Intermediary, Vendor
    from supplysim.api import Study, attribute, compare, reproduce
    from supplysim.decision.decide import decide
    from supplysim.decision.decision import Decision
    from supplysim.engine import Engine
    from supplysim.errors import InputError
    from supplysim.experiment.side_by_side import beside
    from supplysim.experiment.sweep import sweep
    from supplysim.model import SupplyChain
    from supplysim.packs import use_world
    from supplysim.setup.scenario import Scenario
    from supplysim.validation.scoring import score
    from supplysim.week import PHASES

    __version__: str

_HOME = {
    "SupplyChain": "supplysim.model",
    "Engine": "supplysim.engine",
    "PHASES": "supplysim.week",
    "Scenario": "supplysim.setup.scenario",
    "Vendor": "supplysim.agents.views",
    "Distributor": "supplysim.agents.views",
    "EndUser": "supplysim.agents.views",
    "Intermediary": "supplysim.agents.views",
    "Buyer": "supplysim.agents.views",
    "Enforcer": "supplysim.agents.views",
    "compare": "supplysim.api",
    "attribute": "supplysim.api",
    "decide": "supplysim.decision.decide",
    "Decision": "supplysim.decision.decision",
    "reproduce": "supplysim.api",
    "beside": "supplysim.experiment.side_by_side",
    "sweep": "supplysim.experiment.sweep",
    "score": "supplysim.validation.scoring",
    "Study": "supplysim.api",
    "use_world": "supplysim.packs",
    "InputError": "supplysim.errors",
    "policies": "supplysim",
    "evidence": "supplysim",
}
__all__ = [
    "Buyer",
    "Decision",
    "Distributor",
    "EndUser",
    "Enforcer",
    "Engine",
    "InputError",
    "Intermediary",
    "PHASES",
    "Scenario",
    "Study",
    "SupplyChain",
    "Vendor",
    "__version__",
    "attribute",
    "beside",
    "compare",
    "decide",
    "evidence",
    "policies",
    "reproduce",
    "score",
    "use_world",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # a tenth of the time of a look-up

        return version("supplysim")
    if name not in _HOME:
        raise AttributeError(f"module 'supplysim' has no attribute {name!r}")
    home = _HOME[name]
    return import_module(f"supplysim.{name}") if home == "supplysim" else getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
