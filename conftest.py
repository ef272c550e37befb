"""Registers the plugins; nothing else."""

pytest_plugins = [
    "layerclaims.fixtures.options",
    "layerclaims.fixtures.run",
    "layerclaims.fixtures.judge",
    "layerclaims.fixtures.baseline",
    "layerclaims.fixtures.evidence",
]
