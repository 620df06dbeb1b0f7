"""The files that rows of a backup name: no dump holds them, and some may be gone since."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from wiq.media.storage import district_files


def missing(district: District, restored: District) -> list[str]:
    """Return the files that restored rows name and that are not there any more."""
    named: set[str] = set()
    with tenant_context(restored):
        for config in apps.get_app_configs():
            if config.name not in settings.TENANT_APPS:
                continue
            for model in config.get_models():
                for field in model._meta.concrete_fields:
                    if isinstance(field, models.FileField):
                        rows = model._default_manager.exclude(**{field.name: ""})
                        named |= {str(name) for name in rows.values_list(field.name, flat=True)}
    if not named:
        return []
    there = {one.name for one in district_files().of(str(district.schema_name)).everything()}
    return sorted(name for name in named - there if name)
