from pathlib import Path

import numpy as np
import pytest

from layerclaims.calibration.planted_file import main, planted_activations
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, plant
from layerclaims.claims.document import DOCUMENT
from layerclaims.subject.storage.activation_file import load_activations


def test_the_file_holds_the_planting_of_which_all_claims_are_true(tmp_path: Path) -> None:
    path = tmp_path / "planted.safetensors"
    main([str(path), "--seed", "5"])
    read = load_activations(path, DOCUMENT.kind_keys)
    drawn = plant(DOCUMENT_LIKE, 5)
    for kind, values in read.residual.items():
        np.testing.assert_array_equal(values, drawn.residual[kind])
    for name, values in read.embedding_controls.items():
        np.testing.assert_array_equal(values, drawn.embedding_controls[name].astype("float32"))
    assert read.metadata["positions_added"] is True


def test_a_file_that_cannot_be_written_is_named_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit):
        main([str(tmp_path / "file" / "planted.safetensors")])
    assert "planted.safetensors cannot be written (" in capsys.readouterr().err


def test_plantings_are_told_apart_by_their_hash() -> None:
    small = DOCUMENT_LIKE.but(n_layers=2, n_tokens=8, hidden=16)
    hashes = {
        planted_activations(seed, planted).metadata["weights_sha256"]
        for seed, planted in ((3, small), (4, small), (3, small.but(turn=0.1)))
    }
    assert len(hashes) == 3
