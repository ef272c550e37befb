"""A decision depends on the measurement alone: not on order, selection, threads, or the size of batches."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest
import torch

from layerclaims.analysis.measurement.specification import Specification
from layerclaims.calibration.claim_reader import Assertion
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, plant
from layerclaims.claims.document import DOCUMENT
from layerclaims.decision import Decision, Verdict
from layerclaims.fixtures.run import measure
from layerclaims.subject.model.loading import LoadedModel, load_model
from layerclaims.subject.reading.window_activations import read_activations
from layerclaims.subject.reading.windows import WindowSettings
from layerclaims.subject.resolving.model_source import ModelSource
from layerclaims.subject.timings import Timings
from tests.builders import story
from tests.claims.planted import CLAIMS

SMALL = DOCUMENT_LIKE.but(n_layers=6, n_tokens=50, hidden=96)
ASSERTIONS = [assertion for assertions in CLAIMS.values() for assertion in assertions]


def decided(assertions: list[Assertion]) -> list[Decision]:
    measurement = plant(SMALL, seed=1)
    return [assertion.decide(measurement) for assertion in assertions]


@pytest.fixture(scope="module")
def expected() -> list[Decision]:
    return decided(ASSERTIONS)


def test_decisions_do_not_depend_on_the_order_of_tests(expected: list[Decision]) -> None:
    order = random.Random(0).sample(range(len(ASSERTIONS)), len(ASSERTIONS))
    found = decided([ASSERTIONS[place] for place in order])
    assert found == [expected[place] for place in order]


def test_decisions_do_not_depend_on_which_tests_are_selected(expected: list[Decision]) -> None:
    chosen = range(3, len(ASSERTIONS), 7)
    assert decided([ASSERTIONS[place] for place in chosen]) == [expected[place] for place in chosen]


def test_decisions_do_not_depend_on_the_number_of_threads(expected: list[Decision]) -> None:
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        assert decided(ASSERTIONS) == expected
    finally:
        numba.set_num_threads(threads)


def verdicts_of(loaded: LoadedModel, batch_size: int | None) -> list[Verdict]:
    """Measure a model as a run does, reading so many windows at a time."""
    settings = WindowSettings(30, 8, 4, 0, "first", 0)
    activations = read_activations(
        loaded,
        story(40),
        settings,
        DOCUMENT.kinds,
        batch_size=batch_size,
        timings=Timings(),
        advance=lambda _done: None,
    )
    measurement = measure(activations, Specification(n_resamples=200), DOCUMENT)
    return [assertion.decide(measurement).verdict for assertion in ASSERTIONS]


def test_verdicts_do_not_depend_on_the_size_of_batches_nor_on_memory_that_runs_out(
    model_folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.set_num_threads(1)
    source = ModelSource("gpt2", model_folder("gpt2"))
    loaded = load_model(source, dtype="float32", device="cpu", converted=None)
    expected = verdicts_of(loaded, None)
    assert len(set(expected)) > 1
    assert verdicts_of(loaded, 1) == expected
    forward, sizes = loaded.model.forward, []

    def small_memory(input_ids: torch.Tensor, **arguments: Any) -> Any:  # noqa: ANN401
        sizes.append(len(input_ids))
        if len(input_ids) > 4:
            raise torch.OutOfMemoryError("out of memory")
        return forward(input_ids=input_ids, **arguments)

    monkeypatch.setattr(loaded.model, "forward", small_memory)
    assert verdicts_of(loaded, None) == expected
    assert 3 in sizes
