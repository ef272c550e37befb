"""Check that a finished run left whole evidence and a report behind: ``check_evidence.py REPORT CLAIMS``."""

import importlib.util
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from layerclaims.claim import Claim
from layerclaims.document import Document
from layerclaims.report.records.evidence import Evidence
from layerclaims.report.records.store import read_evidence, read_points


def main(folder: Path, claims: Path) -> None:
    """Fail with the first thing that is missing."""
    evidence = read_evidence(folder)
    declared = declared_claims(claims)
    document = declared[0].document
    assert evidence.complete, "the run was not complete"
    assert {claim.id for claim in evidence.claims} == {claim.id for claim in declared}, evidence.claims
    check_kinds(evidence, document)
    assert read_points(folder) is not None, "no sampled pairs"
    assert not evidence.subject.is_document_subject, evidence.subject
    if evidence.baseline is not None:
        assert evidence.baseline.n_as_recorded == evidence.baseline.n_recorded, evidence.baseline.differences
    for name in ("report.html", "report.pdf"):
        assert (folder / name).stat().st_size > 10_000, name
    sys.stdout.write(f"evidence checked: {evidence.summary.model_dump()}\n")


def declared_claims(folder: Path) -> list[Claim]:
    """Import the folder's tests and find what they declare."""
    sys.path.insert(0, str(folder.resolve().parent))
    found: dict[str, Claim] = {}
    for path in sorted(folder.rglob("test_*.py")):
        spec = importlib.util.spec_from_file_location(f"{folder.name}_{path.stem}", path)
        assert spec is not None, path
        assert spec.loader is not None, path
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= {value.id: value for value in vars(module).values() if isinstance(value, Claim)}
    assert found, f"no claims in {folder}"
    return list(found.values())


def check_kinds(evidence: Evidence, document: Document) -> None:
    """Check that every kind of token was measured at every level, in as many tokens as asked for."""
    assert list(evidence.subject.tokens) == list(document.kind_keys), evidence.subject.tokens
    wanted = document.windows.samples
    if not document.windows.fewer_allowed:
        assert set(evidence.subject.tokens.values()) == {wanted}, evidence.subject.tokens
    assert evidence.profiles is not None, "no profiles"
    for key in document.kind_keys:
        for name, levels in evidence.profiles.kinds[key].measures.items():
            assert len(levels) == evidence.subject.n_layers + 1, (key, name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
