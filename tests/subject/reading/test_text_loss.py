"""The loss on a text is the one that the model with its head has."""

from typing import Any

import numpy as np
import pytest
import torch
import transformers

from layerclaims.subject.model.loading import LoadedModel
from layerclaims.subject.reading.text_loss import PASSAGES, text_loss
from tests.builders import untrained_model, word_tokenizer

VOCABULARY = 60


def loaded(model: Any) -> LoadedModel:  # noqa: ANN401 - untyped in transformers
    return LoadedModel(
        model=model.eval(),
        tokenizer=word_tokenizer(),
        config=model.config,
        architecture="test",
        quantization=None,
        device=torch.device("cpu"),
    )


def with_head() -> Any:  # noqa: ANN401 - untyped in transformers
    torch.manual_seed(0)
    config = transformers.GPT2Config(vocab_size=VOCABULARY, n_positions=32, n_embd=16, n_layer=2, n_head=2)
    model: Any = transformers.GPT2LMHeadModel(config)
    return model.eval()


def test_it_is_the_loss_of_the_model_with_its_head() -> None:
    model = with_head()
    ids = np.random.default_rng(0).integers(VOCABULARY, size=500)
    found = text_loss(loaded(model.transformer), ids, first=100)
    assert found is not None
    starts = np.linspace(100, 500 - 32, PASSAGES).astype(int)
    with torch.inference_mode():
        passages = [torch.from_numpy(ids[start : start + 32])[None] for start in starts]
        expected = [float(model(input_ids=one, labels=one).loss) / np.log(2) for one in passages]
    assert found.bits == pytest.approx(np.mean(expected), rel=1e-5)
    assert found.standard_error == pytest.approx(np.std(expected, ddof=1) / 2, rel=1e-4)
    assert (found.n_tokens, found.n_passages) == (4 * 31, 4)
    assert found.guess == pytest.approx(np.log2(VOCABULARY))


def test_a_model_that_learned_its_text_has_a_lower_loss() -> None:
    model = with_head()
    ids = np.tile(np.arange(8), 60)
    before = text_loss(loaded(model.transformer), ids)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    batch = torch.from_numpy(ids[:256].reshape(8, 32))
    for _ in range(20):
        optimizer.zero_grad()
        model(input_ids=batch, labels=batch).loss.backward()
        optimizer.step()
    after = text_loss(loaded(model.eval().transformer), ids)
    assert before is not None
    assert after is not None
    assert after.bits < before.bits - 1


@pytest.mark.parametrize("architecture", ["gpt_neox", "llama"])
def test_a_head_of_its_own_leaves_the_loss_unknown(architecture: str) -> None:
    assert text_loss(loaded(untrained_model(architecture)), np.zeros(900, dtype=np.int64)) is None


def test_rescaled_logits_and_short_texts_leave_the_loss_unknown() -> None:
    model = with_head().transformer
    assert text_loss(loaded(model), np.zeros(40, dtype=np.int64)) is None
    model.config.final_logit_softcapping = 30.0
    assert text_loss(loaded(model), np.zeros(500, dtype=np.int64)) is None
