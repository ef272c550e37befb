"""Known series: which runs are checkpoints of one training."""

from typing import Any

import pytest

from layerclaims.report.comparison.comparison import Comparison, compare
from layerclaims.report.comparison.training import (
    Phase,
    courses,
    find_series,
    phases,
    read_step,
    training_rows,
)
from layerclaims.report.records.evidence import ClaimRecord, Corpus, Evidence, SpecificationRecord
from tests.report.builder import make_claim, make_evidence, make_subject


@pytest.mark.parametrize(
    ("model", "revision_name", "expected"),
    [
        ("EleutherAI/pythia-410m", "step1000", ("EleutherAI/pythia-410m", 1000)),
        ("org/m", "step-0", ("org/m", 0)),
        ("org/m", "iter_0000500", ("org/m", 500)),
        ("org/m", "global_step20", ("org/m", 20)),
        ("org/m", "stage1-step1000-tokens4B", ("org/m stage1", 1000)),
        ("checkpoint-500", None, ("checkpoint", 500)),
        ("gpt2-6x192-step-64", None, ("gpt2-6x192", 64)),
        ("run/Checkpoint_7", None, ("run", 7)),
        ("org/m", "step" + 5_000 * "9", None),
        ("org/checkpoint-500", "step3", ("org/checkpoint-500", 3)),
        ("org/m", "main", None),
        ("org/m", "v1.0", None),
        ("gpt2-6x192", None, None),
        ("footstep3", None, None),
        ("org/m", "step-10k", None),
    ],
)
def test_steps_are_read_from_the_revision_or_the_folder(
    model: str, revision_name: str | None, expected: tuple[str, int] | None
) -> None:
    assert read_step(make_subject(12, 30, model=model, revision_name=revision_name)) == expected


def checkpoint(step: int, *claims: ClaimRecord, model: str = "org/m", **changes: Any) -> Evidence:  # noqa: ANN401
    fields = {"revision_name": f"step{step}", "weights_sha256": f"{step:064x}", **changes}
    subject = make_subject(12, 30, model=model, **fields)
    return make_evidence(claims=list(claims), profiles=None, subject=subject)


def steps(*evidences: Evidence) -> list[tuple[str, tuple[int, ...]]]:
    return [(series.name, series.steps) for series in find_series(compare(evidences).runs)]


def test_checkpoints_of_one_model_are_a_series_in_the_order_of_their_steps() -> None:
    runs = [checkpoint(step) for step in (8, 0, 64)]
    assert steps(*runs, checkpoint(1, model="org/other"), make_evidence()) == [("org/m", (0, 8, 64))]


def test_several_models_are_several_series() -> None:
    runs = [checkpoint(step, model=model) for step in (0, 8) for model in ("a", "b")]
    assert steps(*runs) == [("a", (0, 8)), ("b", (0, 8))]


def test_series_of_one_model_are_told_apart_by_their_text() -> None:
    runs = [checkpoint(step, corpus=Corpus(name=name)) for step in (0, 8) for name in ("tale", "novel")]
    assert steps(*runs) == [("org/m · tale", (0, 8)), ("org/m · novel", (0, 8))]


@pytest.mark.parametrize(
    "changes",
    [{"corpus": Corpus(name="another text")}, {"dtype": "bfloat16"}, {"hidden_size": 512}, {"tokens": {}}],
)
def test_what_was_measured_in_another_way_is_no_step_of_the_series(changes: dict[str, Any]) -> None:
    assert steps(checkpoint(0), checkpoint(8, **changes)) == []


def test_another_specification_is_no_step_of_the_series() -> None:
    finer = SpecificationRecord(bins=30, outlier_sd=5, estimator="histogram", n_resamples=200, seed=0)
    assert steps(checkpoint(0), checkpoint(8).model_copy(update={"specification": finer})) == []


def test_two_trainings_of_one_name_make_no_series_and_a_repeated_run_counts_once() -> None:
    other = checkpoint(8, weights_sha256="ff" * 32)
    assert steps(checkpoint(0), checkpoint(8), other) == []
    found = find_series(compare([checkpoint(0), checkpoint(8), checkpoint(8)]).runs)
    assert [run.letter for run in found[0].runs] == ["A", "C"]


def with_values(values: dict[str, tuple[float, str]]) -> ClaimRecord:
    """Make a claim with an assertion a kind, each with its value and verdict."""
    data = make_claim("mi-declines", "supported").model_dump()
    for assertion in data["assertions"]:
        assertion["value"], assertion["verdict"] = values[assertion["parameters"]["kind"]]
    verdicts = [verdict for _, verdict in values.values()]
    data["verdict"] = "refuted" if "refuted" in verdicts else "supported"
    return ClaimRecord.model_validate(data)


def made(*claims: ClaimRecord) -> Comparison:
    return compare([checkpoint(2**place, claim) for place, claim in enumerate(claims)])


def test_one_assertion_is_followed_though_others_decide_in_between() -> None:
    comparison = made(
        with_values({"internal": (1, "refuted"), "terminal": (10, "supported")}),
        with_values({"internal": (12, "supported"), "terminal": (20, "refuted")}),
        with_values({"internal": (13, "supported"), "terminal": (30, "supported")}),
    )
    course = courses(comparison.rows[0], find_series(comparison.runs))[0]
    assert [(point.step, point.value) for point in course.points] == [(1, 1), (2, 12), (4, 13)]
    assert [point.decides for point in course.points] == [True, False, True]
    assert [point.verdict for point in course.points] == ["refuted", "refuted", "supported"]


def test_a_step_at_which_the_claim_does_not_apply_is_left_out() -> None:
    absent = make_claim("mi-declines", "not_applicable")
    supported = make_claim("mi-declines", "supported")
    comparison = made(absent, supported, supported)
    course = courses(comparison.rows[0], find_series(comparison.runs))[0]
    assert [point.step for point in course.points] == [2, 4]
    assert training_rows(made(absent, absent))[1] == []


def test_steps_of_one_verdict_are_one_phase() -> None:
    refuted, supported = make_claim("mi-declines", "refuted"), make_claim("mi-declines", "supported")
    comparison = made(refuted, refuted, supported, refuted)
    assert phases(comparison.rows[0], find_series(comparison.runs)[0]) == [
        Phase("refuted", 1, 2), Phase("supported", 4, 4), Phase("refuted", 8, 8),
    ]  # fmt: skip
