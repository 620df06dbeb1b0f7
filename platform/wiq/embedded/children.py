"""Child processes that never outlive the stack."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wiq.embedded import clock
from wiq.embedded.console import StopRequested, Unusable

PR_SET_PDEATHSIG = 1
GONE_SECONDS = 1.0
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(number: int) -> Callable[[], None] | None:
    """Return a function that asks Linux to signal the child when the supervisor dies.

    subprocess calls it after the change of user, which would clear the setting (prctl(2)).
    """
    if _libc is None:
        return None
    libc = _libc

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return ask_kernel


@dataclass(frozen=True)
class Recipe:
    """How to start a child, for the first time and again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    stop_signal: int = signal.SIGTERM
    user: int | None = None
    pass_fds: Sequence[int] = ()
    working_folder: Path | None = None


@dataclass
class Child:
    """A running child in its own session, so that its whole process group can be ended."""

    recipe: Recipe
    process: subprocess.Popen[bytes]
    log_start: int = 0

    @property
    def pid(self) -> int:
        return self.process.pid

    def running(self) -> bool:
        return self.process.poll() is None

    def signal_group(self, number: int) -> None:
        """Send a signal to the child and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End the child at once with everything it started, and wait until it is gone.

        Each process of PostgreSQL leads a group of its own (InitPostmasterChild calls setsid), and
        one that is just writing a checkpoint outlives its postmaster: no server starts then.
        """
        apart = _started_by(self.pid)
        self.signal_group(signal.SIGKILL)
        for pid in apart:
            _signal(pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + GONE_SECONDS
        while time.monotonic() < deadline and any(_signal(pid, 0) for pid in apart):
            time.sleep(0.02)

    def last_lines(self, count: int = 15) -> str:
        """Return the end of this child's output, to show to the user after a failure."""
        try:
            with open(self.recipe.log, "rb") as log:
                log.seek(self.log_start)
                text = log.read().decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-count:])

    def how_it_ended(self) -> str:
        code = self.process.returncode
        return f"killed by signal {-code}" if code < 0 else f"exit status {code}"


class Nursery:
    """Starts children, keeps track of them and stops them; tells the reaper about them."""

    def __init__(self, state_lock: int) -> None:
        """Start the reaper, which also holds the lock of the state folder.

        So after ``kill -9`` of the supervisor the folder stays locked until the last child is gone.
        """
        self.children: dict[str, Child] = {}
        self.stopping = False
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("reaper.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(state_lock,),
        )

    def _tell_reaper(self, line: str) -> None:
        assert self._reaper.stdin is not None
        with contextlib.suppress(BrokenPipeError, ValueError):
            self._reaper.stdin.write(line.encode() + b"\n")
            self._reaper.stdin.flush()

    def start(self, recipe: Recipe) -> Child:
        """Start a child and register it with the reaper."""
        recipe.log.parent.mkdir(parents=True, exist_ok=True)
        with open(recipe.log, "ab") as output:
            log_start = output.tell()
            process = subprocess.Popen(
                list(recipe.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=clock.inherited() | dict(recipe.environment),
                cwd=recipe.working_folder,
                pass_fds=tuple(recipe.pass_fds),
                start_new_session=True,
                user=recipe.user,
                group=_group_of(recipe.user),
                extra_groups=None if recipe.user is None else [],
                preexec_fn=die_with_parent(recipe.stop_signal),
            )
        self._tell_reaper(f"+{process.pid} {int(recipe.stop_signal)}")
        child = Child(recipe, process, log_start)
        self.children[recipe.name] = child
        return child

    def wait_for(self, child: Child, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until ``ready()``; raise with the child's last lines if it ends or never gets there.

        Raises StopRequested as soon as the stack is asked to stop.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if self.stopping:
                raise StopRequested
            if not child.running():
                raise Unusable(
                    f"{child.recipe.name} did not start ({child.how_it_ended()}):\n"
                    f"{child.last_lines()}"
                )
            if time.monotonic() > deadline:
                raise Unusable(
                    f"{child.recipe.name} gave no answer for {seconds:.0f} s:\n{child.last_lines()}"
                )
            time.sleep(0.02)

    def wait_for_end(self, child: Child, seconds: float) -> None:
        """Wait for a child to finish; raise with its last lines if it failed."""
        deadline = time.monotonic() + seconds
        while child.running():
            if self.stopping:
                raise StopRequested
            if time.monotonic() > deadline:
                raise Unusable(f"{child.recipe.name} took more than {seconds:.0f} s")
            time.sleep(0.02)
        self.forget(child)
        if child.process.returncode:
            raise Unusable(
                f"{child.recipe.name} failed ({child.how_it_ended()}):\n{child.last_lines()}"
            )

    def stop(self, names: Sequence[str], seconds: float) -> None:
        """Ask the named children to stop, all at once; kill what is left after ``seconds``."""
        children = [self.children[name] for name in names if name in self.children]
        for child in children:
            if child.running():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, child.recipe.stop_signal)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(child.running() for child in children):
            time.sleep(0.02)
        for child in children:
            child.kill()
            self._tell_reaper(f"-{child.pid} ")
            del self.children[child.recipe.name]

    def forget(self, child: Child) -> None:
        """Forget a child that ended by itself, and kill what is left of its group."""
        child.signal_group(signal.SIGKILL)
        self._tell_reaper(f"-{child.pid} ")
        self.children.pop(child.recipe.name, None)

    def close(self) -> None:
        """Stop the reaper; all children have ended by now."""
        assert self._reaper.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._reaper.stdin.close()
        self._reaper.wait()


def _started_by(pid: int) -> list[int]:
    """Return the processes that one has started and that still run (proc(5); Linux alone)."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _signal(pid: int, number: int) -> bool:
    """Send a signal to a process; tell whether it was there."""
    try:
        os.kill(pid, number)
    except OSError:
        return False
    return True


def _group_of(user: int | None) -> int | None:
    if user is None:
        return None
    return pwd.getpwuid(user).pw_gid
