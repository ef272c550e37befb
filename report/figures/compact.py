"""Write SVG in fewer bytes: short numbers, paths by relative steps, what neighbouring marks share once."""

import re
from functools import lru_cache
from itertools import groupby
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_NUMBERS = {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0}
"""Numbers that each command takes, of the commands that Matplotlib writes."""

_LONG = 30
"""Points from which a path is rounded to a tenth of a point instead of a hundredth."""


def compact(root: ElementTree.Element) -> None:
    """Shorten numbers and paths, and group marks that differ in nothing but their place."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "d":
                element.set(key, _shorten(compact_path(value)))
            elif key != _LINK and "." in value:
                element.set(key, _shorten(value))
    for parent in list(root.iter()):
        if any(child.tag == f"{_SVG}use" for child in parent):
            _group_marks(parent)


def _shorten(text: str) -> str:
    """Round numbers to a hundredth of a point: a third of the file, and no visible difference."""
    return _LONG_NUMBER.sub(lambda match: f"{float(match.group()):.2f}", text)


def compact_path(path: str) -> str:
    """Write a path's points relative to the one before; a path stays as it is where that is no shorter.

    So does a path with other commands than Matplotlib writes. Places are rounded before their differences are
    taken, so that rounding does not add up.
    """
    parts = path.split()
    scale = 10 if len(parts) > 3 * _LONG else 100
    made: list[str] = []
    place, x, y, start = 0, 0, 0, (0, 0)
    while place < len(parts):
        command = parts[place]
        n = _NUMBERS.get(command)
        if n is None:
            return path
        numbers = [round(float(number) * scale) for number in parts[place + 1 : place + 1 + n]]
        place += 1 + n
        if command == "z":
            made.append("z")
            x, y = start
        elif command == "M":
            made.append(f"M{_written(numbers, scale)}")
            x, y = start = numbers[0], numbers[1]
        else:
            steps = [number - (y if odd % 2 else x) for odd, number in enumerate(numbers)]
            made.append(command.lower() + _written(steps, scale))
            x, y = numbers[-2:]
    return min(path, "".join(made), key=len)


def _written(numbers: list[int], scale: int) -> str:
    """Write numbers without what can be left out: outer zeros, and spaces before a sign."""
    return "".join([_number(number, scale) for number in numbers]).removeprefix(" ")


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
