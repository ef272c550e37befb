"""The formats that are read from outside: a whole file of each, how it is mutated, and how it is read."""

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from layerclaims.errors import InputError
from layerclaims.report.records.baseline import (
    baseline_of,
    baseline_text,
    read_baseline,
    subject_differences,
)
from layerclaims.report.records.departures import compare_with_baseline
from layerclaims.report.records.evidence import POINTS_NAME, Evidence
from layerclaims.report.records.store import EvidenceError, check_points, read_evidence, read_points
from layerclaims.report.terminal import verdict_table
from layerclaims.subject.model.gguf_header import read_header
from layerclaims.subject.resolving.model_files import foreign_files
from layerclaims.subject.resolving.model_source import local_model
from layerclaims.subject.resolving.trust import Trust
from layerclaims.subject.storage.activation_file import load_activations, save_activations
from layerclaims.sweep.jobs.job import Attempt, Job, Outcome
from layerclaims.sweep.planning.plan import read_plan
from layerclaims.sweep.results.ledger import SUBJECTS, is_done, standings
from layerclaims.sweep.results.storage import Storage
from tests.builders import KINDS, random_activations
from tests.fuzz.mutations import mutate_bytes, mutate_json
from tests.report.builder import make_evidence, make_points

Mutate = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Target:
    """A format.

    Attributes
    ----------
    name : str
        Of the mutated file, below a folder of its own.
    whole : bytes
        A file that is read without a fault.
    read : callable
        Reads the file of that name in a folder.
    refusals : tuple of type
        What reading may raise; anything else is a fault of ours.
    """

    name: str
    whole: bytes
    mutate: Mutate
    read: Callable[[Path], object]
    refusals: tuple[type[Exception], ...] = (InputError, EvidenceError)


def targets(scratch: Path) -> dict[str, Target]:
    """Make every target; ``scratch`` is an empty folder."""
    made = [_activations, _points, _gguf, _evidence, _baseline, _plan, _ledger, _attempt, _config, _index]
    return {make.__name__.strip("_"): make(scratch) for make in made}


def _activations(scratch: Path) -> Target:
    path = scratch / "activations.safetensors"
    save_activations(random_activations(), path)
    return Target("a.safetensors", path.read_bytes(), mutate_bytes, lambda at: load_activations(at, KINDS))


def _points(_scratch: Path) -> Target:
    evidence = make_evidence(profiles=None)
    whole = save({name: np.ascontiguousarray(values) for name, values in make_points().items()})

    def read(path: Path) -> None:
        points = read_points(path.parent)
        if points is not None:
            check_points(evidence, points)

    return Target(POINTS_NAME, whole, mutate_bytes, read)


