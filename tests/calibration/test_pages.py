"""The pages that commands fill are in the documentation, with a place for each table."""

from pathlib import Path

import pytest

from contextuality import error_rates as example
from layerclaims.calibration import coverage, error_rates
from layerclaims.calibration.clusters import cluster_methods
from layerclaims.calibration.tables import write_sections


@pytest.mark.parametrize(
    "page", [cluster_methods.PAGE, coverage.PAGE, error_rates.PAGE], ids=lambda page: page.name
)
def test_a_page_is_found_from_the_package(page: Path) -> None:
    assert page.is_file()


@pytest.mark.parametrize(
    ("page", "table"),
    [
        (error_rates.PAGE, "summary"),
        (error_rates.PAGE, "criteria"),
        (error_rates.PAGE, "calibration"),
        (coverage.PAGE, "coverage"),
        (coverage.PAGE, "boundary"),
        (example.PAGE, "calibration"),
    ],
)
def test_every_table_has_its_place(page: Path, table: str, tmp_path: Path) -> None:
    copy = tmp_path / "page.md"
    copy.write_text(page.read_text(encoding="utf-8"), encoding="utf-8")
    write_sections(copy, {table: "a row"})
    assert f"<!-- begin {table} -->\na row\n<!-- end {table} -->" in copy.read_text(encoding="utf-8")
