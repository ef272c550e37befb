"""HTML to PDF by WeasyPrint, in a process of its own: its memory and its time are bounded."""

import subprocess
import sys
from pathlib import Path

TIME_LIMIT = 120.0
"""Seconds; a report takes under 15."""

INSTALL = "install the extra 'pdf' and Pango (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)"


class PdfError(RuntimeError):
    """The PDF could not be made; the message is one line for the user."""


def write_pdf(html: Path, pdf: Path, *, time_limit: float = TIME_LIMIT) -> None:
    """Turn a self-contained HTML file into a tagged PDF.

    Raises
    ------
    PdfError
        If WeasyPrint or Pango is missing, fails, or takes too long; an older PDF is then gone, so that
        nobody takes it for this report's.
    """
    pdf.unlink(missing_ok=True)
    command = [sys.executable, "-m", "layerclaims.report.page.pdf", str(html), str(pdf)]
    root = Path(__file__).parents[3]
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, timeout=time_limit, check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfError(f"not made within {time_limit:g} seconds") from None
    if done.returncode == _MISSING:
        raise PdfError(f"WeasyPrint cannot be loaded: {INSTALL}")
    if done.returncode != 0 or not pdf.exists():
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PdfError(f"WeasyPrint failed: {last}")


_MISSING = 3


def main(html: str, pdf: str) -> int:
    """Convert one file; the body of the separate process."""
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


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
