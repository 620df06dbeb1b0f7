"""Canaries: words in every text field and file of a district that say whose they are.

A canary names its district (a, b, c) and who may see it:

- ``o`` open: everybody on that district's pages,
- ``d`` desk: editors and coordinators there,
- ``k`` coordination: coordinators there, and whoever holds the secret link of the thing itself,
- ``r`` a second resident: coordinators, but never in a file about the first one,
- ``s`` secret: nobody on any page.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.db.models.fields.files import FieldFile
from PIL import Image, PngImagePlugin

from directory.events.models import Event, Occurrence
from directory.people.models import Membership, Person, Seat, Team
from directory.solutions.models import (
    Picture,
    SolutionTeam,
    SolutionTeamMember,
    StateChange,
    Update,
)
from directory.videos.models import Video
from tests.isolation.residents import SECOND

CANARY = re.compile(r"zqjx([abc])([odkrs])q", re.IGNORECASE)
Found = set[tuple[str, str]]

# Text that is no content, and why it can't hold a canary.
WITHOUT = {
    "the value is one of a few, known to the code": {
        "browser", "kind", "action", "language", "origin", "target_type", "about_type",
        "text_version", "type", "state",
    },
    "the code reads it back": {
        "reference", "token", "key", "token_key", "digest", "session_key", "session_data",
        "password", "code_hash", "handover", "idempotency_key", "idempotency_digest", "target_id", "app", "name_of_migration",
        "reply_token", "mail_digest", "rule",
    },
}  # fmt: skip
SKIPPED = set().union(*WITHOUT.values())
# Only coordinators see where requests go, what residents wrote, who agreed to what.
COORDINATION = {"contactrequest", "idea", "ideastep", "message", "entry", "consent",
                "invitation", "mailboxproof", "subscription", "apitoken", "refusedaddress",
                 "conversation", "conversationentry", "draft", "heldmail", "referral",
                 "webhookcall", "attachment"}  # fmt: skip
TEXT = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)
WHAT_EDITORS_EDIT = {
    "people.team", "people.person", "people.seat", "people.membership",
    "solutions.solutionteam", "solutions.topic", "solutions.synonyms", "solutions.update", "solutions.picture",
    "solutions.solutionteammember", "pages.text", "videos.video",
    "events.event", "events.occurrence",
}  # fmt: skip
SECRET = {"authenticator", "emailconfirmation", "authtoken", "webhook"}


def canary(letter: str, level: str) -> str:
    return f"zqjx{letter}{level}q"


def found_in(text: str) -> Found:
    """Return district and level of every canary in a text."""
    return {(letter.lower(), level.lower()) for letter, level in CANARY.findall(text)}


def text_fields(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    """Return every field of a model that can hold somebody's words or files."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.GeneratedField) or field.choices or field.name in SKIPPED:
            continue
        if isinstance(field, TEXT):
            yield field


def district_models() -> list[type[models.Model]]:
    """Return the models whose tables stand in every district, with those made for many-to-many."""
    from django.conf import settings

    return [
        model
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
    ]


def level_of(row: models.Model, field: str) -> str:
    """Return who may see what stands in this field of this row."""
    name = row._meta.model_name or ""
    if name in SECRET:
        return "s"
    if field == "contact_email":
        return "k"
    if name in COORDINATION:
        if getattr(row, "target_type", "") in WHAT_EDITORS_EDIT:
            return "d"  # its history stands at the thing itself, for whoever may edit it
        return "r" if SECOND in _addresses(row) else "k"
    if field == "changed_by":
        return "d"
    return "o" if _is_open(row) else "d"


def _addresses(row: models.Model) -> set[str]:
    whose = getattr(row, "idea", row)
    came_with = getattr(row, "entry", None) or getattr(row, "held", None) or row
    talked = getattr(came_with, "conversation", row)
    if talked._meta.model_name == "conversation":
        whose = apps.get_model(talked.about_type).objects.get(pk=talked.about_id)
    return {getattr(whose, name, "") for name in ("email", "to", "reply_to", "address")}


def _is_open(row: models.Model) -> bool:
    if isinstance(row, Person):
        return Person.objects.shown().filter(pk=row.pk).exists()
    if isinstance(row, Team):
        return row.is_published
    if isinstance(row, SolutionTeam):
        return row.is_public
    if isinstance(row, Membership | Seat):
        return row.team.is_published and row.person is not None and _is_open(row.person)
    if isinstance(row, SolutionTeamMember):
        return row.solution_team.is_public and row.person is not None and _is_open(row.person)
    if isinstance(row, Update | Picture | StateChange):
        return row.solution_team.is_public
    if isinstance(row, Event):
        return row.solution_team is None or row.solution_team.is_public
    if isinstance(row, Occurrence):
        return _is_open(row.event)
    if isinstance(row, Video):
        return row.is_published
    return row._meta.model_name == "topic" or getattr(row, "kind", "") == "glossary"


def plant(letter: str) -> None:
    """Put canaries into every text field and file of the district whose schema is set."""
    for model in district_models():
        for number, row in enumerate(model._default_manager.order_by("pk")):
            levels = {field.name: level_of(row, field.name) for field in text_fields(model)}
            changes = {
                field.attname: _value(row, field, canary(letter, levels[field.name]), number)
                for field in text_fields(model)
                if not _must_stay(row, field)
            }
            model._default_manager.filter(pk=row.pk).update(**changes)


def _must_stay(row: models.Model, field: "models.Field[Any, Any]") -> bool:
    """The addresses by which the walk finds accounts and residents stay what they are."""
    residents = (
        field.name in ("email", "to", "reply_to", "address")
        and row._meta.model_name in COORDINATION
    )
    accounts = field.name == "email" and row._meta.model_name in ("user", "emailaddress")
    return residents or accounts


def _value(row: models.Model, field: "models.Field[Any, Any]", word: str, number: int) -> Any:
    if isinstance(field, models.FileField):
        file: FieldFile = getattr(row, field.name)
        file.save(f"{word}-{number}.png", ContentFile(picture(word)), save=False)
        return file.name
    if isinstance(field, models.BinaryField):
        return word.encode()
    if isinstance(field, models.JSONField):
        return {"note": word} if row._meta.model_name != "authenticator" else _recovery(word)
    if isinstance(field, models.EmailField):
        return f"{word}{number}@kanarie.example"
    if isinstance(field, models.SlugField):
        return f"{word}-{number}"
    text = f"{word} {number}"
    return text[: field.max_length] if field.max_length else text


def _recovery(word: str) -> dict[str, Any]:
    """Return what allauth keeps of recovery codes, with the canary as their secret."""
    return {"seed": word, "used_mask": 0}


def picture(word: str) -> bytes:
    """Return a small PNG with the word in it."""
    inside = PngImagePlugin.PngInfo()
    inside.add_text("Comment", word)
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(content, "PNG", pnginfo=inside)
    return content.getvalue()


def fields_without() -> list[str]:
    """Return the text fields of the set district in which no row holds a canary."""
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in district_models()
        for field in text_fields(model)
        if not any(
            CANARY.search(str(value)) or _must_stay(row, field)
            for row in model._default_manager.all()
            for value in [getattr(row, field.attname)]
        )
    )
