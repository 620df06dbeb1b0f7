"""The mail "Stimmt das noch?" to a solution team's contact, and the link in it."""

import hashlib

from django.core.signing import BadSignature
from django.utils import translation
from django.utils.translation import gettext as _

from directory.solutions.models import SolutionTeam
from wiq import signing
from wiq.mail.models import Message
from wiq.mail.writing import write
from wiq.web.hosts import on_district

PURPOSE = "solutions.confirm"
MAX_AGE_DAYS = 180
KIND = "solutions.question"


def confirm_url(team: SolutionTeam) -> str:
    """Return the address of the page where the contact says whether all is still right."""
    word = signing.sign(PURPOSE, [team.pk, _digest(team.contact_email)])
    return on_district("pages:still_right", word)


def _digest(address: str) -> str:
    """Return what tells one contact's link from the next one's, without the address in it."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:12]


def is_for(team: SolutionTeam, digest: str) -> bool:
    """Tell whether a link was for whoever is the team's contact now."""
    return bool(team.contact_email) and digest == _digest(team.contact_email)


def read(word: str) -> tuple[int, str]:
    """Return the number of the solution team a link names, and for which contact it was.

    Raises SignatureExpired for an old link, BadSignature for any other that is not ours.
    """
    value = signing.unsign(PURPOSE, word, max_age_days=MAX_AGE_DAYS)
    if not isinstance(value, list) or len(value) != 2:
        raise BadSignature("not a link of a solution team")
    return int(value[0]), str(value[1])


def write_question(team: SolutionTeam) -> Message:
    """Write the question to the contact of a solution team."""
    with translation.override("de"):
        return write(
            "solutions/mail/question",
            kind=KIND,
            to=team.contact_email,
            subject=_("Stimmt das noch? %s") % team.name,
            about=team,
            team=team,
            confirm_url=confirm_url(team),
            page_url=on_district("solutions:team", team.slug),
        )
