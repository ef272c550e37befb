import pytest

from layerclaims.report.printed.outline import outline


def steps(tag: str, **attributes: str) -> list[tuple[str, tuple[float, ...]]]:
    """Read an outline as its operators, each with its numbers."""
    found = []
    for line in outline(tag, attributes).decode().splitlines():
        *numbers, operator = line.split()
        found.append((operator, tuple(map(float, numbers))))
    return found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("M1 2L3 4", [("m", (1, 2)), ("l", (3, 4))]),
        ("m1 2l3 4", [("m", (1, 2)), ("l", (4, 6))]),
        ("M1 2 3 4", [("m", (1, 2)), ("l", (3, 4))]),
        ("M1 2h3v4H0V0", [("m", (1, 2)), ("l", (4, 2)), ("l", (4, 6)), ("l", (0, 6)), ("l", (0, 0))]),
        ("M1 2l.5-.5", [("m", (1, 2)), ("l", (1.5, 1.5))]),
        ("M1 2l3 0zl0 1", [("m", (1, 2)), ("l", (4, 2)), ("h", ()), ("l", (1, 3))]),
        ("M0 0c1 2 3 4 5 6", [("m", (0, 0)), ("c", (1, 2, 3, 4, 5, 6))]),
        ("M0 0c1 2 3 4 5 6s1 2 3 4", [("m", (0, 0)), ("c", (1, 2, 3, 4, 5, 6)), ("c", (7, 8, 6, 8, 8, 10))]),
        ("M1 1s1 2 3 4", [("m", (1, 1)), ("c", (1, 1, 2, 3, 4, 5))]),
        ("M0 0Q3 3 6 0", [("m", (0, 0)), ("c", (2, 2, 4, 2, 6, 0))]),
        ("", []),
    ],
)
def test_a_path_is_written_in_absolute_points(path: str, expected: list[object]) -> None:
    assert steps("path", d=path) == expected


@pytest.mark.parametrize("path", ["M0 0A1 1 0 0 1 2 2", "1 2", "M1", "M0 0z1", "M0 0nan 1"])
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"command|numbers"):
        outline("path", {"d": path})


def test_a_rectangle_is_one() -> None:
    assert steps("rect", x="1", y="2", width="3", height="4") == [("re", (1, 2, 3, 4))]
    assert steps("rect", width="0", height="4") == []


def test_round_corners_stay_inside() -> None:
    drawn = steps("rect", width="10", height="8", rx="9")
    points = [point for _, numbers in drawn for point in zip(numbers[::2], numbers[1::2], strict=True)]
    assert {min(x for x, _ in points), max(x for x, _ in points)} == {0, 10}
    assert {min(y for _, y in points), max(y for _, y in points)} == {0, 8}
    assert [operator for operator, _ in drawn] == list("mlclclclch")


def test_a_circle_is_round() -> None:
    drawn = steps("circle", cx="1", cy="2", r="3")
    at, radii = (1.0, 2.0), []
    start = drawn[0][1]
    for operator, numbers in drawn[1:]:
        if operator == "c":
            middle = [
                (a + 3 * b + 3 * c + d) / 8
                for a, b, c, d in zip(start, numbers[:2], numbers[2:4], numbers[4:], strict=True)
            ]
            radii += [((middle[0] - at[0]) ** 2 + (middle[1] - at[1]) ** 2) ** 0.5]
        start = numbers[-2:] or start
    assert radii == pytest.approx([3] * 4, abs=0.002)


def test_a_line_has_two_ends() -> None:
    assert steps("line", x1="1", y1="2", x2="3", y2="4") == [("m", (1, 2)), ("l", (3, 4))]


def test_lengths_in_other_units_and_other_elements_are_refused() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        outline("rect", {"width": "50%", "height": "1"})
    with pytest.raises(ValueError, match="ellipse"):
        outline("ellipse", {})
