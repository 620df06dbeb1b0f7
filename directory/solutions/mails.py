"""The mail "Stimmt das noch?" to a solution team's contact, and the link in it."""

import hashlib
from typing import NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from directory.people.dates import today
from directory.solutions.models import SolutionTeam
from wiq.mail.models import Message
from wiq.mail.writing import write
from wiq.mail_addresses import for_sending
from wiq.signing.links import SignedLink, UsedUp
from wiq.web.hosts import on_district

KIND = "solutions.question"


# The value of older links, which lack the date of the last confirmation.
UNSAID = "?"


class Question(NamedTuple):
    """The solution team, its contact and the date of its last confirmation.

    An answer changes that date, which uses up the link.
    """

    team: int
    contact: str
    confirmed: str = UNSAID


CONFIRM = SignedLink(
    purpose="solutions.confirm",
    holds=Question,
    days=180,
    route="pages:still_right",
    used_up=UsedUp.STATE,  # is_open
)


def confirm_url(team: SolutionTeam) -> str:
    """Return the address of the page on which the contact answers the question."""
    return CONFIRM.url(Question(team.pk, _digest(team.contact_email), _confirmed(team)))


def _digest(address: str) -> str:
    """Return a digest that ties a link to one contact without revealing the address."""
    return hashlib.sha256(for_sending(address).lower().encode()).hexdigest()[:12]


def _confirmed(team: SolutionTeam) -> str:
    return team.confirmed_at.isoformat() if team.confirmed_at else ""


def is_open(team: SolutionTeam, question: Question) -> bool:
    """Tell whether nobody has confirmed the team's page since the mail."""
    if question.confirmed == UNSAID:
        return team.confirmed_at != today()
    return question.confirmed == _confirmed(team)


def is_for(team: SolutionTeam, question: Question) -> bool:
    """Tell whether a link was made for the team's current contact."""
    return bool(team.contact_email) and question.contact == _digest(team.contact_email)


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
