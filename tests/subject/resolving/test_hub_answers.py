"""Whatever a hub answers, a named model is refused in one sentence and the document's own falls back."""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layerclaims.claims.document import DOCUMENT
from layerclaims.errors import InputError
from layerclaims.fixtures.options.chosen import parse_options
from layerclaims.subject.resolving.model_source import EMBEDDED_MODEL
from layerclaims.subject.resolving.resolve import Subject, resolve_subject
from tests.command import ROOT, environment
from tests.hub_server import COMMIT, Answer, Hub, serve_hub

MODEL = "some/model"
PAGE = b"\n<!DOCTYPE html><html><body>Please log in to the network</body></html>"
DEEP = b"[" * 100_000
OWN = {"X-Repo-Commit": COMMIT, "ETag": '"aa"'}
"""Headers without which the client takes nothing for a file of the hub."""


def everywhere(answer: Answer) -> Callable[[str], Answer | None]:
    """Give an answer to every request but the first, which asks whether the hub is there."""
    return lambda path: None if path == "/" else answer


def described(answer: Answer) -> Callable[[str], Answer | None]:
    return lambda path: answer if path.startswith("/api/") else None


def file(name: str, answer: Answer) -> Callable[[str], Answer | None]:
    return lambda path: answer if path.endswith("/" + name) else None


def redirected(path: str) -> Answer | None:
    return None if path == "/" else Answer(302, headers={"Location": path})


def siblings(*names: str, sha: object = COMMIT) -> bytes:
    return json.dumps({"id": MODEL, "sha": sha, "siblings": [{"rfilename": name} for name in names]}).encode()


NO_HUB = "does not answer as a model hub does"
NO_FILE = "is no such file"
GIVEN = "gives it to some accounts only"
FAULTS: dict[str, tuple[Callable[[str], Answer | None], str]] = {
    "a page for everything": (everywhere(Answer(content=PAGE)), NO_HUB),
    "a page for the description": (described(Answer(content=PAGE)), NO_HUB),
    "a page for the configuration": (file("config.json", Answer(content=PAGE, headers=OWN)), NO_FILE),
    "a page for the tokenizer": (file("tokenizer.json", Answer(content=PAGE, headers=OWN)), NO_FILE),
    "a page for the weights": (file("model.safetensors", Answer(content=PAGE, headers=OWN)), NO_FILE),
    "a list for the configuration": (file("config.json", Answer(content=b"[]", headers=OWN)), NO_FILE),
    "a nested configuration": (file("config.json", Answer(content=DEEP, headers=OWN)), NO_FILE),
    "nothing for the weights": (file("model.safetensors", Answer(headers=OWN)), NO_FILE),
    "nothing for the tokenizer": (file("tokenizer.json", Answer(headers=OWN)), NO_FILE),
    "two lengths": (file("config.json", Answer(headers=OWN | {"Content-Length": "5"})), "Content-Length"),
    "a commit that is none": (described(Answer(content=siblings("config.json", sha=""))), NO_HUB),
    "connections cut": (everywhere(Answer(cut=True)), "Server disconnected"),
    "files cut": (lambda path: Answer(cut=True) if "/resolve/" in path else None, "disconnected"),
    "a description that breaks off": (
        described(Answer(content=b"{}", ends_early="bytes")),
        "without sending complete",
    ),
    "chunks that break off": (
        described(Answer(content=b"{}", ends_early="chunk")),
        "without sending complete",
    ),
    "a file that breaks off": (
        file("config.json", Answer(content=b"{}", headers=OWN, ends_early="bytes")),
        "without sending complete",
    ),
    "a file in chunks that breaks off": (
        file("config.json", Answer(content=b"{}", headers=OWN, ends_early="chunk")),
        "without sending complete",
    ),
    "weights that break off": (
        file("model.safetensors", Answer(content=bytes(90), headers=OWN, ends_early="bytes")),
        "without sending complete",
    ),
    "redirects in a circle": (redirected, "redirects"),
    "files redirected in a circle": (lambda path: redirected(path) if "/resolve/" in path else None, "redir"),
    "a redirect to a file": (everywhere(Answer(302, headers={"Location": "file:///etc/passwd"})), "protocol"),
    "a redirect to nowhere": (everywhere(Answer(302)), NO_HUB),
    "null": (described(Answer(content=b"null")), NO_HUB),
    "a number": (described(Answer(content=b"3")), NO_HUB),
    "an empty object": (described(Answer(content=b"{}")), NO_HUB),
    "half an object": (described(Answer(content=b'{"id":')), NO_HUB),
    "nested": (described(Answer(content=DEEP)), NO_HUB),
    "siblings of a number": (described(Answer(content=b'{"id": "a", "siblings": 3}')), "could not be"),
    "no gzip": (described(Answer(content=b"abc", headers={"Content-Encoding": "gzip"})), "decompressing"),
    "no text": (described(Answer(content=bytes(range(128, 256)))), "answers with no text"),
    "a commit outside": (described(Answer(content=siblings("config.json", sha="../../../x"))), NO_HUB),
    "unauthorized": (everywhere(Answer(401)), GIVEN),
    "unauthorized, with a page": (everywhere(Answer(401, PAGE, {"WWW-Authenticate": "Basic"})), GIVEN),
    "files unauthorized": (lambda path: Answer(401) if "/resolve/" in path else None, "hf auth login"),
    "a private model": (everywhere(Answer(401, headers={"X-Error-Code": "RepoNotFound"})), "hf auth login"),
    "forbidden": (everywhere(Answer(403)), GIVEN),
    "too many requests": (everywhere(Answer(429)), "429"),
    "an error": (everywhere(Answer(500)), "500"),
    "unavailable": (everywhere(Answer(503)), "503"),
    "a network that asks for a login": (everywhere(Answer(511)), "511"),
    "a content's name outside": (
        file("model.safetensors", Answer(headers=OWN | {"ETag": '"../../../../evil"'})),
        "name for the content",
    ),
    "a content's name without an end": (
        file("model.safetensors", Answer(headers=OWN | {"ETag": f'"{"e" * 5000}"'})),
        "name for the content",
    ),
    "a size below zero": (file("config.json", Answer(headers=OWN | {"X-Linked-Size": "-5"})), "could not be"),
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("repository")
    for name, content in {"config.json": b"{}", "tokenizer.json": b"{ }"}.items():
        (folder / name).write_bytes(content)
    (folder / "model.safetensors").write_bytes(bytes(1000))
    with serve_hub(Hub({MODEL: folder, str(DOCUMENT.model): folder})) as running:
        yield running


@pytest.fixture
def home(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder for caches; the client talks to the hub, and waits for nothing."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.address)
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
        hub.address + "/{repo_id}/resolve/{revision}/{filename}",
    )
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "home" / "hub"))
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(hub, "strange", lambda _path: None)
    monkeypatch.setattr(logging.getLogger("huggingface_hub"), "disabled", True)
    return tmp_path


