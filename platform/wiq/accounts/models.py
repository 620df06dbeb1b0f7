"""Accounts. Each schema has its own: an account of one district is unknown in all others."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from wiq.accounts.roles import WORKS, Role, allows, allows_app, withheld_from_visits
from wiq.declared import Leaves
from wiq.mail_addresses import is_at

INVITATION_VALID = timedelta(days=14)


class Scope(models.TextChoices):
    """What an API token is for. It never allows more than the role of its account."""

    READ = "read", _("lesen, auch Entwürfe")
    CONTENT = "content", _("Inhalte lesen und ändern")
    REQUESTS = "requests", _("Anfragen und Ideen lesen und bearbeiten")


class UserManager(BaseUserManager["User"]):
    """Finds accounts by address, whatever its case. Accounts are made in ``services``."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(is_at("email", username or ""))

    def lasting(self) -> models.QuerySet["User"]:
        """Return all accounts except those of support visits."""
        return self.filter(expires_at__isnull=True)

    def visiting(self) -> models.QuerySet["User"]:
        """Return the accounts of support visits that go on now, the last to end first."""
        return self.filter(expires_at__gt=timezone.now()).order_by("-expires_at")

    def has_project_team(self) -> bool:
        """Tell whether anybody can sign in to the platform's console; asked on the platform."""
        return self.with_role(Role.PROJECT_TEAM).exists()

    def with_role(self, role: Role) -> models.QuerySet["User"]:
        """Return the active accounts with this role, except those of support visits."""
        return self.lasting().filter(role=role, is_active=True)


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address and has one role."""

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    role = models.CharField(_("Rolle"), max_length=20, choices=Role)
    is_active = models.BooleanField(_("aktiv"), default=True)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    # For a support visit only: when it ends, and why it was made.
    expires_at = models.DateTimeField(_("endet am"), null=True, blank=True, editable=False)
    # Written by versions before December 2026, which may run beside this one for a while.
    handover = models.CharField(max_length=64, blank=True, editable=False)
    reason = models.CharField(_("Grund"), max_length=200, blank=True, editable=False)

    # From when on the desk asks for a second factor first; set at the first sign-in without one.
    factor_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Opened again after it was closed: counts like a sign-in (accounts/dormancy.py).
    awake_since = models.DateTimeField(null=True, blank=True, editable=False)
    # When its owner was told that it will be closed.
    dormancy_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Single keys that move about the desk; who talks to the computer may be hindered by them.
    keys_on = models.BooleanField(default=True, db_default=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]

    objects: ClassVar[UserManager] = UserManager()

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = (
            "last_login role is_active created_at expires_at reason factor_due_at awake_since "
            "dormancy_told_at keys_on"
        )
        personal = "email name"
        secrets = "password handover"
        only: ClassVar = {"expires_at__isnull": True}  # support visits are not exported

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_visit(self) -> bool:
        """Tell whether the account is that of a support visit, over or not."""
        return self.expires_at is not None

    @property
    def name_in_log(self) -> str:
        """What the log calls the account: its address or, where that is made up, who visits."""
        return self.name if self.is_visit else self.email

    @property
    def may_act(self) -> bool:
        """Tell whether the account is active and not an expired support visit."""
        return self.is_active and (self.expires_at is None or self.expires_at > timezone.now())

    @property
    def is_staff(self) -> bool:
        """Every account may open the administration of its host; its role decides what it sees."""
        return self.may_act

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        if self.is_visit and withheld_from_visits(perm):
            return False
        return self.may_act and allows(self.role, perm)

    def has_perms(self, perm_list: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.may_act and allows_app(self.role, app_label)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Queries on invitations."""

    def open(self) -> "InvitationQuerySet":
        """Return those that were neither accepted nor revoked, expired or not."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Invitation(models.Model):
    """An invitation to an account here. The link in the mail is signed, not stored."""

    email = models.EmailField(_("E-Mail-Adresse"))
    name = models.CharField(_("Name"), max_length=120, blank=True)
    role = models.CharField(_("Rolle"), max_length=20, choices=Role)
    # The number of the newest mail: links from older mails no longer work.
    link_number = models.PositiveIntegerField(default=1, editable=False)
    invited_by = models.CharField(_("eingeladen von"), max_length=254, editable=False)
    created_at = models.DateTimeField(_("eingeladen am"), auto_now_add=True)
    expires_at = models.DateTimeField(_("gültig bis"), editable=False)
    accepted_at = models.DateTimeField(_("angenommen am"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("zurückgenommen am"), null=True, editable=False)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "role link_number created_at expires_at accepted_at revoked_at"
        personal = "email name invited_by"

    class Meta:
        verbose_name = _("Einladung")
        verbose_name_plural = _("Einladungen")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
                violation_error_message=_("Diese Person ist schon eingeladen."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def works(self) -> str:
        """Where the invited person will work, in a sentence."""
        return str(WORKS[Role(self.role)])

    @property
    def mailed_at(self) -> datetime:
        """When its newest link was mailed."""
        return self.expires_at - INVITATION_VALID


class ApiToken(models.Model):
    """What knox's table does not say of a token: its name, what it is for, when it was used."""

    token = models.OneToOneField(
        "knox.AuthToken", models.CASCADE, related_name="described", verbose_name=_("Schlüssel")
    )
    name = models.CharField(_("Name"), max_length=80, blank=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("darf"))
    last_used_at = models.DateTimeField(_("zuletzt benutzt"), null=True, editable=False)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "token scopes last_used_at"
        personal = "name"

    class Meta:
        verbose_name = _("Schlüssel für Programme")
        verbose_name_plural = _("Schlüssel für Programme")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name or str(_("ohne Namen"))


class Session(AbstractBaseSession):
    """Somebody signed in, in one browser. The key in the cookie is not kept, only its hash."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, editable=False)
    # As people would say it, for their own list: "Firefox, Windows".
    browser = models.CharField(max_length=60, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "expire_date user created_at last_seen_at"
        personal = "browser"
        secrets = "session_key session_data"

    class Meta:
        verbose_name = _("Sitzung")
        verbose_name_plural = _("Sitzungen")

    @property
    def reference(self) -> str:
        """Return what a page calls it: nothing by which it could be looked up elsewhere."""
        digest = salted_hmac("wiq.accounts.session", self.session_key, algorithm="sha256")
        return digest.hexdigest()[:16]
