"""Doing what a link of the team's mail says: with the code that goes to the team's mailbox."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from directory.contact.models import LinkCode
from tests.cast import District
from wiq.mail.models import Message


def ask(district: District, path: str) -> str:
    """Ask for a code on a link's page and return it as the mail has it, or an empty text."""
    with district.inside():
        # Whoever comes for a second code has waited for a minute.
        LinkCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        before = set(Message.objects.values_list("pk", flat=True))
    district.client().post(path, {"was": "code"})
    with district.inside():
        mail = Message.objects.filter(kind="contact.code").exclude(pk__in=before).first()
        return code_in(mail.text) if mail else ""


def code_in(text: str) -> str:
    return re.findall(r"^\d{6}$", text, re.MULTILINE)[0]


def press(district: District, path: str) -> Any:
    """Ask for a code, type it in and return the answer."""
    return district.client().post(path, {"code": ask(district, path), "name": "Sabine"})
