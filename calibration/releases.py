"""``python -m layerclaims.calibration.releases``: record the criteria and rules that a release has.

Without ``--write`` it says what is not as in the latest recorded release, and exits 1 if anything is not.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType, ModuleType

from layerclaims import claims
from layerclaims.calibration.claim_reader import read_claims
from layerclaims.rule_hashes.releases import Release, changes, read_releases, release_of, releases_text
from layerclaims.rule_hashes.rule_content import engine_hash, rule_content
from layerclaims.serialization.files import write_atomically
from layerclaims.version import release

CHANGED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Record this release, or compare with the latest one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="record criteria and rules as this version's")
    options = parser.parse_args(arguments)
    path = _file()
    if options.write:
        record(path, release(), present_release())
        print(f"{release()} is recorded in {path}")
        return 0
    return _compare(path)


def present_release(package: ModuleType = claims) -> Release:
    """Put together what decides the claims of a document now."""
    found = read_claims(package)
    rules = [one.rule for assertions in found.values() for one in assertions]
    return release_of(
        engine_hash(frozenset(rule.__module__ for rule in rules if isinstance(rule, FunctionType))),
        {
            claim: rule_content((one.rule, one.parameters) for one in assertions)
            for claim, assertions in found.items()
        },
    )


def record(path: Path, version: str, now: Release) -> None:
    """Add a release to a file of releases; the same version again replaces what it was."""
    write_atomically(path, releases_text({**read_releases(path), version: now}))


def _file() -> Path:
    path = next(iter(read_claims().values()))[0].claim.document.releases
    assert path is not None, "the document names the file of its releases"
    return path


def _compare(path: Path) -> int:
    releases = read_releases(path)
    latest = next(reversed(releases), None)
    if latest is None:
        print("no release is recorded yet")
        return 0
    changed = changes(present_release(), latest, releases[latest])
    for sentence in changed:
        print(sentence)
    return CHANGED if changed else 0


if __name__ == "__main__":
    sys.exit(main())
