"""What is planted for every claim: true, false in each way, at the criterion, near it."""

from collections.abc import Callable
from typing import TypeAlias

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.calibration.synthetic import DOCUMENT_LIKE, Planted, Resolved, Saturated, Standardised

Instrument: TypeAlias = Callable[..., Measurement]

# Claims about trends use fewer layers, tokens and dimensions to save time.
TREND = DOCUMENT_LIKE.but(n_layers=12, n_tokens=60, hidden=96)
FATE = DOCUMENT_LIKE.but(n_layers=12)
ONE_GROUP = FATE.but(factors=(1.0,), shares=(1.0,))
FLAT = ((1, 0.65),)
CLEAR = ((1, 0.85),)  # little noise, so that groups stay visible in deep layers
NO_FADE = ((1, 1.0),)
LATE = ((1, 1), (14, 1), (17, 0))
RETURN = ((1, 1), (5, 0.9), (7, 0.2), (9, 0), (19, 0), (20, 1))
WEAK_RETURN = ((1, 1), (10, 1), (11, 0), (14, 0), (16, 0.35), (24, 0.35))
NOT_GROWING = ((1, 0.0),)
DEPENDENCE = TREND.but(correlation=((1, 0.04), (24, 0.8)), growth=((1, 0), (24, 0.24)))
HALF = TREND.but(correlation=((1, 0.1), (24, 0.8)), growth=((1, 0), (24, 0.6)))
# Tokens of one group, and the same vectors at each layer: what is planted is what should be measured.
PLAIN = TREND.but(factors=(1.0,), shares=(1.0,), turn=0.0, penalty=0.0, unevenness=0.0, n_tokens=120)
TENFOLD = PLAIN.but(correlation=FLAT, growth=((1, 0), (24, 0.5)), spread=0.1)
# Mean MI of 192 dimensions in 15 bins at a correlation of 0.677 is 0.9 times that at 0.75; at 0.33 it is 2/3.
LATE_DROP = PLAIN.but(hidden=192, correlation=((1, 0.75), (20, 0.75), (21.8, 0.33), (24, 0.33)))
LATE_TENTH = LATE_DROP.but(correlation=((1, 0.75), (20, 0.75), (21.8, 0.677), (24, 0.677)))
NEIGHBOURS = (0.0, 0.3, 0.6)
QUARTER = TREND.but(correlation=((1, 0.25), (24, 0.6)), growth=((1, 0), (24, 0.7)))


def _dissolving_at(layer: int) -> Planted:
    """Plant clusters up to the layer before, and one cloud from the layer on."""
    return DOCUMENT_LIKE.but(fade=((1, 1), (layer - 1, 1), (layer, 0)), correlation=CLEAR)


