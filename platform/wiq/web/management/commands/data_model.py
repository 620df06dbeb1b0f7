"""``data_model``: draw the tables into docs/data-model.md, as the models themselves have them."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import models

from wiq.declared import Declared, declared

PAGE = settings.BASE_DIR / "docs" / "data-model.md"
HEAD = """\
# The data model

Drawn by `python3 run.py manage data_model` from the models; a test compares. What stands behind a field is what its model declares ([decision 21](decisions/0021-rooms.md)): **plain**, **personal** (stays behind in a file without personal data, never in the log), **secret** (opens doors), **derived** (made from other columns). Every table has a `bigint` key unless another one is named. No foreign key leads from a district's schema to the public one; what looks like one there is a number.

Beside these, the public schema holds Django's content types, permissions and migrations.
"""
KINDS = {
    "The public schema": (True, False),
    "Each district's schema": (False, True),
    "Both": (True, True),
}


class Command(BaseCommand):
    """Rewrite the page of the data model."""

    help = "Draws the tables into docs/data-model.md."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page(), encoding="utf-8")
        self.stdout.write(str(PAGE))


def page() -> str:
    """Return the current content of the page."""
    return "\n".join([HEAD, *(line for title in KINDS for line in _section(title))])


def _section(title: str) -> Iterator[str]:
    found = sorted(_models(*KINDS[title]), key=lambda pair: pair[0]._meta.label_lower)
    yield f"## {title}\n"
    yield "| model | what it is | its rows leave with a file | visitors see them |"
    yield "| --- | --- | --- | --- |"
    for model, said in found:
        what = (model.__doc__ or "").strip().split("\n")[0]
        what = "" if what.startswith(f"{model.__name__}(") else what.replace("|", "\\|")
        seen = "yes" if said.visitors_see else "no"
        yield f"| `{model._meta.label}` | {what} | {said.leaves.value} | {seen} |"
    yield "\n```mermaid\nerDiagram"
    for model, said in found:
        yield from _drawn(model, said)
    yield "```\n"


def _models(in_public: bool, in_districts: bool) -> Iterator[tuple[Any, Declared]]:
    """Return the models with declared data whose app has its tables in this schema."""
    for config in apps.get_app_configs():
        entries = {config.name, f"{type(config).__module__}.{type(config).__name__}"}
        places = (
            bool(entries & set(settings.SHARED_APPS)),
            bool(entries & set(settings.TENANT_APPS)),
        )
        if places == (in_public, in_districts):
            for model in config.get_models(include_auto_created=True):
                said = declared(model)
                if said is not None and not model._meta.proxy:
                    yield model, said


def _drawn(model: Any, said: Declared) -> Iterator[str]:
    yield f'  {_name(model)}["{model._meta.label}"] {{'
    for field in model._meta.concrete_fields:
        kind = _kind(said, field.name)
        if kind:
            yield f'    {_type(field)} {field.name}{_key(field)} "{kind}"'
    yield "  }"
    for field in model._meta.concrete_fields:
        if field.remote_field:
            one = "|o" if field.null else "||"
            many = "o|" if field.unique else "o{"
            yield f"  {_name(field.related_model)} {one}--{many} {_name(model)} : {field.name}"


def _name(model: Any) -> str:
    return str(model._meta.label_lower).replace(".", "_")


def _type(field: "models.Field[Any, Any]") -> str:
    if field.remote_field or isinstance(field, models.IntegerField):
        return "number"
    return field.get_internal_type().removesuffix("Field").lower()


def _key(field: "models.Field[Any, Any]") -> str:
    if field.primary_key:
        return " PK"
    if field.remote_field:
        return " FK"
    return " UK" if field.unique else ""


def _kind(said: Declared, name: str) -> str:
    """Return a model's declaration of a field; nothing for an automatic key."""
    kinds = {
        "plain": said.plain,
        "personal": said.personal,
        "secret": said.secrets,
        "derived": said.derived,
    }
    return next((kind for kind, names in kinds.items() if name in names), "")
