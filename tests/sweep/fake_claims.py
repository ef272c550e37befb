"""Stands for ``pytest claims/`` in tests of the sweep: does at once what a file beside the subject says.

``python fake_claims.py TEMPLATE --activations FILE --report-dir DIR ...``. FILE.json holds the behaviour;
each run adds a line to FILE.begun. It imports nothing of ours, so it starts in a moment.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

template, arguments = Path(sys.argv[1]), sys.argv[2:]
subject = Path(arguments[arguments.index("--activations") + 1])
reports = Path(arguments[arguments.index("--report-dir") + 1])
instructions = json.loads(subject.with_suffix(".json").read_text())

with subject.with_suffix(".begun").open("a") as begun:
    names = ("OMP_NUM_THREADS", "PYTEST_ADDOPTS", "HF_HUB_CACHE")
    begun.write(" ".join([str(os.getpid()), *(str(os.environ.get(name)) for name in names)]) + "\n")
if hub_cache := os.environ.get("HF_HUB_CACHE"):
    Path(hub_cache).mkdir(parents=True, exist_ok=True)
sys.stdout.write(f"measuring {subject.name}\n")
sys.stdout.flush()
if "daemon" in instructions and os.fork() == 0:  # a process that leaves its parent, its session and its group
    os.setsid()
    if os.fork() == 0:
        Path(instructions["daemon"]).write_text(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
while "daemon" in instructions and not Path(instructions["daemon"]).exists():
    time.sleep(0.01)
while "wait" in instructions and not Path(instructions["wait"]).exists():
    time.sleep(0.05)
if instructions.get("die"):
    os.kill(os.getpid(), signal.SIGKILL)
if "say" in instructions:
    sys.stdout.write(instructions["say"] * instructions.get("times", 1) + "\n")
if "evidence" in instructions:
    folder = reports / subject.stem
    (folder / "figures").mkdir(parents=True)
    shutil.copyfile(template.with_name(instructions["evidence"]), folder / "evidence.json")
    (folder / "figures" / "a.csv").write_text("1\n")
sys.exit(instructions.get("code", 0))
