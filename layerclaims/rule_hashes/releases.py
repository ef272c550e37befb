"""Criteria and rules of a document's claims as releases had them, and what has changed since."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from layerclaims.message import Message, message
from layerclaims.rule_hashes.rule_content import RuleContent
from layerclaims.serialization.record import Record


class ReleasedClaim(Record):
    """What decided a claim in a release; see `rule_content.RuleContent`."""

    sha256: str
    criteria: list[str]


class Release(Record):
    """What decided the claims of a document in a release."""

    engine: str
    claims: dict[str, ReleasedClaim]


_RELEASES = TypeAdapter(dict[str, Release])


def release_of(engine: str, claims: Mapping[str, RuleContent]) -> Release:
    """Put together what decides the claims now."""
    return Release(
        engine=engine,
        claims={
            claim: ReleasedClaim(sha256=content.sha256, criteria=list(content.criteria))
            for claim, content in claims.items()
        },
    )


def read_releases(path: Path | None) -> dict[str, Release]:
    """Read a document's releases by version, oldest first; empty where it has none."""
    if path is None or not path.is_file():
        return {}
    return _RELEASES.validate_json(path.read_bytes())


def releases_text(releases: Mapping[str, Release]) -> str:
    """Write releases as JSON, a claim a line or so, to be read in a diff."""
    data = {version: release.model_dump() for version, release in releases.items()}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def matching(now: Release, releases: Mapping[str, Release]) -> str | None:
    """Name the latest release that decides all these claims alike."""
    alike = [version for version, release in releases.items() if not changes(now, version, release)]
    return alike[-1] if alike else None


def changes(now: Release, version: str, release: Release) -> list[Message]:
    """Say what is not as a release had it, claim by claim; empty where all these claims are decided alike.

    Claims of the release that are not among those given are left alone: a run may decide part of them.
    """
    found = []
    if now.engine != release.engine:
        found.append(
            message("What all rules use (analysis) is not as in release {version}.", version=version)
        )
    for claim, own in now.claims.items():
        before = release.claims.get(claim)
        if before is None:
            found.append(message("{claim} is not in release {version}.", claim=claim, version=version))
        elif own.criteria != before.criteria:
            found.append(
                message(
                    "{claim}: the criteria are {now}; in release {version} they were {before}.",
                    claim=claim,
                    now=", ".join(own.criteria),
                    version=version,
                    before=", ".join(before.criteria),
                )
            )
        elif own.sha256 != before.sha256:
            found.append(
                message("{claim}: the rule is not that of release {version}.", claim=claim, version=version)
            )
    return found
