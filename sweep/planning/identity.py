"""Identity of a job: everything that decides its result. Jobs of equal identity have the same result."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from layerclaims.errors import InputError
from layerclaims.fixtures.options.chosen import RunOptions, parse_options
from layerclaims.subject.resolving.model_source import ModelSource

DEFAULTS = parse_options({})
# These options change where and how fast a result is computed, not the result.
NOT_DECIDING = ("report_dir", "exit_zero", "cache_dir", "cache", "offline", "batch_size")


def identity(
    parsed: RunOptions, given: Mapping[str, str], digests: "Digests", claims: str | None = None
) -> str:
    """Write everything that decides a result: options other than the defaults, and contents of files.

    The folder of claims is included if it is not the package's own.
    """
    choices = {
        name: str(value)
        for name, value in asdict(parsed).items()
        if name not in NOT_DECIDING and value != getattr(DEFAULTS, name)
    }
    for name, value in given.items():
        if Path(value).is_absolute() and name.replace("-", "_") in choices:
            choices[name.replace("-", "_")] = Path(value).name
            choices[f"{name} sha256"] = digests.of(Path(value))
    if claims is not None:
        choices["claims"] = claims
    return json.dumps(choices, sort_keys=True)


class Digests:
    """Hashes of the contents of files and model folders, each computed once."""

    def __init__(self) -> None:
        self._known: dict[Path, str] = {}
        self.missing: dict[str, None] = {}

    def of(self, path: Path) -> str:
        """Hash a path's content; return its name if it is not on this machine."""
        if path not in self._known:
            try:
                self._known[path] = ModelSource(path.name, path).sha256() if path.exists() else ""
            except OSError as error:
                raise InputError(
                    "{path} cannot be read: {reason}", path=path, reason=error.strerror
                ) from None
            if not path.exists():
                self.missing[str(path)] = None
        return self._known[path] or str(path)
