"""``migrate`` of django-tenants, as blind to words as our ``makemigrations`` (commands.E001)."""

from django_tenants.management.commands import migrate

from wiq.web.management.commands.makemigrations import WordlessAutodetector


class Command(migrate.Command):
    """``migrate``, which tells of changed tables, not of changed words."""

    autodetector = WordlessAutodetector
