"""Names of runs: model, revision and text, and further differences where these are the same."""

from collections import Counter
from collections.abc import Iterator, Sequence

from layerclaims.report.records.evidence import Evidence
from layerclaims.text import shorten

_LIMIT = 40
"""Characters of a model's, a revision's or a text's name."""

_DIGITS = 8
"""Of a commit or hash, as Git abbreviates it."""


def run_labels(evidences: Sequence[Evidence]) -> list[str]:
    """Name each run; where names coincide, add one difference after the other until they do not.

    Runs that are the same in all that is known of them keep the same name.
    """
    labels = [_name(evidence) for evidence in evidences]
    for details in zip(*map(_details, evidences), strict=True):
        counts = Counter(labels)
        # What is the same in all runs of a name tells none of them apart.
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
    """Say what may tell runs of one model and text apart, what an analyst chooses first."""
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
