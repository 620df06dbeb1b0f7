"""The mail "Stimmt das noch?" to a solution team's contact, and the link in it."""

from django.core.signing import BadSignature
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from directory.solutions.models import SolutionTeam
from wiq import signing
from wiq.mail.models import Message
from wiq.mail.writing import write
from wiq.web.hosts import absolute

PURPOSE = "solutions.confirm"
MAX_AGE_DAYS = 180
KIND = "solutions.question"
DISTRICT_URLS = "wiq.urls.district"


def confirm_url(team: SolutionTeam) -> str:
    """Return the address of the page where the contact says whether all is still right."""
    word = signing.sign(PURPOSE, team.pk)
    return absolute(reverse("solutions:confirm", args=[word], urlconf=DISTRICT_URLS))


def read(word: str) -> int:
    """Return the number of the solution team a link names.

    Raises SignatureExpired for an old link, BadSignature for any other that is not ours.
    """
    value = signing.unsign(PURPOSE, word, max_age_days=MAX_AGE_DAYS)
    if not isinstance(value, int):
        raise BadSignature("not a link of a solution team")
    return value


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
            page_url=absolute(reverse("solutions:team", args=[team.slug], urlconf=DISTRICT_URLS)),
        )
