import re
import tomllib
from pathlib import Path

from layerclaims.sweep.planning.plan import read_plan
from layerclaims.sweep.planning.plan_file import PlanFile
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


def test_the_plan_of_the_large_sweep_is_one(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (plan,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "sweep.toml").write_text(plan, encoding="utf-8")
    jobs = read_plan(tmp_path / "sweep.toml").jobs
    assert len(jobs) == 2 * 5
    assert {(job.resources.gpus, job.resources.keep_downloads) for job in jobs} == {(0.25, False), (1, False)}
