from pathlib import Path

import pytest

from layerclaims.calibration.error_rates import PAGE, RATES
from layerclaims.claims.document import DOCUMENT
from layerclaims.errors import InputError
from layerclaims.rule_hashes.error_rates import error_rates_of, read_error_rates


def test_the_file_has_the_rows_of_the_documentation() -> None:
    page = PAGE.read_text(encoding="utf-8")
    table = page.split("<!-- begin calibration -->\n")[1].split("\n<!-- end calibration -->")[0].split("\n")
    rates = read_error_rates(DOCUMENT.error_rates)
    assert DOCUMENT.error_rates is not None
    assert DOCUMENT.error_rates.samefile(RATES)
    assert rates == error_rates_of(table)
    assert sum(map(len, rates.values())) == len(table) - 2


def test_a_row_is_read_with_its_percentages_and_draws() -> None:
    rows = ["| heads |", "| --- |", "| `a-claim` | all true | true **(missed)** | 90 | 4 | 6 | 0 | 50 |"]
    (rate,) = error_rates_of(rows)["a-claim"]
    assert (rate.planted, rate.truth) == ("all true", "true")
    assert (rate.supported, rate.refuted, rate.inconclusive, rate.not_applicable) == (90, 4, 6, 0)
    assert rate.draws == 50


def test_a_document_without_a_file_has_no_rates() -> None:
    assert read_error_rates(None) == {}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": [{"planted": 1}]}', '{"a": 3}', "\ufeff{}"])
def test_a_damaged_file_is_named_in_a_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "rates.json"
    path.write_text(content)
    with pytest.raises(InputError, match=r"rates\.json holds no error rates of claims \(.") as raised:
        read_error_rates(path)
    assert "\n" not in str(raised.value)
    assert "pydantic" not in str(raised.value)
