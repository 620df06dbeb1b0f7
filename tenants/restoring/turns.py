"""Whose turn it is: one at a time restores or removes a district; nobody what was taken back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.districts.models import District
from tenants.provisioning.locks import held
from tenants.provisioning.models import Beside
from wiq.tenancy import PUBLIC


class Busy(ValidationError):
    """Somebody else restores or removes the district at this moment."""


@contextmanager
def alone(district: District) -> Iterator[None]:
    """Let nobody else restore or remove this district meanwhile. Raises Busy."""
    with held(str(district.schema_name)) as is_free:
        if not is_free:
            raise Busy(_("An diesem Quartier wird gerade schon gearbeitet."))
        yield


def check_wanted(beside: Beside) -> None:
    """Leave an order alone that was taken back before its turn came. Raises Busy."""
    with schema_context(PUBLIC), transaction.atomic():
        # Whoever takes it back at this moment is waited for.
        rows = Beside.objects.select_for_update().filter(pk=beside.pk)
        if not rows.filter(stage=Beside.Stage.FILLING):
            raise Busy(_("Das ist inzwischen geschehen. Bitte laden Sie die Seite neu."))
