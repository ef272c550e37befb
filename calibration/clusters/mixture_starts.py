"""``python -m layerclaims.calibration.clusters.mixture_starts``: the token mixture from one start and ten.

Each planting of the design and the test set is drawn, and its clusters are counted by both.
"""

import argparse

import numpy as np

from layerclaims.analysis.clusters.tokens.counts import count_mixture
from layerclaims.analysis.clusters.tokens.token_plane import token_plane
from layerclaims.calibration.clusters.panel_draws import measure_plane
from layerclaims.calibration.clusters.panel_errors import DESIGN, TEST
from layerclaims.calibration.clusters.token_worlds import draw_world
from layerclaims.calibration.processes import map_in_processes

SEED = 5
STARTS = (1, 10)
PLANTINGS = (*DESIGN, *TEST)


def counts(planting_and_draw: tuple[int, int]) -> list[int]:
    """Count the clusters of one draw from each number of starts."""
    number, draw = planting_and_draw
    activations, _ = draw_world(PLANTINGS[number].world, np.random.default_rng([draw, SEED]))
    pairs = measure_plane(activations)
    plane = token_plane(pairs["covariance"], pairs["pearson"])
    once = np.ones((1, len(activations)))
    return [int(count_mixture(plane, once, n_starts=starts)[0]) for starts in STARTS]


def main() -> None:
    """Print in how many draws the counts differ, and in how many each is the planted one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4, help="of each planting")
    draws = parser.parse_args().draws
    tasks = [(number, draw) for number in range(len(PLANTINGS)) for draw in range(draws)]
    found = np.array(map_in_processes(counts, tasks))
    truth = np.array([PLANTINGS[number].truth for number, _ in tasks])
    print(
        f"{len(found)} draws, {(found[:, 0] != found[:, 1]).sum()} counted otherwise from {STARTS[1]} starts"
    )
    for starts, right in zip(STARTS, (found == truth[:, None]).sum(axis=0), strict=True):
        print(f"{starts} start(s): {right} as planted")


if __name__ == "__main__":
    main()
