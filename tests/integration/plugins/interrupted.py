"""Press Ctrl-C when the fifth assertion begins."""

from itertools import count

_begun = count(1)


def pytest_runtest_call() -> None:
    if next(_begun) == 5:
        raise KeyboardInterrupt
