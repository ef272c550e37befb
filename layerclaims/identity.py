"""Describe a rule by its content: a text that changes where the rule would decide otherwise."""

import hashlib
import inspect
import pickle
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from types import CodeType, FunctionType, MethodType, ModuleType


def content_identity(rule: object) -> str:
    """Hash what a callable is made of; it gets the same identity in every process.

    A function counts with its source and with everything that this reads: constants and functions of its
    module, enclosing variables, defaults. So a rule that looks words up in a list has another identity when
    the list changes. The standard library and other installed packages count by their names. What cannot be
    described has another identity in every process, which costs the cache and never the truth.
    """
    return hashlib.sha256("\0".join(_described(rule, set())).encode("utf-8", "backslashreplace")).hexdigest()


def _described(value: object, seen: set[int]) -> Iterator[str]:
    """Give the parts that make up a value; ``seen`` ends recursion of functions that call each other."""
    match value:
        case None | bool() | int() | float() | str():
            yield repr(value)
        case ModuleType():
            yield value.__name__
        case set() | frozenset():  # their order is another one in every process
            yield from sorted("\0".join(_described(part, seen)) for part in value)
        case list() | tuple():
            yield from _each(value, seen)
        case dict():
            yield from _each(value.items(), seen)
        case property():
            yield from _each((value.fget,), seen)
        case cached_property():
            yield from _each((value.func,), seen)
        case staticmethod() | classmethod():
            yield from _each((value.__func__,), seen)
        case MethodType():
            yield from _each((value.__func__, value.__self__), seen)
        case partial():
            yield from _each((value.func, value.args, value.keywords), seen)
        case FunctionType() | type() if id(value) not in seen:
            seen.add(id(value))
            yield from _defined(value, seen)
        case FunctionType() | type():
            yield value.__qualname__
        case _:
            yield from _object(value, seen)


def _each(values: Iterable[object], seen: set[int]) -> Iterator[str]:
    for value in values:
        yield from _described(value, seen)


def _defined(value: FunctionType | type, seen: set[int]) -> Iterator[str]:
    """Describe a function by its code and what it reads, a class by its functions and constants."""
    yield f"{value.__module__}.{value.__qualname__}"
    if _is_installed(value):
        return
    if isinstance(value, FunctionType):
        yield _source(value)
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        yield from _each((value.__defaults__, value.__kwdefaults__, *cells), seen)
        read = {name: value.__globals__[name] for name in _names(value.__code__) & value.__globals__.keys()}
    else:
        read = {name: part for name, part in vars(value).items() if not name.startswith("__")}
        read |= {"__call__": vars(value).get("__call__"), "bases": value.__bases__}
    for name in sorted(read):
        yield name
        yield from _described(read[name], seen)


def _source(function: FunctionType) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):  # made without a file
        return function.__code__.co_code.hex() + repr(function.__code__.co_consts)


def _is_installed(value: FunctionType | type) -> bool:
    """Tell whether this is code of the standard library or of an installed package."""
    module = sys.modules.get(value.__module__)
    file = str(getattr(module, "__file__", None) or "")
    return value.__module__.partition(".")[0] in sys.stdlib_module_names or "site-packages" in file


def _names(code: CodeType) -> set[str]:
    """Name what a function reads, in the functions and comprehensions inside it as well."""
    inner = [_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)


def _object(value: object, seen: set[int]) -> Iterator[str]:
    """Describe another object by its class and by what it holds."""
    yield from _described(type(value), seen)
    state = getattr(value, "__dict__", None)
    if state:
        yield from _described(state, seen)
        return
    try:
        yield pickle.dumps(value, protocol=4).hex()
    except Exception:  # classes raise what they like where they cannot be pickled
        yield repr(value)
