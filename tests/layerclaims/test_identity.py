"""Rules have the same identity if and only if they decide the same."""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from layerclaims.document import Mark, TokenKind, Words
from layerclaims.identity import content_identity

RULE = """
import re
from functools import partial

WORDS = {"the", "of", "and"}
PATTERN = re.compile("t.*")


def recognise(before, token, after):
    return any(is_known(word) for word in [token]) and not PATTERN.match(after)


def is_known(token):
    return token.strip() in WORDS


class Rule:
    def __init__(self, words):
        self.words = words

    @property
    def count(self):
        return len(self.words)

    @staticmethod
    def fold(token):
        return token.lower()

    def __call__(self, before, token, after):
        return token in self.words


def enclosing(words):
    def rule(before, token, after):
        return token in words
    return rule


RULES = [recognise, Rule({"a", "b"}), enclosing(["c", "d"]), partial(recognise, "before"), Rule("x").__call__]
"""


def load(folder: Path, source: str) -> ModuleType:
    """Import a module from its source."""
    folder.mkdir()
    (folder / "rules.py").write_text(source, encoding="utf-8")
    module = ModuleType("rules")
    code = compile(source, str(folder / "rules.py"), "exec")
    module.__dict__["__file__"] = str(folder / "rules.py")
    exec(code, module.__dict__)
    return module


def identities(module: ModuleType) -> list[str]:
    return [content_identity(rule) for rule in module.RULES]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ('"of", ', "", [0, 3]),
        ('"t.*"', '"u.*"', [0, 3]),
        ("token.strip()", "token.lower()", [0, 3]),
        ('{"a", "b"}', '{"a", "c"}', [1]),
        ('["c", "d"]', '["c", "e"]', [2]),
        ('"before")', '"after")', [3]),
        ('Rule("x")', 'Rule("y")', [4]),
        ("len(self.words)", "0", [1, 4]),
        ("return token.lower()", "return token.upper()", [1, 4]),
        ("token in self.words", "token not in self.words", [1, 4]),
    ],
)
def test_a_rule_has_another_identity_where_anything_that_it_reads_changes(
    old: str, new: str, changed: list[int], tmp_path: Path
) -> None:
    assert RULE.count(old) == 1
    before = identities(load(tmp_path / "before", RULE))
    after = identities(load(tmp_path / "after", RULE.replace(old, new)))
    differing = [index for index, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert differing == changed


def test_an_identity_is_the_same_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text(RULE, encoding="utf-8")
    program = "import rules, layerclaims.identity as i; print([i.content_identity(r) for r in rules.RULES])"
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}", "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_installed_packages_count_by_their_names() -> None:
    assert content_identity(re.escape) == content_identity(re.escape)
    assert content_identity(str.isupper) != content_identity(str.islower)
    assert content_identity(partial(str.startswith, "a")) != content_identity(partial(str.startswith, "b"))


def kind(recognise: Mark | Words, key: str = "kind") -> TokenKind:
    return TokenKind(key, {"en": "one"}, {"en": "many"}, recognise)


def test_kinds_differ_by_key_rule_and_sampling() -> None:
    kinds = [
        kind(Mark(",")),
        kind(Mark(",", outside_numbers=True)),
        kind(Mark(";")),
        kind(Words(("and",))),
        kind(Words(("and", "or"))),
        kind(Mark(","), "other"),
        TokenKind("kind", {"en": "one"}, {"en": "many"}, Mark(","), sampling="random"),
    ]
    assert len({one.identity for one in kinds}) == len(kinds)
    assert kind(Mark(",")).identity == kind(Mark(",")).identity


@pytest.mark.parametrize("key", ["embedding_mixed", "x_final_norm", "a b", ""])
def test_a_key_that_could_not_name_a_tensor_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="the kind"):
        kind(Mark(","), key)
