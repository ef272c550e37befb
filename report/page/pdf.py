"""HTML to PDF by WeasyPrint, in a process of its own: its time is bounded, and its memory is given back."""

import gc
import math
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from layerclaims.errors import SentenceError
from layerclaims.message import message
from layerclaims.report.templates.parts import stylesheet
from layerclaims.report.waiting_process import ProcessLostError, WaitingProcess, answer_questions

PROCESSOR_LIMIT = 120.0
"""Seconds of processor; a report takes under 20. A busy machine does not count against it."""

WAITING = 10
"""How many times as long it may take by the clock."""

INSTALL = message("install weasyprint and Pango (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)")


class PdfError(SentenceError):
    """The PDF could not be made; the message is one line for the user."""


class PdfProcess:
    """A process that makes one PDF, and loads what it needs while figures are drawn and the page is written.

    Parameters
    ----------
    processor_limit : float
        Seconds of processor that it may take in all.
    """

    def __init__(self, processor_limit: float = PROCESSOR_LIMIT) -> None:
        self._limit = processor_limit
        self._process: WaitingProcess | None = None
        self._not_started = ""
        self._pdf = Path()
        try:
            self._process = WaitingProcess("layerclaims.report.page.pdf", str(processor_limit))
        except OSError as error:
            self._not_started = str(error)

    def begin(self, page: str, pdf: Path) -> None:
        """Have a page turned into a tagged PDF, while this process goes on.

        Parameters
        ----------
        page : str
            HTML that loads nothing; it gets the report's style sheet for print, which is loaded already.
        pdf : Path
            An older one is removed, so that nobody takes it for this report's.
        """
        pdf.unlink(missing_ok=True)
        self._pdf = pdf
        if self._process is not None:
            with suppress(ProcessLostError):  # said by `finish`
                self._process.send([page, str(pdf.absolute())], WAITING * self._limit)

    def finish(self) -> None:
        """Wait for the PDF; ends the process.

        Raises
        ------
        PdfError
            If WeasyPrint or Pango is missing, fails, or takes too long.
        """
        if self._process is None:
            raise PdfError("WeasyPrint failed: {last}", last=self._not_started)
        try:
            failure = self._process.receive(WAITING * self._limit)
        except ProcessLostError:
            raise self._lost(self._process.close()) from None
        if failure == _MISSING:
            raise PdfError("WeasyPrint cannot be loaded: {advice}", advice=INSTALL)
        if failure or not self._pdf.exists():
            raise PdfError("WeasyPrint failed: {last}", last=failure)

    def _lost(self, status: int) -> PdfError:
        """Say why the process ended before the PDF was made."""
        assert self._process is not None
        if self._process.expired or (sys.platform != "win32" and status == -signal.SIGXCPU):
            return PdfError("not made within {seconds} seconds of processor", seconds=f"{self._limit:g}")
        return PdfError("WeasyPrint failed: {last}", last=message("its process ended early"))

    def close(self) -> None:
        """End the process, also in the middle of its work."""
        if self._process is not None:
            self._process.kill()
            self._process.close()


_MISSING = "missing"


def prepare() -> Callable[[Any], Iterable[object]]:
    """Load WeasyPrint; the body of the separate process."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return lambda _: [_MISSING]
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class DataOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Fetches what stands in the page and refuses everything else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"the report must not load {url[:80]}")
            return super().fetch(url, headers)

    fonts = FontConfiguration()
    sheet = weasyprint.CSS(string=stylesheet("print"), url_fetcher=DataOnly(), font_config=fonts)

    def make(question: list[str]) -> list[str]:
        """Convert one page; returns why it failed, or an empty text."""
        gc.disable()  # one PDF, and then the end: nothing is worth looking for
        page, pdf = question
        try:
            document = weasyprint.HTML(string=page, url_fetcher=DataOnly(), media_type="print")
            document.write_pdf(
                pdf,
                pdf_variant="pdf/ua-1",
                finisher=_leave_metadata_readable,
                stylesheets=[sheet],
                font_config=fonts,
            )
        except (Exception, FatalURLFetchingError) as error:  # whatever a page that nobody foresaw raises
            return [f"{type(error).__name__}: {' '.join(str(error).split())}"]
        return [""]

    return make


def _leave_metadata_readable(_document: object, pdf: Any) -> None:  # noqa: ANN401 - WeasyPrint ships no types
    """Keep the metadata as plain text, as PDF's standard advises: `run_of` looks there for the run's id."""
    for part in pdf.objects:
        if getattr(part, "extra", {}).get("Type") == "/Metadata":
            part.compress = False


def _limit_processor(seconds: int) -> None:
    """Have the system end this process after some seconds of processor, where it can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


if __name__ == "__main__":
    _limit_processor(math.ceil(float(sys.argv[2])))
    answer_questions(sys.argv[1], prepare)
