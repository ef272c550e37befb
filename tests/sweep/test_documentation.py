import re
import tomllib

from sweep.plan import read_plan
from sweep.plan_file import PlanFile
from tests.command import ROOT


def test_the_example_is_a_plan_that_shows_every_key() -> None:
    path = ROOT / "docs" / "sweep.toml"
    found = read_plan(path)
    n_revisions = 1 + 2 + 1
    assert len(found.jobs) == (n_revisions * 2 + 1) * 3 + 1
    shown = set(tomllib.loads(path.read_text(encoding="utf-8")))
    assert shown == set(PlanFile.model_fields) - {"output"}


def test_the_page_explains_every_key() -> None:
    page = (ROOT / "docs" / "sweep.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(PlanFile.model_fields)
