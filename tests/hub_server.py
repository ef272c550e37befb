"""A model hub on this machine that answers what the hub's real client asks, and breaks off where told."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

COMMIT = "6dcaa7a952f72f9298047fd5137cd6e4f05f41da"
TOKEN = "hf_of_a_test"


@dataclass
class Interruption:
    """How the next download of a weight file ends early.

    Attributes
    ----------
    after : int
        Bytes that are sent first.
    holds : bool
        Whether the connection stays open until `resume` is set, instead of being cut.
    reached : threading.Event
        Set when these bytes were sent.
    """

    after: int
    holds: bool = False
    reached: threading.Event = field(default_factory=threading.Event)
    resume: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Answer:
    """What is sent instead of the hub's own answer.

    Attributes
    ----------
    cut : bool
        Whether the connection is closed without a word.
    ends_early : str
        Whether it is closed before all ``"bytes"`` have come that are announced, or the last ``"chunk"``.
    """

    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    ends_early: Literal["", "bytes", "chunk"] = ""


@dataclass
class Hub:
    """A running hub.

    Attributes
    ----------
    repositories : dict
        Hub id to the folder with its files.
    revisions : tuple of str
        Branches and tags, all of the same commit.
    gated : bool
        Whether files are given to `TOKEN` only.
    lies : bool
        Whether other weights are sent than are described.
    strange : callable
        Given a request's path; what it returns is sent instead, where it returns something.
    requests : list of str
        What was asked, as ``GET /path``, with the range where one was asked for.
    """

    repositories: dict[str, Path]
    revisions: tuple[str, ...] = ("main", "v1.0")
    gated: bool = False
    lies: bool = False
    strange: Callable[[str], Answer | None] = lambda _path: None
    interruptions: list[Interruption] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    address: str = ""

    def fetched(self) -> list[str]:
        """Names of the files that were downloaded, in order of their names."""
        return sorted(
            request.split("/")[-1].split(" ")[0]
            for request in self.requests
            if request.startswith("GET ") and "/resolve/" in request
        )


@cache
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def serve_hub(hub: Hub) -> Iterator[Hub]:
    """Answer for a hub until the context ends; its address is set meanwhile."""

    class Handler(_Handler):
        served = hub

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        hub.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield hub
        finally:
            for interruption in hub.interruptions:
                interruption.resume.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Hub

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        asked_range = self.headers.get("Range")
        self.served.requests.append(f"{self.command} {path}" + (f" {asked_range}" if asked_range else ""))
        if strange := self.served.strange(path):
            return self._answer(strange)
        for name, folder in self.served.repositories.items():
            if path.startswith(f"/api/models/{name}"):
                return self._describe(name, folder, path.removeprefix(f"/api/models/{name}"))
            if path.startswith(f"/{name}/resolve/"):
                revision, _, file = path.removeprefix(f"/{name}/resolve/").partition("/")
                return self._resolve(folder / file, revision)
        return self._say(200 if path == "/" else 404, error="" if path == "/" else "RepoNotFound")

    do_HEAD = do_GET

    def _answer(self, answer: Answer) -> None:
        if answer.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        n_bytes = len(answer.content)
        if answer.ends_early == "chunk":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(n_bytes + 9 * bool(answer.ends_early)))
        self.end_headers()
        if self.command == "GET":
            chunk = b"%x\r\n" % n_bytes if answer.ends_early == "chunk" else b""
            self.wfile.write(chunk + answer.content)
            self.close_connection = self.close_connection or bool(answer.ends_early)

    def _describe(self, name: str, folder: Path, rest: str) -> None:
        _, kind, revision, within = [*rest.split("/", 3), *[""] * 4][:4]
        if (revision or "main") not in (COMMIT, *self.served.revisions):
            return self._say(404, error="RevisionNotFound")
        if within:  # transformers looks for a folder of chat templates
            return self._say(404, error="EntryNotFound")
        files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        if kind == "tree":
            entries = [
                {"type": "file", "path": file, "size": path.stat().st_size, "oid": _sha256(path)[:40]}
                for file, path in sorted(files.items())
            ]
            return self._say(200, json.dumps(entries))
        siblings = [{"rfilename": file} for file in sorted(files)]
        described = {"_id": "1", "id": name, "modelId": name, "sha": COMMIT, "tags": [], "siblings": siblings}
        return self._say(200, json.dumps(described))

    def _resolve(self, path: Path, revision: str) -> None:
        if revision not in (COMMIT, *self.served.revisions):
            return self._say(404, error="RevisionNotFound")
        if self.served.gated and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._say(403, error="GatedRepo")
        if not path.is_file():
            return self._say(404, error="EntryNotFound")
        content = path.read_bytes()
        etag = _sha256(path) if path.suffix in (".safetensors", ".bin") else _sha256(path)[:40]
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").partition("-")[0])
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("ETag", f'"{etag}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(content) - start))
        if "Range" in self.headers:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.command == "GET":
            lies = self.served.lies and path.suffix == ".safetensors"
            self._send(path, bytes(len(content) - start) if lies else content[start:])
        return None

    def _send(self, path: Path, content: bytes) -> None:
        interruption = None
        if path.suffix in (".safetensors", ".bin") and self.served.interruptions:
            interruption = self.served.interruptions.pop(0)
        if interruption is None:
            self.wfile.write(content)
            return
        self.wfile.write(content[: interruption.after])
        self.wfile.flush()
        interruption.reached.set()
        if interruption.holds and interruption.resume.wait(60):
            self.wfile.write(content[interruption.after :])
        else:
            self.close_connection = True
            self.connection.close()

    def _say(self, status: int, text: str = "", error: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        if error:
            self.send_header("X-Error-Code", error)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass
