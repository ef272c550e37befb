"""Say at a run's end which heavy and slow packages it imported and how much processor time it took."""

import sys
import time

import pytest

HEAVY = ("torch", "transformers")
SLOW = ("matplotlib", "numba", "scipy.stats", "sklearn", "weasyprint")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    heavy, slow = ([name for name in names if name in sys.modules] for names in (HEAVY, SLOW))
    sys.stdout.write(f"\nheavy packages imported: {heavy}\nslow packages imported: {slow}\n")
    sys.stdout.write(f"processor seconds: {time.process_time():.2f}\n")
