"""Layer 0: whether all tokens of a kind are one point."""

import numpy as np

from analysis.decision import Decision, decide, exact
from analysis.kinds import KINDS, MARK_NAMES, Kind
from analysis.measurement import Measurement
from claims.criteria import APART, COINCIDENT


def tokens_coincide(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure the largest distance of a token from its kind's centre, relative to the centre's length."""
    values = measurement.activations(kind, 0).astype(np.float64)
    centre = values.mean(axis=0)
    spread = float(np.linalg.norm(values - centre, axis=1).max() / np.linalg.norm(centre))
    return decide(
        f"the largest distance of {MARK_NAMES[kind]} from their centre at layer 0, relative to its length,",
        exact(spread, n=len(values), method="largest of all tokens"),
        COINCIDENT,
        {"kind": kind},
    )


def kinds_differ(measurement: Measurement) -> Decision:
    """Measure the distance between the two kinds' centres, relative to the longer one."""
    centres = [measurement.activations(kind, 0).astype(np.float64).mean(axis=0) for kind in KINDS]
    longest = max(float(np.linalg.norm(centre)) for centre in centres)
    distance = float(np.linalg.norm(centres[0] - centres[1])) / longest
    n_tokens = sum(measurement.n_tokens(kind) for kind in KINDS)
    return decide(
        "the distance between the two kinds' centres at layer 0, relative to the longer one,",
        exact(distance, n=n_tokens, method="centres of all tokens"),
        APART,
    )
