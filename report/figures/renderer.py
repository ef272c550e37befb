"""Matplotlib's writer of SVG, with smaller pictures, and without measuring a text anew in each figure."""

import base64
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from numpy.typing import ArrayLike

POINTS = 72
"""In an inch; what SVG counts in."""

_PALETTE = 48
"""Colours of a picture of points: a quarter of the bytes, and no visible difference."""

_METADATA = ("Creator", "Date", "Format", "Type")
"""What Matplotlib writes about a document where it is not told to leave it out."""


def write_svg(figure: Figure) -> str:
    """Draw a figure as an SVG document without metadata, as Matplotlib's canvas does."""
    # Not by `savefig`, which draws everything once more beforehand for formats whose size depends on it.
    FigureCanvasSVG(figure)  # by which Matplotlib's own layouts measure
    figure.set_dpi(POINTS)
    document = StringIO()
    width, height = figure.get_size_inches()
    renderer: Any = MixedModeRenderer(  # type: ignore[no-untyped-call]
        figure, width, height, rcParams["savefig.dpi"], renderer_of(figure, document)
    )
    figure.draw(renderer)
    renderer.finalize()
    return document.getvalue()


def renderer_of(figure: Figure, document: StringIO | None = None) -> "ReportRenderer":
    """Return what writes a figure into a document, or measures it."""
    width, height = figure.get_size_inches() * POINTS
    dpi = rcParams["savefig.dpi"]
    return ReportRenderer(  # type: ignore[no-untyped-call]
        width, height, document or StringIO(), image_dpi=dpi, metadata=dict.fromkeys(_METADATA)
    )


class ReportRenderer(RendererSVG):
    """Writes what a figure draws; its methods are called by Matplotlib."""

    def get_text_width_height_descent(
        self,
        s: str,
        prop: FontProperties,
        ismath: Any,  # noqa: ANN401 - a truth value or "TeX"
    ) -> tuple[float, float, float]:
        """Measure a text, in points."""
        return _measured(s, prop.copy(), ismath)

    def draw_image(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        im: ArrayLike,
        transform: Any = None,  # noqa: ANN401 - as Matplotlib has it
    ) -> None:
        """Write a picture with a small palette; its rows count from below."""
        picture = np.asarray(im)
        if transform is not None:
            super().draw_image(gc, x, y, picture, transform)  # type: ignore[no-untyped-call]
            return
        height, width = (POINTS * size / self.image_dpi for size in picture.shape[:2])
        attributes = {
            "xlink:href": f"data:image/png;base64,{base64.b64encode(_png(picture)).decode()}",
            "transform": f"scale(1 -1) translate(0 {-height:.6f})",
            "x": f"{x:.6f}",
            "y": f"{y + height - self.height:.6f}",
            "width": f"{width:.6f}",
            "height": f"{height:.6f}",
        }
        self.writer.element("image", attrib=attributes)  # type: ignore[no-untyped-call]


def _png(picture: np.ndarray) -> bytes:
    from PIL import Image

    stream = BytesIO()
    reduced = Image.fromarray(picture).quantize(_PALETTE, Image.Quantize.FASTOCTREE)
    reduced.save(stream, "PNG")
    return stream.getvalue()


@lru_cache(1 << 14)
def _measured(text: str, font: FontProperties, ismath: Any) -> tuple[float, float, float]:  # noqa: ANN401
    """Measure a text in a font that never changes."""
    size: tuple[float, float, float] = text_to_path.get_text_width_height_descent(text, font, ismath)
    return size
