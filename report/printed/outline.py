"""Outlines of SVG's shapes, in the operators that a PDF has for them."""

import re
from collections.abc import Iterator, Mapping

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "Z": 0}
"""Numbers that each command takes; arcs are not among them."""

_ROUND = 0.5523
"""How far the handles of a quarter of a circle stand from its ends, in radii."""


def outline(tag: str, attributes: Mapping[str, str]) -> bytes:
    """Write the outline of a path, rectangle, circle or line.

    Parameters
    ----------
    tag : str
        Name of the element.
    attributes : mapping of str to str
        Its attributes; others than those of its form are not read.

    Raises
    ------
    ValueError
        If it is another element, or has a command or unit that is not among those known here.
    """
    if tag == "path":
        return b"\n".join(_path(attributes.get("d", "")))
    if tag == "rect":
        return b"\n".join(_rectangle(attributes))
    if tag == "circle":
        x, y, radius = (float(attributes.get(key, "0")) for key in ("cx", "cy", "r"))
        return b"\n".join(_rounded(x - radius, y - radius, 2 * radius, 2 * radius, radius))
    if tag == "line":
        x1, y1, x2, y2 = (float(attributes.get(key, "0")) for key in ("x1", "y1", "x2", "y2"))
        return _step("m", x1, y1) + b"\n" + _step("l", x2, y2)
    raise ValueError(f"no outline: {tag}")


def _step(operator: str, *numbers: float) -> bytes:
    """Write an operator after its numbers."""
    return f"{' '.join([f'{number:.4f}' for number in numbers])} {operator}".encode()


def _path(data: str) -> Iterator[bytes]:
    """Write a path, all of whose points PDF wants in absolute numbers."""
    x = y = 0.0
    start = handle = (x, y)
    for command, numbers in _commands(data):
        points = _absolute(command, numbers, x, y)
        kind = command.upper()
        if kind == "Z":
            yield b"h"
            x, y = start
        elif kind in "MLHV":
            x, y = points
            yield _step("m" if kind == "M" else "l", x, y)
            start = (x, y) if kind == "M" else start
        else:
            if kind == "S":
                points = [2 * x - handle[0], 2 * y - handle[1], *points]
            elif kind == "Q":
                points = _as_cubic(x, y, points)
            yield _step("c", *points)
            handle, (x, y) = (points[2], points[3]), points[4:]
        if kind not in "CS":
            handle = (x, y)


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Split a path into its commands, each with the numbers of one step."""
    tokens = _TOKEN.findall(data)
    place, command = 0, ""
    while place < len(tokens):
        if tokens[place].isalpha():
            command = tokens[place]
            place += 1
        n = _NUMBERS.get(command.upper())
        if n is None or (n == 0 and place < len(tokens) and not tokens[place].isalpha()):
            raise ValueError(f"no such command: {command}")
        numbers = [float(token) for token in tokens[place : place + n]]
        if len(numbers) < n:
            raise ValueError(f"too few numbers: {command}")
        yield command, numbers
        place += n
        command = {"M": "L", "m": "l"}.get(command, command)


def _absolute(command: str, numbers: list[float], x: float, y: float) -> list[float]:
    """Turn a step's numbers into points of the page."""
    relative = command.islower()
    if command in "Hh":
        return [numbers[0] + (x if relative else 0), y]
    if command in "Vv":
        return [x, numbers[0] + (y if relative else 0)]
    if not relative:
        return numbers
    return [number + (y if odd % 2 else x) for odd, number in enumerate(numbers)]


def _as_cubic(x: float, y: float, points: list[float]) -> list[float]:
    """Give a quadratic curve the two handles of a cubic one."""
    x1, y1, x2, y2 = points
    return [
        x + (x1 - x) * 2 / 3,
        y + (y1 - y) * 2 / 3,
        x2 + (x1 - x2) * 2 / 3,
        y2 + (y1 - y2) * 2 / 3,
        x2,
        y2,
    ]


def _rectangle(attributes: Mapping[str, str]) -> Iterator[bytes]:
    x, y, width, height = (float(attributes.get(key, "0")) for key in ("x", "y", "width", "height"))
    radius = min(float(attributes.get("rx", "0")), width / 2, height / 2)
    if width and height:
        yield from _rounded(x, y, width, height, radius) if radius else (_step("re", x, y, width, height),)


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> Iterator[bytes]:
    """Write a rectangle with round corners, clockwise from the left end of its top."""
    right, bottom, near = x + width, y + height, radius * (1 - _ROUND)
    yield _step("m", x + radius, y)
    yield _step("l", right - radius, y)
    yield _step("c", right - near, y, right, y + near, right, y + radius)
    yield _step("l", right, bottom - radius)
    yield _step("c", right, bottom - near, right - near, bottom, right - radius, bottom)
    yield _step("l", x + radius, bottom)
    yield _step("c", x + near, bottom, x, bottom - near, x, bottom - radius)
    yield _step("l", x, y + radius)
    yield _step("c", x, y + near, x + near, y, x + radius, y)
    yield b"h"
