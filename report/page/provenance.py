"""Provenance: the document, the subject, the analyst's choices and the versions, as names and values."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from layerclaims.report.language.words import Words
from layerclaims.report.page.review import software_text
from layerclaims.report.records.evidence import (
    DocumentRecord,
    Evidence,
    FoundToken,
    TextLoss,
    UnusedWeights,
    Windows,
)
from layerclaims.version import PACKAGE


def rows(evidence: Evidence, words: Words) -> list[tuple[str, str]]:
    """List names and values of what was run, as far as it is known."""
    _ = words.gettext
    subject, specification = evidence.subject, evidence.specification
    listed = [
        *_document_rows(evidence.document, words),
        (_("command"), evidence.command),
        (_("time"), evidence.created),
        (_("model"), subject.model),
        (_("revision"), ", ".join(filter(None, (subject.revision_name, subject.revision)))),
        (_("weights, SHA-256"), subject.weights_sha256),
        (_("pickles read"), subject.pickle and _("yes, as --allow-pickle asked")),
        (_("remote code run"), subject.remote_code),
        (_("parameters"), _count(subject.n_parameters, words)),
        (_("architecture"), subject.architecture),
        (_("quantization"), subject.quantization),
        (_("weights in its files that are not used"), _unused_weights(subject.unused_weights, words)),
        (_("data type"), subject.dtype),
        (_("largest difference from float32"), _number(subject.dtype_difference, words)),
        (_("device"), subject.device),
        (
            _("device map"),
            ", ".join(f"{place}: {words.count(n)}" for place, n in (subject.device_map or {}).items()),
        ),
        (_("change when tokens follow"), _number(subject.following_tokens_difference, words)),
        (_("positions added to the embedding"), _yes_or_no(subject.positions_added, words)),
        (_("text"), subject.corpus.name),
        (_("text, SHA-256"), subject.corpus.sha256),
        (_("loss on the text"), _loss(subject.text_loss, words)),
        (_("tokens in the text"), _count(subject.corpus.n_tokens, words)),
        *_token_rows(subject.windows, words),
        *_overlap_rows(evidence, words),
        (_("estimator"), words.option(specification.estimator)),
        (_("bins"), words.count(specification.bins)),
        (
            _("outliers beyond"),
            _("%(n)s standard deviations") % {"n": words.number(specification.outlier_sd)},
        ),
        (_("token resamples"), words.count(specification.n_resamples)),
        *_dependence_rows(evidence, words),
        (_("seed"), str(specification.seed)),
    ]
    return [(name, value) for name, value in listed if value]


def _document_rows(document: DocumentRecord, words: Words) -> list[tuple[str, str]]:
    _ = words.gettext
    return [
        (_("document"), document.citation or document.title),
        (_("link"), document.url),
        (_("the document's model"), document.model or ""),
        (_("the document's text"), document.text or ""),
    ]


def _token_rows(windows: Windows | None, words: Words) -> list[tuple[str, str]]:
    """Say how the tokenizer writes each kind: alone, with space, or merged with other characters."""
    if windows is None:
        return []
    _ = words.gettext
    listed = []
    for kind, n in windows.eligible.items():
        name = words.kind(kind)
        listed.append((_("%(kind)s to choose from") % {"kind": name}, words.count(n)))
        record = words.kinds.get(kind)
        if record is not None and record.sampling is not None:
            listed.append((_("%(kind)s chosen") % {"kind": name}, words.option(record.sampling)))
        for label, found in (
            (_("%(kind)s merged with other characters, not chosen"), windows.merged.get(kind)),
            (_("%(kind)s with space in their token"), windows.spaced.get(kind)),
        ):
            if found and found.n:
                listed.append((label % {"kind": name}, _counted(found.n, found.examples, words)))
        tokens = windows.tokens.get(kind, [])
        if len(tokens) > 1:
            listed.append((_("%(kind)s by token of the model") % {"kind": name}, _by_token(tokens, words)))
    return listed


def _dependence_rows(evidence: Evidence, words: Words) -> list[tuple[str, str]]:
    """Say of each kind how many neighbours are resampled together, and how much its tokens tell."""
    _ = words.gettext
    listed = []
    for kind, found in evidence.dependence.items():
        text = _("%(length)s neighbours at a time; as much as %(effective)s independent tokens")
        values = {
            "length": words.count(found.block_length),
            "effective": words.count(round(found.effective_tokens)),
        }
        name = (
            _("%(kind)s in a resample") if found.positions_known else _("%(kind)s in a resample, as stored")
        )
        listed.append((name % {"kind": words.kind(kind)}, text % values))
    return listed


def _by_token(tokens: Sequence[FoundToken], words: Words) -> str:
    """Count the tokens of a kind by their ids, and say which of them were chosen from."""
    chosen, left_out = words.gettext("chosen from"), words.gettext("not chosen")
    return "; ".join(
        f"“{token.text}” ({token.id}) × {words.count(token.n)}, {chosen if token.chosen_from else left_out}"
        for token in tokens
    )


def _unused_weights(unused: UnusedWeights | None, words: Words) -> str:
    if unused is None:
        return ""
    return _counted(unused.n, unused.names, words) if unused.n else words.gettext("none")


def _counted(n: int, examples: Mapping[str, int], words: Words) -> str:
    """Write a count with its most frequent examples."""
    listed = ", ".join(f"“{text}” × {words.count(count)}" for text, count in examples.items())
    return f"{words.count(n)}: {listed}"


def _overlap_rows(evidence: Evidence, words: Words) -> list[tuple[str, str]]:
    """Count, by kind, the windows that share text with another window of the kind."""
    windows = evidence.subject.windows
    if windows is None:
        return []
    width = windows.context_before + 1 + windows.context_after
    listed = []
    for kind, samples in evidence.samples.items():
        places = sorted(window.position for window in samples)
        near = [second - first < width for first, second in pairwise(places)]
        n = sum(left or right for left, right in zip([False, *near], [*near, False], strict=True))
        label = words.gettext("windows of %(kind)s that overlap another") % {"kind": words.kind(kind)}
        listed.append((label, f"{words.count(n)} / {words.count(len(samples))}"))
    return listed


def _count(value: int | None, words: Words) -> str:
    return "" if value is None else words.count(value)


def _number(value: float | None, words: Words) -> str:
    return "" if value is None else words.number(value)


def _loss(loss: TextLoss | None, words: Words) -> str:
    if loss is None:
        return ""
    text = words.gettext("%(bits)s bits a token, from %(tokens)s tokens in %(passages)s passages")
    return text % {
        "bits": words.number(loss.bits),
        "tokens": words.count(loss.n_tokens),
        "passages": words.count(loss.n_passages),
    }


def _yes_or_no(value: bool | None, words: Words) -> str:
    return "" if value is None else words.gettext("yes") if value else words.gettext("no")


def versions(evidence: Evidence, words: Words) -> list[tuple[str, str]]:
    """List the versions that a result may depend on, this software's first."""
    found: list[tuple[str, str]] = []
    if evidence.software is not None:
        found.append((PACKAGE, software_text(evidence.software, words)))
    for name, value in evidence.environment.items():
        found += [(name, value)] if isinstance(value, str) else sorted(value.items())
    return found
