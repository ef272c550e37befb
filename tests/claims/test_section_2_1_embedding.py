"""At the embedding tokens of a kind are one point, other kinds, tokens and positions are others."""

from typing import Literal

import numpy as np
import pytest

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claims import test_section_2_1_embedding as embedding
from layerclaims.claims.document import COMMAS, FULL_STOPS, KINDS
from layerclaims.decision import Decision, Verdict
from tests.claims.shared.means import asked, bounds, declared

Control = Literal["mixed_tokens", "varied_positions"]


def at_a_point(place: float, n_tokens: int = 4) -> np.ndarray:
    """Give tokens that coincide at layer 0, at some distance from the origin along one axis."""
    return np.repeat([[[place, 0.0, 0.0]], [[1.0, 2.0, 3.0]]], n_tokens, axis=1)


def coinciding(
    added: bool | None = None, commas: float = 2.0, full_stops: float = 4.0, **controls: np.ndarray
) -> Measurement:
    residual = {COMMAS: at_a_point(commas), FULL_STOPS: at_a_point(full_stops, 6)}
    return Measurement(residual, embedding_controls=controls, positions_added=added)  # type: ignore[arg-type]


def number(decision: Decision) -> tuple[float, int, str]:
    assert decision.estimate is not None
    assert decision.estimate.low == decision.estimate.high
    return decision.estimate.value, decision.estimate.n, decision.estimate.method


def test_what_is_claimed_and_shown() -> None:
    assert declared(embedding.embedding_two_points, embedding.embedding_cause) == {
        "embedding-two-points": ("2.1", "empirical", ["two_points"], 0, False),
        "embedding-cause": ("2.1", "empirical", ["assertions"], 0, False),
    }
    assert bounds(embedding.COINCIDENT, embedding.APART) == [
        ("at most", 1e-6, None),
        ("at least", 1e-2, None),
    ]


def test_each_rule_is_asked_for() -> None:
    coincide = embedding.test_all_tokens_of_a_kind_coincide_at_layer_0
    assert asked(coincide, kind=FULL_STOPS) == (embedding.tokens_coincide, {"kind": FULL_STOPS})
    assert asked(embedding.test_the_two_kinds_are_two_points_at_layer_0) == (embedding.kinds_differ, {})
    assert asked(embedding.test_other_tokens_are_other_points) == (embedding.mixing_separates, {})
    positions = embedding.test_other_positions_are_other_points_exactly_where_positions_are_added
    assert asked(positions) == (embedding.positions_decide, {})


def test_the_token_furthest_from_the_centre_tells_whether_all_coincide() -> None:
    residual = {COMMAS: np.array([[[3.0, 0.0], [3.0, 4.0], [3.0, -4.0], [3.0, 0.0]]] * 2)}
    decision = embedding.tokens_coincide(Measurement(residual), kind=COMMAS)
    # The centre is (3, 0), the furthest token 4 from it; lengths are 3, 5, 5 and 3.
    assert number(decision) == (1.0, 4, "largest of all tokens")
    assert (decision.verdict, decision.parameters) == ("refuted", {"kind": COMMAS})
    assert str(decision.quantity) == (
        "the largest distance of commas from their centre at layer 0, relative to their length,"
    )
    assert embedding.tokens_coincide(coinciding(), kind=FULL_STOPS).supported


def test_kinds_lie_apart_by_the_distance_of_their_centres_relative_to_the_longer() -> None:
    decision = embedding.kinds_differ(coinciding(commas=2.0, full_stops=-4.0))
    assert number(decision) == (1.5, 10, "centres of all tokens")
    assert decision.supported
    assert embedding.kinds_differ(coinciding(commas=4.0, full_stops=4.01)).verdict == "refuted"


def test_one_kind_has_no_other_to_differ_from() -> None:
    decision = embedding.kinds_differ(Measurement({COMMAS: at_a_point(2)}))
    assert (decision.verdict, str(decision.reason)) == (
        "not_applicable",
        "it takes commas and full stops, and only one kind is here",
    )


SPREAD = np.array([[1.0, 0.0], [1.0, 0.5], [1.0, -0.5], [1.0, 0.0], [1.0, 0.0]])
"""Tokens of which three lie at their centre and two do not: the median lies at it, the largest does not."""
HALF_SPREAD = np.array([[1.0, 0.0], [1.0, 0.5], [1.0, -0.5], [1.0, 0.3], [1.0, -0.3]])


