"""Whole runs of subjects that come from a hub: the document's own, and what must be named to be fetched."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerclaims.claims.document import DOCUMENT
from layerclaims.sweep.__main__ import main
from tests.builders import save_model, story
from tests.command import ROOT, Finished, run_claims
from tests.hub_server import COMMIT, TOKEN, Hub, serve_hub
from tests.server import serve

MODEL = str(DOCUMENT.model)
QUICK = ("--samples", "24", "--no-controls", "--no-specifications", "-k", "two_points")
CODE = """
from transformers import GPT2Config, GPT2Model

class Config(GPT2Config):
    model_type = "of-its-own"

class Model(GPT2Model):
    config_class = Config
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve the document's repository in its own layout, small, with the causal masks as tensors."""
    import torch
    from safetensors.torch import load_file, save_file

    own = save_model(tmp_path_factory.mktemp("hub") / "gpt2-medium")
    tensors = load_file(own / "model.safetensors")
    tensors = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    for block in range(4):
        tensors[f"h.{block}.attn.bias"] = torch.tril(torch.ones(128, 128))[None, None].clone()
    save_file(tensors, own / "model.safetensors", {"format": "pt"})
    (own / "tf_model.h5").write_text("another framework's weights")

    coded = shutil.copytree(own, own.parent / "coded")
    config = json.loads((coded / "config.json").read_text())
    config |= {
        "model_type": "of-its-own",
        "auto_map": {"AutoConfig": "mine.Config", "AutoModel": "mine.Model"},
    }
    (coded / "config.json").write_text(json.dumps(config))
    (coded / "mine.py").write_text(CODE)

    pickled = shutil.copytree(own, own.parent / "pickled")
    (pickled / "model.safetensors").unlink()
    torch.save(tensors, pickled / "pytorch_model.bin")
    repositories = {MODEL: own, "some/coded": coded, "some/pickled": pickled}
    with serve_hub(Hub(repositories)) as running:
        yield running


def run(home: Path, hub: Hub, *arguments: object, **variables: str) -> Finished:
    home.mkdir(exist_ok=True)
    own = {"HF_ENDPOINT": hub.address, "HF_HOME": str(home / "hf"), **variables}
    return run_claims(home, "--cache-dir", home / "cache", *QUICK, *arguments, variables=own)


def test_without_options_the_documents_own_subject_is_fetched_and_measured(tmp_path: Path, hub: Hub) -> None:
    end = "The horror! The horror! Into the heart of an immense darkness. "
    filled = end + "It was the night of the river, and he had it. " * 4000
    novel = f"\ufeffThe licence.\r\n\r\nThe Nellie, a cruising yawl. {story(150)} {filled}".encode()
    with serve(novel) as address:
        mirror = address.removesuffix("/text")
        cold = run(tmp_path, hub, LAYERCLAIMS_TEXT_MIRROR=mirror)
    assert cold.code in (0, 1), cold.output
    top = cold.output.split("test_section_1")[0]
    assert f"fetching Heart of Darkness from {mirror}/cache/epub/219/pg219.txt" in top
    assert f"fetching model.safetensors of {MODEL}" in top
    assert f"measuring {MODEL} on heart-of-darkness" in top
    assert "not the document's own" not in cold.output
    subject = cold.evidence.subject
    assert subject.is_document_subject
    assert subject.identified_by == "name"
    assert "the document's own subject by name only" in cold.output
    assert subject.fallback_reason is None
    assert subject.revision == COMMIT
    assert "tf_model.h5" not in hub.fetched()
    page = (cold.folder / "report.html").read_text(encoding="utf-8")
    assert "This is not the subject" not in page
    assert "known by its names only" in page

    asked = len(hub.requests)
    shutil.move(cold.reports, tmp_path / "first")
    warm = run(tmp_path, hub, HF_HUB_OFFLINE="1")
    assert warm.evidence.subject == subject
    assert len(hub.requests) == asked


@pytest.mark.parametrize(
    ("model", "arguments", "recorded"),
    [
        ("some/coded", ("--trust-remote-code", f"some/coded@{COMMIT}"), "remote_code"),
        ("some/pickled", ("--allow-pickle",), "pickle"),
    ],
)
def test_what_is_trusted_is_fetched_run_and_recorded(
    model: str, arguments: tuple[str, ...], recorded: str, tmp_path: Path, hub: Hub
) -> None:
    corpus = tmp_path / "story.txt"
    corpus.write_text(story(150))
    finished = run(tmp_path, hub, "--model", model, "--revision", "v1.0", "--corpus", corpus, *arguments)
    assert finished.code in (0, 1), finished.output
    subject = finished.evidence.subject
    assert (subject.model, subject.revision, subject.revision_name) == (model, COMMIT, "v1.0")
    assert getattr(subject, recorded)


def test_a_gated_model_in_a_sweep_that_keeps_no_downloads(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(hub, "gated", True)
    (tmp_path / "story.txt").write_text(story(150))
    (tmp_path / "sweep.toml").write_text(
        f"""
models = ["{MODEL}"]
corpora = ["story.txt"]
output = "out"
[resources]
keep_downloads = false
[options]
samples = 24
controls = false
specifications = false
pdf = false
cache-dir = "{tmp_path}/cache"
"""
    )
    before = hub.fetched().count("model.safetensors")
    assert main([str(tmp_path / "sweep.toml"), "--plain"]) in (0, 1)
    assert hub.fetched().count("model.safetensors") == before + 1
    assert not list((tmp_path / "hf").rglob("*.safetensors"))
    (evidence,) = (tmp_path / "out").rglob("evidence.json")
    assert json.loads(evidence.read_text())["subject"]["revision"] == COMMIT
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in written if TOKEN.encode() in path.read_bytes()]
    assert str(ROOT) not in evidence.read_text()
