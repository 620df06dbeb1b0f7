"""A district's rows in the public schema, on their way to another installation."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from tenants.districts.models import District, Domain
from tenants.transfer import file_format
from tenants.transfer.exporting import plain
from wiq.declared import data_of
from wiq.erasures import services as erasures
from wiq.signing import keys

# Whose it is; a new place gives it other numbers.
_NUMBERS = ("district_id", "tenant_id", "district")
# Who tries to send a mail or make a call is a worker of one installation, and a word made with
# its SECRET_KEY means nothing in another.
_OF_THE_PLACE = ("leased_until", "lease", "owner")
# The contract about processing is with the former platform: it says nothing of a new one.
_STAYS_THERE = ("id", "schema_name", "slug", "operator", "state", "state_since", "link_key",
                "erasure_key", "reply_numbers", "migration_error", "migration_failed_at",
                "moving", "processing_agreement_on")  # fmt: skip


def numbered() -> list[type[models.Model]]:
    """Return the public models whose rows have a district's number, in a fixed order.

    Raises LookupError for one that does not say whether its rows go along when a district moves.
    """
    found = [
        model
        for config in apps.get_app_configs()
        if config.name not in settings.TENANT_APPS or config.name in settings.SHARED_APPS
        for model in config.get_models()
        if number_of(model) is not None
    ]
    for model in found:
        if data_of(model).moves_along is None:
            raise LookupError(f"{model._meta.label}.Data does not say moves_along = True or False")
    return sorted(found, key=lambda model: model._meta.label_lower)


def number_of(model: type[models.Model]) -> str | None:
    """Return the column of a public model that holds a district's number, if there is one."""
    columns = {field.attname for field in model._meta.concrete_fields}
    return next((name for name in _NUMBERS if name in columns), None)


def going_along() -> list[type[models.Model]]:
    """Return those whose rows go along, without the hosts, which follow rules of their own."""
    return [m for m in numbered() if data_of(m).moves_along and m is not Domain]


def of_district(model: type[models.Model], district: District) -> Iterator[dict[str, Any]]:
    """Yield a district's rows of a public model, without what its new place writes itself."""
    number = str(number_of(model))
    left_out = {number, *_OF_THE_PLACE}
    for row in model._default_manager.filter(**{number: district.pk}).order_by("pk"):
        yield {
            field.attname: plain(getattr(row, field.attname))
            for field in model._meta.concrete_fields
            if field.attname not in left_out and not field.primary_key
        }


def write(model: type[models.Model], district: District, given: dict[str, Any]) -> None:
    """Write a row of its former place for a district. Raises ValidationError and IntegrityError."""
    values = {
        field.attname: field.to_python(given[field.attname])
        for field in model._meta.concrete_fields
        # Its number here is this platform's to give: all districts' rows stand in this table.
        if field.attname in given and not field.primary_key
    }
    values[str(number_of(model))] = district.pk
    if "owner" in {field.attname for field in model._meta.concrete_fields}:
        values["owner"] = district.schema_name
    # Raw: every moment as it was.
    model(**values).save_base(raw=True, force_insert=True)


def own(district: District) -> dict[str, Any]:
    """Return what a district's own row says, with its keys in the clear and its Träger."""
    said: dict[str, Any] = {
        field.name: plain(getattr(district, field.attname))
        for field in District._meta.concrete_fields
        if field.name not in _STAYS_THERE
    }
    operator = district.operator
    return {
        "slug": district.slug,
        "state": district.state,
        "state_since": plain(district.state_since),
        "row": said,
        "link_key": district.signing_key().hex(),
        "erasure_key": erasures.key_of(district).hex(),
        "reply_numbers": [district.pk, *district.reply_numbers],
        "operator": operator and {
            name: getattr(operator, name) for name in file_format.operator_fields()
        },
        "domain": settings.WIQ_DOMAIN,
        "own_host": "" if district.host.endswith(f".{settings.WIQ_DOMAIN}") else district.host,
        "hosts": list(of_district(Domain, district)),
    }  # fmt: skip


def key_name(said: dict[str, Any]) -> str:
    """Return by what a district is known again that ``own`` told of."""
    return erasures.name_of_key(bytes.fromhex(said["erasure_key"]))


def columns_of_its_own() -> list[str]:
    """Return the columns of a district's row that it brings along."""
    return [f.name for f in District._meta.concrete_fields if f.name not in _STAYS_THERE]


def locked(key: str) -> str:
    """Return a district's key, given as hexadecimal digits, sealed for this installation."""
    return keys.locked(bytes.fromhex(key))
