"""Run jobs on Ray: on this machine, or on a cluster.

Only this module imports Ray, and only inside its functions.
"""

import contextlib
import importlib.util
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from layerclaims.errors import InputError
from layerclaims.fixtures.options.table import LANGUAGES
from layerclaims.message import Message, as_message, message
from layerclaims.report.language.speech import language_asked_for, speaker
from layerclaims.serialization.files import temporary_folder
from layerclaims.sweep.jobs.job import Job, Outcome
from layerclaims.sweep.jobs.project import ROOT, copy_project, shipped_claims
from layerclaims.sweep.jobs.run_job import now, run_job
from layerclaims.sweep.planning.plan_file import Resources

INSTALL = 'pip install "layerclaims[sweep]" (or pip install "ray>=2.50")'
GIB = 2**30
WAIT_SECONDS = 30.0
ANSWER_SECONDS = 5.0
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # Ray prints a page for a lost worker; the sweep's record and summary have the relevant facts.
    "RAY_DEDUP_LOGS_SKIP_REGEX": "^",
    # A job that asks for no GPU sees none, in all versions of Ray.
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1",
}
"""Environment variables set before Ray is imported, unless the user has set them."""
OBJECT_STORE_BYTES = 100 * 2**20  # results are a few kilobytes; the default would reserve gigabytes


def is_installed() -> bool:
    """Return whether Ray is installed, without importing it."""
    return importlib.util.find_spec("ray") is not None


def run_on_ray(
    jobs: Sequence[Job],
    output: str,
    claims: Path,
    program: Sequence[str],
    *,
    address: str | None,
    announce: Callable[[Message], object],
) -> Iterator[Outcome]:
    """Run the jobs on all machines with free resources.

    Parameters
    ----------
    jobs : sequence of Job
    output : str
        URL of the sweep's folder; every machine must reach it.
    claims : Path
        Folder of the claims, on this machine; a cluster gets a copy.
    program : sequence of str
        Python's arguments before the claims' folder and a job's arguments.
    address : str or None
        Address of a running cluster; `None` starts Ray on this machine for the time of the sweep.
    announce : callable
        Called with messages for the user.

    Yields
    ------
    Outcome
        In the order in which jobs end. Ray restarts a job whose worker or node is lost.

    Raises
    ------
    InputError
        If there is no such cluster, or this machine alone can never hold a job.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    import ray

    with _connected(address, claims):
        lacking = _too_large(jobs)
        if lacking and address is None:
            raise lacking
        if lacking:
            announce(message("{lacking}; waiting for one that has", lacking=as_message(lacking)))
        task = ray.remote(_run_on_worker)
        pending = {}
        for job in jobs:
            placed = task.options(**_demands(job.resources))
            pending[placed.remote(job, output, claims, tuple(program), address is not None)] = job
        try:
            while pending:
                ready, _ = ray.wait(list(pending), num_returns=1, timeout=WAIT_SECONDS)
                for reference in ready:
                    yield _outcome(reference, pending.pop(reference))
        finally:
            for reference in pending:
                ray.cancel(reference, force=True)


def _run_on_worker(job: Job, output: str, claims: Path, program: tuple[str, ...], shipped: bool) -> Outcome:
    """Run a job in Ray's process, with as many threads as Ray reserved CPUs."""
    if shipped:
        # Ray's copy of this project is temporary; the user's cache keeps compiled code by its sources' hash.
        os.environ.setdefault("NUMBA_CACHE_DIR", str(user_cache_path("layerclaims")))
        claims = shipped_claims(ROOT, claims)
    return run_job(job, output, claims, program, threads=max(1, int(job.resources.cpus)))


