"""Models come from the hub, and are found again, through the real client and a hub on this machine."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from layerclaims.claims.document import DOCUMENT
from tests.command import ROOT, environment
from tests.conftest import ModelFolder
from tests.hub_server import COMMIT, TOKEN, Hub, Interruption, serve_hub

MODEL = str(DOCUMENT.model)
SECONDS = 120
WEIGHTS_BYTES = 6_000_000
FIRST_BYTES = 4_000_000
RESOLVE = """
import json, sys
from layerclaims.claims.document import DOCUMENT
from layerclaims.errors import InputError
from layerclaims.fixtures.options.chosen import parse_options
from layerclaims.subject.progress import Announcer
from layerclaims.subject.resolving.resolve import resolve_subject

class Told(Announcer):
    def line(self, text):
        print(text, file=sys.stderr, flush=True)

options = json.loads(sys.argv[1])
try:
    found = resolve_subject(parse_options(options), DOCUMENT, Told())
except InputError as error:
    print(json.dumps({"error": str(error)}))
else:
    model = found.model
    print(json.dumps({
        "name": model.name, "commit": model.revision, "revision": model.revision_name,
        "pickled": model.has_pickled_weights, "code": model.remote_code, "sha256": model.sha256(),
        "files": sorted(file.name for file in model.files()),
        "fallback": str(found.fallback_reason or "") or None,
    }))
assert "torch" not in sys.modules
"""


def start(
    home: Path, hub: Hub, *, before: str = "", variables: dict[str, str] | None = None, **options: str
) -> "subprocess.Popen[str]":
    """Begin to find a subject in a process of its own: the client reads its variables when imported."""
    own = {"HF_ENDPOINT": hub.address, "HF_HOME": str(home / "hf"), **(variables or {})}
    given = json.dumps({"corpus": "embedded", "cache_dir": str(home / "cache"), **options})
    return subprocess.Popen(
        [sys.executable, "-c", before + RESOLVE, given],
        cwd=ROOT,
        env=environment(home, **own),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    output, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said
    found: dict[str, Any] = json.loads(output)
    return {**found, "said": said}


def resolve(home: Path, hub: Hub, **choices: Any) -> dict[str, Any]:  # noqa: ANN401
    return finish(start(home, hub, **choices))


def fill(folder: Path, **contents: str) -> Path:
    """Write a repository that looks like a model, with weights that are too large for one packet.

    No two files have the same content: the client would fetch it once.
    """
    folder.mkdir()
    files = {"config.json": "{}", "tokenizer.json": "{ }", "README.md": "words", **contents}
    for name, content in files.items():
        (folder / name).write_text(content)
    (folder / "model.safetensors").write_bytes(bytes(range(250)) * (WEIGHTS_BYTES // 250))
    return folder


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    repository = fill(tmp_path / "repository")
    (repository / "step1").mkdir()
    (repository / "step1" / "model.safetensors").write_text("a checkpoint")
    with serve_hub(Hub({"some/model": repository})) as running:
        yield running


def test_of_the_documents_repository_only_what_is_read_is_fetched(tmp_path: Path, hub: Hub) -> None:
    """As on the hub: other frameworks' weights, other formats and a page beside the model."""
    others = ["pytorch_model.bin", "flax_model.msgpack", "tf_model.h5", "rust_model.ot", "64.tflite"]
    more = ["generation_config.json", "merges.txt", "tokenizer_config.json", "vocab.json"]
    contents = {name: f'{{"name": "{name}"}}' for name in [*others, *more, ".gitattributes"]}
    folder = fill(tmp_path / "gpt2", **contents)
    (folder / "onnx").mkdir()
    (folder / "onnx" / "decoder_model.onnx").write_text("other")
    (folder / "onnx" / "config.json").write_text("{}")
    hub.repositories[MODEL] = folder
    found = resolve(tmp_path, hub)
    assert (found["name"], found["commit"], found["fallback"]) == (MODEL, COMMIT, None)
    wanted = sorted(["config.json", "model.safetensors", "tokenizer.json", *more])
    assert hub.fetched() == found["files"] == wanted
    assert "fetching model.safetensors of openai-community/gpt2-medium: 6 MB" in found["said"]


WARM: list[dict[str, Any]] = [
    {},
    {"offline": "true"},
    {"variables": {"HF_HUB_OFFLINE": "1"}},
    {"revision": "main"},
    {"revision": "v1.0"},
    {"revision": COMMIT, "offline": "true"},
]


