from collections.abc import Iterator

import pytest
from matplotlib.style import context

from layerclaims.report.figures.svg import drawing_style
from layerclaims.report.study import Study
from tests.report.builder import make_evidence, make_points, study_of


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    """Draw as the report does."""
    with context(drawing_style()):
        yield


@pytest.fixture(scope="session")
def study() -> Study:
    """Give a run of twelve blocks and thirty tokens of each kind."""
    return study_of(make_evidence(), make_points())