@contextlib.contextmanager
def _connected(address: str | None, claims: Path) -> Iterator[None]:
    """Start Ray on this machine, or connect to a cluster and send it this project's code."""
    import ray

    settings: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    with temporary_folder("project") as copy:
        if address is None:
            # An explicit address, so that Ray ignores its own, such as that in RAY_ADDRESS.
            settings |= {
                "address": "local",
                "include_dashboard": False,
                "object_store_memory": OBJECT_STORE_BYTES,
            }
        else:
            _check_answer(address)
            copy_project(copy, claims)
            settings |= {"address": address, "runtime_env": {"working_dir": str(copy)}}
        try:
            ray.init(**settings)
        except Exception as error:  # each way of not reaching a cluster has its own kind of error
            reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
            if address:
                raise InputError(
                    "the Ray cluster at {address} cannot be used: {reason}", address=address, reason=reason
                ) from None
            raise InputError("Ray does not start here: {reason}", reason=reason) from None
        try:
            yield
        finally:
            ray.shutdown()


def _check_answer(address: str) -> None:
    """Refuse an address that does not answer; Ray would retry for many minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and "://" not in address:
        try:
            socket.create_connection((host.strip("[]"), int(port)), ANSWER_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise InputError(
                "no Ray cluster answers at {address}: {error}", address=address, error=error
            ) from None


def _demands(resources: Resources) -> dict[str, Any]:
    """Return Ray's options for a job: its resources, and how often to restart it."""
    demands: dict[str, Any] = {
        "num_cpus": resources.cpus,
        "num_gpus": resources.gpus,
        "max_retries": resources.retries,
        # Every node has its own disk and connection to the hub, so the sweep is fastest on all nodes.
        "scheduling_strategy": "SPREAD",
    }
    if resources.memory_gb:
        demands["memory"] = int(resources.memory_gb * GIB)
    return demands


def _too_large(jobs: Sequence[Job]) -> InputError | None:
    """Return an error on the first job that is too large for every machine of the cluster."""
    import ray

    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]  # type: ignore[no-untyped-call]
    for job in jobs:
        wanted = {
            "CPU": job.resources.cpus,
            "GPU": job.resources.gpus,
            "memory": (job.resources.memory_gb or 0) * GIB,
        }
        if not any(all(node.get(name, 0) >= amount for name, amount in wanted.items()) for node in nodes):
            asked = [f"{job.resources.cpus:g} CPUs", f"{job.resources.gpus:g} GPUs"]
            if job.resources.memory_gb:
                asked.append(f"{job.resources.memory_gb:g} GiB")
            has = "; ".join(
                f"{node.get('CPU', 0):g} CPUs, {node.get('GPU', 0):g} GPUs, "
                f"{node.get('memory', 0) / GIB:.0f} GiB"
                for node in nodes
            )
            return InputError(
                "{job} takes {asked}, and no machine has them ({has})",
                job=job.label,
                asked=", ".join(asked),
                has=has,
            )
    return None


def _outcome(reference: Any, job: Job) -> Outcome:  # noqa: ANN401 - Ray's references carry no types
    """Fetch a result; if Ray gave up a job, return a failure with the reason."""
    import ray

    try:
        outcome: Outcome = ray.get(reference)
        return outcome
    except ray.exceptions.RayError as error:
        say = speaker(language_asked_for(job.arguments, LANGUAGES))
        reason = say(_lost(error, job.resources.retries + 1))
    return Outcome(
        key=job.key, state="failed", attempt=None, host=None, finished=now(), seconds=0.0, reason=reason
    )


def _lost(error: Exception, attempts: int) -> Message:
    from ray import exceptions

    often = message("once") if attempts == 1 else message("each of {n} times", n=attempts)
    if isinstance(error, exceptions.OutOfMemoryError):
        return message(
            "Ray ended its worker for lack of memory, {often}: give it more with resources.memory_gb",
            often=often,
        )
    if isinstance(error, exceptions.NodeDiedError):
        return message("its machine was lost, {often}", often=often)
    if isinstance(error, exceptions.WorkerCrashedError):
        return message("its worker process was lost, {often}", often=often)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return message("Ray gave it up: {reason}", reason=lines[-1] if lines else type(error).__name__)
