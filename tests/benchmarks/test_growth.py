"""Growth is measured by tokens and by the shape of the model."""

from benchmarks import growth


def test_growth_is_measured_by_tokens_and_by_shape() -> None:
    assert [line.split("|")[2].strip() for line in growth.by_tokens([20, 40], hidden=64)[2:]] == [
        "190",
        "780",
    ]
    heading, _, row = growth.by_shape([(4, 64)], n_tokens=20)
    assert "| 4 x 64 |" in row
    assert heading.count("|") == row.count("|") == 5
