"""Forgotten passwords: the worker mails the link, so that the page tells nothing by its time.

Writing a mail takes longer than writing none. So the page does the same for every address: it hands
it, encrypted, to the worker, which looks whether there is such an account.
"""

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.internal.userkit import filter_users_by_email
from cryptography.fernet import InvalidToken
from django.utils import translation

from wiq import queueing
from wiq.signing.keys import lock_for
from wiq.tenancy import connection

TASK = "wiq.accounts.tasks.mail_reset_link"
PURPOSE = "forgotten passwords in the queue"
# A link that comes later than this is no longer waited for.
SECONDS = 3600


def ask(email: str, language: str) -> None:
    """Let the worker mail the link. If the queue is away, do it at once."""
    sealed = lock_for(PURPOSE).encrypt(email.encode()).decode()
    if not queueing.send(TASK, sealed, language, schema_name=connection.schema_name):
        mail_link(email, language)


def mail_sealed(sealed: str, language: str) -> None:
    """Mail the link to the address that ``ask`` has encrypted, unless it is too old."""
    try:
        email = lock_for(PURPOSE).decrypt(sealed, ttl=SECONDS).decode()
    except InvalidToken:
        return
    mail_link(email, language)


def mail_link(email: str, language: str) -> None:
    """Mail a link to choose a new password, where an active account has this address."""
    users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
    with translation.override(language):
        request_password_reset(None, email, users, default_token_generator)
