"""Write SVG in fewer bytes: paths by relative steps, and what neighbouring marks share once."""

import re
from functools import lru_cache
from itertools import groupby
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_PART = re.compile(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?")
_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0}
"""Numbers that each command takes, of the commands that Matplotlib writes."""

_LONG = 30
"""Points from which a path is rounded to a tenth of a point instead of a hundredth."""


def compact(root: ElementTree.Element) -> None:
    """Shorten paths, and group marks that differ in nothing but their place."""
    for path in root.iter(f"{_SVG}path"):
        path.set("d", compact_path(path.get("d", "")))
    for parent in list(root.iter()):
        if any(child.tag == f"{_SVG}use" for child in parent):
            _group_marks(parent)


def compact_path(path: str) -> str:
    """Write a path's points relative to the one before; a path stays as it is where that is no shorter.

    So does a path with other commands than Matplotlib writes. Places are rounded before their differences are
    taken, so that rounding does not add up.
    """
    parts = _PART.findall(path)
    scale = 10 if len(parts) > 3 * _LONG else 100
    made, at, start, place = [], (0, 0), (0, 0), 0
    while place < len(parts):
        command = parts[place]
        n = _NUMBERS.get(command)
        if n is None:
            return path
        numbers = [round(float(number) * scale) for number in parts[place + 1 : place + 1 + n]]
        place += 1 + n
        if command == "z":
            made.append("z")
            at = start
            continue
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        steps = points if command == "M" else [(x - at[0], y - at[1]) for x, y in points]
        made.append((command if command == "M" else command.lower()) + _written(steps, scale))
        at = points[-1]
        start = at if command == "M" else start
    return min(path, "".join(made), key=len)


def _written(points: list[tuple[int, int]], scale: int) -> str:
    """Write numbers without what can be left out: outer zeros, and spaces before a sign."""
    text = "".join(_number(number, scale) for point in points for number in point)
    return text.removeprefix(" ")


@lru_cache(1 << 14)
def _number(number: int, scale: int) -> str:
    """Write a number after another one."""
    digits = f"{abs(number) / scale:.2f}".rstrip("0").rstrip(".")
    return ("-" if number < 0 else " ") + (digits.removeprefix("0") or "0")


def _group_marks(parent: ElementTree.Element) -> None:
    """Put runs of marks that share colours into groups that hold these once."""
    children: list[ElementTree.Element] = []
    for shared, run in groupby(parent, _shared):
        marks = list(run)
        if shared and len(marks) > 1:
            group = ElementTree.Element(f"{_SVG}g", dict(shared))
            group.tail = "\n"
            for mark in marks:
                mark.attrib = {key: mark.attrib[key] for key in (_LINK, "x", "y") if key in mark.attrib}
                mark.tail = None
            group.extend(marks)
            marks = [group]
        children += marks
    parent[:] = children


def _shared(element: ElementTree.Element) -> tuple[tuple[str, str], ...]:
    """List what a mark may share with its neighbours; nothing for other elements."""
    if element.tag != f"{_SVG}use":
        return ()
    return tuple((key, value) for key, value in element.attrib.items() if key not in (_LINK, "x", "y"))