def test_what_was_fetched_once_is_found_again_without_a_request(tmp_path: Path, hub: Hub) -> None:
    first = resolve(tmp_path, hub, model="some/model", revision="v1.0")
    assert (first["commit"], first["revision"]) == (COMMIT, "v1.0")
    resolve(tmp_path, hub, model="some/model")
    assert hub.fetched().count("model.safetensors") == 1
    asked = len(hub.requests)
    for choices in WARM:
        again = resolve(tmp_path, hub, model="some/model", **choices)
        assert again["sha256"] == first["sha256"], choices
        assert again["commit"] == COMMIT
    shutil.move(tmp_path / "hf", tmp_path / "moved")
    moved = resolve(
        tmp_path, hub, model="some/model", variables={"HF_HOME": str(tmp_path / "moved")}, offline="true"
    )
    assert moved["sha256"] == first["sha256"]
    assert len(hub.requests) == asked, hub.requests[asked:]


FILLINGS = {
    "transformers": """
from transformers import AutoModel, AutoTokenizer
AutoModel.from_pretrained("some/gpt2"), AutoTokenizer.from_pretrained("some/gpt2")
""",
    "files": """
from huggingface_hub import hf_hub_download
for name in ("model.safetensors", "config.json", "tokenizer.json"):
    hf_hub_download("some/gpt2", name)
""",
    "patterns": """
from huggingface_hub import snapshot_download
snapshot_download("some/gpt2", allow_patterns=["*.safetensors", "config.json", "tokenizer.json"])
""",
    "everything": """
from huggingface_hub import snapshot_download
snapshot_download("some/gpt2")
""",
}


@pytest.mark.parametrize("filling", FILLINGS)
def test_a_cache_that_others_filled_is_as_good(
    filling: str, tmp_path: Path, hub: Hub, model_folder: ModelFolder
) -> None:
    repository = shutil.copytree(model_folder("gpt2"), tmp_path / "gpt2")
    (repository / "generation_config.json").write_text("{}")
    hub.repositories["some/gpt2"] = repository
    variables = {"HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", FILLINGS[filling]]
    subprocess.run(command, env=environment(tmp_path, **variables), check=True, capture_output=True)
    asked = len(hub.requests)
    for choices in ({}, {"offline": "true"}, {"variables": {"HF_HUB_OFFLINE": "1"}}):
        found = resolve(tmp_path, hub, model="some/gpt2", **choices)
        assert (found.get("name"), found.get("commit")) == ("some/gpt2", COMMIT), found
    assert len(hub.requests) == asked, hub.requests[asked:]


def test_pickles_in_the_cache_are_not_the_model(tmp_path: Path, hub: Hub) -> None:
    (hub.repositories["some/model"] / "pytorch_model.bin").write_text("a pickle")
    before = """
from huggingface_hub import hf_hub_download
for name in ("pytorch_model.bin", "config.json", "tokenizer.json"):
    hf_hub_download("some/model", name)
"""
    found = resolve(tmp_path, hub, before=before, model="some/model")
    assert not found["pickled"]
    assert hub.fetched().count("model.safetensors") == 1


def test_pickles_and_code_are_fetched_only_where_they_are_trusted(tmp_path: Path, hub: Hub) -> None:
    repository = hub.repositories["some/model"]
    (repository / "pytorch_model.bin").write_text("a pickle")
    (repository / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "mine.Model"}}))
    (repository / "mine.py").write_text("")
    trusted = {"trust_remote_code": f"some/model@{COMMIT}", "allow_pickle": "true"}
    assert resolve(tmp_path, hub, model="some/model")["code"] is None
    assert not {"mine.py", "pytorch_model.bin"} & set(hub.fetched())
    found = resolve(tmp_path, hub, model="some/model", **trusted)
    assert (found["code"], found["pickled"]) == (f"some/model@{COMMIT}", False)
    assert "pytorch_model.bin" not in hub.fetched()
    assert hub.fetched().count("model.safetensors") == 1

    (repository / "model.safetensors").rename(repository / "kept")
    other = tmp_path / "other"
    other.mkdir()
    assert "pickles are read with --allow-pickle only" in resolve(other, hub, model="some/model")["error"]
    assert resolve(other, hub, model="some/model", allow_pickle="true")["pickled"]


def ranges(requests: Sequence[str]) -> list[int]:
    """Give where each download of the weights began."""
    begun = [request for request in requests if request.startswith("GET ") and ".safetensors" in request]
    return [int(request.partition(" bytes=")[2].rstrip("-") or 0) for request in begun]


