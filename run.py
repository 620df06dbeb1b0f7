#!/usr/bin/env python3
"""Start, test and look after the WiQ platform with nothing but Python on the machine.

    python3 run.py                 the whole platform, on http://localhost:8000/
    python3 run.py test            the tests, on servers of their own
    python3 run.py manage COMMAND  any Django command
    python3 run.py lint            what is checked beside the tests
    python3 run.py release         whether this can be released, and what is published with it

This file uses the standard library alone. It makes the virtual environment beside it, installs the
hash-locked requirements, and hands over to ``wiq.embedded`` in there.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "wiq-stamp.json"
COMMANDS = ("up", "test", "manage", "lint", "release")
# What a command needs installed: the larger list contains the smaller one.
REQUIREMENTS = {
    "up": "embedded",
    "manage": "embedded",
    "test": "test",
    "lint": "test",
    "release": "test",
}
# The exit status for a machine that can't run this: the user has to change the machine.
UNUSABLE = 2


def fail(message: str) -> NoReturn:
    """Say in one line what is missing and end with status 2."""
    print(f"run.py: {message}", file=sys.stderr)
    raise SystemExit(UNUSABLE)


def requirements_hash(name: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


def venv_version() -> str:
    """Return the version of the virtual environment's Python; empty where it does not run."""
    try:
        asked = subprocess.run(
            [str(PYTHON), "-c", "import sys; print(sys.version)"], capture_output=True, text=True
        )
    except PermissionError:
        fail(f"{VENV} belongs to another user; run it as that user or remove the folder")
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def stamp_for(name: str) -> dict[str, str]:
    """What an installation is valid for: these requirements, this Python, this folder."""
    return {
        "python": venv_version(),
        "folder": str(ROOT),
        "requirements": name,
        "hash": requirements_hash(name),
    }


def installed(name: str) -> bool:
    """Tell whether the virtual environment already serves the list called ``name``."""
    stamp = read_stamp()
    lists = [(known, requirements_hash(known)) for known in (name, "test")]
    return fits(stamp) and (stamp["requirements"], stamp["hash"]) in lists


def read_stamp() -> dict[str, str]:
    """Return what the virtual environment was made for; nothing where there is none."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except PermissionError:
        fail(f"{VENV} belongs to another user; run it as that user or remove the folder")
    except (OSError, ValueError):
        return {}
    return stamp


def fits(stamp: dict[str, str]) -> bool:
    """Tell whether the virtual environment works and was made for this folder.

    Its own Python is asked, not the one that runs this file: a stack that runs from it must not
    lose it because somebody calls run.py with another.
    """
    return stamp.get("folder") == str(ROOT) and stamp.get("python") == venv_version() != ""


@contextmanager
def only_one_installer() -> Iterator[None]:
    """Let a second run.py in the same folder wait until the first has installed."""
    try:
        with open(ROOT / ".venv.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except PermissionError:
        fail(f"the folder {ROOT} is not writable for this user")


def run_quietly(step: str, command: list[str]) -> None:
    """Run ``command`` with its output in a file; print one line with the time it took.

    Ends the program with the last lines of the output when the command fails.
    """
    started = time.monotonic()
    log = VENV / "install.log"
    print(f"  {step} ...", end="", flush=True)
    with open(log, "ab") as output:
        status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT).returncode
    print(f" {time.monotonic() - started:.1f} s")
    if status:
        print(*log.read_text(errors="replace").splitlines()[-15:], sep="\n", file=sys.stderr)
        fail(f"{step} failed; the whole output is in {log}")


def has_module(python: str, module: str) -> bool:
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def find_pip() -> list[str]:
    """Return the command prefix of a pip that can install into the virtual environment.

    Debian ships Python without ``ensurepip`` and often without pip; an administrator gets it
    installed, everybody else is told what to ask for.
    """
    if has_module(sys.executable, "pip"):
        version = subprocess.run(
            [sys.executable, "-m", "pip", "--version"], capture_output=True, text=True
        ).stdout.split()[1]
        if tuple(int(part) for part in version.split(".")[:2]) >= (22, 3):
            return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if has_module(sys.executable, "ensurepip"):
        return [str(PYTHON), "-m", "pip"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "-y", "python3-pip"]):
            print(f"  apt-get {' '.join(command)} ...", flush=True)
            if subprocess.run(["apt-get", "-qq", *command], stdout=subprocess.DEVNULL).returncode:
                fail("apt-get could not install python3-pip")
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    fail("this Python has no pip; please install the system package python3-pip or python3-venv")


def install(name: str) -> None:
    """Fill the virtual environment with the locked list called ``name``.

    One that fits this Python and this folder is filled up in place: a stack that runs from it
    goes on running.
    """
    print("Installing what the platform needs (once):", flush=True)
    pip = find_pip()
    if not fits(read_stamp()):
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        run_quietly(
            "Creating .venv", [sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)]
        )
    STAMP.unlink(missing_ok=True)
    if pip[0] == str(PYTHON):
        run_quietly("Preparing pip", [str(PYTHON), "-m", "ensurepip", "--upgrade"])
    lock = ROOT / "requirements" / f"{name}.txt"
    count = lock.read_text(encoding="utf-8").count("==")
    put = [*pip, "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-compile"]
    put += ["--require-hashes", "--only-binary=:all:"]
    build = ROOT / "requirements" / "build.txt"
    run_quietly("Installing setuptools", [*put, "-r", str(build)])
    # dkimpy comes as source alone: built here, by the setuptools that is locked as well.
    put += ["--no-binary=dkimpy", "--use-pep517", "--no-build-isolation"]
    run_quietly(f"Installing {count} packages", [*put, "-r", str(lock)])
    # The same two folders that the editable install of pyproject.toml names, without a build.
    site_packages = next((VENV / "lib").glob("python3.*")) / "site-packages"
    (site_packages / "wiq-platform.pth").write_text(f"{ROOT}\n{ROOT / 'platform'}\n")
    STAMP.write_text(json.dumps(stamp_for(name)), encoding="utf-8")


def main() -> None:
    """Install if needed, then become the program inside the virtual environment."""
    if sys.version_info < (3, 11):
        fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    if sys.platform == "win32":
        fail("please use the Windows Subsystem for Linux (WSL)")
    arguments = sys.argv[1:]
    if not arguments or arguments[0].startswith("-"):
        arguments = ["up", *arguments]
    if arguments[0] not in COMMANDS and arguments[0] not in ("--help", "-h"):
        fail(f"unknown command {arguments[0]!r}; there are: {', '.join(COMMANDS)}")
    if (
        "--port" in arguments
        and not "".join(arguments[arguments.index("--port") + 1 :][:1]).isdigit()
    ):
        fail("--port takes a number")
    name = REQUIREMENTS.get(arguments[0], "embedded")
    if not installed(name):
        with only_one_installer():
            if not installed(name):
                install(name)
    os.environ["WIQ_ROOT"] = str(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "wiq.embedded", *arguments])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        raise SystemExit(130) from None
