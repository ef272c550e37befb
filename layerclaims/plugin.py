"""What pytest loads of layerclaims: the options at once, everything else when a run has claims.

Where the package is installed, pytest loads this module in every project. So it imports nothing heavy: what
measures and reports is loaded when a test module has imported `layerclaims.claim`, before the first of its
tests is collected.
"""

import importlib
import sys

import pytest

pytest_plugins = ["layerclaims.fixtures.options"]
CLAIM_MODULE = "layerclaims.claim"
ENGINE = (
    "layerclaims.fixtures.run",
    "layerclaims.fixtures.judge",
    "layerclaims.fixtures.baseline",
    "layerclaims.fixtures.evidence",
)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Check the options before anything is collected, so that a wrong one costs no time."""
    config.addinivalue_line(
        "markers", "claim(claim): the test is an assertion of this claim; set by a `Claim` used as decorator"
    )
    # Imported here, for pytest registers the module first.
    from layerclaims.fixtures.options import read_options

    options = read_options(config)
    # A baseline is read before collection too.
    if options.baseline or options.update_baseline:
        load_engine(config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class) -> None:
    """Load the engine once a module that declares or uses claims has been imported."""
    if CLAIM_MODULE in sys.modules:
        load_engine(collector.config)


def load_engine(config: pytest.Config) -> None:
    """Register the plugins that measure, judge and report; those that are registered stay as they are."""
    for name in ENGINE:
        if not config.pluginmanager.has_plugin(name) and not config.pluginmanager.is_blocked(name):
            # Not by `import_plugin`, which warns where a module was imported before it was registered.
            config.pluginmanager.register(importlib.import_module(name), name)
