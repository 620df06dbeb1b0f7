"""What the doctor looks at: ``looks.py`` of the rooms. Each finding says what to do.

The health page asks in a moment, for a proxy, whether every part works. The doctor takes its time,
for a person: what works today and will not tomorrow, and what was never set up.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wiq.rooms import Registry

log = structlog.get_logger()


class Verdict(Enum):
    """What a finding means for whoever runs the platform."""

    WELL = "well"
    UNKNOWN = "unknown"  # not to be seen from here, or not set up
    ILL = "ill"  # somebody has to do something


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in words, and what to do about it."""

    verdict: Verdict
    text: str
    advice: str = ""


def well(text: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(Verdict.WELL, text)


def unknown(text: str, advice: str) -> Finding:
    """Return that something can't be seen from here, and how it could."""
    return Finding(Verdict.UNKNOWN, text, advice)


def ill(text: str, advice: str) -> Finding:
    """Return that somebody has to do something, and what."""
    return Finding(Verdict.ILL, text, advice)


def to_do(text: str, advice: str) -> Finding:
    """Return what has to be done on a server in the net, and need not be where one tries things."""
    return ill(text, advice) if in_production() else unknown(text, advice)


def in_production() -> bool:
    """Tell whether others than who sits at this machine reach the platform."""
    return bool(settings.WIQ_ORIGIN_SCHEME == "https")


@dataclass(frozen=True)
class Look:
    """One subject: its title, and what is found when somebody looks."""

    # The order of all looks.
    place: int
    title: str | Promise
    find: Callable[[], Iterable[Finding]]


looks: Registry[Look] = Registry("looks")


@dataclass(frozen=True)
class Seen:
    """One subject with what was found."""

    title: str
    findings: tuple[Finding, ...]


def examine() -> list[Seen]:
    """Look at everything, one after the other; a look that fails is a finding itself."""
    return [_seen(look) for look in sorted(looks, key=lambda one: one.place)]


def _seen(look: Look) -> Seen:
    try:
        with transaction.atomic():
            found = tuple(look.find())
    except Exception as error:
        log.exception("doctor.look_failed", title=str(look.title))
        found = (
            ill(
                _("Das ließ sich nicht ansehen: %s") % type(error).__name__,
                _("Der Grund steht im Protokoll des Servers unter doctor.look_failed."),
            ),
        )
    return Seen(str(look.title), found)


def is_well(seen: Iterable[Seen]) -> bool:
    """Tell whether nobody has to do anything."""
    return all(one.verdict is not Verdict.ILL for part in seen for one in part.findings)
