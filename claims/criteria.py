"""Every number that decides a claim, with its reason. Fixed before any real model was judged by it.

docs/decision-rules.md has the calibration: how often each claim is supported where it is true and where it
is false.
"""

from layerclaims.decision import Criterion

CHANGE = 0.1
"""Smallest relative change of a mean that counts as one: less is how much one layer differs from the next."""

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
SEVERAL_CLUSTERS = Criterion(
    "at least", 2, "To persist halfway to layer 7 is to be more than one cloud still; some may have merged."
)
BLURRED = Criterion(
    "at least",
    0.5,
    "The index runs from 1, nothing between two clusters, to 0, one mode, and clusters count as separate "
    "from 0.5 on: to lose half of the scale takes the clearest clusters to the edge of being one.",
)
DISSOLUTION_BAND = Criterion(
    "within",
    6,
    "The document says around layers 7, 8 and 9, judged by eye; one layer either side allows for the eye.",
    upper=10,
)
PARTITION_LOST = Criterion(
    "at most",
    0.65,
    "Chance is 0.5. With 250 tokens chance alone reaches up to 0.65 with its interval; a probe that does "
    "better than that finds something of the partition.",
)
MOSTLY_EARLY = Criterion(
    "at least",
    0.75,
    "Mostly means three quarters at the least. A separation that stayed the same at all depths would have "
    "10 of 24 layers' worth, 0.42, in the first 10.",
)
FALLING = Criterion(
    "at most",
    -CHANGE,
    "To slide down is to lose at least a tenth: less than that is how much one layer differs from the next.",
)
LOWER_THAN_BEFORE = Criterion(
    "at most", 1 - CHANGE, "The last third is lower by at least a tenth, for the same reason as the slope."
)
TENFOLD = Criterion("at least", 10, "Tens of times is ten times at the very least.")
VERY_LARGE = Criterion(
    "at least", 10, "The variance is to account for a tenfold covariance, so it must grow as much itself."
)
GROWTH_EXPLAINED = Criterion(
    "at least",
    0.9,
    "The document leaves nothing of the growth to new dependence; a tenth of the doublings is allowed for "
    "what a mean over pairs adds.",
)
GROWTH_REMOVED = Criterion(
    "at most",
    1.25,
    "Where covariance grows at least tenfold, a factor of 1.25 is no more than a tenth of its doublings: the "
    "same tenth that the standard deviations may leave unexplained.",
)
OPPOSITE = Criterion(
    "at most",
    -0.5,
    "Profiles that run against each other have a clearly negative rank correlation; two profiles that wobble "
    "independently over 24 layers reach -0.5 once in a hundred cases.",
)
UNCHANGED_INFORMATION = Criterion(
    "at most",
    0.01,
    "Rescaling may move a value that lies on the edge of a bin, and a single one moves a pair by up to some "
    "0.03 bits; any real dependence on scale shows in every pair, by tenths of bits.",
)
PROPORTIONAL = Criterion(
    "at most",
    1e-6,
    "Covariance is bilinear, so nothing but rounding may separate it from the product of the factors.",
)
SAME_RANKING = Criterion(
    "at least", 0.6, "Kendall's tau of 0.6 puts four of five pairs of layers into the same order."
)
MISLEADING = Criterion(
    "at most",
    0.5,
    "1 is an order that Pearson's r always confirms; a guide that is contradicted in a quarter of all "
    "comparisons, or goes unconfirmed in half, misleads.",
)
NEGATIVE = Criterion("below", 0, "The sign is what the document states.")
POSITIVE = Criterion("above", 0, "The sign is what the document states.")
