"""What a user can do wrong ends in one sentence, exit code 4, and nothing left behind."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from layerclaims.fixtures.options.table import OPTIONS
from layerclaims.subject.storage.activation_file import save_activations
from tests.builders import random_activations, save_model, story
from tests.command import run_claims


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--samples", "0"], ["--samples", "at least 20", "not 0"]),
        (["--bins", "1"], ["--bins", "at least 2", "not 1"]),
        (["--activations", "a.safetensors", "--model", "gpt2"], ["--activations", "--model"]),
        (["-o", "layerclaims_samples=0"], ["--samples", "not 0"]),
        (["--activations", "nowhere.safetensors"], ["nowhere.safetensors", "no such file"]),
        (["--model", "./nowhere"], ["./nowhere", "no such file or folder"]),
        (["--model", "some/model", "--offline"], ["some/model", "--offline"]),
    ],
)
def test_a_wrong_choice_is_named_before_anything_is_measured(
    arguments: list[str], words: list[str], tmp_path: Path
) -> None:
    run_claims(tmp_path, *arguments).assert_user_error(*words)


def test_an_option_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    finished = run_claims(tmp_path, "--layers", "3")
    assert finished.code == 4
    assert "unrecognized arguments" in finished.output


def test_a_file_of_activations_with_nan_is_refused_with_the_place(tmp_path: Path) -> None:
    tensors = {str(kind): array.copy() for kind, array in random_activations().residual.items()}
    tensors["terminal"][1, 2, 3] = np.nan
    save_file(tensors, tmp_path / "nan.safetensors")
    finished = run_claims(tmp_path, "--activations", tmp_path / "nan.safetensors")
    finished.assert_user_error("nan.safetensors", "'terminal'", "[1, 2, 3]")


def test_pairs_that_keep_too_few_dimensions_are_refused(tmp_path: Path) -> None:
    """With five dimensions and outliers beyond one standard deviation, some pairs keep one."""
    rng = np.random.default_rng(0)
    tensors = {kind: rng.normal(size=(4, 24, 5)).astype(np.float32) for kind in ("internal", "terminal")}
    save_file(tensors, tmp_path / "narrow.safetensors")
    finished = run_claims(tmp_path, "--activations", tmp_path / "narrow.safetensors", "--outlier-sd", "1")
    finished.assert_user_error("dimensions")


def test_a_text_with_too_few_marks_is_refused_with_both_counts(tmp_path: Path) -> None:
    save_model(tmp_path / "tiny")
    (tmp_path / "short.txt").write_text(story(30))
    finished = run_claims(tmp_path, "--model", tmp_path / "tiny", "--corpus", tmp_path / "short.txt")
    finished.assert_user_error("--samples 250", "commas and", "full stops found")


def test_a_model_of_nan_is_refused_with_layer_and_token(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    save_model(tmp_path / "tiny")
    weights = load_file(tmp_path / "tiny" / "model.safetensors")
    weights["h.2.mlp.c_proj.bias"][0] = np.nan
    save_file(weights, tmp_path / "tiny" / "model.safetensors", {"format": "pt"})
    (tmp_path / "story.txt").write_text(story(100))
    given = ["--model", tmp_path / "tiny", "--corpus", tmp_path / "story.txt", "--samples", "24"]
    run_claims(tmp_path, *given).assert_user_error("layer 3", "internal token 0")


@pytest.mark.parametrize(("n_blocks", "refused"), [(2, True), (3, False)])
def test_a_model_needs_a_block_for_each_third(n_blocks: int, refused: bool, tmp_path: Path) -> None:
    save_activations(random_activations(n_layers=n_blocks), tmp_path / "flat.safetensors")
    given = ["--activations", tmp_path / "flat.safetensors", "--no-controls", "--no-specifications"]
    finished = run_claims(tmp_path, *given)
    if refused:
        finished.assert_user_error("too few levels to measure (3)", "at least 4")
    else:
        assert finished.evidence.complete


def test_a_folder_for_reports_that_cannot_be_made_is_refused_before_measuring(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    finished = run_claims(tmp_path, "--model", "smollm2-135m", "--corpus", "embedded")
    assert finished.code == 4, finished.output
    assert "--report-dir" in finished.output
    assert "Traceback" not in finished.output
    assert "measuring" not in finished.output


def test_the_command_line_wins_over_the_ini_file(tmp_path: Path) -> None:
    ini = ["-o", "layerclaims_samples=0", "-o", "layerclaims_bins=1"]
    finished = run_claims(tmp_path, *ini, "--samples", "24", "--bins", "15", "--collect-only", "-q")
    assert finished.code == 0, finished.output


def test_every_option_is_an_ini_key_too(pytestconfig: pytest.Config) -> None:
    for option in OPTIONS:
        assert pytestconfig.getini(f"layerclaims_{option.field}") is None


def test_help_shows_the_options_in_a_group_of_their_own(tmp_path: Path) -> None:
    finished = run_claims(tmp_path, "--help")
    assert finished.code == 0
    group = finished.output.split("layerclaims (each option is also")[1].split("\n\n")[0]
    for option in OPTIONS:
        assert f"--{option.name}" in group or f"--no-{option.name}" in group
