"""Browsers in which somebody has typed the code of a status page: a signed cookie of this host.

It names a few requests and ideas, each with its address and an hour at which it ends, so it opens
nothing else, nothing after a correction of the address, and nothing the next day.
"""

import time

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from directory.conversations.resident import address_mark
from wiq.signing import words
from wiq.submissions.models import Submission

PURPOSE = "conversations.reader"
# Long enough to write a letter, short enough for a borrowed computer.
SECONDS = 2 * 3_600
# A resident with several requests: those that were opened last.
KEPT = 5

Proof = tuple[str, int, str, int]


def may_read(request: HttpRequest, submission: Submission) -> bool:
    """Tell whether the code of this submission was typed in this browser, and still counts."""
    wanted = _proof(submission)[:3]
    return any(proof[:3] == wanted for proof in _read(request))


def remember(request: HttpRequest, response: HttpResponse, submission: Submission) -> None:
    """Note in the browser that the code of this submission was typed there."""
    new = _proof(submission)
    others = [proof for proof in _read(request) if proof[:3] != new[:3]]
    response.set_cookie(
        settings.READER_COOKIE_NAME,
        words.sign(PURPOSE, [new, *others][:KEPT]),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _proof(submission: Submission) -> Proof:
    until = int(time.time()) + SECONDS
    return (submission._meta.model_name or "", submission.pk, address_mark(submission), until)


def _read(request: HttpRequest) -> list[Proof]:
    word = request.COOKIES.get(settings.READER_COOKIE_NAME, "")
    try:
        held = words.unsign(PURPOSE, word, days=1)
        proofs: list[Proof] = [(str(a), int(b), str(c), int(d)) for a, b, c, d in held]
    except (BadSignature, TypeError, ValueError):
        return []
    return [proof for proof in proofs if proof[3] > time.time()]
