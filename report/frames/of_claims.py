"""Data frames of claims, and of what was decided about them."""

from typing import TYPE_CHECKING

from layerclaims.report.frames.base import Frames
from layerclaims.report.records import tables

if TYPE_CHECKING:
    import pandas as pd


class ClaimFrames(Frames):
    """Claims, assertions, controls and specifications. Each property reads a new frame."""

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
