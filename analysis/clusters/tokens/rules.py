"""What counts as a group of tokens, and as a cluster of pairs between groups."""

from typing import NamedTuple


class TokenRules(NamedTuple):
    """What counts as a group of tokens and as a cluster of pairs.

    Attributes
    ----------
    bandwidth : float
        Factor in Silverman's rule ``bandwidth * spread * n_tokens ** -0.2``.
    valley_depth : float
        Two groups are separate where the density of tokens between them falls by this share of the lower.
        Parts show more by chance: what may be left of the density shrinks with the root of their size.
    min_share : float
        Smallest share of the sample's tokens in a group: one in sixteen, whose own pairs are 0.4% of all. It
        does not depend on how often a resample repeats a token.
    max_overlap : float
        Two blocks of pairs are separate clusters where the best straight split of the plane assigns no more
        than this share of either to the other one. Pieces of one cloud overlap by 17% and more.
    """

    bandwidth: float = 0.9
    valley_depth: float = 0.5
    min_share: float = 1 / 16
    max_overlap: float = 0.1


TOKEN_RULES = TokenRules()
