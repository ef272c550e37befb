"""Run a command that ends with its parent: ``python -m layerclaims.sweep.jobs.tied PARENT COMMAND...``.

A killed worker cannot end its own child, and the child would continue to measure beside the job's next
attempt. Linux can end a process when its parent ends, also after `exec`.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask Linux to end this process with its parent, then replace it by the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent ended before the request
            sys.exit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
