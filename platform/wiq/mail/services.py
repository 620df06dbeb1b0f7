"""Writing mails and passing them to the mail server."""

import smtplib
from collections.abc import Collection
from datetime import timedelta
from email.utils import formataddr

import structlog
from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wiq.database.locks import one_at_a_time
from wiq.mail import refused
from wiq.mail.carrying import carried_by
from wiq.mail.models import Message
from wiq.mail.pace import domain_key
from wiq.mail.return_paths import return_path
from wiq.mail_addresses import for_sending, is_at, reaches_everybody
from wiq.outbox import services as outbox
from wiq.outbox.budget import Budget, spend
from wiq.outbox.failures import read_failure
from wiq.outbox.verdicts import About
from wiq.senders import services as senders
from wiq.senders.models import Sender
from wiq.tenancy import connection, current_district_id
from wiq.typed import for_xml

log = structlog.get_logger(__name__)
# Header lines stay short; a thread that has more still hangs together by its first id.
THREAD_MOST = 20
JUST_NOW = timedelta(minutes=1)
# Mails to accounts stay to see at the desk that an invitation went out, and no longer.
KEPT = timedelta(days=90)
# What a person wrote at the desk is no automatic mail (RFC 3834, 5.1).
BY_PEOPLE = ".answer"
# Said to a sender that the account does not own (Postfix, reject_sender_login_mismatch).
NOT_YOURS = 553


@transaction.atomic
def enqueue(
    *,
    kind: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    reply_to: str = "",
    language: str = "de",
    about: models.Model | None = None,
    unsubscribe_url: str = "",
    budget: Budget | None = None,
) -> Message:
    """Write a mail and its outbox pointer, both in the caller's transaction.

    The ``kind`` ends in ``.answer`` where a person wrote the words.
    The mail is sent after that transaction commits, and only then. With a ``budget`` it is counted
    for its mailbox; one too many is kept without its content, and never sent (``is_withheld``).
    """
    if budget is not None and not spend(to, budget):
        return withhold(kind=kind, to=to, subject=subject, language=language, about=about)
    message = Message.objects.create(
        kind=kind,
        to=to,
        subject=as_one_line(subject),
        text=for_xml(text),
        html=for_xml(html),
        # A Reply-To that some servers can't carry would cost the whole mail.
        reply_to=reply_to if reaches_everybody(reply_to) else "",
        language=language,
        unsubscribe_url=unsubscribe_url,
        about_type=about._meta.label_lower if about else "",
        about_id=about.pk if about else None,
    )
    pointer = outbox.point_to(
        message.uuid, district_id=current_district_id(), domain=domain_key(message.to)
    )
    if refused.is_held(message):
        outbox.hold(pointer, refused.HELD)
    return message


def as_one_line(subject: str) -> str:
    """Return a subject as a header carries it: a line break would let its writer add a header."""
    return " ".join(for_xml(subject).split())[:250]


def wrote_just_now(kind: str, to: str) -> bool:
    """Tell whether the same kind of mail to this address is less than a minute old.

    Whoever asks at the same moment waits for the end of the other's transaction.
    """
    one_at_a_time(f"{connection.schema_name} {kind} {to.lower()}")
    since = timezone.now() - JUST_NOW
    return Message.objects.filter(is_at("to", to), kind=kind, created_at__gt=since).exists()


def withhold(
    *, kind: str, to: str, subject: str, language: str, about: models.Model | None
) -> Message:
    """Note that a mail was not sent, because its mailbox gets enough: without its content."""
    log.info("mail.withheld", kind=kind)
    return Message.objects.create(
        kind=kind,
        to=to,
        subject=as_one_line(subject),
        text="",
        language=language,
        about_type=about._meta.label_lower if about else "",
        about_id=about.pk if about else None,
    )


def is_withheld(message: Message) -> bool:
    """Tell whether a mail was never to be sent."""
    return message.sent_at is None and not message.text


def message_id(message: Message) -> str:
    """Return the mail's Message-ID: the same for every attempt.

    SMTP delivers at least once; with a stable id (RFC 5322, 3.6.4) mail programs recognise the
    second copy.
    """
    return f"<{message.uuid}@{_domain()}>"


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")


