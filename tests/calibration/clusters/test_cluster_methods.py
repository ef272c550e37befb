"""The study of methods: what is planted is what clear plantings show, and every number gets its column."""

import numpy as np

from layerclaims.calibration.clusters.cluster_methods import SIZES, error_shares, error_tables
from layerclaims.calibration.clusters.pair_plantings import PAIR_PLANTINGS
from layerclaims.calibration.clusters.rival_methods import METHODS, count_modes

NAMES = [planting.name for planting in PAIR_PLANTINGS]


def test_no_method_but_silvermans_errs_on_equal_clear_groups() -> None:
    errors = error_shares((NAMES.index("three: scales 50/50"), 60, 1))
    assert len(errors) == len(METHODS) + 3
    assert errors[: len(METHODS)].tolist()[:3] == [0, 0, 0]
    assert errors[len(METHODS) + 1] == 0  # refuted


def test_modes_without_a_deep_valley_or_a_share_are_one() -> None:
    grid = np.linspace(-8, 8, 400)
    apart, close, small = (
        np.exp(-((grid + 3) ** 2)) + height * np.exp(-((grid - middle) ** 2))
        for height, middle in ((1, 3), (1, -1.2), (0.01, 3))
    )
    assert [count_modes(density, 0.5, 0.02) for density in (apart, close, small)] == [2, 1, 1]


def test_tables_of_errors_have_a_row_a_planting_and_their_mean() -> None:
    columns = len(METHODS) + 3
    errors = np.arange(len(SIZES) * len(NAMES) * columns, dtype=float).reshape(-1, columns)
    tables = error_tables(errors)
    assert set(tables) == {f"{what}_{size}" for what in ("errors", "judged") for size in SIZES}
    first = [[cell.strip() for cell in row.split("|")[1:-1]] for row in tables["errors_250"].split("\n")]
    assert [row[0] for row in first[2:]] == [*NAMES, "**mean**"]
    assert [float(cell) for cell in first[3][1:]] == [columns + place for place in range(len(METHODS))]
    assert len(tables["judged_60"].split("\n")) == 2 + len(NAMES)
