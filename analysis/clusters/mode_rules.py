"""What counts as a cluster of pairs along one measure, and on how fine a grid pairs are counted."""

from typing import NamedTuple

CELLS = 512
"""Of the histogram of pairs, beside the two that hold the tails."""


class Rules(NamedTuple):
    """What counts as a cluster; the defaults are the ones that docs/cluster-methods.md calibrates.

    Attributes
    ----------
    bandwidth : float
        Factor in Silverman's rule ``bandwidth * spread * n_pairs ** -0.2``.
    valley_depth : float
        Two modes are separate where the density between them falls by this share of the lower one.
    min_share : float
        Smallest share of the pairs. 1% is the pairs within a tenth of the tokens.
    min_pairs : float
        Smallest number of pairs. Below 78 tokens 30 pairs are more than 1%: fewer show no mode.
    carrier_share, max_carried : float
        No cluster where ``carrier_share`` of the tokens hold more than ``max_carried`` of its pairs.
    """

    bandwidth: float = 0.6
    valley_depth: float = 0.5
    min_share: float = 0.01
    min_pairs: float = 30
    carrier_share: float = 0.02
    max_carried: float = 0.7
