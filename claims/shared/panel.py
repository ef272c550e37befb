"""Decide on clusters of pairs by the panel of counting rules."""

from collections.abc import Sequence

from layerclaims.analysis.clusters.panel import MARGIN
from layerclaims.analysis.measurement.cluster_counts import counting_rules, estimated_count, estimated_share
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.counting_rules import RULE_NAMES
from layerclaims.decision import Criterion, Decision, Finding, Parameter, decide_jointly
from layerclaims.message import Message


def decide_count(
    measurement: Measurement,
    kind: str,
    layer: int,
    quantity: Message,
    criterion: Criterion,
    parameters: dict[str, Parameter],
) -> Decision:
    """Decide on a kind's number of clusters of pairs at a layer."""
    findings = [
        Finding(RULE_NAMES[rule.name], rule.is_main, estimated_count(measurement, rule, kind, layer))
        for rule in counting_rules(measurement)
    ]
    return decide_jointly(quantity, findings, criterion, parameters)


def decide_share(
    measurement: Measurement,
    kind: str,
    layers: Sequence[int],
    quantity: Message,
    criterion: Criterion,
    parameters: dict[str, Parameter],
) -> Decision:
    """Decide on the share of some layers at which a kind's pairs form several clusters.

    The main rules count, and covariance alone: the other rules would count at every layer to say little.
    """
    findings = [
        Finding(RULE_NAMES[rule.name], rule.is_main, estimated_share(measurement, rule, kind, layers))
        for rule in counting_rules(measurement)
        if rule.is_main or rule is MARGIN
    ]
    return decide_jointly(quantity, findings, criterion, parameters)
