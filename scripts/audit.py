"""Look up known vulnerabilities of what is installed in .venv; run by `make audit` in .venv-audit.

pip-audit alone exits 0 where it could look up nothing, as behind a mirror that has no such data.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VULNERABLE, NOT_AUDITED = 1, 2
WITHOUT_A_PAGE = {"torch"}
"""Installed as a local build, which PyPI does not know."""


def main() -> int:
    (packages,) = ROOT.glob(".venv/lib/python3.*/site-packages")
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--progress-spinner=off",
        "--format=json",
        "--path",
        packages,
    ]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        print(f"nothing was audited: {lines[-1]}")
        return NOT_AUDITED
    vulnerable = [one for one in found if one.get("vulns")]
    for one in vulnerable:
        for fault in one["vulns"]:
            fixed = ", ".join(fault["fix_versions"]) or "no release yet"
            print(f"{one['name']} {one['version']}: {fault['id']}, fixed in {fixed}")
    skipped = [one["name"] for one in found if "skip_reason" in one and one["name"] not in WITHOUT_A_PAGE]
    print(f"{len(found) - len(skipped)} of {len(found)} packages audited, {len(vulnerable)} vulnerable")
    if skipped:
        print(f"the package index has no such data here for {len(skipped)} of them, such as {skipped[0]}")
    return VULNERABLE if vulnerable else NOT_AUDITED if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
