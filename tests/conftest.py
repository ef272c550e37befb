"""What several tests share: models that are made once, and stricter warnings than a user's run has."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.builders import save_model, story

ModelFolder = Callable[[str], Path]

# A busy machine is no failure: no test hangs on how long one example takes.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Make every warning an error, in tests only: other versions of libraries may warn a user."""
    config.addinivalue_line("filterwarnings", "error")
    # What a shell starts in the background ignores Ctrl-C, and so would the runs that tests interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, in one process of `make test`, the tests that share what takes long to make."""
    for item in items:
        shared = "workplace" if "workplace" in getattr(item, "fixturenames", ()) else item.path.as_posix()
        item.add_marker(pytest.mark.xdist_group(shared))


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    """Give the folder of an untrained model by architecture; each is written once."""
    made: dict[str, Path] = {}

    def make(architecture: str) -> Path:
        if architecture not in made:
            made[architecture] = save_model(tmp_path_factory.mktemp("models") / architecture, architecture)
        return made[architecture]

    return make


@pytest.fixture(scope="session")
def story_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of a text with 60 commas and 60 full stops."""
    path = tmp_path_factory.mktemp("texts") / "story.txt"
    path.write_text(story(), encoding="utf-8")
    return path
