"""What a page brings along: scripts, style sheet with fonts, drawings, and the policy that allows no more."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Literal, TypeAlias
from xml.etree import ElementTree

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from markupsafe import Markup

from layerclaims.report.figures.palette import SHADES

TEMPLATE_DIR = Path(__file__).parent
POINTS_SCRIPT = "points.js"
"""Says the values of a figure's points."""

FONT_DIR = Path(__file__).parents[1] / "fonts"

Medium: TypeAlias = Literal["screen", "print"]
"""What a page is written for. WeasyPrint gets one that lacks what is not printed, which is most of it."""

_VARIABLE = re.compile(r"var\(--(\w+)\)")
_SVG = "http://www.w3.org/2000/svg"

_FACES = {
    "OpenSans-Regular": ("Open Sans", 400, "normal"),
    "OpenSans-Semibold": ("Open Sans", 600, "normal"),
    "OpenSans-Italic": ("Open Sans", 400, "italic"),
    "NotoSerif-Regular": ("Noto Serif", 400, "normal"),
    "NotoSerif-Italic": ("Noto Serif", 400, "italic"),
}


def template(name: str) -> str:
    """Read a script or style sheet of the templates."""
    return (TEMPLATE_DIR / name).read_text(encoding="utf-8")


def stylesheet(medium: Medium = "screen") -> str:
    """Put together colours, for light and dark, fonts, figure classes and the rules of the page."""
    rules = template("report.css")
    if medium == "print":  # WeasyPrint would look up every variable at every element
        return _font_faces("ttf", "truetype") + _VARIABLE.sub(lambda found: SHADES[found[1]].light, rules)
    light = "".join(f"--{name}:{shade.light};" for name, shade in SHADES.items())
    dark = "".join(f"--{name}:{shade.dark};" for name, shade in SHADES.items())
    classes = "".join(f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in SHADES)
    screen = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"{_font_faces('woff2', 'woff2')}:root{{{light}}}{screen}@media screen{{{classes}}}\n{rules}"


def _font_faces(ending: str, kind: str) -> str:
    """Write the fonts as part of the style sheet: packed for the screen, unpacked for print."""
    return "".join(_font_face(FONT_DIR / f"{file}.{ending}", kind, *face) for file, face in _FACES.items())


def _font_face(file: Path, kind: str, family: str, weight: int, style: str) -> str:
    data = base64.b64encode(file.read_bytes()).decode()
    source = f"url(data:font/{file.suffix[1:]};base64,{data}) format('{kind}')"
    return f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};src:{source}}}"


def as_image(svg: str) -> Markup:
    """Write a drawing as an image, which WeasyPrint reads in a fraction of the time of elements of the page.

    Parameters
    ----------
    svg : str
        With a title, which becomes the text in place of the image.
    """
    root = ElementTree.fromstring(svg)
    if root.tag == "svg":  # which inside a page needs no namespace
        root.set("xmlns", _SVG)
        svg = ElementTree.tostring(root, encoding="unicode")
    title = root.findtext("title") or root.findtext(f"{{{_SVG}}}title")
    data = base64.b64encode(svg.encode()).decode()
    image = Markup('<img class="{}" alt="{}" src="data:image/svg+xml;base64,{}">')
    return image.format(root.get("class", "drawing"), title, data)


class CompiledTemplates(BytecodeCache):
    """Templates compiled in this process, which writes a report for the screen and for print."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a template's place, unless the template is another by now."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def policy(style: str, *scripts: str) -> str:
    """Write a content security policy: what the page brings along, by its hash, and nothing else."""
    allowed = " ".join(f"'sha256-{_hash(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src {allowed}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
