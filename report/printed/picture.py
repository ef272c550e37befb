"""Pictures of points inside a drawing, as PDF holds them: colours, and a mask of how opaque each point is."""

import zlib
from hashlib import sha256
from io import BytesIO
from typing import Any


class Picture:
    """A picture that WeasyPrint's streams can show; WeasyPrint's own would pack it three times over.

    Parameters
    ----------
    png : bytes

    Raises
    ------
    ValueError
        If it is no picture.
    """

    def __init__(self, png: bytes) -> None:
        from PIL import Image, UnidentifiedImageError

        try:
            self._points = Image.open(BytesIO(png)).convert("RGBA")
        except UnidentifiedImageError as error:
            raise ValueError("no picture") from error
        self.id = sha256(png).hexdigest()[:16]
        """Pictures with the same id are in the PDF once."""

    def draw(self, stream: Any, width: float, height: float) -> None:  # noqa: ANN401 - WeasyPrint ships no types
        """Show the picture, its upper left corner at the origin."""
        name = stream.add_image(self, True, 1)
        stream.transform(width, 0, 0, -height, 0, height)
        stream.draw_x_object(name)

    def get_x_object(self, _interpolate: bool, _ratio: float) -> object:
        """Write the picture for the PDF."""
        mask = _stream("/DeviceGray", self._points.getchannel("A"))
        return _stream("/DeviceRGB", self._points.convert("RGB"), SMask=mask)


def _stream(colors: str, points: Any, **more: object) -> object:  # noqa: ANN401 - Pillow's image
    import pydyf

    described = {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": points.width,
        "Height": points.height,
        "ColorSpace": colors,
        "BitsPerComponent": 8,
        "Interpolate": "true",
        "Filter": "/FlateDecode",
    }
    return pydyf.Stream([zlib.compress(points.tobytes())], {**described, **more})
