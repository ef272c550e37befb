"""Colours that stand side by side are told apart by readers who do not see all of them."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from layerclaims.report.figures.palette import (
    GROUP_COLOURS,
    KIND_COLOURS,
    MEASURE_COLOURS,
    NAME_OF,
    PART_COLOURS,
    RUN_COLOURS,
    SHADES,
    VERDICT_COLOURS,
)

# Linear-light matrices for full dichromacy, from Viénot, Brettel and Mollon (1999), Color Research and
# Application 24, 243-252 (protan, deutan), and Machado, Oliveira and Fernandes (2009), IEEE TVCG 15,
# 1291-1298 (tritan).
DEFICIENCIES = {
    "normal": np.eye(3),
    "protan": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deutan": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
    "tritan": np.array(
        [[1.25553, -0.07675, -0.17878], [-0.07841, 0.93081, 0.1476], [0.00473, 0.69137, 0.3039]]
    ),
}

TOLD_APART = 12.0
"""CIE76 distance; 2.3 is just noticeable side by side, thin lines need several times that."""

KINDS = [f"kind{place}" for place in range(1, 9)]
MEASURES = [f"measure{place}" for place in range(1, 5)]

SETS = {
    "kinds": list(KIND_COLOURS),
    "kinds in the dark": [SHADES[name].dark for name in KINDS],
    "groups": list(GROUP_COLOURS),
    "parts": list(PART_COLOURS.values()),
    "measures": list(MEASURE_COLOURS),
    "measures in the dark": [SHADES[name].dark for name in MEASURES],
    "verdicts": list(VERDICT_COLOURS.values()),
    "verdicts in the dark": [SHADES[name].dark for name in VERDICT_COLOURS],
    "parts in the dark": [SHADES[name].dark for name in PART_COLOURS],
    "runs": list(RUN_COLOURS),
}


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(to_xyz @ rgb, 1e-6, None) / np.array([0.9505, 1, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG 2.2, section 1.4.3."""
    light, dark = sorted(
        (float(np.dot([0.2126, 0.7152, 0.0722], linear(c))) for c in (first, second)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("name", SETS)
def test_colours_of_a_set_are_told_apart(name: str, deficiency: str) -> None:
    matrix = DEFICIENCIES[deficiency]
    seen = [lab(np.clip(matrix @ linear(colour), 0, 1)) for colour in SETS[name]]
    least = min(float(np.linalg.norm(first - second)) for first, second in combinations(seen, 2))
    assert least >= TOLD_APART


@pytest.mark.parametrize("name", ["ink", "muted", "link", *VERDICT_COLOURS])
def test_text_is_legible_on_every_ground(name: str) -> None:
    for ground in ("page", "raised"):
        assert contrast(SHADES[name].light, SHADES[ground].light) >= 4.5
        assert contrast(SHADES[name].dark, SHADES[ground].dark) >= 4.5


@pytest.mark.parametrize("name", [*KINDS, *PART_COLOURS, *MEASURES])
def test_lines_and_marks_are_legible(name: str) -> None:
    assert contrast(SHADES[name].light, SHADES["page"].light) >= 3
    assert contrast(SHADES[name].dark, SHADES["page"].dark) >= 3


def test_a_light_shade_names_one_colour_only() -> None:
    assert len(NAME_OF) == len(SHADES)
