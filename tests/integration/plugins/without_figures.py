"""Make reports without figures, for tests that look at anything else: drawing takes half of a small run."""

from functools import partial

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    from layerclaims.report.page import render

    vars(render)["render"] = partial(render.render, figures=False)
