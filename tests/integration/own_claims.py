"""A folder of claims as a user writes one, with tests that go wrong when asked, and tiny activations."""

from pathlib import Path

import numpy as np

from layerclaims.claims.document import DOCUMENT
from layerclaims.subject.storage.activation_file import Activations, save_activations

CLAIMS = """
import os
from pathlib import Path

import pytest

from layerclaims.analysis.statistics.estimate import exact
from layerclaims.claim import Claim, figure
from layerclaims.claims.document import DOCUMENT
from layerclaims.decision import Criterion, decide
from layerclaims.message import message

POSITIVE = Criterion("above", 0, message("Lengths are positive."))
FIGURES = (figure("growth", measures=("std",)),)


def claim(id, statement):
    return Claim(DOCUMENT, id=id, section="1", statement=message(statement), figures=FIGURES)


mi_declines = claim("mi-declines", "It declines.")
lengths_positive = claim("lengths-positive", "Lengths are positive.")


def value(measurement, *, number):
    attempts = Path("attempts")
    n = len(attempts.read_text()) if attempts.exists() else 0
    attempts.write_text("x" * (n + 1))
    match os.environ.get("TROUBLE"):
        case "error" if number < 0:
            raise ZeroDivisionError("no {length}\\nhere")
        case "nan" if number < 0:
            exact(float("nan"))
        case "nan parameter" if number < 0:
            return decide(message("the number"), exact(1.0), POSITIVE, {"number": float("nan")})
        case "once" if number < 0 and n < 6:
            return decide(message("the number"), exact(-1.0), POSITIVE)
    return decide(message("the number"), exact(abs(number)), POSITIVE)


@mi_declines
@pytest.mark.parametrize("number", [1.0, 2.0, 3.0])
def test_slopes_down(number, judge):
    decision = judge(value, number=number)
    assert decision.supported, decision.message


@mi_declines
def test_ends_low(judge):
    decision = judge(value, number=-1.0)
    assert decision.supported, decision.message


@lengths_positive
def test_length(judge):
    decision = judge(value, number=5.0)
    assert decision.supported, decision.message


@lengths_positive
def test_width(request, judge):
    if os.environ.get("TROUBLE") == "fixture":
        request.getfixturevalue("absent")
    decision = judge(value, number=5.0)
    assert decision.supported, decision.message
"""


def write_workplace(folder: Path, weights: str = "ab" * 32) -> None:
    """Write the claims, and activations of 20 tokens of either kind at 5 levels, of weights of this hash."""
    (folder / "own").mkdir(parents=True)
    (folder / "own" / "test_own.py").write_text(CLAIMS)
    (folder / "own" / "test_plain.py").write_text("def test_nothing_of_a_claim():\n    pass\n")
    rng = np.random.default_rng(0)
    residual = {kind: rng.normal(size=(5, 20, 16)).astype(np.float32) for kind in DOCUMENT.kind_keys}
    metadata = {"weights_sha256": weights, "corpus": {"name": "tiny", "sha256": "cd" * 32, "n_tokens": 100}}
    activations = Activations(residual, {}, metadata)
    save_activations(activations, folder / "tiny.safetensors")