def resolved(home: Path, **options: str) -> Subject:
    given: dict[str, str | None] = {"cache_dir": str(home / "cache"), "corpus": "embedded", **options}
    return resolve_subject(parse_options(given), replace(DOCUMENT, text=None))


@pytest.mark.parametrize("fault", FAULTS)
def test_what_no_hub_should_answer_is_said_in_a_sentence(
    fault: str, hub: Hub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange, words = FAULTS[fault]
    monkeypatch.setattr(hub, "strange", strange)
    with pytest.raises(InputError, match=words) as raised:
        resolved(home, model=MODEL)
    assert str(raised.value).startswith("--model some/model")
    assert len(str(raised.value)) < 600
    assert "\n" not in str(raised.value)
    found = resolved(home)
    assert found.model.name == EMBEDDED_MODEL
    assert words in str(found.fallback_reason)
    beside = [
        path for path in home.rglob("*") if path.is_file() and home / "home" / "hub" not in path.parents
    ]
    assert beside == []

    monkeypatch.setattr(hub, "strange", lambda _path: None)
    assert resolved(home, model=MODEL).model.revision == COMMIT


@pytest.mark.parametrize("cookie", ["a=\u00e9", "\u00e9=a", "a=\u00ff\u00fe; Path=/api"])
def test_a_cookie_that_is_not_ascii_spoils_no_later_request(
    cookie: str, hub: Hub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Answer(
        content=siblings("config.json", "tokenizer.json", "model.safetensors"), headers={"Set-Cookie": cookie}
    )
    monkeypatch.setattr(hub, "strange", lambda path: described(given)(path) if "/tree/" not in path else None)
    for _ in range(2):
        assert resolved(home, model=MODEL).model.revision == COMMIT
    monkeypatch.setattr(hub, "strange", lambda _path: None)
    assert resolved(home, model=MODEL).model.revision == COMMIT


@pytest.mark.parametrize("blocked", ["a file in the way", "a device", "/proc/none"])
def test_a_hub_cache_that_cannot_be_written_is_said(
    blocked: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "a file in the way").write_text("")
    path = {"a device": "/dev/null"}.get(blocked, str(home / blocked))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", path + "/hub")
    with pytest.raises(InputError, match=r"could not be downloaded .*: (Not a directory|No such file)"):
        resolved(home, model=MODEL)
    assert resolved(home).model.name == EMBEDDED_MODEL


@pytest.mark.parametrize("note", [b"../../..", b"", b"a" * 5000, b"a\0b"])
def test_a_damaged_note_in_the_hub_cache_is_as_good_as_none(note: bytes, home: Path) -> None:
    references = home / "home" / "hub" / "models--some--model" / "refs"
    references.mkdir(parents=True)
    (references / "main").write_bytes(note)
    assert resolved(home, model=MODEL).model.revision == COMMIT


def test_a_note_that_is_no_text_ends_in_a_sentence(home: Path) -> None:
    references = home / "home" / "hub" / "models--some--model" / "refs"
    references.mkdir(parents=True)
    (references / "main").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"cache is damaged: delete .*models--some--model"):
        resolved(home, model=MODEL)


def test_a_page_that_others_left_in_the_cache_is_not_measured(home: Path) -> None:
    folder = resolved(home).model.path
    (folder / "config.json").resolve().write_bytes(PAGE)
    assert resolved(home, offline="true").model.name == EMBEDDED_MODEL
    assert NO_FILE in str(resolved(home).fallback_reason)
    assert resolved(home).model.revision == COMMIT


@pytest.mark.parametrize(
    ("setting", "words"),
    [("HF_ENDPOINT=http://127.0.0.1:99999", "Port out of range"), ("HF_HUB_ETAG_TIMEOUT=soon", "'soon'")],
)
def test_a_setting_that_the_client_does_not_take_is_said(setting: str, words: str, tmp_path: Path) -> None:
    name, _, value = setting.partition("=")
    code = (
        "from layerclaims.errors import InputError\n"
        "from layerclaims.subject.resolving.model_source import local_model\n"
        "try:\n    local_model('some/model')\n"
        "except InputError as error:\n    print(error)\n"
    )
    variables = environment(tmp_path, PYTHONPATH=str(ROOT)) | {name: value}
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False
    )
    assert "client does not take its settings" in done.stdout, done.stderr
    assert words in done.stdout
    assert f"environment variables {name}" in done.stdout
