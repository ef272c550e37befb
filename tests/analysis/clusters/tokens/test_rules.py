"""The rules of token groups."""

from layerclaims.analysis.clusters.tokens.rules import TOKEN_RULES, TokenRules


def test_the_rules_are_those_that_were_calibrated() -> None:
    assert TokenRules(bandwidth=0.9, valley_depth=0.5, min_share=1 / 16, max_overlap=0.1) == TOKEN_RULES
