"""Mutants differ from the module in one place, and leave alone what tests need not see."""

import ast
import tomllib

import pytest

from tests.command import ROOT
from tests.mutation.guards import GUARDS, Guard, broken
from tests.mutation.modules import modules
from tests.mutation.mutants import mutants
from tests.mutation.task import EQUIVALENT, Key, is_equivalent, known_equivalent, sampled


def changes(source: str) -> list[tuple[str, str]]:
    return [(mutant.before, mutant.after) for mutant in mutants(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", [("a < b", "(a <= b)"), ("a < b", "(a >= b)")]),
        ("a and b", [("a and b", "(a or b)"), ("a and b", "(b)"), ("a and b", "(a)")]),
        ("a - b", [("a - b", "(a + b)")]),
        ("not a", [("not a", "(a)")]),
        ("a if b else c", [("a if b else c", "(a if not b else c)")]),
        ("f(a, b=c)", [("f(a, b=c)", "(f(a))")]),
        ("[1.5, True, 'a']", [("1.5", "(3.0)"), ("True", "(False)"), ("'a'", "('aX')")]),
        ("min(a)", [("min", "(max)")]),
        ("[a for a in b if c]", [("[a for a in b if c]", "([a for a in b if not c])")]),
    ],
)
def test_an_expression_is_changed(source: str, expected: list[tuple[str, str]]) -> None:
    assert changes(f"x = {source}") == expected


def test_statements_are_removed_or_changed() -> None:
    source = (
        "def f(a):\n    if a:\n        raise b\n    for c in a:\n        continue\n"
        "    a += c\n    g()\n    return a"
    )
    assert changes(source) == [
        ("a", "(not a)"),
        ("raise b", "pass"),
        ("continue", "break"),
        ("a += c", "pass"),
        ("a += c", "a -= c"),
        ("g()", "pass"),
        ("return a", "return None"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        '"""A text."""',
        "x: Literal['a'] = b",
        "assert a < b",
        "import a",
        "x = message('a sentence')",
        "raise ValueError('a sentence')",
        "@part(allocates=True)\ndef f(a):\n    return a < 1",
        "X = TypeVar('X', bound=int)",
        "x = (figure('plane', layer=1),)",
        "x = f'{a} and {b}'",
        "x = zip(a, b, strict=True)",
    ],
)
def test_what_tests_need_not_see_is_left_alone(source: str) -> None:
    assert [change for change in changes(source) if change[1] != "pass"] == []


def test_a_mutant_is_the_module_with_one_place_changed() -> None:
    source = "x = 'ü', 1\ny = (a <\n     b)\n"
    assert [mutant.source for mutant in mutants(source)] == [
        "x = ('üX'), 1\ny = (a <\n     b)\n",
        "x = 'ü', (2)\ny = (a <\n     b)\n",
        "x = 'ü', 1\ny = ((a <= b))\n",
        "x = 'ü', 1\ny = ((a >= b))\n",
    ]


def test_every_module_has_mutants_that_are_python_and_tests_that_exist() -> None:
    for module, tests in modules().items():
        for mutant in mutants((ROOT / module).read_text(encoding="utf-8"))[::25]:
            ast.parse(mutant.source)
        assert all((ROOT / test).is_file() for test in tests)


def test_a_sample_is_drawn_by_its_seed_and_keeps_the_order() -> None:
    made = mutants("\n".join(f"x = {number}" for number in range(40)))
    drawn = sampled(made, 10, "a")
    assert drawn == sampled(made, 10, "a") != sampled(made, 10, "b")
    assert [mutant.line for mutant in drawn] == sorted({mutant.line for mutant in drawn})
    assert sampled(made, 0, "a") == sampled(made, 40, "a") == made


@pytest.mark.parametrize("known", sorted(known_equivalent()), ids=lambda key: f"{key[0]}: {key[2][:40]}")
def test_what_is_listed_as_changing_nothing_is_a_mutant_of_a_module_as_it_stands(known: Key) -> None:
    module, line, before, after = known
    assert module in modules()
    source = (ROOT / module).read_text(encoding="utf-8")
    lines = source.splitlines()
    if line not in map(str.strip, lines):
        pytest.skip("the line has changed since: take it off the list, or look at its mutants again")
    found = [
        mutant
        for mutant in mutants(source)
        if (lines[mutant.line - 1].strip(), mutant.before, mutant.after) == (line, before, after)
    ]
    assert found
    assert all(is_equivalent(module, source, mutant, known_equivalent()) for mutant in found)


def test_every_reason_is_told() -> None:
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["mutant"]
    assert len(listed) == len(known_equivalent()), "none is listed twice"
    assert all(len(one["reason"].split()) > 3 for one in listed)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.module}: {guard.line.strip()}")
def test_every_guard_stands_where_it_is_broken(guard: Guard) -> None:
    ast.parse(broken(guard))
