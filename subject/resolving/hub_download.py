"""Download one file into the hub client's cache, and go on where an earlier download stopped.

The client itself begins a file anew after a process was killed (huggingface_hub 2; version 1 went on). A
model's weights take gigabytes, so they are fetched here, by the client's public functions. The part lies
where version 1 keeps it, and the whole file where every version looks for it.
"""

import hashlib
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from layerclaims.errors import InputError, SentenceError
from layerclaims.message import message
from layerclaims.subject.progress import SILENT, Announcer
from layerclaims.text import readable_bytes, shorten

ATTEMPTS = 5
"""Connections in a row that may break off without a byte received."""
RETRY_SECONDS = 1.0
CHUNK_BYTES = 1 << 20
SECONDS_WITHOUT_A_BYTE = 30.0
ETAG = re.compile(r"[0-9A-Za-z_-]{1,128}")


class DownloadError(SentenceError, OSError):
    """A file could not be fetched whole."""


@dataclass(frozen=True)
class RemoteFile:
    """A file of a hub's repository at a commit.

    Attributes
    ----------
    etag : str
        The hub's name for the content; for weights their SHA-256.
    size : int
        In bytes.
    """

    repository: str
    name: str
    commit: str
    url: str
    etag: str
    size: int


def describe_remote_file(repository: str, name: str, commit: str) -> RemoteFile | None:
    """Ask the hub for a file's size and content hash; `None` where only the client can fetch it.

    Raises
    ------
    HfHubHTTPError
        If the hub refuses the file.
    OSError
        If what names its content could not be a file's name: the file is kept under this name.
    """
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url

    url = hf_hub_url(repository, name, revision=commit)
    metadata = get_hf_file_metadata(url)
    if metadata.etag is None or metadata.size is None or metadata.size > constants.MAX_HTTP_DOWNLOAD_SIZE:
        return None
    if ETAG.fullmatch(metadata.etag) is None:
        raise DownloadError(
            "the hub's name for the content of {file} is none: {name}",
            file=name,
            name=repr(shorten(metadata.etag, 100)),
        )
    return RemoteFile(repository, name, commit, url, metadata.etag, metadata.size)


def fetch_large_file(repository: str, name: str, snapshot: Path, announcer: Announcer = SILENT) -> None:
    """Put a file into a snapshot of the hub's cache.

    Two processes that want the same file share one download: both take the client's own lock.

    Parameters
    ----------
    repository, name : str
        Hub id, and the file's name in it.
    snapshot : Path
        ``models--org--name/snapshots/<commit>``; the commit says which content is wanted.

    Raises
    ------
    InputError
        If the disk has no room for it.
    OSError
        If the hub refuses it, it cannot be written, or its content is not what the hub says.
    """
    from huggingface_hub import hf_hub_download

    storage, commit = snapshot.parents[1], snapshot.name
    remote = describe_remote_file(repository, name, commit)
    if remote is not None:
        blob = storage / "blobs" / remote.etag
        lock = FileLock(_made(storage.parent / ".locks" / storage.name) / f"{remote.etag}.lock", mode=0o664)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            announcer.line(
                message(
                    "another process is fetching {name} of {repository}: waiting for it",
                    name=name,
                    repository=repository,
                )
            )
            lock.acquire()
        try:
            if not blob.exists():
                _download(remote, blob, announcer)
        finally:
            lock.release()  # the client takes it below
    # The client finds the content in place and only adds the file to the snapshot.
    hf_hub_download(repository, name, revision=commit, cache_dir=storage.parent)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _download(remote: RemoteFile, blob: Path, announcer: Announcer) -> None:
    part = _made(blob.parent) / f"{blob.name}.incomplete"
    done = part.stat().st_size if part.exists() else 0
    if done > remote.size:
        part.unlink()
        done = 0
    free = shutil.disk_usage(part.parent).free
    if remote.size - done > free:
        raise InputError(
            "{file} of {repository} needs {size} more in {parent}, and {free} are free: "
            "make room, or give HF_HOME another disk",
            file=remote.name,
            repository=remote.repository,
            size=readable_bytes(remote.size - done),
            parent=part.parent,
            free=readable_bytes(free),
        )
    text = message("fetching {name} of {repository}", name=remote.name, repository=remote.repository)
    size = readable_bytes(remote.size)
    announcer.line(
        message("{step}: {size}, of which {here} are here", step=text, size=size, here=readable_bytes(done))
        if done
        else message("{step}: {size}", step=text, size=size)
    )
    with announcer.progress(text, remote.size, done=done, in_bytes=True) as advance:
        _receive(remote, part, advance)
    _check_content(remote, part)
    part.replace(blob)


def _receive(remote: RemoteFile, part: Path, advance: Callable[[int], object]) -> None:
    """Append what is missing, over as many connections as it takes."""
    failures = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        if before == remote.size:
            part.touch()
            return
        try:
            _receive_once(remote, part, before, advance)
            reason: object = message("the connection was closed early")
        except OSError:  # the disk, or a refusal by the hub
            raise
        except Exception as error:  # of the client's HTTP library, which is another one in each major version
            reason = error
        received = part.stat().st_size if part.exists() else 0
        failures = 0 if received > before else failures + 1
        if received < remote.size:
            if failures == ATTEMPTS:
                raise DownloadError(
                    "the connection broke off {n} times in a row: {reason}", n=ATTEMPTS, reason=reason
                )
            time.sleep(RETRY_SECONDS)


def _receive_once(remote: RemoteFile, part: Path, done: int, advance: Callable[[int], object]) -> None:
    from huggingface_hub import get_session, hf_raise_for_status
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # not re-exported

    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    request = get_session().stream("GET", remote.url, headers=headers, timeout=SECONDS_WITHOUT_A_BYTE)
    with request as response:
        hf_raise_for_status(response)
        continues = response.status_code == 206
        if done and not continues:  # a server that does not know ranges sends the whole file
            advance(-done)
        with part.open("ab" if continues else "wb") as sink:
            for chunk in response.iter_bytes(CHUNK_BYTES):
                sink.write(chunk)
                advance(len(chunk))


def _check_content(remote: RemoteFile, part: Path) -> None:
    """Refuse what is not the file that the hub describes; a part of it would be gone on with for ever."""
    size = part.stat().st_size
    right = size == remote.size
    if right and re.fullmatch(r"[0-9a-f]{64}", remote.etag):
        with part.open("rb") as content:
            right = hashlib.file_digest(content, "sha256").hexdigest() == remote.etag
    if not right:
        part.unlink()
        raise DownloadError(
            "{file} came with other content than the hub says ({size} bytes): try again",
            file=remote.name,
            size=f"{size:,}",
        )
