"""Let one assertion raise an error that has nothing to do with its verdict."""

import pytest


def pytest_runtest_call(item: pytest.Item) -> None:
    if item.name.startswith("test_the_two_kinds_are_two_points"):
        raise RuntimeError("a bug in a rule")
