"""Runs whose numbers are zero, constant, missing or far from one another still become reports.

Warnings are errors here as in a run of the suite, so a division by zero anywhere fails these tests.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layerclaims.report.page.render import render
from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.store import Points, write_evidence
from tests.report.builder import make_evidence, make_points

N_LAYERS, N_TOKENS = 4, 10

Change = Callable[[dict[str, Any], Points], None]


def summaries(data: dict[str, Any], *measures: str) -> list[dict[str, Any]]:
    kinds = data["profiles"]["kinds"].values()
    return [summary for kind in kinds for name in measures for summary in _of(kind, name)]


def _of(kind: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = kind["std"] if name == "std" else kind["measures"][name]
    return found


def everywhere(data: dict[str, Any]) -> list[dict[str, Any]]:
    return summaries(data, "mutual_information", "covariance", "pearson", "std")


def assertions(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [a for claim in data["claims"] for a in claim["assertions"] if a["value"] is not None]


def all_zero(data: dict[str, Any], points: Points) -> None:
    for name in points:
        if not name.endswith("index"):
            points[name] = np.zeros_like(points[name])
    for summary in everywhere(data):
        summary.update(dict.fromkeys(summary, 0.0), mean_interval=(0.0, 0.0))
    for parts in data["growth"].values():
        parts.update({key: [0.0] * len(values) for key, values in parts.items()})
    for assertion in assertions(data):
        assertion.update(value=0.0, interval=(0.0, 0.0))
        assertion["criterion"]["bound"] = 0.0
    for claim in data["claims"]:
        for curve in claim["specifications"]["assertions"]:
            for outcome in curve["outcomes"]:
                outcome.update(value=0.0, interval=(0.0, 0.0))


def nothing_known(data: dict[str, Any], _: Points) -> None:
    for summary in everywhere(data):
        summary.update(dict.fromkeys(summary))
    for parts in data["growth"].values():
        parts.update({key: [None] * len(values) for key, values in parts.items()})


def constant_profiles(data: dict[str, Any], _: Points) -> None:
    for summary in everywhere(data):
        summary.update(mean=1.0, mean_interval=(1.0, 1.0))


def negative_covariance(data: dict[str, Any], points: Points) -> None:
    for name in points:
        if "covariance" in name:
            points[name] = -points[name]
    for summary in summaries(data, "covariance"):
        summary.update(mean=-summary["mean"], mean_interval=(-summary["mean"] - 1, 1 - summary["mean"]))
    for assertion in assertions(data):
        assertion.update(value=-5.0, interval=(-1e9, -1e-9))


def far_apart(data: dict[str, Any], points: Points) -> None:
    powers = (10.0 ** np.arange(-20, -20 + 8 * (N_LAYERS + 1), 8))[:, None]
    for name in points:
        if name.endswith(".covariance") and "final" not in name:
            points[name] = (points[name] * powers).astype(np.float32)
    for layer, summary in enumerate(summaries(data, "covariance", "std")):
        summary.update(mean=10.0 ** (layer - 10), mean_interval=(0.0, 1e30))
    for assertion in assertions(data):
        assertion.update(value=1e30, interval=(1e-30, 1e31))


def one_pair(_: dict[str, Any], points: Points) -> None:
    for name, values in points.items():
        points[name] = values[:1] if name.endswith("index") else values[:, :1]


def one_kind(_: dict[str, Any], points: Points) -> None:
    for name in [name for name in points if name.startswith("terminal")]:
        del points[name]


def no_clusters_counted(data: dict[str, Any], _: Points) -> None:
    for kind in data["profiles"]["kinds"].values():
        kind["n_clusters"] = {}


def no_separation(data: dict[str, Any], _: Points) -> None:
    for kind in data["profiles"]["kinds"].values():
        kind["separation"] = {"covariance": [None] * (N_LAYERS + 1)}


def one_group_is_empty(data: dict[str, Any], _: Points) -> None:
    data["token_groups"][0].update(labels=[0] * N_TOKENS, sizes=[N_TOKENS, 0])


def three_groups(data: dict[str, Any], _: Points) -> None:
    labels = [place % 3 for place in range(N_TOKENS)]
    data["token_groups"][0].update(labels=labels, sizes=[labels.count(group) for group in range(3)])


def extreme_odds(data: dict[str, Any], _: Points) -> None:
    for feature in data["token_groups"][0]["features"]:
        feature.update(odds_ratio=1e9, interval=(1e-12, 1e12))


def bands_and_counts(data: dict[str, Any], _: Points) -> None:
    for place, assertion in enumerate(assertions(data)):
        band = {"relation": "within", "bound": 1.0, "upper": 2.0}
        assertion["criterion"].update(band if place % 2 else {"relation": "exactly", "bound": 3.0})


@pytest.mark.parametrize(
    "changes",
    [
        [all_zero],
        [nothing_known, one_kind],
        [constant_profiles, one_group_is_empty, extreme_odds],
        [negative_covariance, bands_and_counts],
        [far_apart, three_groups, no_clusters_counted],
        [one_pair, no_separation],
    ],
    ids=lambda changes: "+".join(change.__name__ for change in changes),
)
def test_a_report_is_made_all_the_same(changes: list[Change], tmp_path: Path) -> None:
    data, points = make_evidence(N_LAYERS, N_TOKENS).model_dump(), make_points(N_LAYERS, N_TOKENS, 40)
    for change in changes:
        change(data, points)
    write_evidence(Evidence.model_validate(data), tmp_path, points)
    text = render(tmp_path, pdf=False).html.read_text()
    assert "claim-mi-declines" in text
    for unsaid in (">nan<", ">inf<", " nan ", " inf ", "nan,", "NaN", "None"):
        assert unsaid not in text.partition("<script")[0], unsaid
