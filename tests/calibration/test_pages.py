"""The pages that commands fill are in the documentation, with a place for each table."""

from pathlib import Path

import pytest

from layerclaims.calibration import cluster_methods, coverage, error_rates
from layerclaims.calibration.tables import write_sections


@pytest.mark.parametrize(
    "page", [cluster_methods.PAGE, coverage.PAGE, error_rates.PAGE], ids=lambda page: page.name
)
def test_a_page_is_found_from_the_package(page: Path) -> None:
    assert page.is_file()


@pytest.mark.parametrize("table", ["summary", "criteria", "calibration"])
def test_every_table_has_its_place(table: str) -> None:
    text = error_rates.PAGE.read_text(encoding="utf-8")
    filled = error_rates.fill_table(text, table, ["a row"])
    assert f"<!-- begin {table} -->\na row\n<!-- end {table} -->" in filled


@pytest.mark.parametrize("table", ["coverage", "boundary"])
def test_every_table_of_dependent_tokens_has_its_place(table: str, tmp_path: Path) -> None:
    copy = tmp_path / "page.md"
    copy.write_text(coverage.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    write_sections(copy, {table: "a row"})
    assert f"<!-- begin {table} -->\na row\n<!-- end {table} -->" in copy.read_text(encoding="utf-8")
