"""A process that draws, or behaves as $TROUBLE says."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from layerclaims.report.waiting_process import answer_questions

RUN = "the run"
FIGURE = {"svg": "<svg/>", "csv": "x\n1\n", "caption": "A figure.", "points": ""}


def outcome(trouble: str, name: str) -> object:
    """Give what becomes of a figure."""
    match trouble:
        case "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raises":
            raise OSError(28, "No space left on device")
        case "hangs":
            time.sleep(60)
        case "starts what reads its input":
            subprocess.run([sys.executable, "-c", "input()"], check=False, timeout=20)
        case "cannot draw":
            return None
        case "draws another":
            return {"drawn": {**FIGURE, "name": "another"}}
        case "says half":
            return {"drawn": {"name": name}}
        case "has no data":
            return {}
        case "says why not":
            return {"reason": "no such kind"}
    return {"drawn": {**FIGURE, "name": name}}


def prepare() -> Callable[[Any], Iterator[object]]:
    trouble = os.environ.get("TROUBLE", "")
    if trouble == "cannot import":
        raise ImportError("no such library")
    if trouble == "cannot begin":
        time.sleep(60)
    sys.stdout.write("what libraries print\n")

    def answer(question: dict[str, Any]) -> Iterator[object]:
        for number, name in enumerate(question["names"]):
            now = "" if trouble.endswith(" later") and number == 0 else trouble.removesuffix(" later")
            brought = {"name": name, "run": RUN, "outcome": outcome(now, name)}
            match now:
                case "reads another run":
                    brought["run"] = "another run"
                case "says nonsense":
                    yield [brought]
                    continue
                case "names another":
                    brought["name"] = "another"
            yield brought

    return answer


if __name__ == "__main__":
    answer_questions(sys.argv[1], prepare)
