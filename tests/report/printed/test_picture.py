import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from layerclaims.report.printed.picture import Picture

pytest.importorskip("weasyprint", reason="WeasyPrint is not installed")


def as_png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_colours_and_mask_are_the_pictures(mode: str) -> None:
    image = Image.new("RGBA", (3, 2), (10, 20, 30, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))
    stream: Any = Picture(as_png(image.convert(mode) if mode == "RGBA" else image.quantize())).get_x_object(
        True, 1
    )
    assert (stream.extra["Width"], stream.extra["Height"]) == (3, 2)
    colors = zlib.decompress(stream.stream[0])
    assert colors[:3] == bytes([10, 20, 30])
    assert len(colors) == 3 * 6
    assert zlib.decompress(stream.extra["SMask"].stream[0]) == bytes([255, 0, 255, 255, 255, 255])


def test_the_same_picture_has_the_same_name() -> None:
    white, black = (as_png(Image.new("RGB", (2, 2), color)) for color in ("white", "black"))
    assert Picture(white).id == Picture(white).id != Picture(black).id


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture"):
        Picture(b"text")
