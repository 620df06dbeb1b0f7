"""The mails of a contact request: to the team, and a confirmation to the resident."""

from typing import Any

import structlog
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from directory.contact import links
from directory.contact.models import ContactRequest, RequestKind
from directory.conversations import addresses, promises, writing
from directory.conversations import services as conversations
from directory.people.addressees import support_or_coordinators
from directory.people.choices import TeamKind
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.mail.models import Message
from wiq.mail.writing import write, write_letter
from wiq.mail_addresses import reaches_everybody
from wiq.outbox.budget import Budget
from wiq.tenancy import connection
from wiq.web.hosts import on_district

log = structlog.get_logger(__name__)
TEAM_KIND, CONFIRMATION_KIND = "contact.team", "contact.confirmation"
HOW_TO_ANSWER = _later(
    "Antworten Sie einfach auf diese E-Mail: Die Person bekommt Ihre Antwort von uns, und das ganze Team sieht sie."
)


# Only the coordination of the whole site can fix these.
FOR_THE_COORDINATION = (RequestKind.CHANGE, RequestKind.BARRIER)


def recipients(contact_request: ContactRequest) -> list[str]:
    """Return the addresses that a request goes to.

    Its solution team's address, else its team's, else the support team's, else the coordinators'.
    """
    solution_team, team = contact_request.solution_team, contact_request.team
    if contact_request.kind not in FOR_THE_COORDINATION:
        if solution_team is not None and solution_team.contact_email:
            return [solution_team.contact_email]
        if team is not None and team.contact_email:
            return [team.contact_email]
    return support_or_coordinators()


def addressee(contact_request: ContactRequest) -> str:
    """Return in the current language who a request's mail really goes to, and for whom.

    A team without an address of its own is read for by the support team.
    """
    if contact_request.kind in FOR_THE_COORDINATION:
        return support_team()
    of_all: tuple[SolutionTeam | Team | None, ...]
    of_all = (contact_request.solution_team, contact_request.team)
    wished = next((team for team in of_all if team is not None), None)
    if wished is None or _is_support(wished):
        return support_team()
    if wished.contact_email:
        return wished.name
    return _("%(reader)s, für „%(name)s“") % {"reader": support_team(), "name": wished.name}


def support_team() -> str:
    """Return what the team is called that reads whatever nobody else reads."""
    return _("Unterstützungsteam")


def _is_support(team: SolutionTeam | Team) -> bool:
    return isinstance(team, Team) and team.kind == TeamKind.SUPPORT


def reply_address(contact_request: ContactRequest) -> str:
    """Return the request's own reply address; empty where no mail comes in."""
    return addresses.reply_address(writing.conversation_of(contact_request))


def write_team_mails(contact_request: ContactRequest, *, note: str = "") -> list[Message]:
    """Write one mail for each recipient of the request, with its own signed links.

    ``note`` is what somebody of the team says to a team that gets it later.
    """
    team = recipients(contact_request)
    # The links name a mail by its place among all that a team got about it.
    first = Message.objects.about(contact_request).filter(kind=TEAM_KIND).count()
    if not team:
        # The request is in the inbox, but somebody has to learn that nobody gets a mail.
        log.error("contact.nobody_to_mail", reference=contact_request.reference)
    here = reply_address(contact_request) if contact_request.email else ""
    with translation.override("de"):
        subject = _("Neue Anfrage %(reference)s (%(district)s)")
        if contact_request.is_registration:
            subject = _("Neue Anmeldung %(reference)s (%(district)s)")
        said = {"reference": contact_request.reference, "district": connection.tenant.name}
        return [
            _write(
                "team",
                contact_request,
                kind=TEAM_KIND,
                to=address,
                reply_to=here or contact_request.email,
                note=note,
                is_shared=bool(here),
                by_hand=not here and not reaches_everybody(contact_request.email),
                subject=subject % said,
                take_url=links.link(contact_request, "taken", index),
                answered_url=links.link(contact_request, "answered", index),
            )
            for index, address in enumerate(team, first)
        ]


