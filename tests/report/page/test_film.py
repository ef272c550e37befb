import base64
from typing import Any

import numpy as np

from layerclaims.report.figures.palette import GROUP_COLOURS, SHADES
from layerclaims.report.page.film import MAX_VALUES, STEPS, film_data, quantise
from tests.report.builder import make_evidence, make_points, study_of


def decoded(measure: dict[str, Any]) -> np.ndarray:
    three = np.frombuffer(base64.b64decode(measure["data"]), np.uint8).reshape(-1, 3).astype(int)
    pairs = np.stack([three[:, 0] + three[:, 1] % 16 * 256, three[:, 1] // 16 + three[:, 2] * 16], axis=1)
    n_levels = len(measure["low"])
    n_points = pairs.size // n_levels
    steps = pairs.ravel()[: n_levels * n_points].reshape(n_levels, n_points)
    low, high = (np.array(measure[end])[:, None] for end in ("low", "high"))
    return np.asarray(low + (high - low) * steps / STEPS)


def test_quantised_values_are_within_half_a_step() -> None:
    values = np.random.default_rng(0).normal(size=(4, 50)) * np.array([[1e-6], [1], [1e3], [0]])
    spans = np.ptp(values, axis=1, keepdims=True)
    assert np.all(
        np.abs(decoded(quantise(values)) - values) <= 0.51 * spans / STEPS + 1e-6 * np.abs(values) + 1e-9
    )


def test_the_film_holds_the_pairs_that_it_names() -> None:
    points = make_points()
    study = study_of(make_evidence(), points)
    film = film_data(study)
    assert film is not None
    commas = film["kinds"][0]
    index = np.frombuffer(base64.b64decode(commas["index"]), "<u2").reshape(-1, 2)
    assert np.array_equal(index, points["internal.index"])
    assert np.allclose(decoded(commas["measures"]["pearson"]), points["internal.pearson"], atol=5e-4)


def test_pairs_of_grouped_tokens_have_the_colours_of_their_sorts_and_other_kinds_are_grey() -> None:
    points = make_points()
    evidence = make_evidence()
    film = film_data(study_of(evidence, points))
    assert film is not None
    commas, stops = film["kinds"]
    sorts = np.frombuffer(base64.b64decode(commas["sorts"]), "<u2")
    group_of = np.array(evidence.token_groups[0].labels)
    assert sorts.tolist() == [group_of[one] + group_of[other] for one, other in points["internal.index"]]
    assert set(sorts.tolist()) == {0, 1, 2}
    assert [SHADES[name].light for name in commas["colours"]] == list(GROUP_COLOURS)
    assert (stops["colours"], stops["sorts"]) == (["muted"], None)
    assert commas["sort_names"] == ["both of group 1", "one of each", "both of group 2"]
    assert stops["sort_names"] == []


def test_without_groups_each_kind_has_one_colour_of_its_own() -> None:
    film = film_data(study_of(make_evidence(token_groups=[]), make_points()))
    assert film is not None
    assert [(kind["colours"], kind["sorts"]) for kind in film["kinds"]] == [
        (["kind1"], None),
        (["kind2"], None),
    ]


def test_a_deep_model_gets_fewer_points_instead_of_a_larger_page() -> None:
    study = study_of(make_evidence(60, 250), make_points(60, 250, 4000))
    film = film_data(study)
    assert film is not None
    size = sum(len(measure["data"]) for kind in film["kinds"] for measure in kind["measures"].values())
    assert 1.8 * MAX_VALUES < size <= 2 * MAX_VALUES + 100


def test_without_points_there_is_no_film() -> None:
    assert film_data(study_of(make_evidence())) is None
