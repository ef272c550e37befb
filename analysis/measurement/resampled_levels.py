"""Levels whose tokens are a sample of a text, resampled in blocks of neighbours that depend on each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerclaims.analysis.measurement.levels import Floats, Levels
from layerclaims.analysis.statistics.bootstrap import token_multiplicities, token_weights
from layerclaims.analysis.statistics.dependence import (
    autocorrelation,
    block_length,
    effective_tokens,
    token_series,
)


@dataclass(frozen=True)
class ResampledLevels(Levels):
    """The levels of some activations, with resamples of their tokens.

    Attributes
    ----------
    positions : mapping
        Kind to the positions of its tokens in the text, ``(n_tokens,)``. A kind that is absent has its tokens
        in the order of the text.
    """

    positions: Mapping[str, NDArray[np.integer]] = field(default_factory=dict, kw_only=True)

    @property
    def multiplicities(self) -> dict[str, Floats]:
        """How often each resample draws each token, by kind: shape ``(n_resamples, n_tokens)``.

        The place of a kind among the kinds is part of the seed, so kinds have resamples of their own.
        """
        return self._drawn("multiplicities", token_multiplicities)

    @property
    def weights(self) -> dict[str, Floats]:
        """The weights under which clusters are counted, by kind: shape ``(n_resamples, n_tokens)``."""
        return self._drawn("weights", token_weights)

    def _drawn(self, name: str, draw: Callable[..., Floats]) -> dict[str, Floats]:
        known = self._shared.of_tokens
        key = (name, *self.resampling)
        if key not in known:
            known[key] = {kind: self._draw(kind, number, draw) for number, kind in enumerate(self.kinds)}
        drawn: dict[str, Floats] = known[key]
        return drawn

    def _draw(self, kind: str, number: int, draw: Callable[..., Floats]) -> Floats:
        """Draw the resamples of a kind in blocks of the text."""
        drawn = np.empty((self.specification.n_resamples, self.n_tokens(kind)))
        drawn[:, self._text_order(kind)] = draw(
            self.n_tokens(kind),
            self.specification.n_resamples,
            np.random.default_rng([self.specification.seed, number]),
            block_length=self.block_length(kind),
        )
        return drawn

    def block_length(self, kind: str) -> int:
        """Return how many neighbouring tokens are drawn together: the specification's, or from the data.

        It is the longer of those that amplitudes and mean correlations ask for.
        """
        if self.specification.block_length is not None:
            return self.specification.block_length
        return max(block_length(found) for found in self._dependence(kind))

    def effective_tokens(self, kind: str) -> float:
        """Return how many independent tokens would tell as much: the fewer by amplitude or correlation."""
        length = self.block_length(kind)
        return min(effective_tokens(found, length) for found in self._dependence(kind))

    def _dependence(self, kind: str) -> list[Floats]:
        """Return the autocorrelations, along the text, of amplitudes and mean correlations of tokens."""
        known, key = self._shared.of_tokens, ("dependence", kind)
        if key not in known:
            order = self._text_order(kind)
            levels = np.stack([token_series(level[order]) for level in self.residual[kind]])
            known[key] = [autocorrelation(levels[:, number]) for number in range(levels.shape[1])]
        found: list[Floats] = known[key]
        return found

    def _text_order(self, kind: str) -> NDArray[np.intp]:
        if kind not in self.positions:
            return np.arange(self.n_tokens(kind))
        return np.argsort(self.positions[kind], kind="stable")

    @property
    def resampling(self) -> tuple[int, int, int | None]:
        """The choices that resamples depend on, a part of the key of whatever is resampled."""
        return self.specification.n_resamples, self.specification.seed, self.specification.block_length
