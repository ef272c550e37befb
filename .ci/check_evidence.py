"""Check that a finished run left whole evidence and a report behind; used by .ci/run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from layerclaims.report.records.store import read_evidence, read_points

N_CLAIMS = 20


def main(folder: Path) -> None:
    """Fail with the first thing that is missing."""
    evidence = read_evidence(folder)
    assert evidence.complete, "the run was not complete"
    assert len(evidence.claims) == N_CLAIMS, [claim.id for claim in evidence.claims]
    assert evidence.subject.model == "smollm2-135m", evidence.subject
    assert evidence.subject.tokens == {"internal": 250, "terminal": 250}, evidence.subject.tokens
    assert evidence.profiles is not None, "no profiles"
    assert len(evidence.profiles.internal.covariance) == evidence.subject.n_layers + 1 == 31
    assert read_points(folder) is not None, "no sampled pairs"
    assert evidence.baseline is not None, "the run was held against no baseline"
    assert evidence.baseline.n_as_recorded == evidence.baseline.n_recorded, evidence.baseline.differences
    for name in ("report.html", "report.pdf"):
        assert (folder / name).stat().st_size > 10_000, name
    verdicts = evidence.summary.model_dump()
    sys.stdout.write(f"evidence checked: {verdicts}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
