"""Mutate files: their bytes, or the structure of their JSON."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**53, 2**62, 2**63 - 1, 2**64 - 1)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, 0.5, -1e308, 1e-320),
    *("", "a", "\0", "\u202e", "\ud800", "../../a", "/", "a" * 5000, "1e999", "%s%n", "{{ a }}", "<script>"),
    *([], {}, [[]], [None], {"": None}, [[[[[[[[[[]]]]]]]]]], {"a": {"b": {"c": {}}}}),
)
ODD_TEXTS = (b"NaN", b"Infinity", b"1e999", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"\0", b",", b'"')


def mutate_bytes(content: bytes, rng: random.Random) -> bytes:
    """Change one to four places of a file."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        rng.choice(_CHANGES)(changed, rng)
    return bytes(changed)


def mutate_json(content: bytes, rng: random.Random) -> bytes:
    """Change one to three values, keys or lists of a JSON file; one time in four its bytes."""
    if rng.random() < 0.25:
        return mutate_bytes(content, rng)
    data = json.loads(content)
    for _ in range(rng.choice((1, 1, 2, 3))):
        data = _with_change(data, rng)
    text = json.dumps(data).encode()
    if rng.random() < 0.1:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(ODD_TEXTS) + text[at:]
    return text


def _place(changed: bytearray, rng: random.Random) -> int:
    """Choose a place; headers are short and lie at the start, so every other one is there."""
    end = min(len(changed), 400) if rng.random() < 0.5 else len(changed)
    return rng.randrange(end + 1)


def _flip(changed: bytearray, rng: random.Random) -> None:
    if changed:
        changed[min(_place(changed, rng), len(changed) - 1)] ^= 1 << rng.randrange(8)


def _number(changed: bytearray, rng: random.Random) -> None:
    at, size = _place(changed, rng), rng.choice((1, 4, 8))
    changed[at : at + size] = (rng.choice(NUMBERS) % 2 ** (8 * size)).to_bytes(size, "little")


def _cut(changed: bytearray, rng: random.Random) -> None:
    del changed[_place(changed, rng) :]


def _remove(changed: bytearray, rng: random.Random) -> None:
    at = _place(changed, rng)
    del changed[at : at + rng.randrange(1, 64)]


def _repeat(changed: bytearray, rng: random.Random) -> None:
    at = _place(changed, rng)
    changed[at:at] = changed[at : at + rng.randrange(1, 256)] * rng.choice((1, 2, 50))


def _insert(changed: bytearray, rng: random.Random) -> None:
    at = _place(changed, rng)
    changed[at:at] = rng.choice((rng.randbytes(rng.randrange(1, 32)), rng.choice(ODD_TEXTS)))


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _number, _cut, _remove, _repeat, _insert),
)


def _with_change(data: Any, rng: random.Random) -> Any:  # noqa: ANN401 - JSON holds anything
    """Walk down to a random value and change it there."""
    if not isinstance(data, (dict, list)) or not data or rng.random() < 0.15:
        return copy.deepcopy(rng.choice(ODD_VALUES))
    key = rng.choice(list(data)) if isinstance(data, dict) else rng.randrange(len(data))
    change = rng.random()
    if change < 0.1:
        del data[key]
    elif change < 0.15 and isinstance(data, list):
        data.append(copy.deepcopy(data[key]))
    elif change < 0.15 and isinstance(data, dict):
        data[str(rng.choice(ODD_VALUES))] = copy.deepcopy(data[key])
    else:
        data[key] = _with_change(data[key], rng)
    return data
