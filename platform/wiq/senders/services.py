"""A district's own sender: chosen, proven, looked after, and left where it would cost mails."""

from datetime import timedelta

import dns.exception
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.mail_addresses import for_sending, parts
from wiq.senders import facts
from wiq.senders.facts import Facts
from wiq.senders.models import Sender
from wiq.tenancy import connection, current_district_id

EVERY = timedelta(days=7)
log = structlog.get_logger(__name__)


def proof_text(sender: Sender) -> str:
    """Return the text of the record that proves the sender's domain."""
    return f"wiq-absender={sender.proof}"


def chosen() -> Sender | None:
    """Return the current district's own sender, usable or not; None on the platform."""
    number = current_district_id()
    return Sender.objects.filter(district_id=number).first() if number else None


def current() -> Sender | None:
    """Return the sender under which the current district writes; None: the platform's."""
    found = chosen()
    return found if found is not None and found.is_usable else None


@transaction.atomic
def choose(address: str, selector: str, *, actor: Actor) -> Sender:
    """Choose an address to write from. Nothing changes until its domain is proven.

    Raises ValidationError for an address that is none, or of the platform's own domain.
    """
    number = current_district_id()
    if number is None:
        raise ValidationError(_("Das geht nur in einem Quartier."))
    try:
        address = for_sending(address).lower()
    except UnicodeError:
        raise ValidationError(_("Das ist keine Adresse: %s") % address) from None
    domain = parts(address)[1]
    ours = (settings.WIQ_DOMAIN, settings.WIQ_REPLY_DOMAIN, facts.platform_domain())
    if any(domain == one or domain.endswith(f".{one}") for one in ours) or not address.isascii():
        raise ValidationError(_("Bitte eine Adresse Ihrer eigenen Domain, ohne Umlaute vor dem @."))
    Sender.objects.filter(district_id=number).exclude(address=address).delete()
    made, _is_new = Sender.objects.update_or_create(
        district_id=number, address=address,
        defaults={"selector": selector.strip().lower(), "name": connection.tenant.name[:120]},
    )  # fmt: skip
    audit.record_event("sender.chosen", made, actor=actor, details={"domain": domain})
    return made


@transaction.atomic
def drop(sender: Sender, *, actor: Actor) -> None:
    """Write under the platform's sender again."""
    audit.record_event("sender.dropped", sender, actor=actor, details={"domain": sender.domain})
    sender.delete()


def check(sender: Sender, *, actor: Actor) -> Sender:
    """Ask the DNS anew and act on it. Raises ValidationError where it gives no answer.

    What is not known changes nothing: a DNS that is away for a night ends no sender.
    """
    try:
        found = facts.of(
            sender.domain, reply_domain=sender.reply_domain, selector=sender.selector,
            proof=proof_text(sender),
        )  # fmt: skip
    except dns.exception.DNSException:
        raise ValidationError(
            _("Das DNS hat nicht geantwortet. Bitte später noch einmal.")
        ) from None
    return _act_on(sender, found, actor)


@transaction.atomic
def _act_on(sender: Sender, found: Facts, actor: Actor) -> Sender:
    held: Sender = Sender.objects.select_for_update().get(pk=sender.pk)
    was = held.is_usable
    held.facts, held.checked_at = found.kept(), timezone.now()
    held.is_usable, held.replies_here = found.is_usable, found.answers_come
    held.refused = ""
    held.save()
    details = {"domain": held.domain}
    if held.is_usable and not was:
        audit.record_event("sender.proven", held, actor=actor, details=details)
    if was and not held.is_usable:
        audit.record_event("sender.left", held, actor=actor, details=details)
    return held


def fall_back(sender: Sender, words: str) -> None:
    """Leave a sender that the mail server refuses, before a mail is lost over it."""
    changed = Sender.objects.filter(pk=sender.pk, is_usable=True).update(
        is_usable=False, refused=words[:250]
    )
    if changed:
        details = {"domain": sender.domain}
        audit.record_event("sender.left", sender, actor=audit.SYSTEM, details=details)
        log.warning("sender.left", district_id=sender.district_id, words=words)


def check_due() -> int:
    """Ask the DNS about the current district's sender once a week; return how many were asked."""
    number = current_district_id()
    if number is None:
        return 0
    due = Sender.objects.filter(
        Q(checked_at__isnull=True) | Q(checked_at__lte=timezone.now() - EVERY),
        district_id=number,
    )
    done = 0
    for sender in due:
        try:
            check(sender, actor=audit.SYSTEM)
            done += 1
        except ValidationError:  # asked again tomorrow
            continue
    return done


def reply_domains() -> set[str]:
    """Return all domains at which answers and returned mails come in. In the public schema."""
    own = Sender.objects.usable().filter(replies_here=True)
    return {settings.WIQ_REPLY_DOMAIN, *(sender.reply_domain for sender in own)}


def reply_domain() -> str:
    """Return the domain for answers to the current district's mails."""
    sender = current()
    return sender.reply_domain if sender and sender.replies_here else settings.WIQ_REPLY_DOMAIN
