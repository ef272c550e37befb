"""The rules that count clusters of pairs, in words."""

from layerclaims.message import message

RULE_NAMES = {
    "token groups": message("groups of tokens"),
    "plane, log r": message("plane of log covariance and log r"),
    "token mixture": message("Gaussian mixture of tokens"),
    "token groups, shallow valleys": message("groups of tokens, shallow valleys"),
    "plane, log r, shallow valleys": message("plane of log covariance and log r, shallow valleys"),
    "plane, MI": message("plane of log covariance and MI"),
    "margin": message("covariance alone"),
    "margin, shallow valleys": message("covariance alone, shallow valleys"),
    "margin, narrow bandwidth": message("covariance alone, narrow bandwidth"),
    "margin, wide bandwidth": message("covariance alone, wide bandwidth"),
}
"""Names of the rules of `analysis.clusters.panel.PANEL`."""
