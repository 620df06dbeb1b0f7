"""Proving with a mailed code that somebody reads the requests' mailbox."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from directory.contact.models import MailboxProof
from directory.people import services as people
from directory.people.models import Team
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.mail.writing import write_letter
from wiq.mail_addresses import is_at
from wiq.outbox.budget import Budget
from wiq.signing.codes import ATTEMPTS, VALID, digest, fits, new_code
from wiq.submissions.rules import check_email

PURPOSE = "wiq.mailbox"


def current() -> MailboxProof | None:
    """Return the proof for the current mailbox, if a code was ever sent there."""
    team = Team.objects.support().first()
    if team is None or not team.contact_email:
        return None
    return MailboxProof.objects.filter(is_at("email", team.contact_email)).order_by("-pk").first()


def is_proven() -> bool:
    """Tell whether somebody has proven to read the current mailbox."""
    proof = current()
    return proof is not None and proof.proven_at is not None


def unproven() -> str:
    """Return the address whose code is still to be typed; an empty text if there is none."""
    proof = current()
    return proof.email if proof is not None and proof.proven_at is None else ""


@transaction.atomic
def ask(email: str, *, actor: Actor) -> MailboxProof:
    """Give the support team this address and mail a code there; older codes become invalid.

    Raises ValidationError for an invalid address, and if there is no support team yet.
    """
    email = check_email(email)
    if not email:
        raise ValidationError(_("Bitte geben Sie die E-Mail-Adresse an."))
    team = Team.objects.support().first()
    if team is None:
        raise ValidationError(_("Bitte legen Sie zuerst das Unterstützungsteam an."))
    if team.contact_email != email:
        team.contact_email = email
        people.save(team, actor=actor)
    MailboxProof.objects.all().delete()
    code = new_code()
    proof = MailboxProof.objects.create(email=email, code_hash=digest(PURPOSE, code))
    audit.record_event("mailbox.asked", proof, actor=actor)
    with translation.override("de"):
        write_letter(
            kind="contact.mailbox",
            to=email,
            subject=_("Ihr Code für „Wir im Quartier“"),
            about=proof,
            budget=Budget.CODE,
            paragraphs=[
                _("an diese Adresse sollen die Anfragen aus dem Quartier gehen. Bitte tragen Sie dort, wo Sie nach dem Code gefragt werden, diese sechs Ziffern ein. Sie gelten 30 Minuten."),
            ],
            quote=code,
            small=[_("Sie haben keinen Code angefordert? Dann müssen Sie nichts tun.")],
        )  # fmt: skip
    return proof


def prove(code: str, *, actor: Actor) -> MailboxProof:
    """Accept the mailed code. Raises ValidationError if it is wrong, old or tried too often."""
    with transaction.atomic():
        proof = MailboxProof.objects.select_for_update().order_by("-pk").first()
        if proof is None or proof.created_at < timezone.now() - VALID:
            raise ValidationError(
                _("Der Code ist abgelaufen. Bitte lassen Sie sich einen neuen schicken.")
            )
        if proof.attempts >= ATTEMPTS:
            raise ValidationError(
                _("Das war zu oft falsch. Bitte lassen Sie sich einen neuen Code schicken.")
            )
        is_right = fits(PURPOSE, code, proof.code_hash)
        proof.attempts += 1
        if is_right:
            proof.proven_at = timezone.now()
            audit.record_change("mailbox.proven", proof, actor=actor)
        proof.save(update_fields=["attempts", "proven_at"])
    if not is_right:
        raise ValidationError(
            _("Dieser Code stimmt nicht. Bitte sehen Sie noch einmal in der E-Mail nach.")
        )
    return proof
