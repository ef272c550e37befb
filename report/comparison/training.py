"""Find series of checkpoints among the runs, and follow each claim's values over them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from layerclaims.decision import ClaimVerdict
from layerclaims.report.comparison.comparison import ClaimRow, ComparedRun, Comparison
from layerclaims.report.records.claim_facts import deciding_assertion
from layerclaims.report.records.evidence import AssertionRecord, ClaimRecord, Subject

_STEP = re.compile(
    r"(?:^|[-_/.])(?:global[-_]?)?(?:steps?|checkpoint|ckpt|iter(?:ation)?)[-_]?(\d{1,18})(?=$|[-_/.])",
    re.IGNORECASE,
)
"""A step: ``step1000``, ``step-1000``, ``checkpoint-500``, ``iter_0000500``, alone or after a name."""


@dataclass(frozen=True)
class Series:
    """Runs of checkpoints of one training, measured with the same settings.

    Attributes
    ----------
    name : str
        Name of the model, without the step; with the text where several series are of one model.
    steps : tuple of int
        Training steps, strictly ascending.
    runs : tuple of ComparedRun
        One run for each step.
    places : tuple of int
        Places of the runs in the comparison.
    """

    name: str
    steps: tuple[int, ...]
    runs: tuple[ComparedRun, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class TrainingPoint:
    """A claim at one step.

    Attributes
    ----------
    step : int
    verdict : str
        The claim's.
    assertion : AssertionRecord
        The assertion that is followed over all steps.
    value : float
        Value of the assertion.
    decides : bool
        Whether that assertion gave the claim its verdict at this step.
    """

    step: int
    verdict: ClaimVerdict
    assertion: AssertionRecord
    value: float
    decides: bool


@dataclass(frozen=True)
class Course:
    """A claim over the steps of one series: the values of one assertion, and the claim's verdicts."""

    series: Series
    points: tuple[TrainingPoint, ...]


@dataclass(frozen=True)
class Phase:
    """Consecutive steps at which a claim has the same verdict, by the first and the last of them."""

    verdict: ClaimVerdict
    first: int
    last: int


def read_step(subject: Subject) -> tuple[str, int] | None:
    """Read the training's name and the step of a checkpoint.

    The step is read from the revision's name, or else from the model's. Text after the step is not part of
    the name: in some revisions it is a number of tokens.
    """
    found = _STEP.search(subject.revision_name or "")
    if found:
        return " ".join(filter(None, (subject.model, found.string[: found.start()]))), int(found[1])
    found = _STEP.search(subject.model)
    if found:
        return found.string[: found.start()] or found.string[: found.start(1)].rstrip("-_"), int(found[1])
    return None


def find_series(runs: Sequence[ComparedRun]) -> list[Series]:
    """Group runs into series of at least two steps, in the order in which they first occur.

    If a step occurs with different weights, several trainings have the same name and cannot be distinguished,
    so such runs make no series. If the same weights were measured twice, the last run counts.
    """
    groups: dict[tuple[str, ...], dict[int, list[int]]] = {}
    for place, run in enumerate(runs):
        read = read_step(run.evidence.subject)
        if read is not None:
            name, step = read
            groups.setdefault((name, *_setting(run)), {}).setdefault(step, []).append(place)
    found = [
        _series(name, steps, runs)
        for (name, *_), steps in groups.items()
        if len(steps) > 1 and all(_one_model([runs[place] for place in same]) for same in steps.values())
    ]
    counts = Counter(series.name for series in found)
    return [_with_text(series) if counts[series.name] > 1 else series for series in found]


def _with_text(series: Series) -> Series:
    """Name a series by its text too."""
    return replace(series, name=f"{series.name} · {series.runs[0].evidence.subject.corpus.name}")


def _series(name: str, places_by_step: dict[int, list[int]], runs: Sequence[ComparedRun]) -> Series:
    steps = tuple(sorted(places_by_step))
    places = tuple(places_by_step[step][-1] for step in steps)
    return Series(name, steps, tuple(runs[place] for place in places), places)


def _one_model(runs: Sequence[ComparedRun]) -> bool:
    return len({run.evidence.subject.weights_sha256 for run in runs}) == 1


def _setting(run: ComparedRun) -> Iterator[str]:
    """List the settings that must be the same at all steps."""
    subject = run.evidence.subject
    yield f"{subject.architecture} {subject.n_layers} {subject.hidden_size} {subject.dtype}"
    yield f"{subject.corpus.name} {subject.corpus.sha256} {subject.tokens}"
    yield str(subject.windows)
    yield str(run.evidence.specification)


def courses(row: ClaimRow, series: Sequence[Series]) -> list[Course]:
    """Follow a claim over every series in which one of its assertions has a value.

    All series follow the same assertion: the one that most often decided the claim's verdict.
    """
    name = _followed(row, series)
    if name is None:
        return []
    found = [Course(one, tuple(_points(row, one, name))) for one in series]
    return [course for course in found if course.points]


def _followed(row: ClaimRow, series: Sequence[Series]) -> str | None:
    claims = (row.claims[place] for one in series for place in one.places)
    deciding = (deciding_assertion(claim) for claim in claims if claim is not None)
    counts = Counter(one.name for one in deciding if one is not None and one.value is not None)
    return counts.most_common(1)[0][0] if counts else None


def _points(row: ClaimRow, series: Series, name: str) -> Iterator[TrainingPoint]:
    for step, place in zip(series.steps, series.places, strict=True):
        claim = row.claims[place]
        assertion = None if claim is None else _assertion(claim, name)
        if claim is not None and assertion is not None and assertion.value is not None:
            decides = deciding_assertion(claim) == assertion
            yield TrainingPoint(step, claim.verdict, assertion, assertion.value, decides)


def _assertion(claim: ClaimRecord, name: str) -> AssertionRecord | None:
    return next((assertion for assertion in claim.assertions if assertion.name == name), None)


def phases(row: ClaimRow, series: Series) -> list[Phase]:
    """Divide a series into phases of one verdict; steps without a decision of the claim are left out."""
    found: list[Phase] = []
    for step, place in zip(series.steps, series.places, strict=True):
        claim = row.claims[place]
        if claim is None:
            continue
        if found and found[-1].verdict == claim.verdict:
            found[-1] = Phase(claim.verdict, found[-1].first, step)
        else:
            found.append(Phase(claim.verdict, step, step))
    return found


def training_rows(comparison: Comparison) -> tuple[list[Series], list[tuple[ClaimRow, list[Course]]]]:
    """Find the comparison's series, and the claims that can be followed over them."""
    series = find_series(comparison.runs)
    found = [(row, courses(row, series)) for row in comparison.rows] if series else []
    return series, [(row, lines) for row, lines in found if lines]
