"""A process that draws, or behaves as $TROUBLE says."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from layerclaims.report.waiting_process import answer_questions

RUN = "the run"
FIGURE = {"svg": "<svg/>", "csv": "x\n1\n", "caption": "A figure.", "points": ""}


def prepare() -> Callable[[Any], object]:
    trouble = os.environ.get("TROUBLE", "")
    if trouble == "cannot import":
        raise ImportError("no such library")
    if trouble == "cannot begin":
        time.sleep(60)
    sys.stdout.write("what libraries print\n")

    def answer(question: dict[str, str]) -> object:
        if "folder" in question:
            return "another run" if trouble == "reads another run" else RUN
        match trouble:
            case "is killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "raises":
                raise OSError(28, "No space left on device")
            case "hangs":
                time.sleep(60)
            case "cannot draw":
                return None
            case "draws another":
                return {"drawn": {**FIGURE, "name": "another"}}
            case "says nonsense":
                return [{"name": question["name"]}]
            case "says half":
                return {"drawn": {"name": question["name"]}}
            case "has no data":
                return {}
            case "says why not":
                return {"reason": "no such kind"}
        return {"drawn": {**FIGURE, "name": question["name"]}}

    return answer


if __name__ == "__main__":
    answer_questions(sys.argv[1], prepare)
