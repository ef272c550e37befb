"""A changed criterion is named, claim by claim."""

from pathlib import Path

from layerclaims.rule_hashes.releases import changes, matching, read_releases, release_of, releases_text
from layerclaims.rule_hashes.rule_content import RuleContent

TREND = RuleContent("aa", ("at most 0.9",))
GROWTH = RuleContent("bb", ("at least 10",))
OWN = release_of("engine", {"mi-declines": TREND, "covariance-grows": GROWTH})


def test_releases_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "releases.json"
    assert read_releases(path) == read_releases(None) == {}
    path.write_text(releases_text({"0.1.0": OWN, "0.2.0": OWN}))
    assert read_releases(path) == {"0.1.0": OWN, "0.2.0": OWN}


def test_the_latest_release_that_decides_alike_is_found() -> None:
    other = release_of("other engine", {"mi-declines": TREND, "covariance-grows": GROWTH})
    assert matching(OWN, {"1": OWN, "2": OWN, "3": other}) == "2"
    assert matching(OWN, {"3": other}) is None
    assert matching(OWN, {}) is None


def test_a_run_of_one_claim_is_compared_by_that_claim() -> None:
    assert matching(release_of("engine", {"mi-declines": TREND}), {"1": OWN}) == "1"


def test_every_change_is_a_sentence_with_the_claim() -> None:
    now = release_of(
        "changed",
        {
            "mi-declines": RuleContent("cc", ("at most 0.95",)),
            "covariance-grows": RuleContent("dd", ("at least 10",)),
            "new": GROWTH,
        },
    )
    assert [str(sentence) for sentence in changes(now, "1", OWN)] == [
        "What all rules use (analysis) is not as in release 1.",
        "mi-declines: the criteria are at most 0.95; in release 1 they were at most 0.9.",
        "covariance-grows: the rule is not that of release 1.",
        "new is not in release 1.",
    ]