def write_confirmation(contact_request: ContactRequest) -> Message | None:
    """Write the resident's confirmation without anything that was typed, not even the name.

    The typed address may be another person's, who must not get a stranger's words.
    """
    if not contact_request.email:
        return None
    with translation.override(contact_request.language):
        subject = _("Ihre Anfrage %s ist eingegangen")
        if contact_request.is_registration:
            subject = _("Ihre Anmeldung %s ist angekommen")
        return _write(
            "confirmation",
            contact_request,
            kind=CONFIRMATION_KIND,
            to=contact_request.email,
            budget=Budget.CONFIRMATION,
            reply_to=reply_address(contact_request),
            subject=subject % contact_request.reference,
            status_url=links.status_url(contact_request),
            answer_by=promises.of(contact_request),
        )


def write_follow_up(
    contact_request: ContactRequest, occasion: str, *, text: str = "", sender: str = ""
) -> None:
    """Tell whoever has a request (else whom it went to) what its resident said or did.

    ``occasion`` is ``replied`` (by mail), ``written`` (by mail, by somebody else: ``sender``),
    ``added``, ``settled`` or ``unsettled`` (on the status page); ``text`` is what was said.
    """
    with translation.override("de"):
        subjects, words = _of_follow_ups(contact_request)
        account = conversations.in_charge_of(conversations.held(contact_request))
        here = reply_address(contact_request) if contact_request.email else ""
        for address in [account.email] if account is not None else recipients(contact_request):
            write_letter(
                kind=f"contact.{occasion}",
                to=address,
                reply_to=here or contact_request.email,
                subject=subjects[occasion] % contact_request.reference,
                about=contact_request,
                paragraphs=[words[occasion] % (sender or contact_request.name)],
                quote=text,
                button=_("Anfrage in der Koordination öffnen"),
                url=on_district("desk_letter", contact_request.reference),
                small=_how_to_answer(contact_request, sender) if here else [],
            )


def _of_follow_ups(contact_request: ContactRequest) -> tuple[dict[str, str], dict[str, str]]:
    """Return the subjects and first sentences of follow-ups, by occasion."""
    subjects = {
        "replied": _("Antwort zur Anfrage %s"),
        "written": _("E-Mail zur Anfrage %s"),
        "added": _("Ergänzung zur Anfrage %s"),
        "settled": _("Hat sich erledigt: Anfrage %s"),
        "unsettled": _("Doch noch offen: Anfrage %s"),
    }
    words = {
        "replied": _("%s hat geantwortet:"),
        "written": _("%s hat zu dieser Anfrage geschrieben:"),
        "added": _("%s hat auf der Statusseite etwas ergänzt:"),
        "settled": _("%s sagt auf der Statusseite: Das hat sich erledigt. Sie müssen nichts mehr tun."),
        "unsettled": _("%s sagt auf der Statusseite: Das ist doch noch offen. Bitte kümmern Sie sich wieder darum."),
    }  # fmt: skip
    if contact_request.is_registration:
        subjects |= {"settled": _("Abmeldung: %s"), "unsettled": _("Kommt doch: Anmeldung %s")}
        words |= {
            "settled": _("%s sagt auf der Statusseite: Ich komme nicht."),
            "unsettled": _("%s sagt auf der Statusseite: Ich komme doch."),
        }
    return subjects, words


def _how_to_answer(contact_request: ContactRequest, sender: str) -> list[str]:
    """Return how a mail about a request is answered, and who gets that answer."""
    if not sender:
        return [str(HOW_TO_ANSWER)]
    words = _(
        "Wenn Sie auf diese E-Mail antworten, bekommt %(name)s Ihre Antwort, nicht %(sender)s."
    )
    return [words % {"name": contact_request.name, "sender": sender}]


def _write(template: str, contact_request: ContactRequest, **mail: Any) -> Message:
    """Write one mail about a request."""
    return write(
        f"contact/mail/{template}",
        about=contact_request,
        contact_request=contact_request,
        team_name=addressee(contact_request),
        **mail,
    )


def recipient_of(contact_request: ContactRequest, index: int) -> str:
    """Return the recipient of the team mail with this number, or an empty text."""
    sent = Message.objects.about(contact_request).filter(kind=TEAM_KIND).order_by("pk")
    addresses = list(sent.values_list("to", flat=True))
    return addresses[index] if 0 <= index < len(addresses) else ""
