"""Adapts allauth: no sign-up, mails go through the outbox, redirects stay on the host."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wiq.accounts import browsers, factors, guesses, second_step, services, sessions
from wiq.accounts.models import User
from wiq.audit import services as audit
from wiq.mail import services as mail
from wiq.mail_addresses import is_at
from wiq.outbox.budget import Budget
from wiq.tenancy import connection
from wiq.web.hosts import absolute, host_name

# Mails of allauth that whoever types an address can have sent there.
ASKED_FOR = ("/password_reset_key", "/password_reset_code", "/login_code", "/email_confirmation")


class AccountAdapter(DefaultAccountAdapter):
    """Closes sign-up, and sends mails through the outbox so that an outage loses none."""

    _guess: guesses.Guess | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed (allauth opens it by default)."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's rendered mail into the outbox instead of sending it in the request.

        A button pressed twice, or a form sent again, mails once.
        """
        kind = template_prefix.rsplit("/", 1)[-1][:40]
        if mail.wrote_just_now(kind, email):
            return
        name = getattr(connection.tenant, "name", "")
        site = {"name": f"Wir im Quartier {name}".strip(), "domain": host_name()}
        context = {"request": self.request, "email": email, "current_site": site, **context}
        rendered = self.render_mail(template_prefix, email, context)
        html = next((body for body, kind in getattr(rendered, "alternatives", [])), "")
        mail.enqueue(
            kind=kind,
            to=email,
            subject=rendered.subject,
            text=rendered.body,
            html=html,
            language=get_language() or "de",
            budget=Budget.CODE if template_prefix.endswith(ASKED_FOR) else None,
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build the link from the current schema's host, not from the request's headers."""
        number, _hyphen, token = key.partition("-")
        return absolute(reverse("account_reset_password_from_key", args=[number, token]))

    def is_safe_url(self, url: str | None) -> bool:
        """Allow redirects to this host only: a sibling subdomain is another site."""
        hosts = {self.request.get_host()}
        return url_has_allowed_host_and_scheme(url, hosts, self.request.is_secure())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try to sign in. Raises ValidationError if there were too many."""
        self._guess = guesses.begin(request, _typed(credentials))
        if self._guess is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Count only wrong passwords."""
        user = super().authenticate(request, **credentials)
        if user is not None and self._guess is not None:
            self._guess.was_right()
        return user

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Record who signed in, and remember the browser."""
        audit.record_event("account.signed_in", user, actor=user)
        response = super().post_login(request, user, **kwargs)
        sessions.describe(request)
        due = second_step.note_sign_in(user)
        if due is not None and due > timezone.now():
            until = date_format(timezone.localtime(due), "j. F")
            text = _(
                "Bitte richten Sie bis zum %s einen zweiten Schritt beim Anmelden ein: im Menü unter „Mein Konto“."
            )
            messages.info(request, text % until)
        browsers.remember(request, response, user.pk)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a refused sign-in, with the account's number if there is such an account.

        The typed text is not recorded: people type passwords into the wrong field.
        """
        typed = _typed(credentials)
        account = User.objects.filter(is_at("email", typed)).first() if typed else None
        audit.record_event("account.refused", account, actor=audit.VISITOR)
        super().authentication_failed(request, **credentials)

    def set_password(self, user: Any, password: str) -> None:
        """Record a new password, set signed in or through a link; tokens end with the old one."""
        super().set_password(user, password)
        guesses.forget(self.request, user.email)
        audit.record_change("account.password_set", user, actor=user)
        services.end_tokens(user, actor=user)

    def format_email_subject(self, subject: str) -> str:
        return subject.strip()


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "")


class MFAAdapter(DefaultMFAAdapter):
    """Names the second factor after the host, to tell two districts' codes apart."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        name = host_name()
        return {"id": name, "name": name}

    def encrypt(self, text: str) -> str:
        """Encrypt a seed or a code for the database."""
        return factors.encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a seed or a code in the clear."""
        return factors.decrypted(encrypted_text)

    def get_totp_issuer(self) -> str:
        return host_name()