def test_a_cut_connection_is_gone_on_with(tmp_path: Path, hub: Hub) -> None:
    hub.interruptions += [Interruption(FIRST_BYTES), Interruption(FIRST_BYTES // 4)]
    whole = resolve(tmp_path, hub, model="some/model")
    first, *later = ranges(hub.requests)
    assert first == 0
    assert 0 < later[0] <= FIRST_BYTES
    assert later == sorted(later)
    assert whole["sha256"] == resolve(tmp_path, hub, model="some/model", offline="true")["sha256"]


def part_bytes(home: Path) -> int:
    return max((part.stat().st_size for part in (home / "hf").rglob("blobs/*.incomplete")), default=0)


def test_a_killed_download_is_gone_on_with_and_never_measured_by_half(tmp_path: Path, hub: Hub) -> None:
    held = Interruption(FIRST_BYTES, holds=True)
    hub.interruptions.append(held)
    killed = start(tmp_path, hub, model="some/model")
    assert held.reached.wait(SECONDS)
    deadline = time.monotonic() + SECONDS
    while part_bytes(tmp_path) < FIRST_BYTES // 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    kept = part_bytes(tmp_path)
    assert kept >= FIRST_BYTES // 2
    assert "is not in the hub's cache" in resolve(tmp_path, hub, model="some/model", offline="true")["error"]
    found = resolve(tmp_path, hub, model="some/model")
    assert ranges(hub.requests) == [0, kept]
    assert "are here" in found["said"]
    assert not list((tmp_path / "hf").rglob("*.incomplete"))


def test_two_runs_at_once_share_one_download(tmp_path: Path, hub: Hub) -> None:
    held = Interruption(FIRST_BYTES, holds=True)
    hub.interruptions.append(held)
    first = start(tmp_path, hub, model="some/model")
    assert held.reached.wait(SECONDS)
    second = start(tmp_path, hub, model="some/model")
    assert second.stderr is not None
    for line in second.stderr:
        if "another process is fetching model.safetensors" in line:
            break
    held.resume.set()
    assert finish(first)["sha256"] == finish(second)["sha256"]
    assert ranges(hub.requests) == [0]


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
"""


@pytest.mark.skipif(os.name != "posix", reason="a limit on file sizes stands for a full disk")
def test_a_full_disk_is_said_and_gone_on_with(tmp_path: Path, hub: Hub) -> None:
    found = resolve(tmp_path, hub, before=LIMITED, model="some/model")
    assert "some/model could not be downloaded" in found["error"]
    assert "goes on where it was" in found["error"]
    kept = part_bytes(tmp_path)
    assert 0 < kept <= 3_000_000
    assert resolve(tmp_path, hub, model="some/model")["commit"] == COMMIT
    assert ranges(hub.requests) == [0, kept]


FULL = """
import shutil
from collections import namedtuple
shutil.disk_usage = lambda _path: namedtuple("Usage", "total used free")(10, 9, 1_000_000)
"""


def test_a_disk_without_room_is_said_before_anything_is_fetched(tmp_path: Path, hub: Hub) -> None:
    found = resolve(tmp_path, hub, before=FULL, model="some/model")
    assert "needs 6 MB more" in found["error"]
    assert "1 MB are free" in found["error"]
    assert ranges(hub.requests) == []


def test_weights_that_are_not_what_the_hub_describes_are_refused(tmp_path: Path, hub: Hub) -> None:
    hub.lies = True
    assert "other content than the hub says" in resolve(tmp_path, hub, model="some/model")["error"]
    assert part_bytes(tmp_path) == 0
    hub.lies = False
    assert resolve(tmp_path, hub, model="some/model")["commit"] == COMMIT


def test_a_gated_model_needs_the_users_token(tmp_path: Path, hub: Hub) -> None:
    hub.gated = True
    assert "is gated: accept its licence" in resolve(tmp_path, hub, model="some/model")["error"]
    found = resolve(tmp_path, hub, model="some/model", variables={"HF_TOKEN": TOKEN})
    assert found["commit"] == COMMIT


@pytest.mark.parametrize(
    ("model", "revision", "words"),
    [
        ("some/model", "nowhere", "has no revision 'nowhere'"),
        ("some/other", "main", "nor a model on the hub"),
    ],
)
def test_what_the_hub_has_not_is_said(
    model: str, revision: str, words: str, tmp_path: Path, hub: Hub
) -> None:
    assert words in resolve(tmp_path, hub, model=model, revision=revision)["error"]
