"""Every number that decides a claim, with its reason. Fixed before any real model was judged by it."""

from analysis.decision import Criterion

COINCIDENT = Criterion(
    "at most",
    1e-6,
    "Equal tokens at equal positions are added up in the same order, so they may differ by the rounding of "
    "single precision (6e-8) a few times over, and by nothing else.",
)
APART = Criterion(
    "at least",
    1e-2,
    "Two points are two if they lie further apart than a hundredth of their own length, ten thousand times "
    "the spread that is allowed within each.",
)
THREE_CLUSTERS = Criterion("exactly", 3, "The document counts three separate clusters.")
ONE_CLUSTER = Criterion("exactly", 1, "One cloud without structure is one cluster.")
DISSOLUTION_BAND = Criterion(
    "within",
    6,
    "The document says around layers 7, 8 and 9, judged by eye; one layer either side allows for the eye.",
    upper=10,
)
FALLING = Criterion("below", 0, "To slide down is to have a negative slope.")
LOWER_THAN_BEFORE = Criterion(
    "below", 1, "The last third lies below the first third if their ratio is below 1."
)
TENFOLD = Criterion("at least", 10, "Tens of times is ten times at the very least.")
GROWTH_REMOVED = Criterion(
    "at most",
    1.25,
    "Growth is removed if at most a quarter is left of it where covariance grows at least tenfold.",
)
