"""Points of several shapes, some of which coincide."""

import numpy as np
from numpy.typing import NDArray


def draw_points(seed: int) -> NDArray[np.float64]:
    """Draw one cloud, two, a skewed one, or one on a grid."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(int(rng.integers(5, 200)), 3))
    match seed % 4:
        case 1:
            points[: len(points) // 3] += rng.normal(0, 3, 3)
        case 2:
            points = np.exp(points)
        case 3:
            points = points.round(1)
    return points
