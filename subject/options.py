"""Choices that decide a subject's activations, and how they are computed."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from layerclaims.sampling import Sampling

if TYPE_CHECKING:
    from layerclaims.document import Document, Windows  # heavy for a module that every run of pytest loads


@dataclass(frozen=True, kw_only=True)
class SubjectOptions:
    """What is measured and how its activations are obtained; the fields are documented as options of pytest.

    `None` means: not given. The document says its model, revision, text and windows; a text says how many
    tokens at its start are skipped; the device says how many windows fit into one forward pass.
    """

    model: str | None = None
    revision: str | None = None
    allow_pickle: bool = False
    trust_remote_code: str | None = None
    corpus: str | None = None
    samples: int | None = None
    context_before: int | None = None
    context_after: int | None = None
    skip_tokens: int | None = None
    sampling: Sampling | None = None
    seed: int = 0
    device: str = "auto"
    device_map: str = "none"
    dtype: str = "float32"
    batch_size: int | None = None
    cache_dir: Path | None = None
    cache: bool = True
    offline: bool = False


def chosen_windows(options: SubjectOptions, document: "Document") -> "Windows":
    """Take the document's windows where the user chose none."""
    windows = document.windows
    return replace(
        windows,
        samples=windows.samples if options.samples is None else options.samples,
        context_before=windows.context_before if options.context_before is None else options.context_before,
        context_after=windows.context_after if options.context_after is None else options.context_after,
        sampling=options.sampling or windows.sampling,
    )