@pytest.mark.parametrize(("tokens", "verdict"), [(SPREAD, "refuted"), (HALF_SPREAD, "supported")])
def test_half_of_the_other_tokens_must_lie_apart(tokens: np.ndarray, verdict: Verdict) -> None:
    decision = embedding.mixing_separates(coinciding(mixed_tokens=tokens))
    assert (decision.verdict, decision.parameters) == (verdict, {})
    lengths = np.linalg.norm(tokens, axis=1).mean()
    middle = 0 if verdict == "refuted" else 0.3
    value, *told = number(decision)
    assert value == pytest.approx(middle / lengths)
    assert told == [5, "median of all tokens"]
    assert decision.criterion == embedding.APART


def test_positions_that_are_added_must_separate_half_of_the_tokens() -> None:
    decision = embedding.positions_decide(coinciding(True, varied_positions=HALF_SPREAD))
    assert (decision.verdict, decision.parameters) == ("supported", {"positions_added": "yes"})
    assert str(decision.quantity).startswith("the median distance of one token at varied positions")
    assert number(decision)[1:] == (5, "median of all tokens")


def test_positions_that_are_not_added_must_separate_no_token() -> None:
    decision = embedding.positions_decide(coinciding(False, varied_positions=SPREAD))
    assert (decision.verdict, decision.parameters) == ("refuted", {"positions_added": "no"})
    assert str(decision.quantity).startswith("the largest distance of one token at varied positions")
    assert number(decision)[1:] == (5, "largest of all tokens")
    same = embedding.positions_decide(coinciding(False, varied_positions=np.ones((5, 2))))
    assert same.supported
    assert same.criterion == embedding.COINCIDENT


def test_where_nobody_knows_how_positions_act_they_decide_nothing() -> None:
    decision = embedding.positions_decide(coinciding(None, varied_positions=SPREAD))
    assert (decision.verdict, str(decision.reason)) == (
        "not_applicable",
        "it is not known whether the model adds positions to its embedding",
    )


def test_without_the_model_there_is_no_cause_to_try() -> None:
    missing = "the model itself is needed, and only its activations are at hand"
    others = coinciding(True, varied_positions=SPREAD)
    assert str(embedding.mixing_separates(others).reason) == missing
    assert str(embedding.positions_decide(coinciding(None)).reason) == missing
    assert str(embedding.positions_decide(coinciding(True, mixed_tokens=SPREAD)).reason) == missing


def test_where_one_kind_does_not_coincide_there_is_nothing_to_give_the_cause_of() -> None:
    residual = {kind: at_a_point(2) for kind in KINDS}
    residual[FULL_STOPS][0, 0, 1] = 1
    controls: dict[Control, np.ndarray] = {"mixed_tokens": HALF_SPREAD}
    decision = embedding.mixing_separates(Measurement(residual, embedding_controls=controls))
    assert decision.verdict == "not_applicable"
    assert "nothing to give the cause of" in str(decision.reason)


def test_tokens_of_zeros_have_no_length_to_compare_with() -> None:
    zeros = np.zeros((5, 2))
    for decision in (
        embedding.tokens_coincide(coinciding(commas=0.0), kind=COMMAS),
        embedding.mixing_separates(coinciding(commas=0.0, mixed_tokens=HALF_SPREAD)),
        embedding.mixing_separates(coinciding(mixed_tokens=zeros)),
        embedding.positions_decide(coinciding(True, varied_positions=zeros)),
        embedding.positions_decide(coinciding(False, varied_positions=zeros)),
    ):
        assert (decision.verdict, decision.reason) == ("not_applicable", embedding.ALL_ZERO)


def test_centres_at_zero_have_no_length_to_compare_with() -> None:
    either_side = np.stack([np.full((5, 20, 2), sign) for sign in (-1.0, 1.0)], axis=2).reshape(5, 40, 2)
    decision = embedding.kinds_differ(Measurement(dict.fromkeys(KINDS, either_side)))
    assert (decision.verdict, str(decision.reason)) == (
        "not_applicable",
        "the centres of both kinds at layer 0 are zero",
    )
