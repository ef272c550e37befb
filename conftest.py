"""Registers the plugins; nothing else."""

pytest_plugins = [
    "fixtures.options",
    "fixtures.run",
    "fixtures.claim",
    "fixtures.baseline",
    "fixtures.evidence",
]
