"""Stand-ins for the model whose posterior, or whose sensitivity, is known."""

import numpy as np

from supplysim.calibration.targets import Target
from supplysim.evidence import Prior
from supplysim.sensitivity.ranking import LEVERS, VOLUME_2024, VOLUME_LATER

PRIORS = {"level": Prior("normal", (0.0, 1.0)), "idle": Prior("normal", (0.0, 1.0))}
NOISE = 0.3


def market(task):
    """Return exp(level), seen with noise as well; `idle` does nothing."""
    seed, parameters = task
    noise = NOISE * np.random.default_rng(seed).standard_normal()
    level = parameters["level"]
    return {"delivered": float(np.exp(level)), "public:listings": float(np.expm1(max(level + noise, 0.0)))}


def target(median, scatter):
    return Target("volume", "delivered", "lognormal", None, median, None, scatter, "2024", ("Q001",))


def policies(task):
    """Return volumes of which `level` explains four fifths and `idle` one, and levers that never change places."""
    _, parameters = task
    volume = 10.0 ** (6.0 + 2.0 * parameters["level"] + parameters["idle"])
    falls = {lever: 0.1 * place + 1e-3 * parameters["level"] for place, lever in enumerate(LEVERS)}
    return {VOLUME_2024: volume, VOLUME_LATER: volume, **falls}
