"""What pytest loads of layerclaims: the options at once, everything else when a run has claims.

Where the package is installed, pytest loads this module in every project. So it imports nothing heavy: what
measures and reports is loaded when a test module has imported `layerclaims.claim`, before the first of its
tests is collected.
"""

import importlib
import sys
from collections.abc import Generator
from typing import Any

import pytest

pytest_plugins = [
    "layerclaims.fixtures.options.command_line",
    "layerclaims.fixtures.options.chosen",
    "layerclaims.fixtures.process.garbage",
    "layerclaims.fixtures.output.lost_output",
]
CLAIM_MODULE = "layerclaims.claim"
WORKERS_LEFT_CLAIMS_KEY = pytest.StashKey[bool]()
WORKER = ("layerclaims.fixtures.distributed",)
"""What a worker of pytest-xdist loads instead of the engine."""
ENGINE = (
    "layerclaims.fixtures.selection",
    "layerclaims.fixtures.preparation",
    "layerclaims.fixtures.run",
    "layerclaims.fixtures.judge",
    "layerclaims.fixtures.baseline",
    "layerclaims.fixtures.output.outcomes",
    "layerclaims.fixtures.output.explain",
    "layerclaims.fixtures.evidence",
)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Check the options before anything is collected, so that a wrong one costs no time."""
    config.addinivalue_line(
        "markers", "claim(claim): the test is an assertion of this claim; set by a `Claim` used as decorator"
    )
    # Imported here, for pytest registers the module first.
    from layerclaims.fixtures.options.chosen import read_options

    options = read_options(config)
    # A baseline is read before collection too, and a claim's id is checked where no test is one's.
    if options.baseline or options.update_baseline or options.claim or options.explain:
        load_engine(config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class) -> None:
    """Load the engine once a module that declares or uses claims has been imported."""
    if CLAIM_MODULE in sys.modules:
        load_engine(collector.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - xdist's
    """Note that a worker left out claims, or was lost before it could tell."""
    if getattr(node, "workeroutput", {"layerclaims": True}).get("layerclaims"):
        node.config.stash[WORKERS_LEFT_CLAIMS_KEY] = True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Decide, after the workers of pytest-xdist, the claims that they left out."""
    result = yield
    if session.config.stash.get(WORKERS_LEFT_CLAIMS_KEY, False):
        load_engine(session.config)
        from layerclaims.fixtures.distributed import decide_claims

        decide_claims(session)
    return result


def load_engine(config: pytest.Config) -> None:
    """Register the plugins that measure, judge and report; those that are registered stay as they are."""
    for name in WORKER if hasattr(config, "workerinput") else ENGINE:
        if not config.pluginmanager.has_plugin(name) and not config.pluginmanager.is_blocked(name):
            # Not by `import_plugin`, which warns where a module was imported before it was registered.
            config.pluginmanager.register(importlib.import_module(name), name)
