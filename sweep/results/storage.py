"""Read and write a sweep's folder: on this machine, on a share, or on any storage with an fsspec driver."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from layerclaims.errors import InputError
from layerclaims.serialization.files import write_atomically


class Storage:
    """Files under one folder or URL, by their path below it.

    Parameters
    ----------
    url : str
        A local path, ``file://...``, or any URL that fsspec knows, such as ``s3://bucket/folder``.

    Raises
    ------
    InputError
        If fsspec does not know the URL, or its driver is not installed. Every method raises it if the storage
        cannot be used.
    """

    def __init__(self, url: str) -> None:
        try:
            self._files, root = fsspec.url_to_fs(url, use_listings_cache=False)
        except ImportError as error:
            raise InputError(
                "the output {url} needs a driver that is not installed: {error}; fsspec's "
                "drivers are installed with pip, such as `pip install s3fs`",
                url=url,
                error=error,
            ) from None
        except ValueError as error:
            raise InputError(
                "the output {url} is no folder and no URL that fsspec knows: {error}", url=url, error=error
            ) from None
        self.root = str(root).rstrip("/")
        self.local = Path(self.root) if isinstance(self._files, LocalFileSystem) else None
        self.url = self.root if self.local else url.rstrip("/")

    def read(self, name: str) -> bytes | None:
        """Read a file; return `None` if it does not exist."""
        with self._speaking():
            try:
                content: bytes = self._files.cat_file(self._path(name))
            except FileNotFoundError:
                return None
        return content

    def read_many(self, names: Iterable[str]) -> dict[str, bytes]:
        """Read several files, in parallel if the driver can; missing files are left out."""
        paths = {self._path(name): name for name in names}
        if not paths:
            return {}
        with self._speaking():
            found = self._files.cat(list(paths), on_error="omit")
        return {paths[path]: content for path, content in found.items()}

    def write(self, name: str, content: str) -> None:
        """Write a file atomically; drivers of object stores always do."""
        with self._speaking():
            if self.local:
                write_atomically(self.local / name, content)
            else:
                self._make_parents([name])
                self._files.pipe_file(self._path(name), content.encode())

    def remove(self, name: str) -> None:
        """Remove a file, if it exists."""
        with self._speaking(), suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def upload(self, folder: Path, name: str) -> dict[str, int]:
        """Copy a local folder's files; return their paths below the folder and their sizes."""
        files = {
            file.relative_to(folder).as_posix(): file.stat().st_size
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
        targets = [f"{name}/{file}" for file in files]
        with self._speaking():
            self._make_parents(targets)
            self._files.put([str(folder / file) for file in files], [self._path(name) for name in targets])
        return files

    def sizes(self, name: str) -> dict[str, int]:
        """List all files below a folder with their sizes; empty if the folder does not exist."""
        with self._speaking():
            self._files.invalidate_cache()
            found = self._files.find(self._path(name), detail=True)
        start = len(self.root) + 1
        return {path[start:]: int(entry["size"]) for path, entry in found.items()}

    def where(self, name: str) -> str:
        """Return a file's place for messages."""
        return f"{self.url}/{name}"

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"

    def _make_parents(self, names: Iterable[str]) -> None:
        for parent in sorted({str(PurePosixPath(self._path(name)).parent) for name in names}):
            self._files.makedirs(parent, exist_ok=True)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Turn a driver's error into an error of one sentence."""
        try:
            yield
        except Exception as error:  # every driver has its own kinds of errors
            lines = str(error).splitlines() or [type(error).__name__]
            raise InputError(
                "the output {url} cannot be used: {line}", url=self.url, line=lines[0]
            ) from error
