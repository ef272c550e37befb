"""Name runs by model, revision and text, and by further differences where these coincide."""

from collections import Counter
from collections.abc import Iterator, Sequence

from layerclaims.report.records.evidence import Evidence
from layerclaims.text import shorten

_LIMIT = 40
"""Largest number of characters of a model's, a revision's or a text's name."""

_DIGITS = 8
"""Characters of an abbreviated commit or hash, as in Git."""


def run_labels(evidences: Sequence[Evidence]) -> list[str]:
    """Name each run; while names coincide, add further differences.

    Runs without any known difference have the same name.
    """
    labels = [_name(evidence) for evidence in evidences]
    for details in zip(*map(_details, evidences), strict=True):
        counts = Counter(labels)
        # A detail that all runs of a name share does not distinguish them.
        told = {
            label: {d for d, own in zip(details, labels, strict=True) if own == label} for label in counts
        }
        labels = [
            f"{label} · {detail}" if counts[label] > 1 and len(told[label]) > 1 and detail else label
            for label, detail in zip(labels, details, strict=True)
        ]
    return labels


def _name(evidence: Evidence) -> str:
    subject = evidence.subject
    parts = (subject.model, subject.revision_name, subject.corpus.name)
    return " · ".join(shorten(part, _LIMIT) for part in parts if part)


def _details(evidence: Evidence) -> Iterator[str]:
    """List details that may distinguish runs of one model and text, the analyst's choices first."""
    subject, choices = evidence.subject, evidence.specification
    yield subject.windows.sampling if subject.windows else ""
    yield " + ".join(map(str, subject.tokens.values())) + " tokens"
    yield f"{choices.bins} bins"
    yield f"outliers beyond {choices.outlier_sd:g} SD"
    yield choices.estimator
    yield subject.dtype
    yield subject.quantization or ""
    yield subject.architecture or ""
    yield f"{subject.n_layers} blocks of {subject.hidden_size}"
    yield _window(evidence)
    yield f"seed {subject.windows.seed if subject.windows else choices.seed}"
    yield f"revision {subject.revision[:_DIGITS]}" if subject.revision else ""
    yield f"weights {subject.weights_sha256[:_DIGITS]}" if subject.weights_sha256 else ""
    yield f"text {subject.corpus.sha256[:_DIGITS]}" if subject.corpus.sha256 else ""


def _window(evidence: Evidence) -> str:
    windows = evidence.subject.windows
    if windows is None:
        return ""
    return f"{windows.context_before} before, {windows.context_after} after, {windows.skip_tokens} skipped"
