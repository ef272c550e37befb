"""A killed run leaves what can be read; the next one clears it up and comes to the same verdicts."""

from pathlib import Path

from tests.integration.kills import Victim


def test_a_killed_run_leaves_whole_files_of_one_run(tmp_path: Path) -> None:
    victim = Victim(tmp_path)
    assert victim.n_writes > 20
    for share in (0.05, 0.5, 0.9):
        assert victim.kill_at_write(int(share * victim.n_writes))
    victim.kill_after(0.8 * victim.seconds)
    assert victim.n_killed >= 3
    assert victim.run_to_its_end() == victim.expected
