"""One small subject for all runs: an untrained model on a story, measured once and cached.

All tests of this folder run in one process, see `tests/conftest.py`.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.builders import save_model, story
from tests.command import Finished, run_claims

SAMPLES = 24
WATCH = ("-p", "tests.integration.plugins.imported")
QUICK = ("--no-controls", "--no-specifications")


@dataclass(frozen=True)
class Planned:
    """A run of the small subject that a test asks for: ``parametrize("finished", [...], indirect=True)``.

    Attributes
    ----------
    name : str
        Of the folder in which its report lies.
    arguments : tuple of str
        For pytest, after the subject's own; ``{home}`` stands for the workplace's home.
    on_file : bool
        Whether to measure the first run's saved activations instead of the model.
    figures : bool
        Whether to draw them.
    imports : bool
        Whether what is imported is looked at, see `run_claims`.
    """

    name: str
    arguments: tuple[str, ...]
    on_file: bool = False
    figures: bool = False
    imports: bool = False


AGAIN = Planned("again", ("--exit-zero", *WATCH), imports=True)
FILE = Planned("from file", (*QUICK, *WATCH), on_file=True, imports=True)


@dataclass(frozen=True)
class Workplace:
    """A user's home with a model, a text, and the caches that the first run filled."""

    home: Path
    first: Finished

    def run(self, planned: Planned) -> Finished:
        """Measure the small subject again."""
        home = self.home / planned.name
        home.mkdir()
        subject = (
            ["--activations", self.home / "saved.safetensors"] if planned.on_file else _subject(self.home)
        )
        own = (text.format(home=self.home) for text in planned.arguments)
        return run_claims(home, *subject, *own, figures=planned.figures, imports=planned.imports)


def _subject(home: Path) -> list[str | Path]:
    """Name the small subject and its cache on the command line."""
    model, corpus = home / "models" / "tiny", home / "story.txt"
    return ["--model", model, "--corpus", corpus, "--samples", str(SAMPLES), "--cache-dir", home / "cache"]


def _tampered_copy(baseline: Path, copy: Path) -> None:
    """Turn one refutation around, leave another one open, take a third away and add one of no test."""
    data = json.loads(baseline.read_text())
    records = data["assertions"]
    refuted = [record for record in records if record["verdict"] == "refuted"]
    refuted[0].update(verdict="supported", value=1e9, interval=[1e9, 1e9])
    value = refuted[1]["value"]
    refuted[1].update(verdict="inconclusive", interval=[value - 1e9, value + 1e9])
    records.remove(refuted[2])
    records.append({**refuted[2], "assertion": "an assertion of yesterday"})
    copy.write_text(json.dumps(data))


def _damaged_copy(cache: Path, copy: Path) -> None:
    shutil.copytree(cache, copy)
    for entry in copy.glob("activations/*.safetensors"):
        content = bytearray(entry.read_bytes())
        content[-40] ^= 1
        entry.write_bytes(content)


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Give a home in which the small subject was measured once, with everything switched on."""
    home = tmp_path_factory.mktemp("home of Ünïcode 一")
    save_model(home / "models" / "tiny")
    save_model(home / "models" / "other", seed=1)
    (home / "other story.txt").write_text(story(150, seed=1), encoding="utf-8")
    (home / "story.txt").write_text(story(150), encoding="utf-8")
    (home / "a file").write_text("no folder")
    more = ["-v", *WATCH, "--junitxml", home / "junit.xml", "--save-activations", home / "saved.safetensors"]
    more += ["--update-baseline", home / "baseline.json"]
    first = run_claims(home, *_subject(home), *more, pdf=True, figures=True, imports=True)
    _tampered_copy(home / "baseline.json", home / "tampered.json")
    _damaged_copy(home / "cache", home / "damaged cache")
    return Workplace(home, first)


@pytest.fixture(scope="session")
def _run_once(workplace: Workplace) -> Callable[[Planned], Finished]:
    return cache(workplace.run)


@pytest.fixture
def finished(request: pytest.FixtureRequest, _run_once: Callable[[Planned], Finished]) -> Finished:
    """Give the run that the test was parametrized with."""
    return _run_once(request.param)
