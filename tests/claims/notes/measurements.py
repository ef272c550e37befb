"""Measurements that notes are written about."""

from collections.abc import Callable

import numpy as np

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification
from layerclaims.claims.document import KINDS

N_LEVELS, N_TOKENS, HIDDEN = 7, 60, 200
QUICK = Specification(n_resamples=50)


def make_measurement(
    change: Callable[[np.ndarray], np.ndarray] = lambda level: level, *, final_norm_factor: float = 1.0
) -> Measurement:
    """Both kinds, doubling in scale from layer to layer; ``change`` is done to the last level."""
    rng = np.random.default_rng(0)
    levels = rng.normal(size=HIDDEN) + 0.5 * rng.normal(size=(N_LEVELS, N_TOKENS, HIDDEN))
    scaled = levels * 2.0 ** np.arange(N_LEVELS)[:, None, None]
    scaled[-1] = change(scaled[-1])
    both: dict[str, np.ndarray] = dict.fromkeys(KINDS, scaled)
    normed: dict[str, np.ndarray] = dict.fromkeys(KINDS, final_norm_factor * scaled[-1])
    return Measurement(both, normed, specification=QUICK)
