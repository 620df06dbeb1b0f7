"""Whether somebody keeps the machine's clock, as its kernel knows (adjtimex(2), ntp_adjtime(3))."""

import ctypes
import sys

UNSYNCHRONISED = 0x0040  # STA_UNSYNC in <sys/timex.h>
# Of struct timex the first fields; the kernel writes 208 bytes.
ALL_BYTES = 208


class _Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * ALL_BYTES),
    )


def is_kept() -> bool | None:
    """Tell whether chrony, timesyncd or the like keep the clock; None where nobody can say.

    Asking changes nothing, and a container is told about its machine.
    """
    if sys.platform != "linux":
        return None
    found = _Timex()
    if ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(found)) < 0:
        return None
    return not found.status & UNSYNCHRONISED
