"""Replace functions, named in $DISTURBED as ``module:name=what``, by ones that wait for a signal or fail."""

import importlib
import os
import time
from functools import partial
from pathlib import Path

import pytest

REACHED = "reached"
"""File that says, a line each, which functions were called."""


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    for item in filter(None, os.environ.get("DISTURBED", "").split(",")):
        place, what = item.split("=")
        module, name = place.split(":")
        owner = importlib.import_module(module)
        setattr(owner, name, partial(_disturb, getattr(owner, name), name, what))


def _disturb(unchanged: object, name: str, what: str, *arguments: object, **more: object) -> object:
    with Path(REACHED).open("a") as file:
        file.write(f"{name}\n")
    if what == "fail":
        raise ZeroDivisionError("no {such} thing")
    if what == "skip":
        pytest.skip("not here")
    time.sleep(300)
    assert callable(unchanged)
    return unchanged(*arguments, **more)
