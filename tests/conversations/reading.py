"""Reading a status page as its resident: with the code that goes to the resident's mailbox."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from directory.conversations.models import ResidentCode
from tests.cast import District
from tests.contact.codes import code_in
from wiq.mail.models import Message


def ask(district: District, path: str, client: Client, **typed: str) -> tuple[Any, str]:
    """Ask for a code and return the page and the code as the mail has it, or an empty text."""
    with district.inside():
        # Whoever comes for a second code has waited for a minute.
        ResidentCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        before = set(Message.objects.values_list("pk", flat=True))
    page = client.post(path, {"was": "code", **typed})
    with district.inside():
        mail = Message.objects.filter(kind="conversations.code").exclude(pk__in=before).first()
        return page, code_in(mail.text) if mail else ""


def reader(district: District, path: str) -> Client:
    """Return a visitor in whose browser the code of this page was typed in."""
    client = district.client()
    _page, code = ask(district, path, client)
    assert client.post(path, {"was": "ziffern", "code": code}).status_code == 303
    return client
