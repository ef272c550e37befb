"""Differences between a run and the baseline of its subject.

A verdict depends on an interval, so a small change of a number may move the interval's end across the
criterion. The word for a changed verdict says whether the change is as small as that.
"""

from collections.abc import Iterable
from typing import get_args

from layerclaims.decision import VERDICT_WORDS
from layerclaims.message import Message, message
from layerclaims.report.records.baseline import Baseline, key, recorded
from layerclaims.report.records.evidence import (
    BaselineComparison,
    BaselineDifference,
    ClaimRecord,
    Departure,
    Interval,
    RecordedAssertion,
)

DEPARTURES: tuple[Departure, ...] = get_args(Departure)
PASSING: tuple[Departure, ...] = ("criterion changed", "drifted")
"""Departures with the recorded verdict."""
NAMES: dict[Departure, Message] = {
    "reversed": message("reversed"),
    "changed": message("changed"),
    "within the interval": message("within the interval"),
    "new": message("new"),
    "missing": message("missing"),
    "criterion changed": message("criterion changed"),
    "drifted": message("drifted"),
}


def departure(was: RecordedAssertion, now: RecordedAssertion) -> Departure | None:
    """Classify how an assertion differs from its record; None if it is as recorded.

    Parameters
    ----------
    was, now : RecordedAssertion
        The assertion as recorded and as found, both rounded.

    Returns
    -------
    str or None
        If the verdict differs: ``"within the interval"`` if each value lies in the other's interval,
        ``"reversed"`` if one verdict is supported, the other refuted and the intervals do not overlap, else
        ``"changed"``. If the verdict is the same: ``"criterion changed"``, or ``"drifted"`` unless each value
        lies in the other's interval. An error is always ``"changed"``, never as recorded.
    """
    if now.verdict == "error":
        return "changed"
    agree = _agree(was, now)
    if was.verdict == now.verdict:
        if was.criterion != now.criterion:
            return "criterion changed"
        return None if agree or was.value is None else "drifted"
    if agree:
        return "within the interval"
    opposite = {was.verdict, now.verdict} == {"supported", "refuted"}
    return "reversed" if opposite and _apart(was.interval, now.interval) else "changed"


def _agree(was: RecordedAssertion, now: RecordedAssertion) -> bool:
    """Return whether each value lies in the other's interval."""
    return _holds(was.interval, now.value) and _holds(now.interval, was.value)


def _holds(interval: Interval | None, value: float | None) -> bool:
    return interval is not None and value is not None and interval[0] <= value <= interval[1]


def _apart(one: Interval | None, other: Interval | None) -> bool:
    return one is not None and other is not None and (one[1] < other[0] or other[1] < one[0])


def compare_with_baseline(
    baseline: Baseline, claims: Iterable[ClaimRecord], *, file: str, whole: bool
) -> BaselineComparison:
    """Compare a run's claims with a baseline.

    Parameters
    ----------
    baseline : Baseline
        Baseline of the same subject.
    claims : iterable of ClaimRecord
        As the run decided them.
    file : str
        The baseline's file, as the user named it.
    whole : bool
        Whether the run decided all existing assertions. A recorded assertion that was not decided is then
        missing, otherwise the user left it out.
    """
    records = {key(assertion): assertion for assertion in baseline.assertions}
    found = {key(assertion): assertion for claim in claims for assertion in recorded(claim)}
    differences = []
    for identity, now in found.items():
        difference = difference_of(records.get(identity), now)
        if difference is not None:
            differences.append(difference)
    left_out = [was for identity, was in records.items() if identity not in found]
    if whole:
        differences += [BaselineDifference(how="missing", recorded=was, found=None) for was in left_out]
    return BaselineComparison(
        file=file,
        n_recorded=len(records),
        n_as_recorded=len(found) - sum(fails(difference) for difference in differences if difference.found),
        n_not_run=0 if whole else len(left_out),
        differences=sorted(differences, key=lambda difference: DEPARTURES.index(difference.how)),
    )


def difference_of(was: RecordedAssertion | None, now: RecordedAssertion) -> BaselineDifference | None:
    """Compare one assertion with its record, if it has one; None if it is as recorded."""
    how = "new" if was is None else departure(was, now)
    return None if how is None else BaselineDifference(how=how, recorded=was, found=now)


def fails(difference: BaselineDifference) -> bool:
    """Return whether a difference makes the run fail: the verdict is not the recorded one."""
    return difference.how not in PASSING


def assertion_of(difference: BaselineDifference) -> RecordedAssertion:
    """Return the assertion that differs, as recorded or else as found."""
    assertion = difference.recorded or difference.found
    assert assertion is not None
    return assertion


def describe_verdict(assertion: RecordedAssertion) -> Message:
    """Write a verdict with its number and interval, such as ``refuted at 2.1 [1.9, 2.4]``."""
    verdict = VERDICT_WORDS[assertion.verdict]
    if assertion.value is None or assertion.interval is None:
        return verdict
    low, high = assertion.interval
    if low == high:
        return message("{verdict} at {value}", verdict=verdict, value=assertion.value)
    return message(
        "{verdict} at {value} [{low}, {high}]", verdict=verdict, value=assertion.value, low=low, high=high
    )


def describe_difference(difference: BaselineDifference) -> Message:
    """Write in one sentence, without a full stop, how an assertion changed: from what, to what."""
    was, now = difference.recorded, difference.found
    before, after = message("not in the baseline"), message("no longer asserted")
    if was:
        before = message("recorded as {verdict}", verdict=describe_verdict(was))
    if now:
        after = message("now {verdict}", verdict=describe_verdict(now))
    text = message("{how}: {before}, {after}", how=NAMES[difference.how], before=before, after=after)
    if was and now and was.criterion and now.criterion and was.criterion != now.criterion:
        text = message(
            "{change}; the criterion was {before}, now {after}",
            change=text,
            before=was.criterion,
            after=now.criterion,
        )
    return text


def describe_assertion(assertion: RecordedAssertion) -> str:
    """Name an assertion by its claim, its words and its arguments."""
    arguments = ", ".join(f"{name} {value}" for name, value in assertion.arguments.items())
    return f"{assertion.claim}: {assertion.assertion}{f' ({arguments})' if arguments else ''}"
