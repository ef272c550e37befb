"""Levels of random activations, for the tests of measurements."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.analysis.measurement.specification import Specification

KINDS = ("internal", "terminal")


def random_measurement(
    specification: Specification | None = None, kinds: tuple[str, ...] = KINDS, **settings: int
) -> Measurement:
    """Four blocks, 24 tokens a kind that share a direction: covariance is positive and grows with depth."""
    rng = np.random.default_rng(0)
    scales = 2.0 ** np.arange(5)[:, None, None]
    residual: dict[str, NDArray[np.floating]] = {}
    for kind in kinds:
        shared, noise = rng.normal(size=(5, 1, 32)), rng.normal(size=(5, 24, 32))
        noise[0] = 0
        residual[kind] = (scales * (shared + 0.5 * noise)).astype(np.float32)
    final_norm = {kind: rng.normal(size=(24, 32)).astype(np.float32) for kind in kinds}
    return Measurement(residual, final_norm, specification or Specification(n_resamples=50), **settings)  # type: ignore[arg-type]


def text_of_tokens(rho: float) -> Measurement:
    """Two levels of 240 tokens whose amplitudes follow one another in the text, in the order of the text."""
    rng = np.random.default_rng(5)
    amplitudes = np.exp(0.3 * lfilter([1], [1, -rho], rng.normal(size=240)))
    levels = 1 + rng.normal(size=(2, 1, 48)) + 0.5 * rng.normal(size=(2, 240, 48))
    return Measurement(
        {"kind": amplitudes[:, None] * levels}, specification=Specification(n_resamples=50, block_length=None)
    )