TRUE: dict[str, dict[str, Planted]] = {
    "clusters-dissolve": {f"dissolving at layer {layer}": _dissolving_at(layer) for layer in (7, 8, 9)},
    "embedding-cause": {
        "positions are not added": TREND.but(positions_added=False, varied_spread=0.0),
    },
    "covariance-misleads-across-layers": {"correlation is constant": TREND.but(correlation=FLAT, turn=0.5)},
    "mi-declines": {"flat to layer 20, then down by a third": LATE_DROP},
    "mi-compares-across-layers": {
        "MI is constant": DOCUMENT_LIKE.but(n_layers=12, n_tokens=60, correlation=FLAT, turn=0.0)
    },
    "layer1-three-clusters": {"groups of 167 and 83 commas": FATE.but(shares=(0.67, 0.33), n_tokens=250)},
}
FALSE: dict[str, dict[str, Planted]] = {
    "layer1-three-clusters": {
        "one group of commas": ONE_GROUP,
        "groups differ in direction: two clusters": FATE.but(factors=(1.0, 1.0), direction=((1, 0.6),)),
        "three groups of commas": FATE.but(factors=(1.0, 1.8, 2.6), shares=(0.34, 0.33, 0.33)),
        "a group of one comma in fifty": FATE.but(shares=(0.98, 0.02)),
        "full stops have groups as well": FATE.but(stop_factors=(1.0, 1.8)),
    },
    "layer1-mi-one-cloud": {
        "one group is more alike": FATE.but(correlation=((1, 0.5),), penalty=-2.0),
        "groups differ in direction as well": FATE.but(direction=((1, 0.6),)),
    },
    "embedding-two-points": {
        "tokens spread by a hundredth": TREND.but(embedding_spread=0.01),
        "tokens spread by a hundred thousandth": TREND.but(embedding_spread=1e-5),
        "one token lies elsewhere": TREND.but(odd_tokens=1),
        "both kinds are one point": TREND.but(kinds_apart=0.0),
    },
    "embedding-cause": {
        "other tokens are the same point": TREND.but(mixed_spread=0.0),
        "positions are added and make no difference": TREND.but(varied_spread=0.0),
        "positions are not added and make a difference": TREND.but(positions_added=False),
    },
    "clusters-fade": {
        "they stay sharp": DOCUMENT_LIKE.but(fade=NO_FADE),
        "they are gone at layer 2": DOCUMENT_LIKE.but(fade=((1, 1), (2, 0))),
        "they grow sharper": DOCUMENT_LIKE.but(fade=((1, 0.7), (9, 1.2))),
        "they are back at layer 9": DOCUMENT_LIKE.but(fade=((1, 1), (4, 1), (6, 0), (9, 1))),
    },
    "clusters-dissolve": {
        "they stay": FATE.but(fade=NO_FADE, correlation=CLEAR),
        "they dissolve at layer 3": FATE.but(fade=((1, 1), (3, 0))),
        "they dissolve at layer 16": FATE.but(fade=LATE, correlation=CLEAR),
        **{f"dissolving at layer {layer}": _dissolving_at(layer) for layer in (5, 10, 11, 12)},
    },
    "deep-layers-drop-partition": {
        "a strong direction keeps it": FATE.but(direction=((1, 0), (8, 0.6))),
        "a third of the factor stays": FATE.but(fade=((1, 1), (7, 0.33))),
    },
    "mi-declines": {
        "constant dependence": TREND.but(correlation=FLAT),
        "constant dependence, other vectors at each layer": TREND.but(correlation=FLAT, turn=0.5),
        "dependence rises": TREND.but(correlation=((1, 0.45), (24, 0.85))),
        "it falls and comes back": TREND.but(correlation=((1, 0.85), (12.5, 0.45), (24, 0.85))),
        "it falls in the first 6 layers only": LATE_DROP.but(correlation=((1, 0.75), (6, 0.35), (24, 0.35))),
        "constant dependence, neighbours alike": PLAIN.but(correlation=FLAT, neighbours=0.6),
        "only that of commas falls": TREND.but(stop_correlation=FLAT),
    },
    "covariance-grows": {
        "no growth": TREND.but(growth=NOT_GROWING),
        "fourfold growth": TREND.but(correlation=FLAT, growth=((1, 0), (24, 0.3)), fade=NO_FADE),
        "it grows and falls back": TREND.but(growth=((1, 0), (12, 1.05), (24, 0))),
    },
    "opposite-trends": {
        "both fall": TREND.but(growth=((1, 0), (24, -0.6))),
        "both rise": TREND.but(correlation=((1, 0.45), (24, 0.85))),
        "dependence is constant": TREND.but(correlation=FLAT, turn=0.5),
    },
    "variance-grows": {
        "no growth": TREND.but(growth=NOT_GROWING),
        "fourfold growth": TREND.but(growth=((1, 0), (24, 0.3))),
        "covariance grows by dependence alone": TREND.but(
            correlation=((1, 0.04), (24, 0.9)), growth=NOT_GROWING
        ),
    },
    "variance-explains-growth": {
        "mostly dependence": DEPENDENCE,
        "half dependence": HALF,
        "a quarter dependence": QUARTER,
    },
    "pearson-removes-growth": {
        "correlation grows twentyfold": DEPENDENCE,
        "correlation grows eightfold": HALF,
        "correlation more than doubles": QUARTER,
    },
    "syntax-in-early-layers": {
        "clusters at all layers": FATE.but(fade=NO_FADE, correlation=CLEAR),
        "clusters up to layer 16": FATE.but(fade=LATE, correlation=CLEAR),
        "clusters come back at layer 20": FATE.but(fade=RETURN, correlation=CLEAR),
        "weak clusters come back at layer 16": FATE.but(fade=WEAK_RETURN, correlation=CLEAR),
    },
    "covariance-misleads-across-layers": {
        "correlation grows as well": TREND.but(correlation=((1, 0.3), (24, 0.8))),
        "both fall": TREND.but(growth=((1, 0), (24, -0.5))),
    },
    "simpson-paradox": {
        "positive over all pairs": FATE.but(penalty=-0.4),
        "no relation between the clusters": FATE.but(penalty=0.0),
        "negative inside the clusters": FATE.but(spread=0.12, unlike=-6.0, unevenness=0.0),
    },
    "layer20-one-cluster": {
        "clusters at all layers": DOCUMENT_LIKE.but(fade=NO_FADE, correlation=CLEAR),
        "clusters come back at layer 20": DOCUMENT_LIKE.but(fade=RETURN, correlation=CLEAR),
    },
    "mi-compares-across-layers": {
        "a few dimensions stretch the bins with depth": TREND.but(
            hidden=512, n_tokens=40, correlation=((1, 0.55), (24, 0.65)), spikes=((1, 0), (24, 6.5))
        ),
        "a few dimensions stretch the bins where dependence rises": TREND.but(
            hidden=150, n_tokens=40, correlation=((1, 0.5), (24, 0.75)), spikes=((1, 0), (24, 6.9))
        ),
    },
}


def _however_alike(planted: Planted) -> dict[float, Planted]:
    """Plant the same with neighbours more and more alike."""
    return {rho: planted.but(neighbours=rho) for rho in NEIGHBOURS}


