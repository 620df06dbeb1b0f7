"""Codes that let a link of the team's mail act.

Whoever answers the team's mail quotes it, links and all, to the resident. So a link only opens a
page; a code, mailed to the team's own mailbox when somebody asks for it there, lets it act
(decision 40).
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from directory.contact import links, mails, services
from directory.contact.models import ContactRequest, LinkCode
from directory.conversations import being_here
from directory.conversations import services as conversations
from wiq.audit import services as audit
from wiq.mail.writing import write_letter
from wiq.outbox.budget import Budget
from wiq.signing.codes import digest, new_code
from wiq.signing.mailed_codes import check_may_ask, is_typed_right, waiting_among, wrong
from wiq.submissions.rules import check_name

PURPOSE = "wiq.contact.link"


def waiting_for(move: links.Move) -> LinkCode | None:
    """Return the code that can still be typed in for this link; None if there is none."""
    return waiting_among(_of(move))


@transaction.atomic
def ask(contact_request: ContactRequest, move: links.Move) -> LinkCode:
    """Mail a new code to the link's mailbox; older ones no longer hold.

    Raises ValidationError if the last one is not a minute old, if there were five today, or if
    the mail of the link is gone.
    """
    held = ContactRequest.objects.select_for_update(of=("self",)).get(pk=contact_request.pk)
    to = mails.recipient_of(held, move.recipient)
    if not to:
        raise ValidationError(_("Bitte melden Sie sich in der Koordination an."))
    check_may_ask(
        _of(move),
        enough=_("Heute gibt es keinen Code mehr. Bitte melden Sie sich in der Koordination an."),
    )
    code = new_code()
    row = LinkCode.objects.create(
        contact_request=held, recipient=move.recipient, code_hash=digest(PURPOSE, code)
    )
    audit.record_event("contactrequest.code_sent", held, actor=audit.MAIL_LINK)
    _write(held, row, to=to, code=code)
    return row


def move_with(
    contact_request: ContactRequest, move: links.Move, typed: str, *, name: str = ""
) -> ContactRequest:
    """Do what a link says, once, for whoever types the code of its mailbox.

    ``name`` is who takes the request: an account of that name gets it, else the name is kept.
    Raises ValidationError if the code is wrong, old, used or was tried too often, and where
    somebody takes it without a name.
    """
    with transaction.atomic():
        # The same order as in ``ask``: first the request, then its codes.
        held = ContactRequest.objects.select_for_update(of=("self",)).get(pk=contact_request.pk)
        if is_typed_right(waiting_for(move), PURPOSE, typed):
            return services.set_state(
                held,
                links.ACTIONS[move.action],
                actor=audit.MAIL_LINK,
                who=_who(held, move, name),
                only_from=links.ONLY_FROM[move.action],
            )
    raise wrong()


def _who(contact_request: ContactRequest, move: links.Move, name: str) -> str:
    """Return who acts: an account's address, the typed name, or the mailbox of the link.

    Raises ValidationError where several people read the mailbox and nobody says who takes it.
    """
    mailbox = mails.recipient_of(contact_request, move.recipient)
    account = being_here.colleague_called(name) or conversations.colleague(mailbox)
    if account is not None:
        return str(account.email)
    if move.action == "taken":
        return check_name(name)
    return mailbox


def _of(move: links.Move) -> models.QuerySet[LinkCode]:
    return LinkCode.objects.filter(contact_request=move.request, recipient=move.recipient)


def _write(contact_request: ContactRequest, row: LinkCode, *, to: str, code: str) -> None:
    with translation.override("de"):
        write_letter(
            kind="contact.code",
            to=to,
            subject=_("Ihr Code zur Anfrage %s") % contact_request.reference,
            about=row,
            budget=Budget.CODE,
            paragraphs=[
                _("jemand hat auf einen Link in der E-Mail zu dieser Anfrage gedrückt. Wenn Sie das waren: Bitte tragen Sie auf der Seite diese sechs Ziffern ein. Sie gelten 30 Minuten."),
            ],
            quote=code,
            small=[_("Sie waren das nicht? Dann müssen Sie nichts tun. Bitte geben Sie die Ziffern nicht weiter.")],
        )  # fmt: skip
