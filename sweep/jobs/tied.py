"""Run a command that ends with its parent: ``python -m layerclaims.sweep.jobs.tied PARENT COMMAND...``.

A worker that is killed cannot end its own child, and an orphan would go on measuring beside the job's next
attempt. Linux ends a process with its parent when asked to, and keeps that across `exec`.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the tie was made
            sys.exit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
