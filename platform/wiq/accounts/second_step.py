"""The second step at sign-in: asked of everybody with full responsibility after two weeks.

Nobody is locked out: who has none is led to the page that sets one up, and nowhere else.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wiq.accounts.models import Session, User
from wiq.accounts.services import KEEPERS
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.mail.writing import write_letter
from wiq.web.hosts import on_this_host

GRACE = timedelta(days=14)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user: User) -> bool:
    """Tell whether an account has an app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def note_sign_in(user: User) -> datetime | None:
    """Return until when an account has to set up a second step; None if it has to do nothing.

    The two weeks begin with the first sign-in without one.
    """
    if not _is_asked(user) or has_one(user):
        return None
    if user.factor_due_at is None:
        user.factor_due_at = timezone.now() + GRACE
        user.save(update_fields=["factor_due_at"])
    return user.factor_due_at


def is_overdue(user: User) -> bool:
    """Tell whether an account has to set up a second step before anything else."""
    due = user.factor_due_at
    return due is not None and due <= timezone.now() and _is_asked(user) and not has_one(user)


def _is_asked(user: User) -> bool:
    return user.role in KEEPERS and user.expires_at is None and not is_demo(user)


def is_demo(user: User) -> bool:
    """Tell whether an account is one of the demo, which exists with the mail catcher alone."""
    return bool(settings.WIQ_MAIL_CATCHER) and user.email.endswith("wiq.example")


@transaction.atomic
def reset(user: User, *, actor: Actor) -> User:
    """Take away a lost second step, end all sessions, and tell the account's owner by mail.

    The next sign-in needs the password alone and leads to setting up a new one. Raises
    ValidationError for one's own account, for a support visit, and where there is nothing to reset.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    if isinstance(actor, User) and (actor.pk == held.pk or actor.expires_at is not None):
        raise ValidationError(_("Das macht bitte jemand anderes mit einem Konto hier."))
    gone, _by_model = Authenticator.objects.filter(user=held).delete()
    if not gone:
        raise ValidationError(_("Dieses Konto hat keinen zweiten Schritt."))
    Session.objects.filter(user=held).delete()
    held.factor_due_at = timezone.now()
    held.save(update_fields=["factor_due_at"])
    audit.record_change("account.factor_reset", held, actor=actor)
    with translation.override("de"):
        write_letter(
            kind="accounts.factor_reset",
            to=held.email,
            subject=_("Ihr zweiter Schritt beim Anmelden ist zurückgesetzt"),
            about=held,
            paragraphs=[
                _("jemand aus Ihrem Team hat den zweiten Schritt bei Ihrem Konto zurückgesetzt."),
                _("Melden Sie sich mit Ihrem Passwort an und richten Sie einen neuen ein."),
            ],
            button=_("Anmelden"),
            url=on_this_host("account_login"),
            small=[
                _(
                    "Sie haben nicht darum gebeten? Dann wählen Sie bitte sofort ein neues Passwort: %s"
                )
                % on_this_host("account_reset_password")
            ],
        )
    return held
