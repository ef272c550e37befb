"""Ways to choose tokens of a kind; a module of its own, since options need it without anything heavy."""

from typing import Literal, TypeAlias

Sampling: TypeAlias = Literal["first", "random", "spaced"]
"""The first tokens of a kind, tokens drawn at random, or the first ones whose windows do not overlap."""
