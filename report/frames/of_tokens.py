"""Data frames of what was measured: layers, tokens and pairs of tokens."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from layerclaims.report.frames.base import Frames, needs, shown
from layerclaims.report.records import tables
from layerclaims.report.records.evidence import POINTS_NAME
from layerclaims.report.records.report_folder import strangers
from layerclaims.report.records.store import EvidenceError, Points, check_points, read_points

if TYPE_CHECKING:
    import pandas as pd


class TokenFrames(Frames):
    """Profiles, tokens and pairs. Each property reads a new frame."""

    @property
    def profiles(self) -> "pd.DataFrame":
        """Return one row for each kind, measure and layer.

        Returns
        -------
        DataFrame
            kind : str
                Key of the kind of token.
            measure : str
                A pair measure, or ``std``: the standard deviation of a token's activations.
            layer : int64
                0 is the embedding, the last one the output of the last block.
            final_norm : bool
                Whether this is the last layer after the model's final norm.
            mean : float64
                Mean over all pairs of tokens of the kind; over tokens for ``std``.
            low : float64
                Lower end of the mean's 95% interval, from resampling tokens.
            high : float64
                Upper end of the mean's interval.
            q05 : float64
                5% quantile over pairs, or over tokens.
            q25 : float64
                25% quantile.
            q50 : float64
                Median.
            q75 : float64
                75% quantile.
            q95 : float64
                95% quantile.
            clusters : Int64
                Clusters counted in the measure's values at this layer; missing for ``std``.
            separation : float64
                How far two clusters lie apart, as an index; missing for ``std``.

        Raises
        ------
        EvidenceError
            If the run could not describe its levels.
        """
        if self.evidence.profiles is None:
            raise EvidenceError(
                "the run in {folder} left no profiles: measure again", folder=shown(self.folder)
            )
        return self._frame(tables.PROFILES)

    @property
    def tokens(self) -> "pd.DataFrame":
        """Return one row for each measured token.

        Beside these columns, the frame has ``std_0``, ``std_1``, ...: the standard deviation of the token's
        activations at each of the first layers, the embedding first, as far as the run recorded them.

        Returns
        -------
        DataFrame
            kind : str
                Key of the kind of token.
            token : int64
                Number of the token within its kind, from 0, in the order measured.
            position : Int64
                Index of the token in the text; missing where the windows of text are not known.
            before : str
                The text before it in its window.
            text : str
                The token itself.
            after : str
                The text after it in its window.
            group : Int64
                Number of its group, from 1, where the run found groups of this kind's tokens.
        """
        return self._frame(tables.TOKENS)

    @property
    def pairs(self) -> "pd.DataFrame":
        """Return one row for each sampled pair of tokens at each layer: the points of the scatter figures.

        Beside these columns, the frame has one for each pair measure, float32, such as ``covariance``; it is
        NaN where the measure is undefined for the pair.

        Returns
        -------
        DataFrame
            kind : str
                Key of the kind of token.
            first : int32
                Number of the pair's first token, as in `tokens`.
            second : int32
                Number of the second one.
            layer : int32
                0 is the embedding.
            final_norm : bool
                Whether this is the last layer after the model's final norm.

        Raises
        ------
        EvidenceError
            If the run left no pairs, or they cannot be read or are another run's.
        """
        needs("pandas")
        import pandas as pd

        points = self._points()
        parts = [pd.DataFrame(columns) for columns in self._pair_columns(points)]
        return pd.concat(parts, ignore_index=True)

    def _points(self) -> Points:
        where = shown(self.folder)
        if POINTS_NAME in strangers(self.folder, self.evidence.run):
            raise EvidenceError(
                "{file} in {where} is another run's: measure again",
                file=POINTS_NAME,
                where=where,
            )
        points = read_points(self.folder)
        if points is None:
            raise EvidenceError(
                "the run left no {file} in {where}: measure again",
                file=POINTS_NAME,
                where=where,
            )
        check_points(self.evidence, points)
        return points

    def _pair_columns(self, points: Points) -> Iterator[dict[str, Any]]:
        """Give the columns of each kind, first at all layers and then after the final norm."""
        n_layers = self.evidence.subject.n_layers
        measures = [measure.name for measure in self.evidence.measures]
        for kind in self.evidence.subject.tokens:
            for prefix, layers in ((kind, range(n_layers + 1)), (f"{kind}.final_norm", [n_layers])):
                index = points.get(f"{kind}.index")
                if index is None or f"{prefix}.{measures[0]}" not in points:
                    continue
                yield {
                    "kind": kind,
                    "first": np.tile(index[:, 0], len(layers)),
                    "second": np.tile(index[:, 1], len(layers)),
                    "layer": np.repeat(np.array(layers, dtype=np.int32), len(index)),
                    "final_norm": prefix != kind,
                    **{name: points[f"{prefix}.{name}"].ravel() for name in measures},
                }
