"""What a page brings along: scripts, its style sheet with fonts, and the policy that allows nothing else."""

import base64
import hashlib
from pathlib import Path

from layerclaims.report.figures.palette import SHADES

TEMPLATE_DIR = Path(__file__).parent
POINTS_SCRIPT = "points.js"
"""Says the values of a figure's points."""

FONT_DIR = Path(__file__).parents[1] / "fonts"

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


def stylesheet() -> str:
    """Put together colours for light and dark, fonts, figure classes and the rules of the page."""
    light = "".join(f"--{name}:{shade.light};" for name, shade in SHADES.items())
    dark = "".join(f"--{name}:{shade.dark};" for name, shade in SHADES.items())
    classes = "".join(f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in SHADES)
    faces = "".join(_font_face(file, *face) for file, face in _FACES.items())
    rules = template("report.css")
    screen = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"{faces}:root{{{light}}}{screen}@media screen{{{classes}}}\n{rules}"


def _font_face(file: str, family: str, weight: int, style: str) -> str:
    data = base64.b64encode((FONT_DIR / f"{file}.woff2").read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};src:{source}}}"


def policy(style: str, *scripts: str) -> str:
    """Write a content security policy: what the page brings along, by its hash, and nothing else."""
    allowed = " ".join(f"'sha256-{_hash(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src {allowed}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
