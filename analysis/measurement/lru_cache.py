"""Values that are dear to make and large, kept as long as there is room for them."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Holds the values that were asked for last, as many as fit.

    What is kept saves work and decides nothing: a value that had to go is made again, the same.

    Parameters
    ----------
    max_bytes : int
        The last value stays even where it takes more by itself.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.n_bytes = 0
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        """Tell whether a value is there, without asking for it."""
        return key in self._values

    def get(self, key: Hashable) -> Value | None:
        """Give a value, which makes it the one asked for last; `None` where it is not kept."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: Hashable, value: Value, n_bytes: int) -> None:
        """Keep a value, and let go of those asked for longest ago that no longer fit."""
        if key in self._values:
            self.n_bytes -= self._values.pop(key)[1]
        self._values[key] = value, n_bytes
        self.n_bytes += n_bytes
        while self.n_bytes > self.max_bytes and len(self._values) > 1:
            _, (_, freed) = self._values.popitem(last=False)
            self.n_bytes -= freed
