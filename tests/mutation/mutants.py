"""Mutants of a module: its source with one place changed.

Left alone is what tests need not see: annotations, docstrings, sentences of messages and errors, assertions
for the type checker, functions that numba compiles, and the figures that a claim names.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
OTHER_NAMES = {
    name: other
    for pair in (
        *(("min", "max"), ("any", "all"), ("minimum", "maximum"), ("floor", "ceil"), ("argmin", "argmax")),
        *(("mean", "median"), ("zeros", "ones"), ("nanmin", "nanmax"), ("left", "right")),
    )
    for name, other in (pair, pair[::-1])
}
COMPILED = {"kernel", "part"}
SENTENCES = {"message", "UndefinedResultError"}
"""Calls whose first argument is a sentence."""
CHECKS = {"strict"}
"""Arguments that, as an assertion, only raise an error where the code around them is wrong."""
LEFT_ALONE = {"TypeVar", "cast", "figure"}
"""Calls that only the type checker reads, or that say what is drawn and decide nothing."""


@dataclass(frozen=True)
class Mutant:
    """One changed place.

    Attributes
    ----------
    line : int
        From 1 on.
    before, after : str
        The expression or statement, and what stands in its place.
    source : str
        The whole mutated module.
    """

    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Make every mutant of a module, in the order of its lines."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    made = []
    for node, other in _replacements(ast.parse(source)):
        start, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
        before = _between(lines, start, end)
        after = ast.unparse(other)
        if isinstance(node, ast.expr):
            after = f"({after})"
        whole = _between(lines, (1, 0), start) + after + _between(lines, end, (len(lines), len(lines[-1])))
        made.append(Mutant(node.lineno, " ".join(before.split()), after, whole))
    return sorted(made, key=lambda mutant: mutant.line)


def _between(lines: list[bytes], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Give the text between two places; columns count bytes, as those of `ast` do."""
    part = lines[start[0] - 1 : end[0]]
    part[-1] = part[-1][: end[1]]
    part[0] = part[0][start[1] :]
    return b"".join(part).decode()


def _replacements(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, ast.AST]]:
    """Give each place that is changed, with what stands there then."""
    if isinstance(tree, ast.Call) and _name(tree.func) in LEFT_ALONE:
        return
    if isinstance(tree, ast.expr):
        yield from ((tree, other) for other in _other_expressions(tree))
    elif isinstance(tree, ast.stmt):
        yield from ((tree, other) for other in _other_statements(tree))
        if isinstance(tree, (ast.If, ast.While)) and not isinstance(tree.test, (ast.Compare, ast.UnaryOp)):
            yield tree.test, _not(tree.test)
    for child in _children(tree):
        yield from _replacements(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Give the parts of a node that are mutated."""
    if isinstance(node, (ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)) or _is_docstring(node):
        return
    left_alone: list[ast.AST | None] = []
    match node:
        case ast.FunctionDef():
            if any(_name(decorator) in COMPILED for decorator in node.decorator_list):
                return
            left_alone = [*node.decorator_list, node.returns]
        case ast.ClassDef():
            left_alone = [*node.decorator_list, *node.bases]
        case ast.arg() | ast.AnnAssign():
            left_alone = [node.annotation]
            if isinstance(node, ast.AnnAssign) and _name(node.annotation) == "TypeAlias":
                return
        case ast.Call() if _name(node.func) in SENTENCES or _name(node.func).endswith("Error"):
            left_alone = list(node.args[:1])
        case ast.keyword(arg=name) if name in CHECKS:
            return
    for child in ast.iter_child_nodes(node):
        if child not in left_alone:
            yield child


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _name(node: ast.AST | None) -> str:
    """Give the last part of a name, or of that of a function that is called."""
    match node:
        case ast.Call():
            return _name(node.func)
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
    return ""


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """Copy a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _other_expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for place in range(len(node.values)):
                rest = [*node.values[:place], *node.values[place + 1 :]]
                yield _with(node, values=rest) if len(rest) > 1 else rest[0]
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield _with(node, op=ARITHMETIC[type(node.op)]())
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            yield node.operand
        case ast.IfExp():
            yield _with(node, test=_not(node.test))
        case ast.Constant(value=bool() | int() | float() | str() as value):
            yield ast.Constant(_other_constant(value))
        case ast.Name(id=name, ctx=ast.Load()) if name in OTHER_NAMES:
            yield ast.Name(OTHER_NAMES[name])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in OTHER_NAMES:
            yield _with(node, attr=OTHER_NAMES[name])
        case ast.Call():
            for keyword in (one for one in node.keywords if one.arg not in CHECKS):
                yield _with(node, keywords=[other for other in node.keywords if other is not keyword])
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            for place, part in enumerate(node.generators):
                for test in part.ifs:
                    changed = _with(part, ifs=[_not(one) if one is test else one for one in part.ifs])
                    others = [*node.generators[:place], changed, *node.generators[place + 1 :]]
                    yield _with(node, generators=others)


def _other_constant(value: bool | int | float | str) -> bool | int | float | str:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value * 2 or 1.0
        case str():
            return f"{value}X"


def _other_statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Return(value=ast.expr() as value) if not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield ast.Return(ast.Constant(None))
        case ast.Expr() if not _is_docstring(node):
            yield ast.Pass()
        case ast.AugAssign():
            yield ast.Pass()
            if type(node.op) in ARITHMETIC:
                yield _with(node, op=ARITHMETIC[type(node.op)]())
        case ast.Raise():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
