"""What runs that are killed measure: saved activations, a model with its text, or a GGUF file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.builders import save_model, story
from tests.command import WITHOUT_FIGURES
from tests.integration.own_claims import write_workplace

MEASURED = """
import numpy as np
import pytest

from layerclaims.analysis.statistics.estimate import exact
from layerclaims.claim import Claim
from layerclaims.claims.document import DOCUMENT
from layerclaims.decision import Criterion, decide
from layerclaims.message import message

POSITIVE = Criterion("above", 0, message("Lengths are positive."))
scale_grows = Claim(DOCUMENT, id="scale-grows", section="1", statement=message("Lengths are positive."))


def length(measurement, *, kind, layer):
    norm = float(np.linalg.norm(measurement.activations(kind, layer)))
    return decide(message("the length"), exact(norm), POSITIVE, {"kind": kind, "layer": layer})


@scale_grows
@pytest.mark.parametrize("layer", [0, 2, 4])
@pytest.mark.parametrize("kind", DOCUMENT.kind_keys)
def test_lengths(judge, kind, layer):
    decision = judge(length, kind=kind, layer=layer)
    assert decision.supported, decision.message
"""
"""Claims whose numbers change with the activations."""


@dataclass(frozen=True)
class KilledSubject:
    """A subject whose runs are killed.

    Attributes
    ----------
    arguments : tuple of str
        That name it, and choose what is made of it.
    write : callable
        Writes its files into a folder.
    imported : tuple of str
        Modules that its runs need beside those of every run.
    """

    arguments: tuple[str, ...]
    write: Callable[[Path], object]
    imported: tuple[str, ...] = ()


def _write_model(folder: Path) -> None:
    save_model(folder / "tiny")


def _write_gguf(folder: Path) -> None:
    from tests.gguf_files import LAYOUTS  # imports what saved activations do without

    layout = LAYOUTS["gpt2"]
    layout.write(folder / "tiny.gguf", layout.architecture.build())


def _read(model: str) -> tuple[str, ...]:
    """Name a model and its text, and leave out what runs on saved activations make as well."""
    subject = ("--model", model, "--corpus", "story.txt", "--samples", "24", "--cache-dir", "cache")
    return (*subject, "--no-controls", *WITHOUT_FIGURES)


def write_subject(subject: KilledSubject, folder: Path) -> None:
    """Write claims, a text and the subject's files."""
    write_workplace(folder)
    (folder / "own" / "test_measured.py").write_text(MEASURED)
    (folder / "story.txt").write_text(story(150))
    subject.write(folder)


READING = (
    "layerclaims.subject.model.loading",
    "layerclaims.subject.reading.extraction",
    "transformers.models.gpt2.modeling_gpt2",
)
KILLED_SUBJECTS = {
    "activations": KilledSubject(("--activations", "tiny.safetensors", "--controls"), lambda _folder: None),
    "model": KilledSubject(_read("./tiny"), _write_model, READING),
    "gguf": KilledSubject(_read("tiny.gguf"), _write_gguf, (*READING, "gguf")),
}
