import re
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from layerclaims.report.figures.compact import compact, compact_path

COORDINATE = st.floats(-900, 900).map(lambda value: round(value, 2))
POINT = st.tuples(COORDINATE, COORDINATE)
LINK = "{http://www.w3.org/1999/xlink}href"
SVG = "{http://www.w3.org/2000/svg}"


def places(path: str) -> list[tuple[float, float]]:
    """List the points that a path goes through, by the SVG rules for M, m, l, c and z."""
    found, at, start = [], (0.0, 0.0), (0.0, 0.0)
    for command, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command.islower() and command != "z":
            points = [(x + at[0], y + at[1]) for x, y in points]
        found += points
        at = start if command == "z" else points[-1]
        start = at if command == "M" else start
    return found


@given(st.lists(POINT, min_size=2, max_size=60), st.tuples(POINT, POINT, POINT))
@example([(101.75, 102.75), (0.0, 0.0)], ((0.0, 1.5), (0.0, 3.5), (0.0, 0.5)))  # relative steps are longer
def test_a_shorter_path_goes_through_the_same_points(
    points: list[tuple[float, float]], curve: tuple[tuple[float, float], ...]
) -> None:
    line = "  ".join(f"{'L' if place else 'M'} {x} {y}" for place, (x, y) in enumerate(points))
    path = f"{line}  z  L 1 2 C " + " ".join(f"{x} {y}" for x, y in curve)
    shorter = compact_path(path)
    tolerance = 0.051 if len(points) > 25 else 0.0051
    assert len(shorter) <= len(path)
    for (x, y), (expected_x, expected_y) in zip(places(shorter), places(path), strict=True):
        assert abs(x - expected_x) <= tolerance
        assert abs(y - expected_y) <= tolerance


def test_rounding_does_not_add_up_along_a_path() -> None:
    path = "M 0 0 " + " ".join(f"L {0.04 * step:.2f} 0" for step in range(1, 500))
    assert abs(places(compact_path(path))[-1][0] - 19.96) < 0.06


def test_a_path_with_other_commands_stays_as_it_is() -> None:
    assert compact_path("M 0 0 A 5 5 0 0 1 9 9") == "M 0 0 A 5 5 0 0 1 9 9"


def test_neighbouring_marks_of_one_colour_share_a_group() -> None:
    marks = "".join(
        f'<use xlink:href="#a" x="{x}" y="1" fill="{fill}" class="f-{fill}"/>'
        for x, fill in ((1, "red"), (2, "red"), (3, "blue"))
    )
    root = ElementTree.fromstring(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{marks}</svg>'
    )
    compact(root)
    group, alone = root
    assert group.attrib == {"fill": "red", "class": "f-red"}
    assert [mark.attrib for mark in group] == [{LINK: "#a", "x": x, "y": "1"} for x in "12"]
    assert alone.tag == f"{SVG}use"
    assert alone.get("fill") == "blue"
