from pathlib import Path

import pytest

from layerclaims.report.comparison.training import read_step
from layerclaims.subject.model.loading import load_model
from layerclaims.subject.resolving.model_source import local_model
from tests.builders import story
from tests.report.builder import make_subject


def test_checkpoints_load_as_subjects_and_training_lowers_the_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.training import (
        train,
    )  # brings torch and GPT-2, seconds for each process that collects tests

    text = tmp_path / "text.txt"
    text.write_text(story(300), encoding="utf-8")
    train(tmp_path / "out", text, n_blocks=1, width=32, vocabulary=300, steps=8, seed=0)
    folders = sorted((tmp_path / "out").iterdir())
    steps = {read_step(make_subject(1, 30, model=folder.name)) for folder in folders}
    assert steps == {("gpt2-1x32", step) for step in (0, 1, 2, 4, 8)}
    losses = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()[2:]]
    assert losses[-1] < losses[0] - 0.05
    source = local_model(str(folders[0]))
    assert source is not None
    loaded = load_model(source, dtype="float32", device="cpu", converted=None)
    assert loaded.config.n_layer == 1
    ids = loaded.tokenizer("the night, the river.", add_special_tokens=False)["input_ids"]
    assert {loaded.tokenizer.decode([token]) for token in ids} >= {",", "."}
