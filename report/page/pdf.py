"""HTML to PDF by WeasyPrint, in a process of its own: its time is bounded, and its memory is given back."""

import math
import signal
import subprocess
import sys
from pathlib import Path

from layerclaims.errors import SentenceError
from layerclaims.message import message

PROCESSOR_LIMIT = 120.0
"""Seconds of processor; a report takes under 30. A busy machine does not count against it."""

WAITING = 10
"""How many times as long it may take by the clock."""

INSTALL = message("install weasyprint and Pango (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)")


class PdfError(SentenceError):
    """The PDF could not be made; the message is one line for the user."""


def write_pdf(html: Path, pdf: Path, *, processor_limit: float = PROCESSOR_LIMIT) -> None:
    """Turn a self-contained HTML file into a tagged PDF.

    Raises
    ------
    PdfError
        If WeasyPrint or Pango is missing, fails, or takes too long; an older PDF is then gone, so that
        nobody takes it for this report's.
    """
    pdf.unlink(missing_ok=True)
    paths = [str(path.absolute()) for path in (html, pdf)]  # the process starts in another folder
    command = [sys.executable, "-m", "layerclaims.report.page.pdf", *paths, str(processor_limit)]
    too_long = PdfError("not made within {seconds} seconds of processor", seconds=f"{processor_limit:g}")
    try:
        done = subprocess.run(
            command,
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            timeout=WAITING * processor_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_long from None
    if sys.platform != "win32" and done.returncode == -signal.SIGXCPU:
        raise too_long
    if done.returncode == _MISSING:
        raise PdfError("WeasyPrint cannot be loaded: {advice}", advice=INSTALL)
    if done.returncode != 0 or not pdf.exists():
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise PdfError("WeasyPrint failed: {last}", last=last)


_MISSING = 3


def main(html: str, pdf: str, processor_limit: str) -> int:
    """Convert one file; the body of the separate process."""
    _limit_processor(math.ceil(float(processor_limit)))
    try:
        import weasyprint
    except (ImportError, OSError):
        return _MISSING
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class DataOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Fetches what stands in the page and refuses everything else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> object:
            if not url.startswith("data:"):
                raise FatalURLFetchingError(f"the report must not load {url[:80]}")
            return super().fetch(url, headers)

    text = Path(html).read_text(encoding="utf-8")
    document = weasyprint.HTML(string=text, url_fetcher=DataOnly(), media_type="print")
    document.write_pdf(pdf, pdf_variant="pdf/ua-1")
    return 0


def _limit_processor(seconds: int) -> None:
    """Have the system end this process after some seconds of processor, where it can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
