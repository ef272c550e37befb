"""Say at a run's end which heavy packages it imported and how much processor time it took."""

import sys
import time

import pytest

HEAVY = ("torch", "transformers")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    imported = [name for name in HEAVY if name in sys.modules]
    sys.stdout.write(f"\nheavy packages imported: {imported}\nprocessor seconds: {time.process_time():.2f}\n")
