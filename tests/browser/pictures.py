"""Pictures of reports for README and docs.

``python -m tests.browser.pictures REPORT.html PLANTED.html docs/images`` takes them; `make sample` makes both
reports: of the embedded subject, and of planted activations.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.browser.chromium import Chromium

WIDTH = 1100
TALLEST = 1000.0
"""Of a claim's picture; what is below is more of the same tables."""

MARGIN = 24.0
COLOURS = 256
"""Enough for type, lines and two clouds of points; a third of the bytes."""


def take_pictures(report: Path, folder: Path, claim: str = "covariance-grows") -> list[Path]:
    """Save the first screen, one claim and the film's middle as small PNG files."""
    with Chromium(WIDTH, 860) as browser:
        _open_whole(browser, report)
        taken = [_save(browser, folder / "first-screen.png", {"x": 0, "y": 0, "width": WIDTH, "height": 860})]
        place = _around(browser, f"#claim-{claim}")
        taken.append(_save(browser, folder / "claim.png", {**place, "height": min(place["height"], TALLEST)}))
        browser.run("document.getElementById('film').scrollIntoView()")
        browser.run(
            "document.getElementById('film-layer').value = document.getElementById('film-layer').max / 2"
        )
        browser.run("document.getElementById('film-layer').dispatchEvent(new Event('input'))")
        browser.run("new Promise((done) => setTimeout(done, 800))")
        browser.run("document.getElementById('film-canvas').focus()")
        browser.press("ArrowUp")
        taken.append(_save(browser, folder / "film.png", _around(browser, "#film")))
    return taken


def take_planted_pictures(report: Path, folder: Path, claim: str = "layer1-three-clusters") -> list[Path]:
    """Save the first screen and the figure of clusters, which only such a report shows."""
    with Chromium(WIDTH, 860) as browser:
        _open_whole(browser, report)
        clip: dict[str, float] = {"x": 0, "y": 0, "width": WIDTH, "height": 860}
        taken = [_save(browser, folder / "planted-first-screen.png", clip)]
        taken.append(_save(browser, folder / "planted-clusters.png", _around(browser, f"#figure-{claim}")))
    return taken


def _open_whole(browser: Chromium, report: Path) -> None:
    """Open a report and lay out all of it: what is off screen would be left out of pictures."""
    browser.open(report)
    browser.wait_for("document.fonts.status === 'loaded'")
    browser.run(
        "document.querySelectorAll('article, section').forEach("
        "(element) => { element.style.contentVisibility = 'visible'; })"
    )


def _around(browser: Chromium, selector: str) -> dict[str, float]:
    """Find an element's place with some of the page around it."""
    place = browser.place_of(selector)
    return {
        "x": place["x"] - MARGIN,
        "y": place["y"],
        "width": place["width"] + 2 * MARGIN,
        "height": place["height"] + MARGIN,
    }


def _save(browser: Chromium, path: Path, clip: dict[str, float]) -> Path:
    browser.picture(path, clip)
    small = BytesIO()
    Image.open(path).convert("RGB").quantize(COLOURS).save(small, "PNG", optimize=True)
    path.write_bytes(small.getvalue())
    return path


if __name__ == "__main__":
    measured, planted, images = map(Path, sys.argv[1:])
    for picture in [*take_pictures(measured, images), *take_planted_pictures(planted, images)]:
        sys.stdout.write(f"{picture} {picture.stat().st_size // 1000} kB\n")
