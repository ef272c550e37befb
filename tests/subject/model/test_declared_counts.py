"""What a configuration counts is held against its files before anything is built."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from layerclaims.errors import InputError
from layerclaims.subject.model.loading import load_model
from layerclaims.subject.resolving.model_source import ModelSource
from tests.builders import save_model

SECONDS = 5.0
N_BYTES = 500_000_000
REFUSED_IN_ITS_OWN_PROCESS = """
import resource, sys, time
from pathlib import Path
from layerclaims.errors import InputError
from layerclaims.subject.model.loading import load_model
from layerclaims.subject.resolving.model_source import ModelSource
path, start = Path(sys.argv[1]), time.process_time()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_model(ModelSource("model", path), dtype="float32", device="cpu", converted=None)
except InputError as error:
    print(error)
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(time.process_time() - start, used * 1024)
"""


@pytest.fixture
def folder(model_folder: Callable[[str], Path], tmp_path: Path) -> Path:
    return shutil.copytree(model_folder("llama"), tmp_path / "llama")


def load(path: Path) -> object:
    return load_model(ModelSource(path.name, path), dtype="float32", device="cpu", converted=None)


def change(folder: Path, **entries: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **entries}))


@pytest.mark.parametrize(
    "entries",
    [
        {"num_hidden_layers": 100_000},
        {"num_hidden_layers": 2**62},
        {"model_type": "gpt2", "n_layer": 100_000},
        {"model_type": "qwen2", "num_hidden_layers": 4_000_000_000},
        {"model_type": "mixtral", "num_local_experts": 4_000_000_000},
        {"vision_config": {"depth": 4_000_000_000}},
        {"model_type": "t5", "num_decoder_layers": 4_000_000_000},
    ],
)
def test_a_configuration_of_more_layers_than_tensors_is_refused(
    entries: dict[str, object], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*_arguments: object, **_named: object) -> None:
        raise AssertionError("something was built")

    change(folder, **entries)
    monkeypatch.setattr("layerclaims.subject.model.loading.AutoConfig.from_pretrained", build)
    with pytest.raises(InputError, match=r"its config\.json says \w+ is \d+, and its files hold 38 tensors"):
        load(folder)


@pytest.mark.parametrize("entries", [{"vocab_size": 10_000_000}, {"intermediate_size": 10_000_000}])
def test_weights_that_the_files_cannot_hold_are_refused_before_memory_is_taken(
    entries: dict[str, object], folder: Path
) -> None:
    change(folder, **entries)
    with pytest.raises(InputError, match=r"asks for [\d,]+ parameters, .*they do not belong together"):
        load(folder)


@pytest.mark.slow
def test_a_refusal_takes_seconds_and_little_memory(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "gpt2")
    change(folder, n_layer=100_000)
    command = [sys.executable, "-c", REFUSED_IN_ITS_OWN_PROCESS, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    refusal, numbers = done.stdout.splitlines()
    assert "n_layer is 100000" in refusal
    seconds, used = map(float, numbers.split())
    assert seconds < SECONDS
    assert used < N_BYTES
