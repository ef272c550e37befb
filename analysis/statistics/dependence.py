"""How far tokens depend on their neighbours in the text, and how long blocks must be to keep that."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layerclaims.analysis.pairs.outliers import outlying_dimensions

Floats = NDArray[np.float64]

FEWEST_BLOCKS = 6
"""Blocks are at most so long that this many fit: fewer say nothing about their own spread."""
CONSTANT = 1e-6
"""A series with a smaller standard deviation, relative to its mean, varies by rounding only."""


def token_series(activations: ArrayLike, *, outlier_sd: float = 5.0) -> Floats:
    """Summarise each token by two numbers that means over its pairs depend on.

    Covariance of a pair is the product of two amplitudes and a correlation; mutual information follows the
    correlation. So a token's part in any mean over pairs follows its amplitude and its mean correlation.

    Parameters
    ----------
    activations : array_like of float, shape (n_tokens, hidden)
        One level.
    outlier_sd : float
        A token's dimensions beyond are left out of both; 0 keeps all.

    Returns
    -------
    ndarray of float64, shape (2, n_tokens)
        The logarithm of the token's standard deviation, and its mean correlation with all other tokens.
        NaN where a token is constant.
    """
    values = np.asarray(activations, dtype=np.float64)
    kept = ~outlying_dimensions(values, outlier_sd)
    centred = np.where(kept, values - values.mean(axis=1, keepdims=True, where=kept), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        lengths = np.linalg.norm(centred, axis=1)
        directions = centred / lengths[:, None]
        amplitude = np.log(lengths / np.sqrt(kept.sum(axis=1) - 1))
    likeness = (directions @ directions.sum(axis=0) - 1) / (len(values) - 1)
    return np.stack([np.where(lengths > 0, amplitude, np.nan), likeness])


def autocorrelation(series: Floats) -> Floats:
    """Correlate a series with itself at every lag, on average over repetitions of the series.

    Parameters
    ----------
    series : ndarray of float64, shape (n_repetitions, n_tokens)
        Such as one summary of the tokens at several levels. Rows that are constant or not finite are left
        out.

    Returns
    -------
    ndarray of float64, shape (n_tokens,)
        1 at lag 0; 0 at all others where no row is left. Divided by ``n_tokens`` at every lag, which makes
        the spectrum positive.
    """
    n_tokens = series.shape[1]
    rows = series[np.isfinite(series).all(axis=1)]
    rows = rows[rows.std(axis=1) > CONSTANT * np.abs(rows.mean(axis=1))]
    if len(rows) == 0:
        return np.asarray(np.eye(1, n_tokens)[0])
    rows = rows - rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    products = [np.correlate(row, row, mode="full")[n_tokens - 1 :] for row in rows]
    return np.asarray(np.mean(products, axis=0))


def block_length(autocorrelations: Floats) -> int:
    """Choose the length of blocks from the data.

    The length that gives the variance of a mean with the least squared error is ``c * n ** (1/3)``; Politis
    and White estimate c. Intervals that hold the truth as often as they say need longer blocks, of order
    ``n ** (1/2)``, because the bias that short blocks leave harms coverage more than the noise that long
    ones add, which Student's t accounts for. So the length here is ``c * n ** (1/2)``.

    Parameters
    ----------
    autocorrelations : ndarray of float64, shape (n_tokens,)
        From `autocorrelation`.

    Returns
    -------
    int
        1 to a sixth of the tokens.

    References
    ----------
    Politis and White (2004), Automatic block-length selection for the dependent bootstrap, Econometric
    Reviews 23, 53-70; with the correction by Patton, Politis and White (2009), Econometric Reviews 28,
    372-375. The first small lag counts as the last that matters, as in the authors' own program.
    Sun, Phillips and Jin (2008), Optimal bandwidth selection in heteroskedasticity-autocorrelation robust
    testing, Econometrica 76, 175-194.
    """
    n_tokens = len(autocorrelations)
    longest = n_tokens // FEWEST_BLOCKS
    if longest < 2:
        return 1
    chosen = least_error_length(autocorrelations) * math.pow(n_tokens, 1 / 6)
    return math.ceil(min(max(chosen, 1), longest))


def least_error_length(autocorrelations: Floats) -> float:
    """Estimate the length of circular blocks that gives the variance of a mean with least squared error.

    Parameters and references are those of `block_length`.

    Returns
    -------
    float
        0 for independent tokens.
    """
    n_tokens = len(autocorrelations)
    n_lags = _last_lag(autocorrelations)
    lags = np.arange(1, n_lags + 1)
    # A flat top: lags in the first half count in full, those beyond fade out.
    weights = np.minimum(1, 2 * (1 - lags / n_lags)) * autocorrelations[1 : n_lags + 1]
    curvature = 2 * (weights * lags).sum()
    spectrum = 1 + 2 * weights.sum()
    if curvature == 0:
        return 0.0
    # The spectrum may be estimated as 0, which leaves the length without a bound.
    return float((1.5 * np.divide(curvature, spectrum) ** 2 * n_tokens) ** (1 / 3))


def _last_lag(autocorrelations: Floats) -> int:
    """Find twice the first lag from which on several autocorrelations in a row are too small to matter."""
    n_tokens = len(autocorrelations)
    in_a_row = max(5, int(math.sqrt(math.log10(n_tokens))))
    most = min(math.ceil(math.sqrt(n_tokens)) + in_a_row, n_tokens - 1)
    small = np.abs(autocorrelations) < 2 * math.sqrt(math.log10(n_tokens) / n_tokens)
    for lag in range(1, most - in_a_row + 2):
        if small[lag : lag + in_a_row].all():
            return min(2 * lag, most)
    return most


def effective_tokens(autocorrelations: Floats, length: int) -> float:
    """Count the independent tokens whose mean would vary as much as that of these.

    Parameters
    ----------
    autocorrelations : ndarray of float64, shape (n_tokens,)
        From `autocorrelation`.
    length : int
        Of blocks. Lags from it on count as 0 and shorter ones by ``1 - lag / length``: that is the dependence
        which resampling blocks of this length keeps.

    Returns
    -------
    float
        ``n_tokens / (1 + 2 * sum of the autocorrelations)``; more than ``n_tokens`` where neighbours differ
        more than tokens far apart do.

    References
    ----------
    Bayley and Hammersley (1946), The "effective" number of independent observations in an autocorrelated
    time series, Supplement to the JRSS 8, 184-197.
    """
    lags = np.arange(1, length)
    inflation = 1 + 2 * ((1 - lags / length) * autocorrelations[1:length]).sum()
    return float(len(autocorrelations) / inflation)


def overlapping_share(positions: ArrayLike, before: int, after: int) -> float:
    """Give the share of neighbouring tokens whose windows have text in common.

    Parameters
    ----------
    positions : array_like of int, shape (n_tokens,)
        Of the tokens in the text, in any order.
    before, after : int
        Tokens that the model reads before each token and after it; ``after`` is 0 where a causal model is
        read at the token.

    Returns
    -------
    float
        Between 0 and 1; 0 for a single token.
    """
    gaps = np.diff(np.sort(np.asarray(positions)))
    return float((gaps <= before + after).mean()) if len(gaps) else 0.0


def longest_overlap(positions: ArrayLike, before: int, after: int) -> int:
    """Count how many tokens after a token have windows with text in common with its own, at most.

    Parameters
    ----------
    positions, before, after :
        As for `overlapping_share`.

    Returns
    -------
    int
        Largest number over all tokens; 0 for a single token.
    """
    ordered = np.sort(np.asarray(positions))
    ends = np.searchsorted(ordered, ordered + before + after, side="right")
    return int((ends - np.arange(len(ordered)) - 1).max())


def without_overlap(positions: ArrayLike, before: int, after: int) -> NDArray[np.intp]:
    """Choose tokens whose windows have no text in common: the first, and each next one that is free.

    Parameters
    ----------
    positions, before, after :
        As for `overlapping_share`.

    Returns
    -------
    ndarray of int, shape (n_chosen,)
        Indices into ``positions``, in the order of the text.
    """
    values = np.asarray(positions)
    chosen: list[int] = []
    for index in np.argsort(values, kind="stable"):
        if not chosen or values[index] - values[chosen[-1]] > before + after:
            chosen.append(int(index))
    return np.array(chosen, dtype=np.intp)
