"""The error that says that a result is undefined for the activations given, as a template and its values."""

import re


class UndefinedResultError(ValueError):
    """A result is undefined for these activations.

    Parameters
    ----------
    template : str
        A sentence in English with gaps as ``{name}``. It is the key of its translations, which are collected
        from the source, so it must be a literal.
    **values : int, float or str
        What fills the gaps.
    """

    def __init__(self, template: str, /, **values: int | float | str) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        """Write the sentence in English."""
        return re.sub(r"\{(\w+)\}", lambda gap: _written(self.values.get(gap[1], gap[0])), self.template)


def _written(value: int | float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
