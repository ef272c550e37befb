"""A claim marks its tests, and has what its declaration gives it."""

import pytest

from layerclaims.claim import MARKER, Claim, Figure, figure
from layerclaims.claims.document import DOCUMENT
from layerclaims.message import message

PLAIN = Claim(DOCUMENT, "a-claim", "1", message("Something is so."))


def test_a_claim_marks_a_test_with_itself() -> None:
    def test() -> None: ...

    assert PLAIN(test) is test
    (mark,) = vars(test)["pytestmark"]
    assert (mark.name, mark.args) == (MARKER, (PLAIN,))


def test_a_plain_claim_is_empirical_with_nothing_to_show_or_note() -> None:
    assert (PLAIN.nature, PLAIN.figures, PLAIN.notes, PLAIN.null) == ("empirical", (), (), None)


def test_a_figure_is_a_kind_with_arguments() -> None:
    assert figure("profiles", kinds=("a", "b"), layer=3) == Figure(
        "profiles", {"kinds": ("a", "b"), "layer": 3}
    )
    assert Figure("profiles").arguments == {}
    assert figure("profiles", kind="internal").arguments == {"kind": "internal"}


def test_claims_and_figures_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        PLAIN.id = "another"  # type: ignore[misc]
