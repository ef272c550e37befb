"""Show a sweep's progress: a bar with the time left on a terminal, else a line for each subject."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from layerclaims.message import Message, message
from layerclaims.sweep.jobs.job import Outcome


class Progress:
    """Counts outcomes and estimates the time left."""

    def __init__(self, total: int, bar: "tqdm[None]", say: Callable[[Message], str] = str) -> None:
        self._total = total
        self._bar = bar
        self._say = say
        self._done = 0
        self._failed = 0
        self._start = time.monotonic()

    def line(self, sentence: Message) -> None:
        """Print a line above the bar."""
        self._bar.write(self._say(sentence))
        sys.stdout.flush()

    def finished(self, outcome: Outcome, label: str) -> None:
        """Print a subject's outcome, and the time left at the pace so far."""
        self._done += outcome.state == "done"
        self._failed += outcome.state == "failed"
        self._bar.set_postfix(failed=self._failed)
        self._bar.update()
        said = (
            message("done in {seconds} s", seconds=f"{outcome.seconds:.0f}")
            if outcome.state == "done"
            else message("failed: {reason}", reason=outcome.reason or "")
        )
        self.line(
            message(
                "[{done}/{total}] {label}: {said}{left}",
                done=self._done + self._failed,
                total=self._total,
                label=label,
                said=said,
                left=self._left(),
            )
        )

    def _left(self) -> Message | str:
        finished = self._done + self._failed
        left = self._total - finished
        if not left:
            return ""
        seconds = (time.monotonic() - self._start) / finished * left
        return message(
            " | {done} done, {failed} failed, {left} left, about {time}",
            done=self._done,
            failed=self._failed,
            left=left,
            time=duration(seconds),
        )


@contextmanager
def progress_of(total: int, say: Callable[[Message], str] = str) -> Iterator[Progress]:
    """Show progress, on a terminal with a bar; the bar is removed at the end, also after an error."""
    with tqdm(
        total=total, unit=f" {say(message('subjects'))}", disable=not sys.stderr.isatty(), leave=False
    ) as bar:
        yield Progress(total, bar, say)


def duration(seconds: float) -> str:
    """Format a duration: ``40 s``, ``12 min``, ``3 h 20 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
