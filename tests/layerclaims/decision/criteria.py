"""Criteria for tests."""

from layerclaims.decision import Criterion, Relation
from layerclaims.message import Message


def criterion(relation: Relation, bound: float, upper: float | None = None) -> Criterion:
    return Criterion(relation, bound, Message(text="for this test"), upper)
