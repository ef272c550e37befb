"""Cross-validated linear probe for two groups of tokens, and its area under the ROC curve."""

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError

FOLDS = 5
MAX_ITERATIONS = 1000

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def probe_scores(activations: NDArray[np.floating], labels: Labels, rng: np.random.Generator) -> Floats:
    """Score each token by a probe fitted on other tokens.

    Logistic regression on standardised dimensions, in stratified folds. Its ridge penalty is a normal prior
    of variance ``1 / hidden_size`` on each weight. So the prior variance of the log odds is about 1 for every
    hidden size.

    Parameters
    ----------
    activations : ndarray of float, shape (n_tokens, hidden_size)
    labels : ndarray of int64, shape (n_tokens,)
        0 or 1; at least two tokens of each. If a group has fewer than `FOLDS` tokens, there are fewer folds.
    rng : numpy.random.Generator
        Assigns the tokens to folds.

    Returns
    -------
    ndarray of float64, shape (n_tokens,)
        Log odds of group 1.

    Raises
    ------
    ValueError
        If activations are not finite, or the labels do not fit them.
    """
    # Imported here, for it takes longer than most of what a run without groups of tokens does.
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    values = np.asarray(activations, dtype=np.float64)
    if not np.isfinite(values).all():
        raise UndefinedResultError("an activation is not finite")
    if labels.shape != values.shape[:1] or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"labels must be 0 or 1 for each of the {len(values)} tokens")
    smallest = int(np.bincount(labels, minlength=2).min())
    if smallest < 2:
        raise UndefinedResultError(
            "a probe needs two tokens of each group, and one group has {tokens}", tokens=smallest
        )
    folds = StratifiedKFold(min(FOLDS, smallest), shuffle=True, random_state=int(rng.integers(2**31)))
    scores = np.empty(len(values))
    for fitted, left_out in folds.split(values, labels):
        ridge = LogisticRegression(C=1 / values.shape[1], max_iter=MAX_ITERATIONS)
        probe = make_pipeline(StandardScaler(), ridge).fit(values[fitted], labels[fitted])
        scores[left_out] = probe.decision_function(values[left_out])
    return scores


def area_under_curve(scores: Floats, labels: Labels, multiplicities: Floats) -> Floats:
    """Estimate the probability that a token of group 1 scores higher than one of group 0.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_tokens,)
    labels : ndarray of int64, shape (n_tokens,)
        0 or 1.
    multiplicities : ndarray of float64, shape (n_resamples, n_tokens)
        How often each resample holds each token.

    Returns
    -------
    ndarray of float64, shape (n_resamples,)
        0.5 at chance; a tie counts one half.

    Raises
    ------
    ValueError
        If a resample holds no token of a group.

    References
    ----------
    Hanley and McNeil (1982), The meaning and use of the area under a receiver operating characteristic curve,
    Radiology 143, 29-36.
    """
    upper, lower = labels == 1, labels == 0
    higher = np.sign(scores[upper][:, None] - scores[lower][None, :]) / 2 + 0.5
    upper_weights, lower_weights = multiplicities[:, upper], multiplicities[:, lower]
    n_pairs = upper_weights.sum(axis=1) * lower_weights.sum(axis=1)
    if not (n_pairs > 0).all():
        raise UndefinedResultError("a resample holds no token of one of the two groups")
    area: Floats = np.einsum("ru,ru->r", upper_weights, lower_weights @ higher.T) / n_pairs
    return area
