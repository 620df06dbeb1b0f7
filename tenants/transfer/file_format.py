"""The format of a district as a file: what is in it, what is left out, and how big it may be.

Described for people in docs/district-file.md.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from tenants.districts.models import District, Operator
from wiq.declared import Leaves, data_of
from wiq.media.films import FOLDER as FILM_FOLDER
from wiq.media.films import KINDS

FORMAT, VERSION = "wiq-district", 9
# What this platform understands: the columns that came with 4, the videos that came with 5 and the
# history of requests and the key that came with 6, the conversations and erasures of 7, the
# promise, the reply addresses and the numbers in them that came with 8, and the dates that came
# with 9, may all be missing.
READABLE = (3, 4, 5, 6, 7, 8, VERSION)
MANIFEST, DISTRICT = "manifest.json", "district.json"
# Limits that a district needs years to reach, and that an honest file does not exceed.
ENTRIES_MAX, BYTES_MAX, FILE_BYTES_MAX = 50_000, 2_000_000_000, 200_000_000
# Rows in JSON compress to about a tenth; a ratio of two hundred is an attack.
RATIO_MAX = 200
# Files with rows are named after their models.
ROWS_NAME = re.compile(r"rows/([a-z]+\.[a-z_]+)\.jsonl")
DISTRICT_PICTURES = ("logo", "header_picture")


class FileError(Exception):
    """The file can't be imported; the text says in one line where and why."""


def told(error: Exception) -> str:
    """Return an error's message in one line."""
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return "; ".join(
                f"{name}: {' '.join(words)}" for name, words in error.message_dict.items()
            )
        return "; ".join(error.messages)
    return str(error)


@dataclass(frozen=True)
class Contents:
    """Which data of a district its file contains."""

    personal_data: bool = True
    secrets: bool = False

    def file_name(self, slug: str) -> str:
        """Return the name of a file made today: it says whether personal data are in it."""
        which = "mit" if self.personal_data else "ohne"
        return f"{slug}-{timezone.localdate():%Y-%m-%d}-{which}-personendaten.zip"

    def has(self, model: type[models.Model]) -> bool:
        """Tell whether the file contains the rows of a model."""
        return {
            Leaves.ALWAYS: True,
            Leaves.PERSONAL: self.personal_data,
            Leaves.SECRET: self.personal_data and self.secrets,
            Leaves.NEVER: False,
        }[data_of(model).leaves]


def models_inside() -> list[type[models.Model]]:
    """Return the models whose rows are in a file, in a fixed order.

    Raises LookupError for a model without a declaration.
    """
    found = [
        model
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
        if data_of(model).leaves != Leaves.NEVER
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def fields_inside(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Return the columns of a model that hold data, without derived ones."""
    derived = data_of(model).derived
    return [
        field
        for field in model._meta.concrete_fields
        if not field.generated and field.name not in derived
    ]


def district_fields() -> tuple[str, ...]:
    """Return the columns of a district's own row that are in its file."""
    return tuple(District.Data.in_file.split())


def district_secrets() -> tuple[str, ...]:
    """Return those that are in it only where secrets go with it."""
    return tuple(District.Data.in_file_with_secrets.split())


def operator_fields() -> tuple[str, ...]:
    """Return the columns of a Träger that are in a district's file."""
    return (*Operator.Data.in_file.split(), *operator_personal())


def is_the_project_teams(name: str) -> bool:
    """Tell whether files of older versions say of a Träger what the project team alone decides."""
    return name == "runs_platform"


def operator_personal() -> tuple[str, ...]:
    """Return those that a file without personal data leaves out."""
    return tuple(data_of(Operator).personal)


@cache
def _folders() -> dict[str, bool]:
    """Return the folders of stored files, and whether their files are personal."""
    inside: list[Any] = [*models_inside(), District]
    return {
        str(field.upload_to).rstrip("/"): data_of(model).leaves == Leaves.PERSONAL
        for model in inside
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    }


@cache
def file_name() -> re.Pattern[str]:
    """Return the pattern of the names that the storage gives to pictures and films."""
    folders, films = "|".join(sorted(_folders())), "|".join(sorted(kind[1:] for kind in KINDS))
    picture = rf"(?:{folders})/[A-Za-z0-9][A-Za-z0-9_-]{{0,80}}\.(?:jpg|jpeg|png|webp)"
    return re.compile(rf"files/({picture}|{FILM_FOLDER}/[0-9a-f]{{24}}\.(?:{films}))")


def is_personal_file(name: str) -> bool:
    """Tell whether a file without personal data leaves out this stored file."""
    return _folders()[name.split("/")[1]]
