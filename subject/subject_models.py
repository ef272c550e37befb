"""A subject's model in each form that a run reads: at the chosen precision, in float32, untrained."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from layerclaims.message import message
from layerclaims.subject.options import SubjectOptions
from layerclaims.subject.progress import Announcer
from layerclaims.subject.resolving.model_source import ModelSource
from layerclaims.subject.resolving.resolve import cache_folder
from layerclaims.subject.storage.cache import converted_copy
from layerclaims.subject.timings import Timings

if TYPE_CHECKING:
    from layerclaims.subject.model.loading import LoadedModel


class SubjectModels:
    """Loads a subject's model when it is first needed, in each form once."""

    def __init__(
        self, source: ModelSource, options: SubjectOptions, announcer: Announcer, timings: Timings
    ) -> None:
        self._source = source
        self._options = options
        self._announcer = announcer
        self._timings = timings

    @cached_property
    def weights_sha256(self) -> str:
        """Hash of the files that decide what the model computes."""
        with self._timings.step("hash"):
            return self._source.sha256()

    @cached_property
    def chosen(self) -> "LoadedModel":
        """The model at the precision that the options ask for."""
        return self._load(self._options.dtype)

    @cached_property
    def exact(self) -> "LoadedModel | None":
        """The model in float32 beside its lower precision; `None` where both do not fit or are the same."""
        from layerclaims.subject.model.weights_size import TooLargeError

        if self._options.dtype == "float32":
            return None
        try:
            return self._load("float32")
        except TooLargeError:
            self._announcer.line(
                message(
                    "what {dtype} costs is not measured: float32 does not fit as well",
                    dtype=self._options.dtype,
                )
            )
            return None

    def untrained(self, seed: int) -> "LoadedModel":
        """Build the model with its weights as they are before training."""
        from layerclaims.subject.model.loading import with_untrained_weights

        chosen = self.chosen
        with self._timings.step("load"):
            return with_untrained_weights(chosen, seed)

    def _load(self, dtype: str) -> "LoadedModel":
        from layerclaims.subject.model.loading import load_model

        converted = self._converted()
        if self._source.is_gguf and not (converted and converted.is_dir()):
            self._announcer.line(
                message("reading the GGUF file takes some 15 s, this once")
                if converted
                else message("reading the GGUF file takes some 15 s")
            )
        with self._timings.step("load"):
            return load_model(
                self._source,
                dtype=dtype,
                device=self._options.device,
                converted=converted,
                device_map=self._options.device_map,
                announce=self._announcer.line,
            )

    def _converted(self) -> Path | None:
        """Name the folder of a GGUF model's safetensors copy; without a cache there is none."""
        if not self._options.cache:
            return None
        return converted_copy(cache_folder(self._options), self.weights_sha256)
