"""The sweep on real Ray: alone on this machine, and on two nodes of which parts are killed."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from layerclaims.subject.storage.activation_file import save_activations
from layerclaims.sweep.jobs.on_ray import is_installed
from tests.builders import random_activations
from tests.command import ROOT, environment
from tests.sweep.stage import SECONDS, WHOLE, Stage, is_alive, parent_of, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="Ray is not installed: pip install 'ray>=2.50'"),
]
RAY = [sys.executable, "-m", "ray.scripts.scripts"]
SMALL_STORE = str(80 * 2**20)


@dataclass
class Cluster:
    """Two nodes on this machine, each with one CPU."""

    folder: Path
    variables: dict[str, str]
    port: int
    nodes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the head and a second node, and wait until both are there."""
        head = ["--head", f"--port={self.port}", "--include-dashboard=false", f"--temp-dir={self.folder}"]
        self._start_node("head", *head)
        self._start_node("second", f"--address={self.address}")

    def _start_node(self, name: str, *arguments: str) -> None:
        """Start a node; once more where the machine was too busy for the 30 s that Ray gives it."""
        if not self._try_node(name, *arguments):
            assert self._try_node(name, *arguments), f"the node {name} has not started in time, twice"

    def _try_node(self, name: str, *arguments: str) -> bool:
        common = ["--block", "--num-cpus=1", f"--object-store-memory={SMALL_STORE}", "--disable-usage-stats"]
        log = self.folder.with_name(f"{self.folder.name}-{name}.log")
        with log.open("wb") as sink:
            node = subprocess.Popen(
                [*RAY, "start", "--node-ip-address=127.0.0.1", *arguments, *common],
                env=os.environ | self.variables,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        self.nodes.append(node)
        wait_until(
            lambda: b"Ray runtime started" in log.read_bytes() or node.poll() is not None,
            f"the node {name} has started",
        )
        if b"timed out during startup" in log.read_bytes():
            self.nodes.remove(node)
            return False
        assert node.poll() is None, log.read_text()
        return True

    def stop(self) -> None:
        """End everything that was started, whatever state it is in."""
        for node in reversed(self.nodes):
            node.terminate()
        for node in self.nodes:
            with suppress(subprocess.TimeoutExpired):
                node.wait(20)
        for process in processes_below(self.folder):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for node in self.nodes:
            node.kill()
            node.wait()


def processes_below(folder: Path) -> list[int]:
    """Find the processes that have a folder on their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if os.fsencode(f"{folder}/") in path.read_bytes():
                found.append(int(path.parent.name))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Give a cluster of two nodes, which nobody else may enter."""
    # Ray's sockets lie below it, and the names of sockets must be short.
    with tempfile.TemporaryDirectory(prefix="lc", dir="/tmp", ignore_cleanup_errors=True) as folder:
        token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        quiet = {"RAY_USAGE_STATS_ENABLED": "0"}
        cluster = Cluster(Path(folder) / "ray", token | quiet, free_port())
        cluster.folder.mkdir()
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


def kill_in_the_middle(stage: Stage, cluster: Cluster, sweep: "subprocess.Popen[str]") -> None:
    """Kill one of two workers that measure, then the whole second node."""

    def measuring() -> list[int]:
        return [process for name in "abcd" for process in stage.begun(name) if is_alive(process)]

    def workers() -> list[int]:
        return [attempt.process for attempt in stage.running() if is_alive(attempt.process)]

    wait_until(lambda: len(measuring()) == 2 or sweep.poll() is not None, "both nodes measure")
    first, second = workers()
    assert parent_of(first) != parent_of(second)  # a worker's parent is its node's raylet

    (own,) = [
        process for process in measuring() if parent_of(parent_of(process)) == first
    ]  # between them, the one that ends the job
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not is_alive(own), "the job's process has ended with its worker")
    wait_until(lambda: len(measuring()) == 2, "the node measures again")

    second_node = cluster.nodes[1].pid
    (doomed,) = [worker for worker in workers() if parent_of(parent_of(worker)) == second_node]
    (own,) = [process for process in measuring() if parent_of(parent_of(process)) == doomed]
    os.kill(parent_of(doomed), signal.SIGKILL)
    wait_until(lambda: not is_alive(own), "the job's process has ended with its node")


def test_with_a_worker_and_then_a_whole_node_killed_nothing_is_lost_and_nothing_done_twice(
    stage: Stage, cluster: Cluster, tmp_path: Path
) -> None:
    waiting = {"wait": str(tmp_path / "go"), **WHOLE}
    stage.write({**dict.fromkeys("abcd", waiting), "e": WHOLE, "f": {"say": "ERROR: bad", "code": 4}})
    with stage.start("--address", cluster.address, **cluster.variables) as sweep:
        try:
            kill_in_the_middle(stage, cluster, sweep)
            (tmp_path / "go").touch()
            output, _ = sweep.communicate(timeout=300)
        finally:
            sweep.kill()

    assert sweep.returncode == 1, output
    assert "5 of 6 subjects measured" in output
    assert "failed: f: bad" in output
    assert sum(map(int, re.findall(r"^\w: begun \d times, and cut off (\d) of them$", output, re.M))) == 2
    for label, standing in stage.standings().items():
        assert standing.outcome is not None
        ends = [attempt.ended for attempt in standing.attempts]
        assert ends.count("failed" if label == "f" else "done") == 1, (label, ends)
        assert set(ends) <= {"done", "failed", None}
        published = [
            path.parent for path in stage.output.glob(f"subjects/{standing.outcome.key}/*/evidence.json")
        ]
        assert [folder.name for folder in published] == ([] if label == "f" else [standing.outcome.attempt])

    with stage.start("--address", cluster.address, **cluster.variables) as again:
        output, _ = again.communicate(timeout=300)
    assert "6 subjects, 5 done before, 1 failed before" in output
    assert [len(stage.begun(name)) for name in "ef"] == [1, 2]


def test_a_cluster_that_is_not_there_is_named_in_a_sentence(stage: Stage) -> None:
    stage.write({"a": WHOLE})
    sweep = stage.start("--address", f"127.0.0.1:{free_port()}")
    output, _ = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 4, output
    assert "error: no Ray cluster answers at 127.0.0.1:" in output
    assert "Traceback" not in output


def test_on_this_machine_alone_real_subjects_are_measured_and_what_can_never_start_is_refused(
    tmp_path: Path,
) -> None:
    for seed, name in enumerate("ab"):
        save_activations(random_activations(seed=seed), tmp_path / f"{name}.safetensors")
    plan = tmp_path / "sweep.toml"
    quick = "options = { controls = false, specifications = false, pdf = false }\n"
    plan.write_text(f'activations = ["a.safetensors", "b.safetensors", "nowhere.safetensors"]\n{quick}')

    def sweep() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "layerclaims.sweep", str(plan), "--output", str(tmp_path / "out")]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    done = sweep()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "failed: nowhere: --activations" in done.stdout
    assert "2 of 3 subjects measured" in done.stdout
    assert "<h1>2 runs compared</h1>" in (tmp_path / "out" / "comparison" / "comparison.html").read_text()

    plan.write_text(plan.read_text() + "resources.cpus = 4096\n")
    refused = sweep()
    assert refused.returncode == 4, refused.stdout + refused.stderr
    assert "error: nowhere takes 4096 CPUs, 0 GPUs, and no machine has them (" in refused.stderr
