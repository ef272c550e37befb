"""Tables and the sections of a page that they fill."""

from pathlib import Path

import pytest

from layerclaims.calibration.tables import markdown_table, write_sections


def test_a_table_has_a_line_for_each_row() -> None:
    assert markdown_table(("what", "share"), [("one", 0.123), ("two", 12.3456)]).splitlines() == [
        "| what | share |",
        "| --- | --: |",
        "| one | 0.12 |",
        "| two | 12.3 |",
    ]


def test_only_the_sections_change(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- begin one -->\nold\n<!-- end one -->\nb\n", encoding="utf-8")
    for _ in range(2):  # it can be filled again
        write_sections(page, {"one": "new"})
    assert page.read_text(encoding="utf-8") == "a\n<!-- begin one -->\nnew\n<!-- end one -->\nb\n"


def test_a_missing_section_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- begin one -->\nold\n<!-- end one -->\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no section two"):
        write_sections(page, {"one": "new", "two": "new"})
    assert "old" in page.read_text(encoding="utf-8")
