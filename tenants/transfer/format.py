"""The format of a district as a file: what is in it, what is left out, and how big it may be.

Described for people in docs/district-file.md.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

FORMAT, VERSION = "wiq-district", 5
# What this platform understands: the columns that came with 4 and the videos that came with 5 may
# all be missing.
READABLE = (3, 4, VERSION)
MANIFEST, DISTRICT = "manifest.json", "district.json"
# What a district of ours can reach in years, and an honest file does not pass.
ENTRIES_MAX, BYTES_MAX, FILE_BYTES_MAX = 50_000, 2_000_000_000, 200_000_000
# JSON of rows packs to about a tenth; what unfolds two hundred times was made to.
RATIO_MAX = 200
# Files of rows, and pictures and films as the storage names them.
ROWS_NAME = re.compile(r"rows/([a-z]+\.[a-z_]+)\.jsonl")
FILE_NAME = re.compile(
    r"files/((?:(?:portraits|pictures|district|videos)/[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.(?:jpg|jpeg|png|webp))"
    r"|(?:videos/[0-9a-f]{24}\.(?:mp4|webm)))"
)

# What opens doors, or is worth nothing anywhere else: never in a file.
NEVER = {
    *("sessions.session", "knox.authtoken", "mfa.authenticator", "account.emailconfirmation"),
    "contact.mailboxproof",
}
# Only with --with-secrets: mails, because links that open something stand in them,
SECRET_MODELS = {"mail.message"}
# password hashes, and the secret parts of residents' links.
SECRET_FIELDS = {"password", "token", "idempotency_key", "idempotency_digest", "handover"}
# Made from other columns: made anew where the file is read.
DERIVED_FIELDS = {"sort_key", "title_key", "text_key"}
# Left out by --without-personal-data.
PERSONAL = {
    *("people.person", "people.membership", "people.consent", "solutions.solutionteammember"),
    *("contact.contactrequest", "ideas.idea", "ideas.ideastep", "mail.message"),
    *("following.subscription", "videos.video"),
    *("accounts.user", "accounts.invitation", "account.emailaddress", "audit.entry"),
}
# Fields elsewhere that hold a name or an address, and what stands there instead.
PERSONAL_FIELDS = {
    ("people.team", "contact_email"): "",
    ("people.seat", "person_id"): None,
    ("solutions.solutionteam", "contact_email"): "",
    ("solutions.statechange", "changed_by"): "",
}
FILM_ENDINGS = (".mp4", ".webm")
PERSONAL_FILES = ("files/portraits/", "files/videos/")
OPERATOR_FIELDS = (
    *("legal_name", "address", "representative", "email", "phone", "is_public_body"),
    *("register_entry", "vat_id", "news_editor", "runs_platform", "data_protection_officer"),
)
OPERATOR_PERSONAL = ("representative", "email", "phone", "news_editor", "data_protection_officer")
DISTRICT_FIELDS = (
    *("name", "city", "since", "phone", "video_url", "colour", "intro", "intro_en", "is_demo"),
    *("retention_months", "processing_agreement_on", "accessibility_checked_on"),
    *("accessibility_gaps", "logo", "header_picture", "header_width", "header_height"),
    "header_alt",
)
DISTRICT_PICTURES = ("logo", "header_picture")


class FileError(Exception):
    """The file can't be taken; the text says in one line where and why."""


@dataclass(frozen=True)
class Contents:
    """How much of a district goes into its file."""

    personal_data: bool = True
    secrets: bool = False

    def has(self, label: str) -> bool:
        """Tell whether the rows of a model are in it."""
        if label in SECRET_MODELS and not self.secrets:
            return False
        return self.personal_data or label not in PERSONAL


def models_inside() -> list[type[models.Model]]:
    """Return the models whose rows are in a file, in a fixed order."""
    found = [
        model
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
        if model._meta.label_lower not in NEVER
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def fields_inside(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """Return the columns of a model that are data: not what is made from others."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.generated and field.name not in DERIVED_FIELDS
    ]
