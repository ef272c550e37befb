import base64
import re
from io import BytesIO, StringIO

import numpy as np
import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import imread
from numpy.typing import NDArray

from layerclaims.report.figures.pairs.cloud import draw_cloud
from layerclaims.report.figures.renderer import renderer_of, write_svg

BLUE, ORANGE = "#0072b2", "#d55e00"


def picture(document: str) -> tuple[NDArray[np.float64], list[float]]:
    """Decode a document's picture as it is seen, and say where it lies and how large it is, in points."""
    (data,) = re.findall(r'base64,([^"]+)"', document)
    (image,) = re.findall(r"<image [^>]*>", document)
    places = [float(re.findall(rf' {name}="([-\d.]+)"', image)[0]) for name in ("x", "y", "width", "height")]
    return np.asarray(imread(BytesIO(base64.b64decode(data))), dtype=np.float64)[::-1], places


def cloud(*, own: bool) -> str:
    """Draw points of two colours in a part of a figure, some of them outside its panel."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=3000), rng.exponential(size=3000) - 1
    colours = np.where(x + 2 * rng.normal(size=3000) > 0, BLUE, ORANGE)
    figure = Figure(figsize=(3, 2))
    panel = figure.add_axes((0.1, 0.1, 0.8, 0.5))
    panel.set_axis_off()
    if own:
        draw_cloud(panel, x, y, colours, diameter=3, alpha=0.4)
    else:
        panel.scatter(x, y, s=9, c=colours, alpha=0.4, linewidths=0, rasterized=True)
    assert panel.get_xlim()[0] < x.min()
    panel.set(xlim=(-2, 2), ylim=(-2, 2))
    return write_svg(figure)


def blocks(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average squares of 20 by 20 pixels, with colours on white."""
    seen = picture[..., :3] * picture[..., 3:] + 1 - picture[..., 3:]
    height, width = (20 * (size // 20) for size in seen.shape[:2])
    means = seen[:height, :width].reshape(height // 20, 20, width // 20, 20, 3).mean(axis=(1, 3))
    return np.asarray(means, dtype=np.float64)


def test_a_cloud_is_seen_as_a_scatter_plot_is() -> None:
    (own, place), (reference, expected) = (picture(cloud(own=own)) for own in (True, False))
    assert place == pytest.approx(expected, abs=0.37)  # a pixel
    own, reference = blocks(own), blocks(reference)
    rows, columns = min(len(own), len(reference)), min(own.shape[1], reference.shape[1])
    assert np.ptp(reference) > 0.5
    assert abs(own[:rows, :columns] - reference[:rows, :columns]).max() < 0.06


def test_a_picture_lies_where_matplotlib_places_it() -> None:
    figure = Figure(figsize=(3, 2))
    figure.add_axes((0.25, 0.5, 0.5, 0.25)).imshow(np.eye(4)[:2], aspect="auto")
    (own, place), document = picture(write_svg(figure)), StringIO()
    figure.savefig(document, format="svg")
    reference, expected = picture(document.getvalue().replace("base64,\n", "base64,"))
    assert place == pytest.approx(expected)
    assert np.ptp(reference[-1], axis=0).max() > 0.5
    assert blocks(own) == pytest.approx(blocks(reference), abs=0.05)


def test_texts_are_measured_as_matplotlib_measures_them() -> None:
    figure = Figure()
    reference = RendererSVG(1, 1, StringIO())  # type: ignore[no-untyped-call]
    own = renderer_of(figure)
    for font in (FontProperties(size=8), FontProperties(size=7.5), FontProperties(size=8, weight="bold")):
        for text in ("0.25", "lớp 12", "−3"):
            size = own.get_text_width_height_descent(text, font, ismath=False)
            assert size == reference.get_text_width_height_descent(text, font, False)  # type: ignore[no-untyped-call]


def test_a_document_has_no_metadata_and_asks_for_no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "not a date")
    assert "metadata" not in write_svg(Figure())
