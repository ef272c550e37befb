"""Hash what decides a claim: its rules, its criteria, and what the rules use.

A hash is stable against formatting, comments, docstrings and wording: `ast.unparse` writes the code from its
syntax tree, without docstrings and with the texts of messages left out. Modules are left out too, so that a
rule has the same hash in a checkout and in an installed package.
"""

import ast
import hashlib
import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType

from layerclaims.decision import Criterion, Decision

CLAIMS = "layerclaims.claims"
"""The part of this package whose functions are rules; other documents lie in packages of their own."""

ENGINE = ("layerclaims.analysis", "layerclaims.decision")
"""What rules of all documents use: analysis, and how a verdict follows from an estimate and a criterion."""

HASH_DIGITS = 16


@dataclass(frozen=True)
class RuleContent:
    """What decides a claim.

    Attributes
    ----------
    sha256 : str
        First digits of the hash of rules, criteria and parameters.
    criteria : tuple of str
        The criteria that the rules read, in words, each once.
    """

    sha256: str
    criteria: tuple[str, ...]


def rule_content(rules: Iterable[tuple[Callable[..., Decision], Mapping[str, object]]]) -> RuleContent:
    """Hash the rules of a claim, each with the parameters of one assertion; their order does not count.

    A rule counts with the functions and constants that it reads in its document's package. What it uses of
    `analysis` is counted by `engine_hash`, once for all claims.
    """
    lines, criteria = [], set[str]()
    for rule, parameters in rules:
        package = getattr(rule, "func", rule).__module__.partition(".")[0]
        parts = [*_described([dict(parameters), rule], package, set())]
        lines.append("\0".join(map(_text, parts)))
        criteria |= {part.text for part in parts if isinstance(part, Criterion)}
    return RuleContent(_hash(sorted(lines)), tuple(sorted(criteria)))


def criteria_of(rule: Callable[..., Decision], parameters: Mapping[str, object]) -> list[Criterion]:
    """List the criteria that a rule reads, with its preconditions' last, without measuring anything."""
    package = getattr(rule, "func", rule).__module__.partition(".")[0]
    parts = _described([dict(parameters), rule], package, set())
    return list(dict.fromkeys(part for part in parts if isinstance(part, Criterion)))


def _text(part: "str | Criterion") -> str:
    return f"criterion {part.text}" if isinstance(part, Criterion) else part


def _described(value: object, package: str, seen: set[int]) -> Iterator[str | Criterion]:
    """Give the parts that decide; objects of other kinds, such as documents and messages, do not."""
    match value:
        case None | bool() | int() | float() | str():
            yield repr(value)
        case Criterion():
            yield value
        case list() | tuple():
            for part in value:
                yield from _described(part, package, seen)
        case set() | frozenset():
            yield from sorted("\0".join(map(_text, _described(part, package, seen))) for part in value)
        case dict():
            for key in sorted(value, key=str):
                yield str(key)
                yield from _described(value[key], package, seen)
        case FunctionType() | type() if id(value) not in seen and _is_of_document(value, package):
            seen.add(id(value))
            yield _source(value)
            yield from _described(_read_by(value), package, seen)
        case partial():
            yield from _described([value.func, value.args, value.keywords], package, seen)


@cache
def _source(value: FunctionType | type) -> str:
    """Write a function or class from its syntax tree, a function without source by its bytecode."""
    try:
        return _normal(ast.parse(textwrap.dedent(inspect.getsource(value))))
    except (OSError, TypeError, SyntaxError):
        code = getattr(value, "__code__", None)
        return value.__qualname__ if code is None else code.co_code.hex() + repr(code.co_consts)


def _is_of_document(value: FunctionType | type, package: str) -> bool:
    """Tell whether a function belongs to the claims' documents rather than to what they build on."""
    module = value.__module__
    if package == CLAIMS.partition(".")[0]:
        return module.startswith(CLAIMS)
    return module.startswith(CLAIMS) or module.partition(".")[0] == package


def _read_by(value: FunctionType | type) -> dict[str, object]:
    """Name what a function, or the functions of a class, read of their module."""
    functions = [value] if isinstance(value, FunctionType) else vars(value).values()
    return {
        name: function.__globals__[name]
        for function in functions
        if isinstance(function, FunctionType)
        for name in _names(function.__code__) & function.__globals__.keys()
    }


def _names(code: CodeType) -> set[str]:
    inner = [_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)


class _Normal(ast.NodeTransformer):
    """Drops what decides nothing: decorators, docstrings and the texts of messages."""

    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = [one for one in node.decorator_list if not _is_marker(one)]
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            rest = [one for one in node.body if not _is_text(one)]
            node.body = rest or [ast.Pass()]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
            return ast.Constant("message")
        return node


def _is_text(node: ast.stmt) -> bool:
    """Tell whether a statement is nothing but a text: a docstring, or one below a constant."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_marker(node: ast.expr) -> bool:
    return ast.unparse(node).startswith("pytest.")


def _normal(tree: ast.Module) -> str:
    return ast.unparse(_Normal().visit(tree))  # which needs no places of new nodes


@cache
def engine_hash(modules: frozenset[str]) -> str:
    """Hash the code of `ENGINE` that modules of rules import, directly or through others.

    Parameters
    ----------
    modules : frozenset of str
        Names of the modules that the rules are defined in.
    """
    found: dict[str, str] = {}
    known = set(modules)
    waiting = [*modules, *ENGINE[1:]]
    while waiting:
        name = waiting.pop()
        tree = _parsed(name)
        if tree is None:
            continue
        imported = {one for one in _imports(tree) if one.startswith((*ENGINE, CLAIMS))}
        waiting += imported - known
        known |= imported
        if name.startswith(ENGINE):
            found[name] = _normal(tree)
    return _hash(f"{name}\0{found[name]}" for name in sorted(found))


def _parsed(module: str) -> ast.Module | None:
    """Read a module's syntax tree; `None` for a name that is no module, and for one without source."""
    loaded = sys.modules.get(module)
    try:
        spec = loaded.__spec__ if loaded else importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    origin = getattr(loaded, "__file__", None) or (spec.origin if spec else None)
    if origin is None or not origin.endswith(".py"):
        return None
    return ast.parse(Path(origin).read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> Iterator[str]:
    """Name the modules that a module imports, and what it takes of them, which may be modules too."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _statements(within: ast.AST) -> Iterator[ast.AST]:
    """Give all statements, without looking for them in expressions, of which most of a tree consists."""
    for node in ast.iter_child_nodes(within):
        if not isinstance(node, ast.expr):
            yield node
            yield from _statements(node)


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:HASH_DIGITS]
