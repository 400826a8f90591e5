"""SALib: a problem from the priors, its samples as a design of `compare`, and a study's effects as its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim import arguments
from supplysim.bridges.points import EDGES, uncertain
from supplysim.errors import InputError
from supplysim.experiment.comparison import Comparison
from supplysim.run import BASELINE
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("sobol", "delta", "pawn", "rbd_fast", "hdmr")  # that need no more than samples and results


def problem(scenario: str | Path | Scenario, parameters: Sequence[str] | None = None) -> dict[str, Any]:
    """Return a SALib problem: a factor a parameter, varied between 5 and 95 % of its prior, in shares of the prior.

    Raises
    ------
    InputError
        If a name is no uncertain parameter of the scenario.
    """
    names = [*uncertain(gate.scenario_of(scenario), parameters)]
    return {"num_vars": len(names), "names": names, "bounds": [list(EDGES)] * len(names)}


def draws(samples: Any, problem: Mapping[str, Any], scenario: str | Path | Scenario) -> pd.DataFrame:
    """Return samples of a problem as parameters in their own units: what `compare(draws=...)` takes, row by row."""
    import pandas as pd

    priors, shares = gate.scenario_of(scenario).uncertain(), np.asarray(samples, dtype=float)
    names = list(problem["names"])
    if shares.ndim != 2 or shares.shape[1] != len(names):
        rule = f"the problem has {len(names)} factors"
        raise InputError(
            "samples", f"an array of shape {shares.shape}", rule, "give what a sampler of SALib made of it"
        )
    return pd.DataFrame({name: priors[name].quantile(shares[:, at]) for at, name in enumerate(names)})


def results(study: Comparison, policy: str = BASELINE, measure: str = "delivered") -> np.ndarray:
    """Return a measure over the window, row by row of the design: a policy's effect, or the baseline's level."""
    level = study.values(BASELINE, measure, study.window)
    return level if policy == BASELINE else study.values(policy, measure, study.window) - level


def analyse(
    problem: Mapping[str, Any],
    study: Comparison,
    policy: str = BASELINE,
    measure: str = "delivered",
    method: str = "sobol",
    samples: Any = None,
    **settings: Any,
) -> pd.DataFrame:
    """Return a method's indices, one row a factor.

    Every row of a design has its own seed, so chance stands among what no factor explains.

    Parameters
    ----------
    method : {"sobol", "delta", "pawn", "rbd_fast", "hdmr"}
    samples : array_like, optional
        What `draws` was given; needed by all methods but "sobol".
    """
    import pandas as pd

    module = import_module(f"SALib.analyze.{arguments.known(method, METHODS, 'method', 'method')}")
    given = () if method == "sobol" else (np.asarray(samples, dtype=float),)
    found = module.analyze(dict(problem), *given, results(study, policy, measure), **settings)
    factors = len(problem["names"])
    columns = {name: values for name, values in found.items() if np.shape(values) == (factors,) and name != "names"}
    return pd.DataFrame(columns, index=pd.Index(problem["names"], name="parameter"))
