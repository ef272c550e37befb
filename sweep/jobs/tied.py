"""Run a command that ends with its parent: ``python -m layerclaims.sweep.jobs.tied PARENT COMMAND...``.

A killed worker cannot end its own child, and the child would continue to measure beside the job's next
attempt. Nor may what the command starts outlive it, not even a daemon, which leaves its parent and its group.
Linux can end a process when its parent ends, and give it all descendants whose parents have ended.
"""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
ROUNDS = 100
SECONDS_OF_A_ROUND = 0.2


def main() -> None:
    """Run the command; end all its processes when it ends, or when the parent of this process does."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    _tell_linux(PR_SET_PDEATHSIG, signal.SIGTERM)
    _tell_linux(PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != parent:  # the parent ended before the request
        sys.exit(1)
    try:
        # Where this process is killed outright, the command at least ends with it.
        code = subprocess.Popen(command, preexec_fn=_end_with_parent).wait()
    finally:
        _end_descendants()
    if code < 0:  # ended by a signal: end by the same one, so that whoever waits learns which
        with suppress(OSError):  # some signals cannot be set
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def _end_with_parent() -> None:
    _tell_linux(PR_SET_PDEATHSIG, signal.SIGKILL)


def _tell_linux(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _end_descendants() -> None:
    """Kill whatever still runs below this process; again, for it may start others meanwhile."""
    import psutil

    for _ in range(ROUNDS):
        running = psutil.Process().children(recursive=True)
        if not running:
            return
        for process in running:
            try:
                process.kill()
            except psutil.Error:  # it has ended, or is another user's
                continue
        psutil.wait_procs(running, timeout=SECONDS_OF_A_ROUND)


if __name__ == "__main__":
    main()
