"""Base of the records that are written as JSON and read again."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from layerclaims.text import escape_surrogates


class Record(BaseModel):
    """Base of every record: unknown fields, NaN and infinity are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _make_encodable(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the caller passed
        r"""Write lone surrogates (file names that are not UTF-8) as ``\udc80``: JSON cannot hold them."""
        return _encodable(data)


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
