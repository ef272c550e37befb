"""What is said of clusters of commas, and of a probe for their groups."""

import numpy as np
import pytest

from layerclaims.analysis.clusters.probe import GAP
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.claims.document import COMMAS, DOCUMENT
from layerclaims.claims.notes import clusters
from layerclaims.claims.notes.clusters import note_cluster_origin, note_partition_probe
from layerclaims.fixtures.assembly.token_groups import token_group_records
from layerclaims.report.records.evidence import TokenGroups
from tests.claims.notes.measurements import N_LEVELS, N_TOKENS, QUICK, make_measurement


def test_comma_clusters_are_described_by_their_groups_or_as_absent() -> None:
    plain = make_measurement()
    assert "there are none to be read as kinds of commas" in str(note_cluster_origin(plain, [])[0])
    factors = np.where(np.arange(N_TOKENS) % 2, 1.8, 1.0)[None, :, None]
    grouped = Measurement(
        {kind: levels * factors for kind, levels in plain.residual.items()}, specification=QUICK
    )
    groups = token_group_records(grouped, DOCUMENT)
    (sentence,) = note_cluster_origin(grouped, groups)
    assert str(sentence).startswith("Clusters of pairs are not kinds of commas")
    impure = [group.model_copy(update={"purity": 0.6}) for group in groups]
    (sentence,) = note_cluster_origin(grouped, impure)
    assert str(sentence).startswith("Two kinds of commas are not enough")


def probed(trace: float, *, reach: int | None = None, step: int = 8) -> tuple[Measurement, TokenGroups]:
    """Give commas of two groups with a trace of them in one dimension of the deep layers."""
    rng = np.random.default_rng(4)
    labels = rng.permutation(np.arange(120) % 2)
    levels = rng.normal(size=(N_LEVELS, 120, 30))
    levels[-2:, :, 0] += trace * labels
    positions = {COMMAS: step * np.arange(120)[::-1]}  # stored from the end of the text to its beginning
    measurement = Measurement({COMMAS: levels}, specification=QUICK, positions=positions, reach=reach)
    record = TokenGroups(
        kind=COMMAS, layer=1, labels=labels.tolist(), sizes=[60, 60], purity=1.0, features=[]
    )
    return measurement, record


@pytest.mark.parametrize(
    ("trace", "words"), [(6, "A linear probe still finds"), (0, "A linear probe does not find")]
)
def test_the_probe_says_whether_it_finds_the_groups_in_the_last_third(trace: float, words: str) -> None:
    measurement, record = probed(trace)
    (sentence,) = note_partition_probe(measurement, [record])
    assert str(sentence).startswith(words)
    assert "at layers 5 to 6" in str(sentence)


def test_the_probe_is_fitted_beyond_the_windows_that_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    gaps: list[int] = []

    def areas(_layers: object, _labels: object, gap: int) -> np.ndarray:
        gaps.append(gap)
        return np.array([0.5, 0.5])

    monkeypatch.setattr(clusters, "probe_areas", areas)
    for reach, step in ((20, 8), (20, 30), (None, 8)):
        measurement, record = probed(0, reach=reach, step=step)
        note_partition_probe(measurement, [record])
    assert gaps == [2, 1, GAP]  # two commas within 20 tokens; none; windows are not known


def test_the_probe_says_nothing_without_groups_or_with_few_commas() -> None:
    measurement, record = probed(6)
    assert note_partition_probe(measurement, []) == []
    few = measurement.restricted({COMMAS: np.arange(40)})
    assert note_partition_probe(few, [record.model_copy(update={"labels": record.labels[:40]})]) == []
