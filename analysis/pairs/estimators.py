"""Estimators of the mutual information of two activations over the hidden dimensions, all in bits.

``equal_width``
    The document's choice: plug-in entropies of a histogram with bins of equal width. Biased upwards, by about
    (occupied cells - occupied rows - occupied columns + 1) / (2 n ln 2) bits for n dimensions (Panzeri and
    Treves 1996). A nonlinear transformation of one activation changes the estimate.
``miller_madow``
    The same histogram, each entropy corrected by (occupied bins - 1) / (2 n ln 2) (Miller 1955). This removes
    only a part of the bias, since it does not count cells that are possible but empty. It can make the
    estimate negative.
``equal_frequency``
    Plug-in entropies with bins that hold equally many of the dimensions that the pair keeps. Both marginal
    entropies are log2(bins), except for ties. This is the information of the copula: an increasing
    transformation of either activation does not change it. Biased upwards as ``equal_width``, and more, since
    more cells are occupied.

For independent Gaussian activations of 576 dimensions and 15 bins, the estimates in the order above are 0.21,
0.09 and 0.28 bits. The first two are made from the same counts. The third takes half as long again, and twice
as long where every token drops dimensions of its own.

References
----------
Miller (1955), Note on the bias of information estimates, in: Information Theory in Psychology, 95-100.
Panzeri and Treves (1996), Analytical estimates of limited sampling biases, Network 7, 87-107.
"""

from typing import Literal, TypeAlias

Estimator: TypeAlias = Literal["equal_width", "equal_frequency", "miller_madow"]
ESTIMATORS: tuple[Estimator, ...] = ("equal_width", "equal_frequency", "miller_madow")
