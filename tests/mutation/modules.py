"""The modules that are mutated, and the tests that must see it."""

from pathlib import Path

from tests.command import ROOT

VERDICTS = (
    *("layerclaims/decision/claim_verdict.py", "layerclaims/decision/criterion.py"),
    *("layerclaims/decision/decision.py", "layerclaims/decision/shortfall.py", "layerclaims/claim.py"),
    *("claims/shared/clusters.py", "claims/shared/growth.py", "claims/shared/panel.py"),
    *("claims/shared/preconditions.py", "claims/shared/resampled.py"),
    *("fixtures/judge.py", "fixtures/baseline.py", "fixtures/stages/joint_verdict.py"),
    *("report/records/baseline.py", "report/records/departures.py"),
)
"""What decides, combines, records and compares verdicts; the claims' own modules come to it."""

COMPILED = (
    *("compiled", "kernel_files", "clusters/mode_kernels", "pairs/joint_counts", "pairs/layout"),
    *("pairs/moments", "pairs/popcount", "pairs/rank_bins", "pairs/table_sums", "pairs/token_masks"),
)
"""Modules of ``analysis`` that numba compiles, or that compile: a mutant would take half a minute."""

OTHER_TESTS = {
    "layerclaims/decision/claim_verdict.py": (
        "tests/layerclaims/decision/test_corrected.py",
        "tests/layerclaims/decision/test_decide_jointly.py",
    ),
    "layerclaims/decision/decision.py": (
        "tests/layerclaims/decision/test_corrected.py",
        "tests/layerclaims/decision/test_decide_jointly.py",
        "tests/layerclaims/decision/test_shortfall.py",
    ),
    "fixtures/judge.py": ("tests/fixtures/test_judge_in_pytest.py",),
    "analysis/clusters/mode_rules.py": ("tests/analysis/clusters/test_counting.py",),
    "analysis/pairs/estimators.py": ("tests/analysis/pairs/test_pairwise.py",),
    "analysis/pairs/outliers.py": ("tests/analysis/pairs/test_pairwise.py",),
    "analysis/measurement/levels.py": ("tests/analysis/measurement/test_measurement.py",),
    "analysis/measurement/resampled_levels.py": ("tests/analysis/measurement/test_measurement.py",),
    "analysis/measurement/shared.py": (
        *("tests/analysis/measurement/test_levels.py", "tests/analysis/measurement/test_measurement.py"),
    ),
}
"""Tests of a module beside those in its mirror, or without one."""


def modules() -> dict[str, tuple[str, ...]]:
    """Give every mutated module's path with those of its tests."""
    plain = [
        path
        for path in _paths("analysis", "*.py")
        if not path.endswith("__init__.py")
        and path.removeprefix("analysis/").removesuffix(".py") not in COMPILED
    ]
    return {module: tests_of(module) for module in (*VERDICTS, *_paths("claims", "test_*.py"), *plain)}


def _paths(folder: str, pattern: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(pattern))


def tests_of(module: str) -> tuple[str, ...]:
    """Give the paths of a module's tests: its mirror, or others where it has none.

    Raises
    ------
    ValueError
        If there are none.
    """
    path = Path(module)
    mirror = Path("tests") / path.parent / f"test_{path.name.removeprefix('test_')}"
    mirrors = (mirror.as_posix(),) if (ROOT / mirror).exists() else ()
    if not (tests := mirrors + OTHER_TESTS.get(module, ())):
        raise ValueError(f"{module} has no tests")
    return tests
