import importlib.util
import uuid
from pathlib import Path

import pytest

from layerclaims.errors import InputError
from layerclaims.sweep.results.storage import Storage


@pytest.fixture(params=["path", "file", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    urls = {
        "path": str(tmp_path / "out"),
        "file": f"file://{tmp_path}/out",
        "memory": f"memory://{uuid.uuid4()}/out",
    }
    return Storage(urls[request.param])


def test_what_is_written_is_read_and_listed_and_removed(storage: Storage) -> None:
    assert storage.read("a/b.json") is None
    assert storage.sizes("a") == {}
    storage.write("a/b.json", "é")
    storage.write("a/b.json", "éé")
    assert storage.read("a/b.json") == "éé".encode()
    assert storage.sizes("a") == {"a/b.json": 4}
    assert storage.read_many(["a/b.json", "a/c.json"]) == {"a/b.json": "éé".encode()}
    assert storage.read_many([]) == {}
    storage.remove("a/b.json")
    storage.remove("a/b.json")
    assert storage.read("a/b.json") is None


def test_a_folder_is_uploaded_whole_with_its_sizes(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "source" / "figures").mkdir(parents=True)
    (tmp_path / "source" / "report.html").write_text("page")
    (tmp_path / "source" / "figures" / "a.csv").write_text("1")
    files = storage.upload(tmp_path / "source", "subjects/a/first")
    assert files == {"report.html": 4, "figures/a.csv": 1}
    assert storage.sizes("subjects") == {
        "subjects/a/first/report.html": 4,
        "subjects/a/first/figures/a.csv": 1,
    }
    assert storage.read("subjects/a/first/figures/a.csv") == b"1"


def test_an_unknown_kind_of_storage_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="the output nonsense://x is no folder and no URL that fsspec knows"):
        Storage("nonsense://x")


@pytest.mark.skipif(importlib.util.find_spec("s3fs") is not None, reason="s3fs is installed")
def test_a_missing_driver_is_named_with_what_to_install() -> None:
    with pytest.raises(
        InputError, match=r"needs a driver that is not installed: Install s3fs.*`pip install s3fs`"
    ):
        Storage("s3://bucket/folder")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with pytest.raises(InputError, match=r"the output .*a file/out cannot be used: "):
        Storage(str(tmp_path / "a file" / "out")).write("sweep.json", "{}")
