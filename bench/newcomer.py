"""As a newcomer: clone into an empty folder, type the README's command, wait for ``ready``.

    python3 bench/newcomer.py [REPOSITORY] [FOLDER]

Needs only Python and git. Prints the seconds from the clone to the line ``ready:``, and those of
the second start. Stops what it started and removes what it made.
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PORT = "8450"


def start(folder: Path) -> tuple[subprocess.Popen[str], float]:
    """Run run.py in the clone; return it with the moment it said that it is ready."""
    process = subprocess.Popen(
        ["python3", "run.py", "--port", PORT], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        print(re.sub(r"password: \w+", "password: …", line), end="")
        if line.startswith("ready:"):
            return process, time.monotonic()
    raise SystemExit("it never became ready")


def stop(process: "subprocess.Popen[str]") -> float:
    """Stop it and return the seconds that took."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    return time.monotonic() - began


def main() -> None:
    """Measure and print."""
    repository = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).resolve().parents[1])
    parent = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="wiq neu ü "))
    parent.mkdir(exist_ok=True)
    parent.chmod(0o755)
    try:
        began = time.monotonic()
        subprocess.run(["git", "clone", "-q", repository, str(parent / "wiq")], check=True)
        process, ready = start(parent / "wiq")
        first = ready - began
        stopped = stop(process)
        began = time.monotonic()
        process, ready = start(parent / "wiq")
        second = ready - began
        stop(process)
        print(f"\nclone to ready {first:.1f} s, stop {stopped:.1f} s, second start {second:.1f} s")
    finally:
        shutil.rmtree(parent, ignore_errors=True)


if __name__ == "__main__":
    main()
