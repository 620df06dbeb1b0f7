"""Inviting people to an account: by mail, with a link that expires and can be revoked."""

from typing import NamedTuple

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wiq.accounts import services
from wiq.accounts.models import INVITATION_VALID as VALID
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import WORKS, Role, check_role_here
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.database.locks import one_at_a_time
from wiq.mail.writing import write_letter
from wiq.mail_addresses import is_at, of_account
from wiq.signing.links import SignedLink, UsedUp
from wiq.tenancy import connection
from wiq.typed import line
from wiq.web.hosts import on_this_host


class Invited(NamedTuple):
    """The invitation that a link accepts, and the number of the link's mail."""

    invitation: int
    link_number: int


LINK = SignedLink(
    purpose="accounts.invitation",
    holds=Invited,
    # The invitation's row has its own deadline; for a year, the page says that it is over.
    days=365,
    route="invitation",
    used_up=UsedUp.NUMBER,
    language="de",
)


@transaction.atomic
def invite(*, email: str, role: Role, actor: Actor, name: str = "") -> Invitation:
    """Invite somebody by mail; an open invitation gets a fresh link.

    Raises ValidationError for an invalid address, one that has an account here, a role that this
    host does not have, and a support visit.
    """
    services.check_is_no_visit(actor)
    email = of_account(email)
    check_role_here(role)
    # Of two who invite the same person, one waits and finds the other's invitation.
    one_at_a_time(f"{connection.schema_name} invitations")
    services.check_free(email)
    open_one = Invitation.objects.open().select_for_update().filter(is_at("email", email)).first()
    if open_one is not None:
        open_one.role = role
        open_one.save(update_fields=["role"])
        return resend(open_one, actor=actor)
    who = name_of(actor)
    invitation = Invitation(
        email=email, name=line(name).strip(), role=role, invited_by=who,
        expires_at=timezone.now() + VALID,
    )  # fmt: skip
    invitation.full_clean()
    invitation.save()
    audit.record_change("invitation.sent", invitation, actor=actor, details={"role": str(role)})
    _mail(invitation)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Mail a fresh link; older ones stop working. Raises ValidationError if it is too late."""
    services.check_is_no_visit(actor)
    locked = _open(invitation)
    locked.link_number += 1
    locked.expires_at = timezone.now() + VALID
    locked.save(update_fields=["link_number", "expires_at"])
    audit.record_event("invitation.resent", locked, actor=actor)
    _mail(locked)
    return locked


@transaction.atomic
def revoke(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Revoke an invitation: its link stops working at once."""
    services.check_is_no_visit(actor)
    locked = _open(invitation)
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    audit.record_change("invitation.revoked", locked, actor=actor)
    return locked


@transaction.atomic
def accept(invitation: Invitation, *, name: str, password: str) -> User:
    """Create the account of an invited person. Raises ValidationError."""
    locked = _open(invitation)
    role = Role(locked.role)
    user = services.create_account(email=locked.email, role=role, name=name, password=password)
    locked.accepted_at = timezone.now()
    locked.save(update_fields=["accepted_at"])
    audit.record_change("invitation.accepted", locked, actor=user)
    return user


def _open(invitation: Invitation) -> Invitation:
    locked: Invitation | None = (
        Invitation.objects.open().select_for_update().filter(pk=invitation.pk).first()
    )
    if locked is None:
        raise ValidationError(_("Diese Einladung ist schon angenommen oder zurückgenommen."))
    return locked


def link(invitation: Invitation) -> str:
    """Return the address of the page that accepts the invitation."""
    return LINK.url(Invited(invitation.pk, invitation.link_number))


def of_link(held: Invited) -> Invitation | None:
    """Return the invitation of a link; None if the link no longer works."""
    return (
        Invitation.objects.open()
        .filter(pk=held.invitation, link_number=held.link_number, expires_at__gt=timezone.now())
        .first()
    )


def welcome(user: User) -> None:
    """Mail the owner of an account that somebody made a link to choose a password."""
    key = (user_pk_to_url_str(user), default_token_generator.make_token(user))
    with translation.override("de"):
        where = WORKS[Role(user.role)]
        write_letter(
            kind="accounts.welcome",
            to=user.email,
            subject=_("Ihr Konto bei „Wir im Quartier“ (%s)") % _place(),
            about=user,
            paragraphs=[
                _(
                    "bei „Wir im Quartier – %(place)s“ gibt es jetzt ein Konto für Sie. Damit arbeiten Sie %(where)s mit."
                )
                % {"place": _place(), "where": where},
                _("Mit diesem Link wählen Sie Ihr Passwort. Er gilt drei Tage."),
            ],
            button=_("Passwort wählen"),
            url=on_this_host("account_reset_password_from_key", *key),
            small=[
                _("Der Link gilt nicht mehr? Einen neuen bekommen Sie hier: %s")
                % on_this_host("account_reset_password"),
                _("Sie erwarten kein Konto? Dann müssen Sie nichts tun."),
            ],
        )


def _place() -> str:
    return getattr(connection.tenant, "name", "") or _("Plattform")


def _mail(invitation: Invitation) -> None:
    place = _place()
    with translation.override("de"):
        where = WORKS[Role(invitation.role)]
        until = date_format(timezone.localtime(invitation.expires_at), "DATE_FORMAT")
        write_letter(
            kind="accounts.invitation",
            to=invitation.email,
            subject=_("Ihr Konto bei „Wir im Quartier“ (%s)") % place,
            about=invitation,
            paragraphs=[
                _("Sie sind eingeladen, bei „Wir im Quartier – %(place)s“ %(where)s mitzuarbeiten.")
                % {"place": place, "where": where},
                _("Mit diesem Link wählen Sie Ihr Passwort. Er gilt bis zum %s.") % until,
            ],
            button=_("Einladung annehmen"),
            url=link(invitation),
            small=[
                _(
                    "Der Link gilt nicht mehr? Dann bitten Sie die Person, die Sie eingeladen hat, um einen neuen."
                ),
                _("Sie erwarten keine Einladung? Dann müssen Sie nichts tun."),
            ],
        )
