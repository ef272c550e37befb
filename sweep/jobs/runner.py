"""Choose how jobs are run: on Ray if it is installed, else one after another."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from layerclaims.errors import InputError
from layerclaims.message import Message, message
from layerclaims.sweep.jobs import on_ray
from layerclaims.sweep.jobs.job import Job, Outcome
from layerclaims.sweep.jobs.plain import run_plain


class Runner(Protocol):
    """Runs jobs and yields their outcomes in the order in which they end."""

    def __call__(
        self, jobs: Sequence[Job], output: str, claims: Path, program: Sequence[str]
    ) -> Iterator[Outcome]:
        """Run the program on the claims for each job, and publish its evidence below ``output``."""


def choose_runner(*, plain: bool, address: str | None, announce: Callable[[Message], object]) -> Runner:
    """Return the runner that the user's options ask for.

    Raises
    ------
    InputError
        If a cluster was named and Ray is not installed.
    """
    if plain:
        return run_plain
    if on_ray.is_installed():
        return partial(on_ray.run_on_ray, address=address, announce=announce)
    if address:
        raise InputError(
            "--address {address} needs Ray, which is not installed: {command}",
            address=address,
            command=on_ray.INSTALL,
        )
    announce(
        message(
            "Ray is not installed, so one subject after another is measured; to change that: {command}",
            command=on_ray.INSTALL,
        )
    )
    return run_plain
