from collections.abc import Iterator

import pytest
from matplotlib.style import context

from layerclaims.report.figures.svg import drawing_style
from layerclaims.report.language.words import load_words
from layerclaims.report.study import Study
from tests.report.builder import make_evidence, make_points


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    """Draw as the report does."""
    with context(drawing_style()):
        yield


@pytest.fixture(scope="session")
def study() -> Study:
    """Give a run of twelve blocks and thirty tokens of each kind."""
    return Study(make_evidence(), make_points(), load_words("en"))
