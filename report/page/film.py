"""Data of the film: every layer's sampled pairs, quantised so that the page stays small."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerclaims.report.figures.palette import GROUP_NAMES, KIND_COLOURS
from layerclaims.report.study import FloatArray, Study

MAX_POINTS = 1500
MAX_VALUES = 240_000
"""Quantised values in all, two of them in three bytes, to which base64 adds a third."""

STEPS = 4095
"""More than a screen has pixels."""


def film_data(study: Study) -> dict[str, Any] | None:
    """Collect the data of the film's script, ready for JSON; None without points or with one measure alone.

    Returns
    -------
    dict
        ``up`` and ``across``: the measure of the vertical axis and those that the reader may choose for the
        horizontal one, each with ``name``, ``title`` and ``label``. ``kinds``, each with ``colours``, one or
        one for each sort of pair, ``sorts`` (uint16 ``[n_points]``, where there are), ``index`` (uint16
        ``[n_points, 2]``) and ``measures``: values as 12-bit numbers, two in three bytes, in base64, and
        each level's ``low`` and ``high``, which 0 and 4095 stand for. The windows of text stand in the
        page's table of tokens.
    """
    if not study.drawn_kinds or len(study.measures) < 2:
        return None
    up, *across = study.measures
    limit = max(MAX_VALUES // (len(study.measures) * study.n_levels * len(study.drawn_kinds)), 1)
    return {
        "levels": study.n_levels,
        "language": study.words.language,
        "up": _axis(study, up),
        "across": [_axis(study, measure) for measure in across],
        "kinds": [_kind(study, kind, min(limit, MAX_POINTS)) for kind in study.drawn_kinds],
    }


def _axis(study: Study, measure: str) -> dict[str, str]:
    return {"name": measure, "title": study.title(measure), "label": study.axis_label(measure)}


def _kind(study: Study, kind: str, limit: int) -> dict[str, Any]:
    chosen = study.thinned(kind, limit)
    sorts = study.pair_sorts(kind)
    return {
        "kind": kind,
        "colours": list(GROUP_NAMES) if sorts is not None else [_colour(study, kind)],
        "sorts": None if sorts is None else _encode(sorts[chosen]),
        "sort_names": [] if sorts is None else list(study.sort_names),
        "count": len(chosen),
        "label": study.words.kind(kind),
        "index": _encode(study.pair_index(kind)[chosen]),
        "measures": {measure: quantise(study.pairs(kind, measure)[:, chosen]) for measure in study.measures},
    }


def _colour(study: Study, kind: str) -> str:
    """Name a kind's colour: muted where another kind's pairs have the colours of two groups of tokens."""
    if any(study.pair_sorts(other) is not None for other in study.drawn_kinds):
        return "muted"
    return f"kind{study.kinds.index(kind) % len(KIND_COLOURS) + 1}"


def quantise(values: FloatArray) -> dict[str, Any]:
    """Write values, shape ``[n_levels, n_points]``, in 4,096 steps between each level's ends."""
    low, high = values.min(axis=1), values.max(axis=1)
    span = np.where(high > low, high - low, 1)
    steps = np.rint((values - low[:, None]) / span[:, None] * STEPS).astype(np.int64)
    digits = [[float(f"{number:.7g}") for number in ends] for ends in (low, high)]
    return {"low": digits[0], "high": digits[1], "data": _pack(steps.ravel())}


def _pack(steps: NDArray[np.int64]) -> str:
    """Write 12-bit numbers, two in three bytes, the first number's low byte first."""
    first, second = np.pad(steps, (0, len(steps) % 2)).reshape(-1, 2).T
    three = np.stack([first & 255, first >> 8 | (second & 15) << 4, second >> 4], axis=1)
    return base64.b64encode(three.astype(np.uint8).tobytes()).decode()


def _encode(values: NDArray[Any]) -> str:
    return base64.b64encode(values.astype("<u2").tobytes()).decode()
