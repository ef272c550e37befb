"""Layer 0: whether all tokens of a kind are one point, and why."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.kinds import KINDS, MARK_NAMES, Kind
from layerclaims.analysis.measurement.measurement import EmbeddingControl, Measurement
from layerclaims.analysis.statistics.estimate import exact
from layerclaims.decision import Decision, decide, not_applicable
from layerclaims.claims.criteria import APART, COINCIDENT

Floats = NDArray[np.float64]


def tokens_coincide(measurement: Measurement, *, kind: Kind) -> Decision:
    """Measure the largest distance of a token from its kind's centre, relative to a token's length."""
    values = measurement.activations(kind, 0)
    return decide(
        f"the largest distance of {MARK_NAMES[kind]} from their centre at layer 0, relative to their length,",
        exact(float(_distances(values).max()), n=len(values), method="largest of all tokens"),
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


def mixing_separates(measurement: Measurement) -> Decision:
    """Measure how far other tokens at the mark's position lie from their centre at layer 0."""
    quantity = "the median distance of mixed tokens from their centre at layer 0, relative to their length,"
    reason = _missing_control(measurement, "mixed_tokens")
    if reason:
        return not_applicable(quantity, reason)
    return _separated(measurement, "mixed_tokens", quantity)


def positions_decide(measurement: Measurement) -> Decision:
    """Measure whether the same token at other positions is another point, as the embedding's kind asks.

    Where the model adds a vector for the position, it must be; where it does not (rotary and relative
    positions act inside attention), it must not.
    """
    quantity = (
        "distance of one token at varied positions from their centre at layer 0, relative to their length,"
    )
    reason = _missing_control(measurement, "varied_positions")
    if not reason and measurement.positions_added is None:
        reason = "it is not known whether the model adds positions to its embedding"
    if reason:
        return not_applicable(quantity, reason)
    if measurement.positions_added:
        return _separated(measurement, "varied_positions", f"the median {quantity}", positions_added="yes")
    values = measurement.embedding_controls["varied_positions"]
    largest = exact(float(_distances(values).max()), n=len(values), method="largest of all tokens")
    return decide(f"the largest {quantity}", largest, COINCIDENT, {"positions_added": "no"})


def _separated(
    measurement: Measurement, control: EmbeddingControl, quantity: str, **parameters: str
) -> Decision:
    """Ask for more than a few odd ones: half of the control's tokens must lie apart."""
    values = measurement.embedding_controls[control]
    median = exact(float(np.median(_distances(values))), n=len(values), method="median of all tokens")
    return decide(quantity, median, APART, {**parameters})


def _missing_control(measurement: Measurement, control: EmbeddingControl) -> str:
    """Say why the cause cannot be tried: no such control, or nothing that it would explain."""
    if control not in measurement.embedding_controls:
        return "the model itself is needed, and only its activations are at hand"
    if not all(tokens_coincide(measurement, kind=kind).supported for kind in KINDS):
        return "the tokens of a kind do not coincide at layer 0, so there is nothing to give the cause of"
    return ""


def _distances(values: NDArray[np.floating]) -> Floats:
    """Distance of each token from the centre of all, relative to the tokens' mean length."""
    tokens = values.astype(np.float64)
    length = float(np.linalg.norm(tokens, axis=1).mean())
    if length == 0:
        raise ValueError("every activation at layer 0 is zero")
    distances: Floats = np.linalg.norm(tokens - tokens.mean(axis=0), axis=1) / length
    return distances
