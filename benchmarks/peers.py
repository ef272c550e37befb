"""Mutual information of all pairs of tokens as a careful user would write it with existing libraries.

Each peer prepares tokens first (outliers, bins), which is not timed, and then measures all pairs of them.
Where codes are made beforehand, a token keeps the bins of its own kept dimensions: such peers skip the moved
ranges that the others, and the engine, do right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import boost_histogram
import fast_histogram  # type: ignore[import-untyped]
import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import mutual_info_score

from benchmarks.plain import Floats, entropy, measure_pair
from layerclaims.analysis.pairs.outliers import outlying_dimensions
from layerclaims.analysis.threads import machine_threads

BINS = 15
OUTLIER_SD = 5.0
TORCH_BLOCK = 16


@dataclass(frozen=True)
class Prepared:
    """Tokens as peers want them."""

    values: Floats
    kept: NDArray[np.bool_]
    codes: NDArray[np.int64]
    """Bin of each dimension in the token's own range; `BINS` where dropped."""


def prepare(tokens: NDArray[np.floating]) -> Prepared:
    """Mark outliers and number bins, token by token."""
    values = tokens.astype(np.float64)
    kept = ~outlying_dimensions(values, OUTLIER_SD)
    codes = np.full(values.shape, BINS)
    for token in range(len(values)):
        row = values[token, kept[token]]
        edges = np.histogram_bin_edges(row, BINS)
        codes[token, kept[token]] = np.clip(np.searchsorted(edges, row, side="right") - 1, 0, BINS - 1)
    return Prepared(values, kept, codes)


def from_joint(joint: Floats) -> float:
    """Mutual information of a histogram."""
    shares = joint / joint.sum()
    return entropy(shares.sum(axis=1)) + entropy(shares.sum(axis=0)) - entropy(shares.ravel())


def plain_loop(tokens: Prepared) -> Floats:
    """numpy.histogram2d, covariance and correlation, as the document's notebook."""
    return np.array(
        [measure_pair(*pair, BINS, OUTLIER_SD).mutual_information for pair in combinations(tokens.values, 2)]
    )


def fast_histogram_loop(tokens: Prepared) -> Floats:
    """fast-histogram, whose ranges leave their upper end out."""
    result = []
    for one, other in combinations(range(len(tokens.values)), 2):
        both = tokens.kept[one] & tokens.kept[other]
        first, second = tokens.values[one, both], tokens.values[other, both]
        ranges = [(row.min(), np.nextafter(row.max(), np.inf)) for row in (first, second)]
        result.append(from_joint(fast_histogram.histogram2d(first, second, bins=BINS, range=ranges)))
    return np.array(result)


def boost_histogram_loop(tokens: Prepared) -> Floats:
    """boost-histogram's stand-in for numpy.histogram2d."""
    result = []
    for one, other in combinations(range(len(tokens.values)), 2):
        both = tokens.kept[one] & tokens.kept[other]
        joint = boost_histogram.numpy.histogram2d(
            tokens.values[one, both], tokens.values[other, both], bins=BINS
        )[0]
        result.append(from_joint(joint))
    return np.array(result)


def sklearn_loop(tokens: Prepared) -> Floats:
    """scikit-learn's mutual_info_score of codes."""
    result = []
    for one, other in combinations(range(len(tokens.values)), 2):
        both = tokens.kept[one] & tokens.kept[other]
        result.append(mutual_info_score(tokens.codes[one, both], tokens.codes[other, both]))
    return np.asarray(np.array(result) / np.log(2))


def information(joint: Floats) -> Floats:
    """Mutual information of histograms on the last two axes."""

    def plogp(shares: Floats) -> Floats:
        return np.asarray(shares * np.log2(np.where(shares > 0, shares, 1)))

    shares = joint / joint.sum(axis=(-2, -1), keepdims=True)
    rows, columns = shares.sum(axis=-1), shares.sum(axis=-2)
    joint_sum, row_sum = plogp(shares).sum(axis=(-2, -1)), plogp(rows).sum(axis=-1)
    return np.asarray(joint_sum - row_sum - plogp(columns).sum(axis=-1))


def vectorised_numpy(tokens: Prepared) -> Floats:
    """One numpy.bincount for a token and all that follow it."""
    cells = (BINS + 1) ** 2
    result = []
    for one in range(len(tokens.codes) - 1):
        others = tokens.codes[one + 1 :]
        index = others + tokens.codes[one] * (BINS + 1) + cells * np.arange(len(others))[:, np.newaxis]
        counts = np.bincount(index.ravel(), minlength=cells * len(others))
        result.append(information(counts.reshape(-1, BINS + 1, BINS + 1)[:, :BINS, :BINS].astype(float)))
    return np.concatenate(result)


def vectorised_torch(tokens: Prepared, n_threads: int) -> Floats:
    """Joint counts as matrix products of zeros and ones, which float32 holds exactly, in blocks of tokens."""
    torch.set_num_threads(n_threads)
    n_tokens, hidden = tokens.codes.shape
    hot = torch.nn.functional.one_hot(torch.from_numpy(tokens.codes), BINS + 1)[:, :, :BINS]
    hot = hot.transpose(1, 2).to(torch.float32).reshape(n_tokens * BINS, hidden)
    counts = torch.arange(hidden + 1, dtype=torch.float64)
    table = counts * torch.log2(counts.clamp(min=1))
    result = np.empty((n_tokens, n_tokens))
    for start in range(0, n_tokens, TORCH_BLOCK):
        block = hot[start * BINS : (start + TORCH_BLOCK) * BINS]
        joint = (block @ hot[start * BINS :].T).to(torch.int32).reshape(len(block) // BINS, BINS, -1, BINS)
        rows, columns, kept = joint.sum(dim=3), joint.sum(dim=1), joint.sum(dim=(1, 3))
        total = (
            table[joint].sum(dim=(1, 3)) - table[rows].sum(dim=1) - table[columns].sum(dim=2) + table[kept]
        )
        result[start : start + TORCH_BLOCK, start:] = (total / kept).numpy()
    return result[np.triu_indices(n_tokens, 1)]


@dataclass(frozen=True)
class Peer:
    """A way to measure, and on how many tokens of a level it is timed."""

    name: str
    measure: Callable[[Prepared], Floats]
    n_tokens: int


PEERS = (
    Peer("plain loop, numpy.histogram2d", plain_loop, 16),
    Peer("fast-histogram", fast_histogram_loop, 24),
    Peer("boost-histogram", boost_histogram_loop, 16),
    Peer("scikit-learn mutual_info_score", sklearn_loop, 10),
    Peer("NumPy, one bincount a token", vectorised_numpy, 80),
    Peer("torch, products of 0 and 1", partial(vectorised_torch, n_threads=machine_threads()), 250),
    Peer("torch, on one thread", partial(vectorised_torch, n_threads=1), 250),
)
