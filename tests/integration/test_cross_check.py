"""The document's measurement on the novel, against numbers computed beforehand by independent code."""

from pathlib import Path

import pytest

from tests.command import ROOT, run_claims

NOVEL = ROOT.parent / "shared" / "data" / "heart_of_darkness.txt"
LAYER_1 = {
    "mutual_information": {"internal": 0.910, "terminal": 0.890},
    "covariance": {"internal": 0.4968, "terminal": 0.5654},
    "pearson": {"internal": 0.957, "terminal": 0.977},
}
TOLERANCE = {"mutual_information": 0.0005, "covariance": 0.00005, "pearson": 0.0005}  # the digits given


@pytest.mark.slow
@pytest.mark.skipif(not NOVEL.is_file(), reason="the novel lies outside the repository and is not there")
def test_layer_1_of_the_embedded_model_on_the_novel(embedded_cache: str, tmp_path: Path) -> None:
    given = ["--model", "smollm2-135m", "--corpus", NOVEL, "--skip-tokens", "400"]
    quick = ["--cache-dir", embedded_cache, "--no-controls", "--no-specifications", "-k", "two_points"]
    finished = run_claims(tmp_path, *given, *quick, variables={"OMP_NUM_THREADS": "2"})
    assert finished.code in (0, 1), finished.output
    profiles = finished.evidence.profiles
    assert profiles is not None
    for measure, means in LAYER_1.items():
        for kind, expected in means.items():
            found = profiles.kinds[kind].measures[measure][1].mean
            assert found == pytest.approx(expected, abs=TOLERANCE[measure]), (measure, kind)
