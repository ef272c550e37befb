"""An undefined result says its reason as a template with values."""

from layerclaims.analysis.errors import UndefinedResultError


def test_the_sentence_has_its_values_in_their_gaps() -> None:
    error = UndefinedResultError(
        "{n} of {all} at {place}, lowest {lowest}", n=2, all=7, place="(1, 2)", lowest=0.1 + 0.2
    )
    assert str(error) == "2 of 7 at (1, 2), lowest 0.3"
    assert error.template == "{n} of {all} at {place}, lowest {lowest}"
    assert error.values == {"n": 2, "all": 7, "place": "(1, 2)", "lowest": 0.1 + 0.2}


def test_a_gap_without_a_value_stays_as_it_is() -> None:
    assert str(UndefinedResultError("of {what}")) == "of {what}"


def test_it_is_a_value_error() -> None:
    error = UndefinedResultError("why {n}", n=1)
    assert isinstance(error, ValueError)
    assert error.args == ("why {n}",)
