from pathlib import Path

import pytest

from tests.sweep.stage import Stage, set_stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Give a folder for a sweep of played subjects."""
    return set_stage(tmp_path)
