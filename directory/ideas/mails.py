"""The mails about an idea: to the support team, and to its bringer."""

from django.utils import translation
from django.utils.translation import gettext as _

from directory.conversations import addresses, promises, writing
from directory.conversations import services as conversations
from directory.ideas.models import Idea, IdeaState
from directory.people.addressees import support_or_coordinators
from wiq.mail.models import Message
from wiq.mail.writing import write
from wiq.outbox.budget import Budget
from wiq.web.hosts import on_district


def status_url(idea: Idea) -> str:
    """Return the address of the bringer's status page."""
    with translation.override(idea.language):
        return on_district("ideas:status", idea.token)


def desk_url(idea: Idea) -> str:
    """Return the address of the idea at the desk."""
    return on_district("desk_letter", idea.reference)


def addressees(idea: Idea) -> list[str]:
    """Return the addresses of the team that an idea's mails go to."""
    return support_or_coordinators()


def reply_address(idea: Idea) -> str:
    """Return the idea's own reply address; empty where no mail comes in."""
    return addresses.reply_address(writing.conversation_of(idea))


def write_to_team(idea: Idea, occasion: str, *, note: str = "", sender: str = "") -> None:
    """Tell the support team (else the coordinators) about a new, moved or answered idea.

    ``occasion`` is ``new``, ``reply``, ``written`` (by somebody else: ``sender``), ``withdrawn``
    or ``again``. Whoever has it in charge is told alone.
    """
    account = conversations.in_charge_of(conversations.held(idea)) if occasion != "new" else None
    team = [account.email] if account is not None else addressees(idea)
    with translation.override("de"):
        subjects = {
            "new": _("Neue Idee %(reference)s: %(title)s"),
            "reply": _("Antwort zur Idee %(reference)s: %(title)s"),
            "written": _("E-Mail zur Idee %(reference)s: %(title)s"),
            "withdrawn": _("Zurückgezogen: Idee %(reference)s"),
            "again": _("Doch nicht zurückgezogen: Idee %(reference)s"),
        }
        here = reply_address(idea) if idea.email and occasion != "withdrawn" else ""
        subject = subjects[occasion] % {"reference": idea.reference, "title": idea.title}
        for address in team:
            write(
                "ideas/mail/team",
                kind=f"ideas.team.{occasion}",
                to=address,
                reply_to=here or idea.email,
                is_shared=bool(here),
                subject=subject,
                about=idea,
                idea=idea,
                occasion=occasion,
                note=note,
                from_others=sender,
                desk_url=desk_url(idea),
            )


def write_to_bringer(idea: Idea, occasion: str, *, note: str = "") -> Message | None:
    """Tell the bringer that the idea has arrived, or what is new about it.

    ``occasion`` is ``received`` or ``moved``. The mail holds the team's note but nothing that the
    bringer typed, because the typed address may be another person's.
    Returns None where there is no address.
    """
    if not idea.email:
        return None
    with translation.override(idea.language):
        subjects = {
            "received": _("Ihre Idee %s ist eingegangen"),
            "moved": _("Neues zu Ihrer Idee %s"),
            "asked": _("Wir haben eine Frage zu Ihrer Idee %s"),
        }
        asks = occasion == "moved" and idea.state == IdeaState.NEEDS_INFO
        return write(
            "ideas/mail/bringer",
            kind=f"ideas.bringer.{occasion}",
            to=idea.email,
            budget=Budget.CONFIRMATION if occasion == "received" else None,
            subject=subjects["asked" if asks else occasion] % idea.reference,
            reply_to=reply_address(idea),
            about=idea,
            idea=idea,
            occasion=occasion,
            note=note,
            answer_by=promises.of(idea) if occasion == "received" else None,
            status_url=status_url(idea),
        )
