"""A run's report as pandas data frames: ``layerclaims.load("reports/X")``.

pandas is imported when a frame is asked for, and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layerclaims.message import enumeration, message
from layerclaims.report.records import tables
from layerclaims.report.records.claim_facts import VERDICTS, verdict_words
from layerclaims.report.records.evidence import EVIDENCE_NAME, PART_FOLDER, POINTS_NAME, Evidence
from layerclaims.report.records.report_folder import strangers
from layerclaims.report.records.store import (
    EvidenceError,
    Points,
    check_points,
    read_evidence,
    read_points,
)
from layerclaims.text import visible

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("claims", "assertions", "controls", "specifications", "profiles", "tokens", "pairs")
"""The frames of a report, by the names of their properties."""
MOST_NAMED = 5
"""Folders that a sentence names."""


@dataclass(frozen=True)
class Report:
    """What a run left in its folder. Each property reads a new frame, which is the caller's to change.

    Attributes
    ----------
    folder : Path
        Holds ``evidence.json`` and what lies beside it.
    evidence : Evidence
        Everything that the run found, as it was checked when it was read.
    """

    folder: Path
    evidence: Evidence = field(repr=False)

    def __repr__(self) -> str:
        """Say what was measured, when, and what came of it."""
        evidence = self.evidence
        counts = ((verdict, getattr(evidence.summary, verdict)) for verdict in VERDICTS)
        found = ", ".join(f"{n} {verdict_words(verdict)}" for verdict, n in counts if n)
        unfinished = "" if evidence.complete else ", not complete"
        return f"<Report of {evidence.subject.name}, {evidence.created}: {found}{unfinished}>"

    @property
    def claims(self) -> "pd.DataFrame":
        """Return one row a claim.

        Returns
        -------
        DataFrame
            claim : str
                Id of the claim.
            section : str
                The document's section that makes it.
            nature : str
                ``empirical``, or ``identity`` where no measurement could refute it.
            statement : str
                What the document says, in English.
            verdict : str
                ``supported``, ``refuted``, ``inconclusive``, ``not_applicable``, ``error``, or ``part`` where
                not every assertion was decided.
            assertions : int64
                How many assertions the claim has.
            decided_by : str
                Name of the assertion that decided it: the first with the least favourable verdict.
            arguments : str
                That assertion's arguments, as JSON; with claim and name they identify it.
            value : float64
                What was measured for that assertion; missing where nothing could be.
            low : float64
                Lower end of its interval.
            high : float64
                Upper end of its interval.
            unit : str
                Unit of the three numbers before; empty where they have none.
            criterion : str
                What the number was held against, such as ``at least 10``.
            controls : Int64
                Controls in which the claim applies; missing where there is none.
            controls_supported : Int64
                Those of them in which it is supported as well, which speaks against it.
            specifications : Int64
                Other choices of analysis under which it was decided; missing where there is none.
            specifications_supported : Int64
                Those of them under which it is supported.
            learned : boolean
                Whether untrained models do not reach its numbers; missing where that is not known.
            reason : str
                Why no number decided it, such as a missing precondition; missing where one did.
        """
        return self._frame(tables.CLAIMS)

    @property
    def assertions(self) -> "pd.DataFrame":
        """Return one row an assertion: the table that ``results.csv`` holds too.

        Returns
        -------
        DataFrame
            claim : str
                Id of the claim that it is a part of.
            assertion : str
                Its name: a sentence.
            arguments : str
                What its test was parametrized with, as JSON; with claim and name it identifies the assertion.
            kind : str
                Key of the kind of token that it is about; missing where it is about several.
            parameters : str
                All parameters of its rule, as JSON.
            quantity : str
                What was measured, in words that go on with "is ...".
            value : float64
                What was found; missing where the assertion is not applicable, or an error.
            low : float64
                Lower end of the interval.
            high : float64
                Upper end of the interval.
            level : float64
                Level of the interval, such as 0.95.
            unit : str
                Unit of value, interval and criterion; empty where they have none.
            n : int64
                Independent units (tokens) behind the interval.
            method : str
                How the interval was made.
            criterion : str
                Relation and bounds in words, such as ``at least 10`` or ``within 7 to 9``.
            relation : str
                ``at least``, ``at most``, ``above``, ``below``, ``exactly`` or ``within``.
            bound : float64
                The criterion's bound; the lower one of ``within``.
            upper : float64
                The upper bound of ``within``.
            verdict : str
                As at `claims`, without ``part``.
            learned : boolean
                Whether untrained models do not reach the number; missing where that is not known.
            reason : str
                The missing precondition, or what was raised; missing where there is a number.
            shortfall : str
                By how much the criterion is missed, in words, where refuted or inconclusive.
        """
        return self._frame(tables.ASSERTIONS)

    @property
    def controls(self) -> "pd.DataFrame":
        """Return one row for each assertion in each control; none where no controls were measured.

        Returns
        -------
        DataFrame
            claim : str
                Id of the claim.
            control : str
                Short id of the control, such as ``shuffled``.
            description : str
                What the control does to the data, and what should follow.
            assertion : str
                Name of the assertion that was decided again.
            arguments : str
                As at `assertions`.
            value : float64
                What was found in the control.
            low : float64
                Lower end of its interval.
            high : float64
                Upper end of its interval.
            verdict : str
                Of the assertion in the control.
            reason : str
                Why there is no number, where there is none.
        """
        return self._frame(tables.CONTROLS)

    @property
    def specifications(self) -> "pd.DataFrame":
        """Return one row for each assertion and specification; none where none was measured.

        A specification is the analysis with one or two other choices.

        Beside these columns, the frame has one for each choice that the run varied, such as ``bins``,
        ``outlier_sd`` and ``estimator``.

        Returns
        -------
        DataFrame
            claim : str
                Id of the claim.
            specification : int64
                Number of the specification, from 0, within the claim.
            assertion : str
                Name of the assertion.
            arguments : str
                As at `assertions`.
            value : float64
                What was found under these choices.
            low : float64
                Lower end of its interval.
            high : float64
                Upper end of its interval.
            verdict : str
                Of the assertion under these choices.
            claim_verdict : str
                Of the whole claim under these choices.
        """
        return self._frame(tables.SPECIFICATIONS)

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
                "the run in {folder} left no profiles: measure again", folder=_shown(self.folder)
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
        _needs("pandas")
        import pandas as pd

        points = self._points()
        parts = [pd.DataFrame(columns) for columns in self._pair_columns(points)]
        return pd.concat(parts, ignore_index=True)

    def to_parquet(self, folder: str | Path) -> list[Path]:
        """Write every frame as a Parquet file, such as ``assertions.parquet``.

        Parameters
        ----------
        folder : str or Path
            Made where missing.

        Returns
        -------
        list of Path

        Raises
        ------
        ImportError
            If pandas or pyarrow is not installed.
        EvidenceError
            If a frame cannot be read.
        """
        _needs("pyarrow")
        frames = {name: getattr(self, name) for name in TABLES}
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        paths = [target / f"{name}.parquet" for name in frames]
        for path, frame in zip(paths, frames.values(), strict=True):
            frame.to_parquet(path, index=False)
        return paths

    def _frame(self, table: tables.Table) -> "pd.DataFrame":
        _needs("pandas")
        import pandas as pd

        rows = list(table.rows(self.evidence))
        further = dict.fromkeys(name for row in rows for name in row if name not in table.columns)
        frame = pd.DataFrame(rows, columns=[*table.columns, *further])
        return frame.astype(table.columns)

    def _points(self) -> Points:
        where = _shown(self.folder)
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


def load(folder: str | Path) -> Report:
    """Read the report of a run.

    Parameters
    ----------
    folder : str or Path
        The folder of a report, such as ``reports/smollm2-135m-on-embedded``, or the evidence file in it.

    Returns
    -------
    Report

    Raises
    ------
    EvidenceError
        If there is no evidence, it is not valid, or another release wrote it; a `ValueError` whose text is
        one sentence that says what to do.
    """
    path = Path(folder)
    if path.is_dir() and not (path / EVIDENCE_NAME).exists():
        raise _no_evidence(path)
    evidence = read_evidence(path)
    return Report(path if path.is_dir() else path.parent, evidence)


def _no_evidence(folder: Path) -> EvidenceError:
    """Say that a folder holds no evidence, and which folder below it does."""
    where = _shown(folder)
    if (folder / PART_FOLDER / EVIDENCE_NAME).exists():
        part = _shown(folder / PART_FOLDER)
        return EvidenceError(
            "{where} holds no run of all claims, only one of a part, or an unfinished one: load {part}",
            where=where,
            part=part,
        )
    found = sorted(path.parent for path in folder.glob(f"*/{EVIDENCE_NAME}"))
    if not found:
        return EvidenceError(
            "no {file} in {where}: name the folder of a report, such as reports/SUBJECT",
            file=EVIDENCE_NAME,
            where=where,
        )
    named = enumeration([_shown(path) for path in found[:MOST_NAMED]])
    if len(found) > MOST_NAMED:
        named = message("{names}, and {n} more", names=named, n=len(found) - MOST_NAMED)
    return EvidenceError(
        "no {file} in {where}: name the folder of one report, here {folders}",
        file=EVIDENCE_NAME,
        where=where,
        folders=named,
    )


def _shown(path: Path) -> str:
    return visible(str(path))


def _needs(name: str) -> None:
    """Refuse in one sentence where a package is not installed."""
    from importlib.util import find_spec

    if find_spec(name) is None:
        raise ImportError(
            f"data frames need {name}, which is not installed: pip install 'layerclaims[frames]'", name=name
        )
