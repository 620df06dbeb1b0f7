"""Giving a request to another district: only once its resident has agreed, behind a mailed link.

The answer is kept here first. Then the other district takes the request in a transaction of its
own, by a key that it takes once; a failure in between is made up for in the night
(docs/decisions/0077-handing-on.md).
"""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from directory.contact import forwarding, services
from directory.contact.models import ContactRequest, Referral, ReferralState, RequestState
from directory.conversations import mails
from directory.conversations import services as conversations
from tenants.districts.models import District
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.signing.links import SignedLink, UsedUp
from wiq.submissions import services as submissions
from wiq.submissions.models import Origin
from wiq.submissions.services import Sent
from wiq.tenancy import PUBLIC, connection


class Question(NamedTuple):
    """The referral that is asked about."""

    referral: int


LINK = SignedLink(
    purpose="contact.referral",
    holds=Question,
    days=30,
    route="contact:referral",
    used_up=UsedUp.STATE,
)


def other_districts() -> list[District]:
    """Return the public districts to which a request can go."""
    here = connection.tenant.pk
    with schema_context(PUBLIC):
        found = District.objects.published().up_to_date().exclude(pk=here)
        return list(found.order_by("name"))


def _district(number: int) -> District | None:
    with schema_context(PUBLIC):
        found: District | None = District.objects.published().up_to_date().filter(pk=number).first()
        if found is not None:
            found.remember_host(found.host)
        return found


@transaction.atomic
def ask(request: ContactRequest, *, to: District, text: str, actor: Actor) -> Referral:
    """Ask the resident whether the request may go to another district; ``text`` goes with it.

    Raises ValidationError for a request that is not open, one without an e-mail address, and one
    about which the resident is being asked already.
    """
    held = submissions.locked(request)
    forwarding.check_open(held)
    if not held.email:
        raise ValidationError(
            _("Hier fehlt die E-Mail-Adresse. Bitte rufen Sie an und sagen Sie der Person, an wen sie sich wenden kann.")
        )  # fmt: skip
    if held.referrals.filter(state__in=(ReferralState.ASKED, ReferralState.AGREED)).exists():
        raise ValidationError(_("Wir haben die Person schon gefragt."))
    referral = Referral.objects.create(
        contact_request=held, district=to.pk, district_name=to.name, note=text.strip(),
        made_by=name_of(actor),
    )  # fmt: skip
    _note(
        held, _("Gefragt, ob die Anfrage an das Quartier „%s“ gehen darf.") % to.name, actor, text
    )
    audit.record_change("contactrequest.referral_asked", held, actor=actor)
    with translation.override(held.language):
        mails.write_to_resident(
            held,
            kind="contact.referral",
            subject=_("Dürfen wir Ihre Anfrage %s weitergeben?") % held.reference,
            paragraphs=[
                _("Ihre Anfrage gehört nach „Wir im Quartier – %s“. Das Team dort kann Ihnen besser helfen.") % to.name,
                _("Wenn Sie zustimmen, bekommt das Team dort: %s. Ohne Ihre Zustimmung geben wir nichts weiter.") % ", ".join(goes_along(referral)),
            ],
            button=_("Zustimmen oder ablehnen"),
            url=LINK.url(Question(referral.pk)),
        )  # fmt: skip
    return referral


def goes_along(referral: Referral) -> list[str]:
    """Return in words all that the other district gets, for whoever is asked."""
    request = referral.contact_request
    found = {
        _("Ihr Name"): request.name,
        _("Ihre E-Mail-Adresse"): request.email,
        _("Ihre Telefonnummer"): request.phone,
        _("Ihre Nachricht"): request.message,
        _("eine Notiz von unserem Team"): referral.note,
    }
    return [words for words, given in found.items() if given]


def _note(held: ContactRequest, words: str, actor: Actor, more: str = "") -> None:
    text = f"{words}\n\n{more.strip()}" if more.strip() else words
    conversations.note(submission=held, text=text, actor=actor)


def _answered(referral: Referral, state: ReferralState) -> Referral:
    """Keep the resident's answer, once. Raises ValidationError if there is one already."""
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    request = submissions.locked(row.contact_request)
    if row.state != ReferralState.ASKED or request.anonymised_at is not None:
        raise ValidationError(_("Danke, das haben Sie uns schon gesagt."))
    row.state, row.answered_at = state, timezone.now()
    row.save(update_fields=["state", "answered_at"])
    words = {
        ReferralState.AGREED: _("Die Person stimmt zu: Die Anfrage darf an „%s“ gehen."),
        ReferralState.DECLINED: _("Die Person möchte nicht, dass die Anfrage an „%s“ geht."),
    }
    with translation.override("de"):
        _note(request, words[state] % row.district_name, services.RESIDENT)
    return row


