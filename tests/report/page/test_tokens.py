"""The table of tokens has every measured token, and what its pairs say."""

import numpy as np
import pytest

from layerclaims.report.page.tokens import token_tables
from tests.report.builder import make_evidence, make_points, study_of


def test_every_token_has_its_window_group_amplitudes_and_means() -> None:
    points = make_points(12, 30, 200)
    std = {"internal": [[float(10 * layer + token) for token in range(30)] for layer in range(4)]}
    commas, stops = token_tables(study_of(make_evidence(token_std=std), points))
    assert (commas.kind, len(commas.rows), commas.layers) == ("internal", 30, [1, 2, 3])
    assert commas.measures == ["covariance", "mutual_information"]
    row = commas.rows[7]
    assert row.amplitudes == [17.0, 27.0, 37.0]
    assert row.group == 2
    own = (points["internal.index"] == 7).any(axis=1)
    for name, mean in zip(commas.measures, row.means, strict=True):
        assert mean == pytest.approx(float(points[f"internal.{name}"][1, own].mean()), rel=1e-5)
    assert not stops.has_groups
    assert stops.rows[0].amplitudes == []


def test_a_token_without_sampled_pairs_has_no_means() -> None:
    (commas, _) = token_tables(study_of(make_evidence(), make_points(12, 30, 3)))
    assert sum(np.isnan(row.means).all() for row in commas.rows) >= 24


def test_without_texts_there_is_no_table() -> None:
    assert token_tables(study_of(make_evidence(samples={}), make_points())) == []


def test_amplitudes_of_another_number_of_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match=r"token_std\.internal needs one number for each of 30 tokens"):
        make_evidence(token_std={"internal": [[1.0] * 29]})
