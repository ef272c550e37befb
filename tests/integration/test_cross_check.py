"""The document's measurement on the novel, against numbers computed beforehand by independent code."""

import json
import re
import shutil
from pathlib import Path

import pytest

from layerclaims.subject.resolving.model_source import embedded_model
from layerclaims.subject.storage.cache import converted_copy
from tests.command import ROOT, run_claims

NOVEL = ROOT.parent / "shared" / "data" / "heart_of_darkness.txt"
LAYER_1 = {
    "mutual_information": {"internal": 0.910, "terminal": 0.890},
    "covariance": {"internal": 0.4968, "terminal": 0.5654},
    "pearson": {"internal": 0.957, "terminal": 0.977},
}
TOLERANCE = {"mutual_information": 0.0005, "covariance": 0.00005, "pearson": 0.0005}  # the digits given
N_BLOCKS = 3
"""Of the model's 30: as few as can be measured, for what follows changes nothing at layer 1."""
BLOCK = re.compile(r"\blayers\.(\d+)\.")


def cut_off(model: Path, folder: Path) -> Path:
    """Copy a model's first blocks, with its tokenizer."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(model, folder, ignore=shutil.ignore_patterns("*.safetensors", "layerclaims.json"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": N_BLOCKS}))
    tensors = load_file(model / "model.safetensors")
    blocks = {name: BLOCK.search(name) for name in tensors}
    kept = {name: tensors[name] for name, block in blocks.items() if not block or int(block[1]) < N_BLOCKS}
    assert 0 < len(kept) < len(tensors)
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not NOVEL.is_file(), reason="the novel lies outside the repository and is not there")
def test_layer_1_of_the_embedded_model_on_the_novel(embedded_cache: Path, tmp_path: Path) -> None:
    model = cut_off(converted_copy(embedded_cache, embedded_model().sha256()), tmp_path / "first blocks")
    given = ["--model", model, "--corpus", NOVEL, "--skip-tokens", "400", "--cache-dir", tmp_path / "cache"]
    quick = ["--no-controls", "--no-specifications", "-k", "two_points"]
    finished = run_claims(tmp_path, *given, *quick)
    assert finished.code in (0, 1), finished.output
    profiles = finished.evidence.profiles
    assert profiles is not None
    for measure, means in LAYER_1.items():
        for kind, expected in means.items():
            found = profiles.kinds[kind].measures[measure][1].mean
            assert found == pytest.approx(expected, abs=TOLERANCE[measure]), (measure, kind)
