"""What people wait for costs no more than it did, against a reference computed in the same run."""

from dataclasses import replace

import pytest

from benchmarks.ratios import WORSE, costs, main, measured_costs


def test_no_cost_is_worse_by_half_than_recorded() -> None:
    listed = costs()
    found = measured_costs(listed)
    recorded = {cost.name: cost.recorded for cost in listed}
    assert {name: cost for name, cost in found.items() if cost > WORSE * recorded[name]} == {}


def test_a_cost_that_is_worse_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [replace(cost, recorded=1e-6) for cost in costs(n_tokens=30, hidden=64)[:1]]
    monkeypatch.setattr("benchmarks.ratios.costs", lambda: listed)
    assert main() == 1
    assert "WORSE" in capsys.readouterr().out
