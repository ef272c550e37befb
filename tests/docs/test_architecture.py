import re
import tomllib
from typing import Any

import pytest

from tests.command import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def rows(name: str) -> list[set[str]]:
    """Read the names in the first column of a table."""
    table = PAGE.split(f"<!-- begin {name} -->\n")[1].split(f"<!-- end {name} -->")[0]
    return [set(re.findall(r"`(\w+)`", line.split("|")[1])) for line in table.splitlines()[2:]]


def test_the_table_has_the_layers_of_the_contract(contracts: list[dict[str, Any]]) -> None:
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    assert rows("layers") == [set(re.findall(r"\w+", layer)) for layer in reversed(layers)]


def test_all_other_contracts_are_listed(contracts: list[dict[str, Any]]) -> None:
    others = [{contract["id"]} for contract in contracts if contract["type"] != "layers"]
    assert rows("contracts") == others


def test_every_folder_and_module_of_the_package_is_in_the_table() -> None:
    package = ROOT / "layerclaims"
    known = {path.stem for path in package.iterdir() if not path.name.startswith("__")}
    assert set.union(*rows("layers")) == known


def test_the_picture_follows_the_table() -> None:
    order = {name: place for place, names in enumerate(rows("layers")) for name in names}
    arrows = re.findall(r"^    (\w+)(?:\[.*?\])? --> (\w+)", PAGE.split("flowchart BT")[1], re.MULTILINE)
    assert arrows
    # "base" stands for the rows between analysis and subject, "documents" for what lies outside the package.
    order |= {"base": order["rule_hashes"], "documents": len(order)}
    for source, target in arrows:
        assert order[source] > order[target], (source, target)
