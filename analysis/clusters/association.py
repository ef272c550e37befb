"""Association of binary features with two groups: shares, odds ratios and tests."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy  # loads a part when it is first used
from numpy.typing import NDArray

from layerclaims.analysis.errors import UndefinedResultError
from layerclaims.analysis.statistics.estimate import LEVEL


@dataclass(frozen=True)
class Association:
    """A feature's frequency in two groups, with odds ratio and test.

    Attributes
    ----------
    feature : str
        Name, in words.
    share : tuple of float
        Share of group 0 and of group 1 that has the feature.
    odds_ratio : float or None
        Odds of the feature in group 1 over its odds in group 0; above 1 where group 1 has it more often.
        `None` where every member has the feature or none has, so that it is undefined.
    interval : tuple of float or None
        95% interval of the odds ratio.
    p_value : float
        Fisher's exact test, two-sided; 1 where the odds ratio is undefined.
    q_value : float
        The p-value adjusted by Benjamini and Hochberg's method over the features with an odds ratio.
    """

    feature: str
    share: tuple[float, float]
    odds_ratio: float | None
    interval: tuple[float, float] | None
    p_value: float
    q_value: float

    @property
    def strength(self) -> float:
        """Difference of the two shares, 0 to 1; at 1 the feature determines the group."""
        return abs(self.share[1] - self.share[0])


def odds_ratio(table: NDArray[np.int64]) -> tuple[float, float, float]:
    """Estimate an odds ratio with its 95% interval, finite for any table.

    Half a count is added to each cell (Haldane and Anscombe). This removes most of the bias of the log odds
    ratio, and keeps it finite where a cell is empty. The interval is Woolf's: normal on the log scale, with
    the sum of the reciprocal cells as variance. Its coverage is 95% for independent members.

    Parameters
    ----------
    table : ndarray of int64, shape (2, 2)
        Counts: a row for each group, the members with the feature in the first column.

    Returns
    -------
    tuple of float
        Odds in the second row over odds in the first; lower and upper end.

    Raises
    ------
    ValueError
        For another shape or a negative count, and where a row or a column is empty.

    References
    ----------
    Haldane (1956), The estimation and significance of the logarithm of a ratio of frequencies,
    Annals of Human Genetics 20. Woolf (1955), On estimating the relation between blood group and disease,
    Annals of Human Genetics 19. Gart (1966), Alternative analyses of contingency tables, JRSS B 28.
    """
    if table.shape != (2, 2) or (table < 0).any():
        raise ValueError(f"a table of counts has shape (2, 2) and none below 0, not {table.tolist()}")
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) == 0).any():
        raise UndefinedResultError("no odds can be compared where a row or a column of the table is empty")
    cells = table + 0.5
    logarithm = float(np.log(cells[1, 0] * cells[0, 1] / (cells[1, 1] * cells[0, 0])))
    margin = float(scipy.stats.norm.ppf((1 + LEVEL) / 2) * np.sqrt((1 / cells).sum()))
    value, low, high = np.exp([logarithm, logarithm - margin, logarithm + margin]).tolist()
    return value, low, high


def associations(features: Mapping[str, NDArray[np.bool_]], labels: NDArray[np.int64]) -> list[Association]:
    """Compare how often two groups have each feature.

    Parameters
    ----------
    features : mapping
        Name to a boolean for each member, shape ``(n_members,)``.
    labels : ndarray of int64, shape (n_members,)
        0 or 1, both present.

    Returns
    -------
    list of Association
        In descending order of strength; ties keep the given order.

    Raises
    ------
    ValueError
        If the labels are not of two groups or a feature has another number of members.

    References
    ----------
    Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B 57.
    """
    if set(np.unique(labels).tolist()) != {0, 1}:
        raise UndefinedResultError("labels of one group leave nothing to compare")
    tables = {name: _cross_tabulate(name, present, labels) for name, present in features.items()}
    comparable = [name for name, table in tables.items() if table.sum(axis=0).all()]
    p_values = {name: float(scipy.stats.fisher_exact(tables[name]).pvalue) for name in comparable}
    corrected = scipy.stats.false_discovery_control(list(p_values.values())) if p_values else []
    q_values = dict(zip(comparable, corrected, strict=True))
    found = []
    for name, table in tables.items():
        share = (float(table[0, 0] / table[0].sum()), float(table[1, 0] / table[1].sum()))
        if name not in p_values:
            found.append(Association(name, share, None, None, 1.0, 1.0))
            continue
        value, low, high = odds_ratio(table)
        found.append(Association(name, share, value, (low, high), p_values[name], float(q_values[name])))
    return sorted(found, key=lambda association: -association.strength)


def _cross_tabulate(name: str, present: NDArray[np.bool_], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count members by group (rows) and presence of the feature (columns)."""
    if present.shape != labels.shape:
        raise ValueError(f"feature {name!r} has shape {present.shape}, the labels have {labels.shape}")
    table = np.zeros((2, 2), dtype=np.int64)
    np.add.at(table, (labels, 1 - present.astype(np.int64)), 1)
    return table
