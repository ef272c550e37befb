"""The hash of a rule changes where it decides otherwise, and not where only its text does."""

import sys
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from layerclaims.rule_hashes.rule_content import RuleContent, engine_hash, rule_content

RULE = '''
"""Rules."""
import numpy as np
from layerclaims.analysis.statistics.trends import log2_growth
from layerclaims.decision import Criterion, decide
from layerclaims.message import message

LIMIT = 3
TENFOLD = Criterion("at least", 10, message("Tens of times."))
DOUBLED = Criterion("at least", 2, message("Twice."))


def rule(measurement, *, kind):
    """Decide something."""
    # Why.
    quantity = message("the growth of {kind}", kind=kind)
    return decide(quantity, growth(measurement), TENFOLD)


def growth(measurement):
    return np.max(measurement[:LIMIT])


def unrelated():
    return DOUBLED
'''


def load(
    folder: Path, source: str, monkeypatch: pytest.MonkeyPatch, name: str = "rules_of_a_note"
) -> ModuleType:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    sys.modules.pop(name, None)
    module = __import__(name)
    del sys.modules[name]
    return module


def content_of(
    folder: Path, source: str, monkeypatch: pytest.MonkeyPatch, **parameters: object
) -> RuleContent:
    return rule_content([(load(folder, source, monkeypatch).rule, parameters)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    # Why.\n", "\n"),
        ('"""Decide something."""', '"""Decide it."""'),
        ("the growth of {kind}", "how much {kind} grow"),
        ('"at least", 10, message("Tens of times.")', '"at least", 10.0,\n    message("For this reason.")'),
        ("return DOUBLED", "return None"),
        (
            "decide(quantity, growth(measurement), TENFOLD)",
            "decide(\n        quantity, growth(measurement), TENFOLD\n    )",
        ),
    ],
)
def test_formatting_wording_and_what_the_rule_does_not_read_leave_the_hash_alone(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert before in RULE
    own = content_of(tmp_path / "a", RULE, monkeypatch, kind="x")
    assert content_of(tmp_path / "b", RULE.replace(before, after), monkeypatch, kind="x") == own


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"at least", 10,', '"at least", 9,'),
        ('"at least", 10,', '"above", 10,'),
        ("LIMIT = 3", "LIMIT = 4"),
        ("np.max", "np.min"),
        ("growth(measurement), TENFOLD", "growth(measurement), DOUBLED"),
    ],
)
def test_what_decides_changes_the_hash(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = content_of(tmp_path / "a", RULE, monkeypatch, kind="x")
    other = content_of(tmp_path / "b", RULE.replace(before, after), monkeypatch, kind="x")
    assert other.sha256 != own.sha256


def test_criteria_are_listed_in_words_and_parameters_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = content_of(tmp_path, RULE, monkeypatch, kind="x")
    assert own.criteria == ("at least 10",)
    assert content_of(tmp_path, RULE, monkeypatch, kind="y").sha256 != own.sha256


def test_the_order_of_assertions_does_not_count_and_a_partial_rule_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = load(tmp_path, RULE, monkeypatch).rule
    both = [(rule, {"kind": "x"}), (rule, {"kind": "y"})]
    assert rule_content(both) == rule_content(reversed(both))
    changed = load(tmp_path / "b", RULE.replace("np.max", "np.min"), monkeypatch).rule
    assert rule_content([(partial(rule, 1), {})]) != rule_content([(partial(changed, 1), {})])


def test_a_rule_without_source_still_counts() -> None:
    names: dict[str, FunctionType] = {}
    exec("def one(m): return 1\ndef two(m): return 2", names)
    one, two = names["one"], names["two"]
    for function in (one, two):
        function.__module__ = "made"
    assert rule_content([(one, {})]) != rule_content([(two, {})])


def test_the_engine_is_what_a_rules_module_imports_of_the_analysis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = tmp_path / "trends.py"
    analysis.write_text('"""Trends."""\nSHARE = 0.5\n')
    name = "layerclaims.analysis.statistics.trends"
    folder = tmp_path / "rules"
    load(folder, RULE, monkeypatch)
    engine_hash.cache_clear()
    own = engine_hash(frozenset(["rules_of_a_note"]))

    def changed(text: str) -> str:
        analysis.write_text(text)
        fake = ModuleType(name)
        fake.__file__ = str(analysis)
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, name, fake)
            engine_hash.cache_clear()
            return engine_hash(frozenset(["rules_of_a_note"]))

    first = changed('"""Trends."""\nSHARE = 0.5\n')
    assert first != own
    assert changed('"""Other words."""\n# why\nSHARE = 0.5\n') == first
    assert changed("SHARE = 0.6\n") != first
    engine_hash.cache_clear()
