"""The notebook runs in a kernel of its own, in an empty folder, and shows what its text says."""

import os
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.command import ROOT, environment

NOTEBOOK = ROOT / "examples" / "from-activations-to-a-verdict.ipynb"
SECONDS = 900


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """Give the outputs of each cell of code."""
    folder = tmp_path_factory.mktemp("notebook")
    variables = environment(folder, PYTHONPATH=str(ROOT), PYTEST_PLUGINS="layerclaims.plugin")
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=SECONDS, startup_timeout=SECONDS, resources=resources)
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - variables.keys():
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        client.execute()
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def shown(outputs: list[Any], kind: str) -> str:
    found = [one.data[kind] for one in outputs if kind in one.get("data", {})]
    return "".join(found)


def test_no_outputs_are_stored() -> None:
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


@pytest.mark.slow
def test_it_leads_from_activations_to_verdicts_and_pictures(outputs: list[list[Any]]) -> None:
    _, run, table, picture, own, flat = outputs
    assert "2 claims: 2 supported" in run[0].text
    assert shown(table, "text/html").count("<td>supported</td>") == 6
    assert shown(picture, "image/svg+xml").startswith("<svg")
    assert shown(own, "image/png")
    assert shown(flat, "text/html").count("<td>refuted</td>") == 1
