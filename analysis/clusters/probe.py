"""Linear probe for two groups of tokens, tested on blocks of the text that it was not fitted near."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

FOLDS = 5
GAP = 10
"""Tokens on either side of a tested block that a probe is not fitted to where windows are not known."""
N_SHIFTS = 99

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def fewest_probed(gap: int) -> int:
    """Return the smallest number of tokens: fewer leave little to fit a probe to."""
    return FOLDS * (gap + 2)


def probe_areas(layers: Iterable[NDArray[np.floating]], labels: Labels, gap: int = GAP) -> Floats:
    """Measure how well a linear probe finds two groups of tokens, for their labels and for shifted ones.

    Ridge regression on standardised dimensions, fitted to the labels as numbers, for each of `FOLDS` blocks
    of the text to the tokens outside it and outside its gap. The penalty is the number of dimensions, so
    that the prior variance of a score is the same for every hidden size. The labels shifted in a circle along
    the text keep their runs but belong to other tokens: what they reach is what chance reaches.

    Parameters
    ----------
    layers : iterable of ndarray of float, shape (n_tokens, hidden_size)
        Activations, tokens in the order of the text.
    labels : ndarray of int64, shape (n_tokens,)
        0 or 1, both present.
    gap : int
        Tokens on either side of a tested block that the probe is not fitted to, because their windows may
        have text in common with the block's: `analysis.statistics.dependence.longest_overlap`.

    Returns
    -------
    ndarray of float64, shape (1 + n_shifts,)
        Area under the ROC curve, the mean of the layers: for the labels, then for `N_SHIFTS` shifts, fewer
        where there are fewer tokens.

    Raises
    ------
    ValueError
        If activations are not finite, the labels do not fit them, there are too few tokens, or (an
        `UndefinedResultError`) no block has tokens of both groups.

    References
    ----------
    Harris (2020), A shift test for independence in generic time series, arXiv:2012.06862.
    """
    n_tokens = len(labels)
    if not np.isin(labels, (0, 1)).all() or len(np.unique(labels)) < 2:
        raise ValueError("labels must be 0 and 1")
    if n_tokens < fewest_probed(gap):
        raise ValueError(f"a probe needs {fewest_probed(gap)} tokens, got {n_tokens}")
    shifts = np.unique(np.linspace(gap, n_tokens - gap, N_SHIFTS).astype(np.int64))
    shifted = np.stack([labels, *(np.roll(labels, shift) for shift in shifts.tolist())], axis=1)
    areas = [_areas(np.asarray(layer, np.float64), shifted, gap) for layer in layers]
    return np.asarray(np.mean(areas, axis=0))


def _areas(values: Floats, labels: Labels, gap: int) -> Floats:
    """Measure the area for each column of labels: over the pairs of tokens that are tested together."""
    # Imported here, for it takes longer than most of what a run without groups of tokens does.
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if values.shape[0] != len(labels) or not np.isfinite(values).all():
        raise ValueError(f"activations must be finite, of {len(labels)} tokens")
    higher, pairs = np.zeros(labels.shape[1]), np.zeros(labels.shape[1])
    for block in np.array_split(np.arange(len(labels)), FOLDS):
        fitted = np.r_[0 : max(block[0] - gap, 0), min(block[-1] + 1 + gap, len(labels)) : len(labels)]
        probe = make_pipeline(StandardScaler(), Ridge(alpha=values.shape[1]))
        scores = probe.fit(values[fitted], labels[fitted]).predict(values[block])
        tested = labels[block]
        # For each two tokens: whether the one of group 1 has the higher score; a tie counts one half.
        order = np.sign(scores[:, None] - scores[None]) / 2 + 0.5
        opposed = (tested[:, None] == 1) & (tested[None] == 0)
        higher += (order * opposed).sum(axis=(0, 1))
        pairs += opposed.sum(axis=(0, 1))
    if not (pairs > 0).all():
        raise UndefinedResultError("no block of the text has tokens of both groups")
    return np.asarray(higher / pairs)
