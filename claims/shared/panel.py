"""Decide on numbers of clusters of pairs by the panel of counting rules."""

from collections.abc import Iterable

from layerclaims.analysis.clusters.panel import MARGIN
from layerclaims.analysis.measurement.cluster_counts import counting_rules, most_counted
from layerclaims.analysis.measurement.measurement import Measurement
from layerclaims.counting_rules import RULE_NAMES
from layerclaims.decision import Criterion, Decision, Finding, Parameter, decide_jointly
from layerclaims.message import Message


def decide_count(
    measurement: Measurement,
    kind: str,
    layers: Iterable[int],
    quantity: Message,
    criterion: Criterion,
    parameters: dict[str, Parameter],
) -> Decision:
    """Decide on a kind's number of clusters of pairs, the largest where several layers are given.

    Over several layers the main rules count, and covariance alone. The largest number that one of the other
    rules finds at any of many layers says little.
    """
    layers = list(layers)
    rules = counting_rules(measurement)
    if len(layers) > 1:
        rules = tuple(rule for rule in rules if rule.is_main or rule is MARGIN)
    findings = [
        Finding(RULE_NAMES[rule.name], rule.is_main, most_counted(measurement, rule, kind, layers))
        for rule in rules
    ]
    return decide_jointly(quantity, findings, criterion, parameters)
