"""Turn everything that a model hub, its client and the network between them can do into one sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layerclaims.errors import InputError
from layerclaims.text import shorten, visible

LOGIN = "log in with `hf auth login`, or set HF_TOKEN"
REASON_CHARACTERS = 300
REFUSALS = (401, 403)
# What the client raises where the server's answer is not what a hub answers: it takes the answer's shape for
# granted.
MALFORMED = (json.JSONDecodeError, KeyError, TypeError, AttributeError, RecursionError)


@contextmanager
def hub_errors_as_input_errors(name: str, revision: str | None) -> Iterator[None]:
    """Raise `InputError` for whatever ends a download.

    The client raises errors of its own, those of its HTTP library (another one in each major version), those
    of the disk, and any of Python's own where an answer has another form than a hub's.

    Parameters
    ----------
    name, revision : str
        The model, as the user named it.

    Raises
    ------
    InputError
        With what was wrong and what to do.
    """
    try:
        yield
    except InputError as error:
        raise InputError(f"--model {name} could not be downloaded: {error}") from None
    except Exception as error:
        raise InputError(_sentence(error, name, revision)) from None


def _sentence(error: Exception, name: str, revision: str | None) -> str:
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    chain = _chain(error)
    for cause in chain:
        if isinstance(cause, GatedRepoError):
            return f"--model {name} is gated: accept its licence on the hub, and {LOGIN}"
        if isinstance(cause, RevisionNotFoundError):
            return f"--model {name} has no revision {revision!r} on the hub"
        if isinstance(cause, RepositoryNotFoundError):
            return (
                f"--model {name} is neither a file or folder here nor a model on the hub; where it is "
                f"private, {LOGIN}"
            )
    for status in REFUSALS:
        if any(_status(cause) == status for cause in chain):
            return f"--model {name}: the hub gives it to some accounts only (HTTP {status}): {LOGIN}"
    if isinstance(error, UnicodeError):
        return (
            f"--model {name} could not be downloaded: {_server()} answers with no text, or its cache is "
            f"damaged: delete {_cache_folder(name)}"
        )
    if isinstance(error, MALFORMED):
        return (
            f"--model {name} could not be downloaded: {_server()} does not answer as a model hub does "
            f"({_reason(error)})"
        )
    return f"--model {name} could not be downloaded ({_reason(error)}); the same command goes on where it was"


def _chain(error: BaseException) -> list[BaseException]:
    """List an error and what caused it; the client wraps what the server said."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__
    return chain


def _status(error: BaseException) -> int | None:
    return getattr(getattr(error, "response", None), "status_code", None)


def _server() -> str:
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _cache_folder(name: str) -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / f"models--{name.replace('/', '--')}"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno and error.strerror and error.filename:
        return f"{visible(str(error.filename))}: {error.strerror}"
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return shorten(visible(lines[0]), REASON_CHARACTERS)
