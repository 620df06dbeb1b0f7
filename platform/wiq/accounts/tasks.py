"""Celery's task of accounts: mailing the link to a new password."""

from celery import shared_task

from wiq.accounts import resets
from wiq.celery_app import MailTask


@shared_task(base=MailTask, name=resets.TASK)
def mail_reset_link(sealed: str, language: str) -> None:
    """Mail the link to whoever has forgotten a password, if there is such an account."""
    resets.mail_sealed(sealed, language)