def thread_of(message: Message) -> list[str]:
    """Return the ids that this mail refers to (RFC 5322, 3.6.4), the one it follows last.

    The mails about a submission are one thread. Its first id is of no mail: the team and the
    resident get different ones, and an answer from one to the other belongs to both.
    """
    model = apps.get_model(message.about_type) if message.about_type else None
    if not getattr(model, "MAILS_ARE_ONE_THREAD", False):
        return []
    about = f"{connection.schema_name}:{message.about_type}:{message.about_id}"
    root = salted_hmac("wiq.mail.thread", about, algorithm="sha256").hexdigest()[:32]
    earlier = Message.objects.filter(
        is_at("to", message.to), pk__lt=message.pk, about_type=message.about_type,
        about_id=message.about_id,
    ).exclude(text="").order_by("-pk")[:THREAD_MOST]  # fmt: skip
    return [f"<{root}@{_domain()}>", *map(message_id, reversed(earlier))]


def send(message: Message) -> None:
    """Pass one mail to the mail server; errors of smtplib go to the caller.

    From is the district's own sender if it has one, else the platform: mail in a resident's name
    would fail DMARC. Answers go to Reply-To. An own sender that is refused costs no mail.
    """
    sender = senders.current()
    if sender is None:
        _hand_over(message, None)
        return
    try:
        _hand_over(message, sender)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        failure = read_failure(error)
        if error.smtp_code < 500 or failure.about not in (About.REFUSED, About.SERVER):
            raise
        senders.fall_back(sender, failure.words)
        _hand_over(message, None)


def _hand_over(message: Message, sender: Sender | None) -> None:
    """Pass a mail on with its return path; without it where the mail server takes none but From.

    Such a relay lets an account send as itself alone ("553 … not owned by user").
    """
    own = sender.reply_domain if sender and sender.replies_here else settings.WIQ_REPLY_DOMAIN
    path = return_path(message, own)
    try:
        _written(message, sender, path or _from(sender)).send()
    except smtplib.SMTPSenderRefused as error:
        if not path or sender is not None or error.smtp_code != NOT_YOURS:
            raise
        log.warning("mail.return_path_refused", code=error.smtp_code)
        _written(message, sender, _from(sender)).send()


def _headers(message: Message, sender: Sender | None) -> dict[str, str]:
    """Return the header of a mail. Django takes from_email for the envelope, From from here."""
    headers = {
        "From": _from(sender),
        "Message-ID": message_id(message),
        "Content-Language": message.language,
    }
    if not message.kind.endswith(BY_PEOPLE):
        headers["Auto-Submitted"] = "auto-generated"
    thread = thread_of(message)
    if thread:
        headers["References"] = " ".join(thread)
    if len(thread) > 1:
        headers["In-Reply-To"] = thread[-1]
    if message.unsubscribe_url:
        # One click in the mail program unsubscribes, without opening a page (RFC 8058).
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _from(sender: Sender | None) -> str:
    return formataddr((sender.name, sender.address)) if sender else settings.DEFAULT_FROM_EMAIL


def _written(message: Message, sender: Sender | None, envelope: str) -> EmailMultiAlternatives:
    # Cleaned once more: an older version may have written it.
    email = EmailMultiAlternatives(
        subject=for_xml(message.subject),
        body=for_xml(message.text),
        from_email=envelope,
        to=[for_sending(message.to)],
        reply_to=[for_sending(message.reply_to)] if message.reply_to else None,
        headers=_headers(message, sender),
    )
    if message.html:
        email.attach_alternative(for_xml(message.html), "text/html")
    for file in carried_by(message):
        email.attach(file.name, file.content, file.kind)
    return email


def mark_sent(messages: Collection[Message]) -> None:
    """Note when the mail server accepted these mails: just now."""
    # An UPDATE, which may match no row: a mail may be erased while it is being sent.
    Message.objects.filter(pk__in=[one.pk for one in messages]).update(sent_at=timezone.now())


def forget_old() -> int:
    """Delete mails to accounts, and those about nothing, that were written long ago.

    All others go with the request, idea, application or subscription that they are about.
    """
    of_accounts = models.Q(about_type="") | models.Q(about_type__startswith="accounts.")
    return forget(Message.objects.filter(of_accounts, created_at__lt=timezone.now() - KEPT))


@transaction.atomic
def forget(messages: models.QuerySet[Message]) -> int:
    """Delete mails, sent or not, with their pointers; return how many mails there were."""
    uuids = list(messages.values_list("uuid", flat=True))
    outbox.forget(uuids)
    messages.delete()
    return len(uuids)