BOUNDARY: dict[str, dict[float, Planted]] = {
    "mi-declines": _however_alike(LATE_TENTH),
    "covariance-grows": _however_alike(TENFOLD),
    "variance-grows": _however_alike(TENFOLD),
    # 1.3 is a tenth of the doublings of 13.8, which is 1.3 times 10 ** (2 * 0.5128).
    "variance-explains-growth": _however_alike(
        TENFOLD.but(correlation=((1, 0.5), (24, 0.65)), growth=((1, 0), (24, 0.5128)))
    ),
    "pearson-removes-growth": _however_alike(
        TENFOLD.but(correlation=((1, 0.52), (24, 0.65)), growth=((1, 0), (24, 0.9)))
    ),
    # Three layers of the first ten and one later layer are alike: three quarters.
    "syntax-in-early-layers": _however_alike(
        FATE.but(fade=((1, 0.35), (5.2, 0.35), (7, 0), (16, 0), (17.7, 0.35), (19.5, 0)), correlation=CLEAR)
    ),
    # Found by drawing: the mean of 16 draws differs from the criterion by less than its standard error.
    "clusters-fade": {
        rho: DOCUMENT_LIKE.but(fade=((1, 1), (9, left)), neighbours=rho)
        for rho, left in zip(NEIGHBOURS, (0.29, 0.295, 0.286), strict=True)
    },
    "deep-layers-drop-partition": _however_alike(FATE.but(fade=((1, 1), (7, 0.1225)))),
    "simpson-paradox": _however_alike(FATE.but(penalty=0.0965)),
    # Halfway between one cloud and more: the separation in the plane of pairs is 0.5 on average.
    "layer1-three-clusters": _however_alike(FATE.but(factors=(1.0, 1.166))),
    "clusters-dissolve": _however_alike(
        FATE.but(fade=((1, 1), (6, 1), (9, 0.399), (10, 0)), correlation=CLEAR)
    ),
    "layer20-one-cluster": _however_alike(
        DOCUMENT_LIKE.but(fade=((1, 1), (5, 0.9), (7, 0.248)), correlation=CLEAR)
    ),
}
"""By the correlation of neighbours: the mean, of each kind or of commas alone, just meets the criterion."""
NEAR: dict[str, dict[str, Planted]] = {
    "layer1-three-clusters": {"factors 1 and 1.35": FATE.but(factors=(1.0, 1.35))},
    "layer1-mi-one-cloud": {
        "one group is rather more alike": FATE.but(correlation=((1, 0.55),), penalty=-1.5)
    },
    "clusters-fade": {"most of the factor is left at layer 9": DOCUMENT_LIKE.but(fade=((1, 1), (9, 0.6)))},
    "clusters-dissolve": {
        "dissolving at layer 6": _dissolving_at(6),
        "fading slowly around layer 8": FATE.but(fade=((1, 1), (6, 0.9), (9, 0.2))),
    },
    "deep-layers-drop-partition": {
        "a direction keeps it weakly": FATE.but(direction=((1, 0), (8, 0.18))),
        "a tenth of the factor stays": FATE.but(fade=((1, 1), (7, 0.1))),
    },
    "mi-declines": {"a loss of a tenth": TREND.but(correlation=((1, 0.75), (24, 0.5)))},
    "covariance-grows": {"about tenfold": TREND.but(growth=((1, 0), (24, 0.78)))},
    "opposite-trends": {
        "falling dependence that comes halfway back": TREND.but(
            correlation=((1, 0.85), (13, 0.45), (24, 0.65))
        )
    },
    "variance-grows": {"about tenfold": TREND.but(growth=((1, 0), (24, 0.663)))},
    "variance-explains-growth": {
        "a tenth dependence": TREND.but(correlation=((1, 0.53), (24, 0.68)), growth=((1, 0), (24, 0.83)))
    },
    "pearson-removes-growth": {
        "correlation grows by a quarter": TREND.but(correlation=((1, 0.55), (24, 0.62)))
    },
    "syntax-in-early-layers": {"clusters up to layer 12": FATE.but(fade=((1, 1), (10.8, 1), (13, 0)))},
    "covariance-misleads-across-layers": {
        "correlation grows up to layer 17": TREND.but(correlation=((1, 0.4), (17, 0.7), (24, 0.52)))
    },
    "simpson-paradox": {"a little less alike": FATE.but(penalty=0.15)},
    "layer20-one-cluster": {
        "some of the factor is left": DOCUMENT_LIKE.but(fade=((1, 1), (5, 0.9), (7, 0.4)), correlation=CLEAR)
    },
    "mi-compares-across-layers": {
        # So much of MI is the bins' that hardly any two layers differ by a tenth.
        "too few dimensions for the bins": TREND.but(n_tokens=40, hidden=32),
        "dimensions barely enough for the bins": TREND.but(n_tokens=40, hidden=160),
    },
}
FALSE_INSTRUMENTS: dict[str, dict[str, Instrument]] = {
    "mi-scale-invariant": {"fixed resolution": Resolved, "limited range": Saturated},
    "covariance-scale-dependent": {
        "fixed resolution": Resolved,
        "limited range": Saturated,
        "standardised before it is measured": Standardised,
    },
}
