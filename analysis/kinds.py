"""The two kinds of punctuation that the document compares."""

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["internal", "terminal"]

KINDS: tuple[Kind, Kind] = ("internal", "terminal")
MARKS: dict[Kind, str] = {"internal": ",", "terminal": "."}
MARK_NAMES: dict[Kind, str] = {"internal": "commas", "terminal": "full stops"}
