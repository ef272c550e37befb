"""Base of the records that are written as JSON and read again."""

from contextvars import ContextVar
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from layerclaims.text import escape_surrogates

_IS_ENCODABLE: ContextVar[bool] = ContextVar("whether an outer record has seen to its texts", default=False)


class Record(BaseModel):
    """Base of every record: unknown fields, NaN and infinity are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="wrap")
    @classmethod
    def _make_encodable(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        r"""Write lone surrogates (file names that are not UTF-8) as ``\udc80``: JSON cannot hold them.

        The outermost record does so for all within, which would else be walked through once for each level.
        """
        if _IS_ENCODABLE.get():
            return handler(data)
        token = _IS_ENCODABLE.set(True)
        try:
            return handler(data if _is_encodable(data) else _encodable(data))
        finally:
            _IS_ENCODABLE.reset(token)


def _is_encodable(data: Any) -> bool:  # noqa: ANN401 - any JSON-like value
    """Tell whether no text in nested lists and dictionaries has a lone surrogate, as nearly always."""
    if isinstance(data, str):
        return escape_surrogates(data) == data
    if isinstance(data, dict):
        return all(map(_is_encodable, data)) and all(map(_is_encodable, data.values()))
    return not isinstance(data, list | tuple) or all(map(_is_encodable, data))


def _encodable(data: Any) -> Any:  # noqa: ANN401 - any JSON-like value
    match data:
        case str():
            return escape_surrogates(data)
        case dict():
            return {_encodable(key): _encodable(value) for key, value in data.items()}
        case list() | tuple():
            return type(data)(_encodable(value) for value in data)
        case _:
            return data
