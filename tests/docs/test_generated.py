import pytest

from tests.docs.generated import GENERATED, split


@pytest.mark.parametrize(("page", "name"), GENERATED)
def test_the_part_is_what_the_project_gives(page: str, name: str) -> None:
    assert split(page, name)[1] == GENERATED[page, name](), "run python -m tests.docs.generated"
