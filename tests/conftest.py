"""What several tests share: models that are made once, and stricter warnings than a user's run has."""

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from layerclaims.subject.resolving.model_source import embedded_model
from layerclaims.subject.storage.cache import converted_copy
from tests.builders import save_model, story

ModelFolder = Callable[[str], Path]

ONE_PROCESS = ("tests/claims/", "tests/integration/one_subject/", "tests/report/figures/")
"""Folders whose modules share what takes long to make."""

LONGEST = (
    "tests/integration/one_subject/",
    "tests/sweep/jobs/test_on_ray.py",
    "tests/fixtures/stages/test_specifications.py",
    "tests/claims/",
    "tests/integration/test_degenerate_activations.py",
    "tests/docs/test_adding_a_measure.py",
    "tests/layerclaims/test_packaging.py",
    "tests/integration/test_network.py",
    "tests/integration/test_cross_check.py",
    "tests/report/page/test_render.py",
    "tests/docs/test_formats.py",
    "tests/integration/test_hub.py",
    "tests/docs/test_another_document.py",
    "tests/browser/test_report_in_chromium.py",
)
"""What takes longest begins first: begun last, it would leave the other processes idle."""

# A busy machine is no failure: no test hangs on how long one example takes.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Make every warning an error, in tests only: other versions of libraries may warn a user."""
    config.addinivalue_line("filterwarnings", "error")
    # What a shell starts in the background ignores Ctrl-C, and what nohup starts ignores a lost connection.
    # So would the runs that tests interrupt.
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def shared_by(nodeid: str) -> str:
    """Name what runs in one process with a test: its module, or a folder whose modules share fixtures."""
    return next((folder for folder in ONE_PROCESS if nodeid.startswith(folder)), nodeid.partition("::")[0])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first; the rest stays in the order of its files."""
    places = {shared: place for place, shared in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(shared_by(item.nodeid), len(places)))


def pytest_collection_finish() -> None:
    """Look for new garbage only: modules and tests stay to the end, and each look would go through them."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give each process of `make test` what shares fixtures, which are then made once."""
    from xdist.scheduler import LoadFileScheduling

    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = shared_by
    return scheduler


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


@pytest.fixture(scope="session")
def embedded_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a cache that holds the converted copy of the embedded model; all processes share it."""
    from layerclaims.subject.model.gguf_conversion import convert_gguf

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    cache, source = shared / "cache of the embedded model", embedded_model()
    with FileLock(f"{cache}.lock"):
        if not cache.exists():
            convert_gguf(source, converted_copy(cache, source.sha256()))
    return cache
