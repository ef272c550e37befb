"""Constant tokens, levels of zeros, two dimensions, huge numbers: every claim gets an outcome."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from layerclaims.report.records.store import read_evidence
from layerclaims.subject.storage.activation_file import Activations, save_activations
from tests.builders import KINDS, random_activations
from tests.command import ROOT, Forked

Residual = dict[str, np.ndarray]
NO_EMPTY_CLUSTERS = ("-W", "error::sklearn.exceptions.ConvergenceWarning")


def constant_token(residual: Residual) -> None:
    residual[KINDS[0]][3, 2] = 1.5


def levels_of_zeros(residual: Residual) -> None:
    for values in residual.values():
        values[[0, 2]] = 0


def rounds_to_constants(residual: Residual) -> None:
    for values in residual.values():
        values[1] = 1e6 + 1e-3 * values[1]


def two_dimensions(residual: Residual) -> None:
    for kind, values in residual.items():
        residual[kind] = values[:, :, :2].copy()


def huge_numbers(residual: Residual) -> None:
    for values in residual.values():
        values *= np.float32(1e30)


@pytest.mark.parametrize(
    "change", [constant_token, levels_of_zeros, rounds_to_constants, two_dimensions, huge_numbers]
)
def test_every_claim_gets_an_outcome(change: Callable[[Residual], None], tmp_path: Path) -> None:
    made = random_activations()
    residual = {kind: values.copy() for kind, values in made.residual.items()}
    change(residual)
    save_activations(Activations(residual, {}, made.metadata), tmp_path / "a.safetensors")
    given = [f"{ROOT}/claims", "-c", f"{ROOT}/pyproject.toml", "-p", "layerclaims.plugin", "--exit-zero"]
    given += ["--activations", "a.safetensors", "--no-specifications", "--no-pdf", "--report-dir", "reports"]
    forked = Forked(tmp_path, [*given, "--controls", "-W", "error::RuntimeWarning", *NO_EMPTY_CLUSTERS])
    assert forked.wait() == 0, forked.output
    assert "Traceback" not in forked.output
    (folder,) = (tmp_path / "reports").iterdir()
    evidence = read_evidence(folder)
    assert evidence.complete
    assert evidence.not_made == []
    assert len(evidence.claims) == 20
    assert evidence.summary.error == 0