def _gguf(scratch: Path) -> Target:
    from gguf import GGUFWriter

    path = scratch / "model.gguf"
    writer = GGUFWriter(path, "llama")
    writer.add_name("small")
    writer.add_context_length(64)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "longer"])
    writer.add_array("tokenizer.ggml.scores", [0.5, 1.5, 2.5])
    writer.add_tensor("token_embd.weight", np.ones((8, 32), np.float32))
    writer.add_tensor("blk.0.attn_q.weight", np.ones((32, 32), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return Target(
        "m.gguf",
        path.read_bytes(),
        mutate_bytes,
        lambda at: read_header(at).quantization,
        (ValueError, OSError),
    )


def _small_evidence() -> Evidence:
    """Make evidence that holds something of everything, and little of what there is much of."""
    evidence = make_evidence(n_layers=4)
    samples = {kind: windows[:2] for kind, windows in evidence.samples.items()}
    return evidence.model_copy(update={"claims": evidence.claims[:3], "samples": samples})


def _evidence(_scratch: Path) -> Target:
    whole = _small_evidence().model_dump_json().encode()
    return Target(
        "evidence.json", whole, mutate_json, lambda path: verdict_table(read_evidence(path), 100, color=False)
    )


def _baseline(_scratch: Path) -> Target:
    evidence = make_evidence(profiles=None)
    whole = baseline_text(baseline_of(evidence)).encode()

    def read(path: Path) -> None:
        baseline = read_baseline(path)
        subject_differences(baseline, evidence.subject, evidence.specification)
        compare_with_baseline(baseline, evidence.claims, file=path.name, whole=True)

    return Target("baseline.json", whole, mutate_json, read)


PLAN = b"""
output = "out"
models = ["smollm2-135m", {name = "org/model", revisions = ["step1", "step2"], options = {bins = 20}}]
revisions = ["main"]
corpora = ["embedded", {name = "text.txt", options = {samples = 40}}]
activations = ["a.safetensors"]

[[specifications]]
name = "fewer"
options = {samples = 30, sampling = "random", outlier-sd = 4.5}

[[subjects]]
name = "mine"
model = "./folder"
corpus = "embedded"
[subjects.options]
dtype = "bfloat16"
pdf = false

[resources]
cpus = 2.0
time_limit_minutes = 30.0
keep_downloads = false
[options]
controls = false
"""


def _plan(_scratch: Path) -> Target:
    return Target("sweep.toml", PLAN, mutate_bytes, read_plan)


JOB = Job(key="subject-0123456789", label="subject", arguments=())


def _ledger(_scratch: Path) -> Target:
    outcome = Outcome(
        key=JOB.key,
        state="done",
        attempt="20260101T000000.000000-abcdef01",
        host="host",
        finished="2026-01-01T00:00:00+00:00",
        seconds=3.5,
        files={"evidence.json": 3},
        evidence_sha256="0" * 64,
        verdicts={"supported": 3},
    )
    return _of_sweep("done.json", outcome.model_dump_json())


def _attempt(_scratch: Path) -> Target:
    attempt = Attempt(id="20260101T000000.000000-abcdef01", host="host", process=7, started="2026")
    return _of_sweep(f"{attempt.id}.json", attempt.model_dump_json())


def _of_sweep(name: str, text: str) -> Target:
    """Make a target of a file beside a job; none may be refused, for it only counts for nothing."""

    def read(path: Path) -> None:
        storage = Storage(str(path.parents[2]))
        standings(storage, [JOB])
        is_done(storage, JOB.key)

    return Target(f"{SUBJECTS}/{JOB.key}/{name}", text.encode(), mutate_json, read, ())


SHARDS = tuple(f"model-{number}-of-3.safetensors" for number in (1, 2, 3))


def _config(_scratch: Path) -> Target:
    config = {"model_type": "gpt2", "n_layer": 2, "auto_map": {"AutoModel": ["a.B", None]}, "vocab_size": 50}
    return _of_model("config.json", config)


def _index(_scratch: Path) -> Target:
    return _of_model(
        "model.safetensors.index.json",
        {
            "metadata": {"total_size": 3},
            "weight_map": {f"h.{n}": shard for n, shard in enumerate(SHARDS)},
        },
    )


def _of_model(name: str, data: Any) -> Target:  # noqa: ANN401 - JSON holds anything
    """Make a target of a file of a model's folder, which brings code that is trusted."""

    def read(path: Path) -> None:
        for other in ("config.json", "tokenizer.json", "a.py", *SHARDS):
            if other != path.name:
                (path.parent / other).write_text('{"auto_map": {"AutoModel": "a.B"}}')
        foreign_files(path.parent)
        if name == "config.json":
            (path.parent / "model.safetensors").touch()
        local_model(str(path.parent), Trust(code=str(path.parent)))

    return Target(f"model/{name}", json.dumps(data).encode(), mutate_json, read)


def read_whole(target: Target, folder: Path) -> None:
    """Read the file that is not mutated; a target that refuses it would prove nothing."""
    target.read(write(target, target.whole, folder))


def write(target: Target, content: bytes, folder: Path) -> Path:
    """Write a file of a target; gives its path."""
    path = folder / target.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with io.FileIO(path, "w") as file:
        file.write(content)
    return path
