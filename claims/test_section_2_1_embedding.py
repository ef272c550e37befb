"""Section 2.1: at the embedding all tokens of a kind are one point, since attention has not acted yet."""

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.analysis.measurement.measurement import EmbeddingControl, Measurement
from layerclaims.analysis.statistics.estimate import exact
from layerclaims.claim import Claim, Judge, figure
from layerclaims.claims.document import DOCUMENT, KINDS
from layerclaims.decision import Criterion, Decision, Parameter, decide, not_applicable
from layerclaims.message import Message, message

embedding_two_points = Claim(
    DOCUMENT,
    id="embedding-two-points",
    section="2.1",
    statement=message(
        "At layer 0 all tokens of a kind coincide: 250 commas and 250 full stops make two points."
    ),
    figures=(figure("two_points"),),
)
embedding_cause = Claim(
    DOCUMENT,
    id="embedding-cause",
    section="2.1",
    statement=message("The tokens coincide at layer 0 because they are the same token at the same position."),
    figures=(figure("assertions"),),
)

COINCIDENT = Criterion(
    "at most",
    1e-6,
    message(
        "Equal tokens at equal positions are added up in the same order, so they may differ by the rounding "
        "of single precision (6e-8) a few times over, and by nothing else."
    ),
)
APART = Criterion(
    "at least",
    1e-2,
    message(
        "Two points are two if they lie further apart than a hundredth of their own length, ten thousand "
        "times the spread that is allowed within each."
    ),
)
ALL_ZERO = message("every activation at layer 0 is zero")


def tokens_coincide(measurement: Measurement, *, kind: str) -> Decision:
    """Measure the largest distance of a token from its kind's centre, relative to a token's length."""
    quantity = message(
        "the largest distance of {kind} from their centre at layer 0, relative to their length,",
        kind=DOCUMENT.kind(kind).name,
    )
    return _together(measurement.activations(kind, 0), quantity, {"kind": kind})


def kinds_differ(measurement: Measurement) -> Decision:
    """Measure the distance between the two kinds' centres, relative to the longer one."""
    quantity = message("the distance between the two kinds' centres at layer 0, relative to the longer one,")
    if not set(KINDS) <= set(measurement.kinds):
        return not_applicable(quantity, message("it takes commas and full stops, and only one kind is here"))
    centres = [measurement.activations(kind, 0).astype(np.float64).mean(axis=0) for kind in KINDS]
    longest = max(float(np.linalg.norm(centre)) for centre in centres)
    if longest == 0:
        return not_applicable(quantity, message("the centres of both kinds at layer 0 are zero"))
    distance = float(np.linalg.norm(centres[0] - centres[1])) / longest
    n_tokens = sum(measurement.n_tokens(kind) for kind in KINDS)
    return decide(quantity, exact(distance, n=n_tokens, method="centres of all tokens"), APART)


def mixing_separates(measurement: Measurement) -> Decision:
    """Measure how far other tokens at the mark's position lie from their centre at layer 0."""
    quantity = message(
        "the median distance of mixed tokens from their centre at layer 0, relative to their length,"
    )
    reason = _missing_control(measurement, "mixed_tokens")
    if reason:
        return not_applicable(quantity, reason)
    return _separated(measurement.embedding_controls["mixed_tokens"], quantity)


def positions_decide(measurement: Measurement) -> Decision:
    """Measure whether the same token at other positions is another point.

    It must be one where the model adds a vector for the position, and must not be one where it does not:
    rotary and relative positions act inside attention.
    """
    reason = _missing_control(measurement, "varied_positions")
    if reason is None and measurement.positions_added is None:
        reason = message("it is not known whether the model adds positions to its embedding")
    if reason:
        quantity = message(
            "distance of one token at varied positions from their centre at layer 0, relative to their "
            "length,"
        )
        return not_applicable(quantity, reason)
    values = measurement.embedding_controls["varied_positions"]
    if measurement.positions_added:
        quantity = message(
            "the median distance of one token at varied positions from their centre at layer 0, relative to "
            "their length,"
        )
        return _separated(values, quantity, {"positions_added": "yes"})
    quantity = message(
        "the largest distance of one token at varied positions from their centre at layer 0, relative to "
        "their length,"
    )
    return _together(values, quantity, {"positions_added": "no"})


def _together(values: NDArray[np.floating], quantity: Message, parameters: dict[str, Parameter]) -> Decision:
    """Decide whether all tokens coincide."""
    distances = _distances(values)
    if distances is None:
        return not_applicable(quantity, ALL_ZERO, parameters)
    largest = exact(float(distances.max()), n=len(values), method="largest of all tokens")
    return decide(quantity, largest, COINCIDENT, parameters)


def _separated(
    values: NDArray[np.floating], quantity: Message, parameters: dict[str, Parameter] | None = None
) -> Decision:
    """Decide whether at least half of the tokens lie apart."""
    distances = _distances(values)
    if distances is None:
        return not_applicable(quantity, ALL_ZERO, parameters)
    median = exact(float(np.median(distances)), n=len(values), method="median of all tokens")
    return decide(quantity, median, APART, parameters)


def _missing_control(measurement: Measurement, control: EmbeddingControl) -> Message | None:
    """Say why the cause cannot be tried: no such control, or nothing that it would explain."""
    if control not in measurement.embedding_controls:
        return message("the model itself is needed, and only its activations are at hand")
    coincide = [tokens_coincide(measurement, kind=kind) for kind in measurement.kinds]
    if any(decision.verdict == "not_applicable" for decision in coincide):
        return ALL_ZERO
    if not all(decision.supported for decision in coincide):
        return message(
            "the tokens of a kind do not coincide at layer 0, so there is nothing to give the cause of"
        )
    return None


def _distances(values: NDArray[np.floating]) -> NDArray[np.float64] | None:
    """Measure each token's distance from the centre of all, relative to the tokens' mean length, if any."""
    tokens = values.astype(np.float64)
    length = float(np.linalg.norm(tokens, axis=1).mean())
    if length == 0:
        return None
    distances: NDArray[np.float64] = np.linalg.norm(tokens - tokens.mean(axis=0), axis=1) / length
    return distances


@embedding_two_points
@pytest.mark.parametrize("kind", KINDS)
def test_all_tokens_of_a_kind_coincide_at_layer_0(kind: str, judge: Judge) -> None:
    decision = judge(tokens_coincide, kind=kind)
    assert decision.supported, decision.message


@embedding_two_points
def test_the_two_kinds_are_two_points_at_layer_0(judge: Judge) -> None:
    decision = judge(kinds_differ)
    assert decision.supported, decision.message


@embedding_cause
def test_other_tokens_are_other_points(judge: Judge) -> None:
    decision = judge(mixing_separates)
    assert decision.supported, decision.message


@embedding_cause
def test_other_positions_are_other_points_exactly_where_positions_are_added(judge: Judge) -> None:
    decision = judge(positions_decide)
    assert decision.supported, decision.message
