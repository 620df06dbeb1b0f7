"""The log in words: "Sabine hat die Idee …". Each room says how its actions read.

``log_words.py`` of a room registers its sentences, and its words for whoever acted without an
account (docs/decisions/0030-log-in-words.md).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wiq.audit.models import Entry
from wiq.audit.names import Names, of_accounts
from wiq.rooms import Registry

# What stands in a sentence for somebody, or something, that is not known.
SOMEBODY, SOMETHING = _("Jemand"), _("etwas")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Sentence:
    """How an action reads. ``action`` is its name, or ``*.verb`` for every model.

    Placeholders: ``%(who)s``, ``%(what)s``, the details by their names, and ``%(total)s``, the sum
    of those that are numbers. For entries without a target, ``what`` says what they are about, and
    ``model`` whose columns and states the details are.
    """

    action: str
    words: Any
    what: Any = SOMETHING
    model: str = ""


@dataclass(frozen=True)
class Nobody:
    """How the log calls someone who acted without an account."""

    actor: str
    words: Any


sentences: Registry[Sentence] = Registry("log_words")
nobodies: Registry[Nobody] = Registry("log_words")


def say(*found: Sentence) -> None:
    """Register the sentences of a room."""
    for sentence in found:
        sentences.register(sentence)


def call(*found: Nobody) -> None:
    """Register a room's words for those without an account."""
    for nobody in found:
        nobodies.register(nobody)


def sentence_of(action: str) -> Sentence | None:
    """Return how an action reads: its own sentence, else that of its verb in every model."""
    known = {sentence.action: sentence for sentence in sentences}
    return known.get(action) or known.get(f"*.{action.rpartition('.')[2]}")


def in_words(entry: Entry, names: Names) -> str:
    """Return what an entry says, as a sentence."""
    sentence = sentence_of(entry.action)
    if sentence is None:
        return gettext("%(who)s: %(action)s") % {
            "who": who(entry.actor, names), "action": entry.action,
        }  # fmt: skip
    model = _model(entry.target_type or sentence.model)
    details = {name: _detail(name, value, model) for name, value in entry.details.items()}
    total = sum(value for value in entry.details.values() if type(value) is int)
    said = sentence.words % _Placeholders(
        details,
        who=who(entry.actor, names),
        what=names.target(entry.target_type, entry.target_id) or str(sentence.what),
        total=str(total),
    )
    reason = details.get("reason")
    return f"{said} {gettext('Grund: %s') % reason}" if reason else str(said)


def title(action: str) -> str:
    """Return what an action is, whoever did it to whatever: for the filter of the log."""
    sentence = sentence_of(action)
    if sentence is None:
        return action
    name = action.partition(".")[0]
    model = next((found for found in apps.get_models() if found._meta.model_name == name), None)
    what = f"… ({model._meta.verbose_name})" if model is not None else SOMETHING
    return str(sentence.words % _Placeholders({}, who=str(SOMEBODY), what=str(what)))


def who(actor: str, names: Names) -> str:
    """Return who acted: the account's name, or the words for someone without one."""
    known = {nobody.actor: nobody.words for nobody in nobodies}
    return str(known[actor]) if actor in known else names.account(actor)


def called(actor: str) -> str:
    """Return who one actor is, for a page that shows only a few."""
    return who(actor, of_accounts([actor])) if actor else "–"


class _Placeholders(dict[str, Any]):
    """Values for a sentence; one that an older entry does not have is left open."""

    def __init__(self, details: Mapping[str, Any], **more: Any) -> None:
        super().__init__({**details, **more})

    def __missing__(self, name: str) -> str:
        return "…"


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label) if label else None
    except LookupError:  # a model that there was once
        return None


def _detail(name: str, value: Any, model: type[models.Model] | None) -> str:
    """Return a detail as people read it: states, roles and columns by their labels."""
    columns = _columns(model)
    if isinstance(value, list):
        return ", ".join(
            str(columns[one].verbose_name) if one in columns else str(one) for one in value
        )
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nein")
    if isinstance(value, str) and DAY.fullmatch(value):
        return str(date_format(date.fromisoformat(value)))
    column = columns.get("state" if name in ("from", "to") else name)
    choices = dict(column.flatchoices) if column is not None else {}
    return str(choices.get(value, value))


def _columns(model: type[models.Model] | None) -> dict[str, Any]:
    return {field.name: field for field in model._meta.fields} if model is not None else {}
