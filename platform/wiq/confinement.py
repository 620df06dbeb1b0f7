"""What a process keeps from others of its user, and what it can't do itself any more.

See prctl(2), landlock(7), getrlimit(2). Where a system has none of it, nothing happens: which parts
then are weaker stands in docs/security.md.
"""

import ctypes
import os
import resource
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_GET_VERSION = 1
# Every right over files that the first version of Landlock knows, over moving, cutting and devices
# that later ones do, and over TCP.
_FILES = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_NETWORK = 0b11
# Abstract unix sockets and signals to whoever is not confined alike.
_SCOPES = 0b11
# The number of a user whom no system gives to anybody (Debian Policy, 9.2.2: reserved).
NOBODYS = 65_533


def keep_to_oneself() -> None:
    """Let no other process of this user read this one's memory, environment or open files.

    Files that it makes are its user's alone.
    """
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def step_back() -> None:
    """Let everything else on this machine go first: whoever waits for pages, before who draws."""
    os.nice(5)


def open_nothing_more() -> None:
    """Let this process open no file, connect to nothing and start nothing: it has what it has.

    A descriptor needs a number below the limit. Modules must be loaded before.
    """
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def start_nothing_more() -> None:
    """Let this process start no other and no thread."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def become_nobody() -> bool:
    """Where root runs this process, go on as a user who owns nothing; tell whether it does now.

    Only root can change its user, and no limit holds for root. Everything that needs root's files
    must be loaded before.
    """
    if os.geteuid() != 0:
        return False
    with suppress(OSError):  # a container that knows no such number
        os.setgroups([])
        os.setresgid(NOBODYS, NOBODYS, NOBODYS)
        os.setresuid(NOBODYS, NOBODYS, NOBODYS)
    return os.geteuid() != 0


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


def _ruleset(version: int) -> tuple[_Ruleset, int]:
    """Return what this version of Landlock can forbid, and the bytes that it knows of that."""
    network = _NETWORK if version >= 4 else 0
    rules = _Ruleset(_FILES[min(version, 5)], network, _SCOPES if version >= 6 else 0)
    return rules, 24 if version >= 6 else 16 if version >= 4 else 8


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def stay_beneath(folders: Sequence[Path]) -> bool:
    """Let this process reach no file outside these folders, nothing by TCP, and signal nobody.

    Returns whether this system can do that; for TCP it takes Linux 6.7, for signals 6.12.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _GET_VERSION)
    if version < 1:
        return False
    rules, size = _ruleset(version)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        for folder in folders:
            with suppress(FileNotFoundError):
                opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
                beneath = _Beneath(rules.files, opened)
                libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(beneath), 0)
                os.close(opened)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)
