"""Turn everything that a model hub, its client and the network between them can do into one sentence."""

import importlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

from layerclaims.errors import InputError, SentenceError
from layerclaims.message import Message, as_message, enumeration, message
from layerclaims.text import shorten, visible

LOGIN = message("log in with `hf auth login`, or set HF_TOKEN")
REASON_CHARACTERS = 300
REFUSALS = (401, 403)
# What the client raises where the server's answer is not what a hub answers: it takes the answer's shape for
# granted.
MALFORMED = (json.JSONDecodeError, KeyError, TypeError, AttributeError, RecursionError)


def import_client() -> None:
    """Import the hub's client, which reads its settings from the environment; transformers needs it as well.

    Raises
    ------
    InputError
        If the client refuses a setting.
    """
    try:
        importlib.import_module("huggingface_hub.file_download")
    except ValueError as error:
        settings = sorted(name for name in os.environ if name.startswith(("HF_", "HUGGING")))
        raise InputError(
            "the model hub's client does not take its settings ({reason}): correct or unset what is wrong "
            "among the environment variables {names}",
            reason=_reason(error),
            names=enumeration(settings),
        ) from None


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
        _take_no_cookies()
        yield
    except InputError as error:
        raise InputError("--model {name} could not be downloaded: {error}", name=name, error=error) from None
    except Exception as error:
        raise _explained(error, name, revision) from None


def _take_no_cookies() -> None:
    """Let the client's session keep no cookie: one that is not ASCII makes every later request fail."""
    from huggingface_hub import get_session

    cookies = get_session().cookies
    cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    cookies.clear()


def _explained(error: Exception, name: str, revision: str | None) -> InputError:
    return _refused(_chain(error), name, revision) or _failed(error, name)


def _refused(chain: Sequence[BaseException], name: str, revision: str | None) -> InputError | None:
    """Say that the hub has no such model or does not give it to this account; `None` if it was neither."""
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    for cause in chain:
        if isinstance(cause, GatedRepoError):
            return InputError(
                "--model {name} is gated: accept its licence on the hub, and {advice}",
                name=name,
                advice=LOGIN,
            )
        if isinstance(cause, RevisionNotFoundError):
            return InputError(
                "--model {name} has no revision {revision} on the hub",
                name=name,
                revision=repr(revision or "main"),
            )
        if isinstance(cause, RepositoryNotFoundError):
            return InputError(
                "--model {name} is neither a file or folder here nor a model on the hub; where it is "
                "private, {advice}",
                name=name,
                advice=LOGIN,
            )
    for status in REFUSALS:
        if any(_status(cause) == status for cause in chain):
            return InputError(
                "--model {name}: the hub gives it to some accounts only (HTTP {status}): {advice}",
                name=name,
                status=status,
                advice=LOGIN,
            )
    return None


def _failed(error: Exception, name: str) -> InputError:
    """Say what went wrong with the answers, the connection or the disk."""
    if isinstance(error, UnicodeError):
        return InputError(
            "--model {name} could not be downloaded: {server} answers with no text, or its cache is "
            "damaged: delete {folder}",
            name=name,
            server=_server(),
            folder=_cache_folder(name),
        )
    if isinstance(error, MALFORMED):
        return InputError(
            "--model {name} could not be downloaded: {server} does not answer as a model hub does ({reason})",
            name=name,
            server=_server(),
            reason=_reason(error),
        )
    return InputError(
        "--model {name} could not be downloaded ({reason}); the same command goes on where it was",
        name=name,
        reason=_reason(error),
    )


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


def _reason(error: Exception) -> Message | str:
    if isinstance(error, SentenceError):
        return as_message(error)
    if isinstance(error, OSError) and error.errno and error.strerror and error.filename:
        return f"{visible(str(error.filename))}: {error.strerror}"
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return shorten(visible(lines[0]), REASON_CHARACTERS)