@transaction.atomic
def decline(referral: Referral) -> Referral:
    """Note that the resident does not agree. Raises ValidationError the second time."""
    row = _answered(referral, ReferralState.DECLINED)
    request = row.contact_request
    audit.record_change("contactrequest.referral_declined", request, actor=services.RESIDENT)
    return row


@transaction.atomic
def agree(referral: Referral) -> Referral:
    """Note that the resident agrees; ``carry`` follows. Raises ValidationError the second time."""
    row = _answered(referral, ReferralState.AGREED)
    request = row.contact_request
    audit.record_change("contactrequest.referral_agreed", request, actor=services.RESIDENT)
    return row


def carry(referral: Referral) -> Referral:
    """Take an agreed request to the other district, and close it here; repeating it does no harm.

    Where the other district is not public any more, it stays here and the team reads why.
    """
    if referral.state != ReferralState.AGREED:
        return referral
    there = _district(referral.district)
    if there is None:
        return _stays(referral)
    values = _values(referral.contact_request)
    key = _key(referral)
    here, number = connection.tenant.name, referral.contact_request.reference
    with tenant_context(there):
        reference = _take_in(values, key=key, here=here, number=number, note=referral.note)
    return _carried(referral, reference)


def _key(referral: Referral) -> str:
    """Return what the other district takes the request by, once.

    Nobody can guess it: strangers name keys of their own by the API, and whoever had used this one
    before would have their request taken for the one that was handed on.
    """
    about = f"{connection.schema_name}:{referral.pk}"
    return salted_hmac(LINK.purpose, about, algorithm="sha256").hexdigest()


def _values(request: ContactRequest) -> dict[str, Any]:
    same = ("name", "email", "phone", "language", "message")
    return {name: getattr(request, name) for name in same}


@transaction.atomic
def _take_in(values: dict[str, Any], *, key: str, here: str, number: str, note: str) -> str:
    """Accept the request in the current district, once; return its number."""
    known = ContactRequest.objects.filter(idempotency_key=key).first()
    if known is not None:
        return str(known.reference)
    made = services.accept(values, sent=Sent(Origin.DISTRICT, key=key))
    with translation.override("de"):
        words = _("Kommt aus dem Quartier „%(here)s“, dort Nummer %(number)s.")
        _note(made, words % {"here": here, "number": number}, audit.SYSTEM, note)
    return str(made.reference)


@transaction.atomic
def _carried(referral: Referral, reference: str) -> Referral:
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if row.state != ReferralState.AGREED:
        return row
    request = submissions.locked(row.contact_request)
    row.state, row.carried_as = ReferralState.CARRIED, reference
    row.save(update_fields=["state", "carried_as"])
    with translation.override("de"):
        words = _("Weitergegeben an „%(there)s“, dort Nummer %(number)s.")
        told = words % {"there": row.district_name, "number": reference}
        _note(request, told, audit.SYSTEM)
    services.set_state(request, RequestState.CLOSED, actor=audit.SYSTEM)
    return row


@transaction.atomic
def _stays(referral: Referral) -> Referral:
    row = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    row.state = ReferralState.DECLINED
    row.save(update_fields=["state"])
    with translation.override("de"):
        words = _("Das Quartier „%s“ ist nicht mehr öffentlich. Die Anfrage bleibt hier.")
        _note(row.contact_request, words % row.district_name, audit.SYSTEM)
    return row


def carried_to(request: ContactRequest) -> str:
    """Return the name of the district that a closed request was given to; "" where it was not."""
    if request.state != RequestState.CLOSED:
        return ""
    names = request.referrals.filter(state=ReferralState.CARRIED).order_by("-pk")
    return names.values_list("district_name", flat=True).first() or ""


def carry_agreed() -> int:
    """Carry over what a resident agreed to and what something kept from going; return how many."""
    waiting = list(
        Referral.objects.filter(state=ReferralState.AGREED).select_related("contact_request")
    )
    return len([referral for referral in waiting if carry(referral)])
