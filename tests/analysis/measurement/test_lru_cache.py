"""What is kept stays within its room, and the last asked for stays longest."""

from hypothesis import given
from hypothesis import strategies as st

from layerclaims.analysis.measurement.lru_cache import Kept


def test_those_asked_for_longest_ago_go_first() -> None:
    kept: Kept[str] = Kept(30)
    for name in "abc":
        kept.put(name, name, 10)
    assert kept.get("a") == "a"
    kept.put("d", "d", 10)
    assert kept.get("b") is None
    assert [kept.get(name) for name in "acd"] == ["a", "c", "d"]


def test_the_last_value_stays_whatever_its_size() -> None:
    kept: Kept[str] = Kept(5)
    kept.put("small", "small", 5)
    kept.put("large", "large", 50)
    assert "small" not in kept
    assert kept.get("large") == "large"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), max_size=40))
def test_the_room_is_never_exceeded_by_more_than_one_value(puts: list[tuple[int, int]]) -> None:
    kept: Kept[int] = Kept(60)
    sizes: dict[int, int] = {}
    for key, size in puts:
        kept.put(key, size, size)
        sizes[key] = size
        held = [name for name in sizes if name in kept]
        assert key in held
        assert kept.n_bytes == sum(sizes[name] for name in held) <= 60
        assert all(kept.get(name) == sizes[name] for name in held)
