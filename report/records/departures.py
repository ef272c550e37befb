"""Differences between a run and the baseline of its subject.

A verdict depends on an interval, so a small change of a number may move the interval's end across the
criterion. The word for a changed verdict says whether the change is as small as that.
"""

from collections.abc import Iterable
from typing import get_args

from layerclaims.message import format_number
from layerclaims.report.records.baseline import Baseline, key, recorded
from layerclaims.report.records.claim_facts import verdict_words
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


def describe_verdict(assertion: RecordedAssertion) -> str:
    """Write a verdict with its number and interval, such as ``refuted at 2.1 [1.9, 2.4]``."""
    verdict = verdict_words(assertion.verdict)
    if assertion.value is None or assertion.interval is None:
        return verdict
    low, high = assertion.interval
    interval = "" if low == high else f" [{format_number(low)}, {format_number(high)}]"
    return f"{verdict} at {format_number(assertion.value)}{interval}"


def describe_difference(difference: BaselineDifference) -> str:
    """Write in one sentence, without a full stop, how an assertion changed: from what, to what."""
    was, now, how = difference.recorded, difference.found, difference.how
    before = f"recorded as {describe_verdict(was)}" if was else "not in the baseline"
    after = f"now {describe_verdict(now)}" if now else "no longer asserted"
    text = f"{how}: {before}, {after}"
    if was and now and was.criterion and now.criterion and was.criterion != now.criterion:
        text += f"; the criterion was {was.criterion}, now {now.criterion}"
    return text


def describe_assertion(assertion: RecordedAssertion) -> str:
    """Name an assertion by its claim, its words and its arguments."""
    arguments = ", ".join(f"{name} {value}" for name, value in assertion.arguments.items())
    return f"{assertion.claim}: {assertion.assertion}{f' ({arguments})' if arguments else ''}"
