"""Django's ``makemigrations``, for which words are not part of a table.

A label or a help text is read from the code, never from the database. Django would write a
migration for each changed word, and every district's schema would have to be walked for it
(docs/decisions/0069-words-without-migrations.md).
"""

from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations.autodetector import MigrationAutodetector

WORDS = ("verbose_name", "verbose_name_plural", "help_text", "error_messages")


class WordlessAutodetector(MigrationAutodetector):
    """Compares tables without what people read of them; the values of choices still count."""

    def deep_deconstruct(self, obj: Any) -> Any:
        """Return a field's parts without its words."""
        found = super().deep_deconstruct(obj)
        if not hasattr(obj, "get_internal_type"):
            return found
        path, args, kwargs = found
        kept = {name: value for name, value in kwargs.items() if name not in WORDS}
        if "choices" in kept:
            kept["choices"] = [value for value, _label in obj.flatchoices]
        return path, args, kept

    def generate_altered_options(self) -> None:
        """Find changed options of models, their words as they were."""
        for key, new in self.to_state.models.items():
            old = self.from_state.models.get(key)
            if old is not None:
                words = {name: old.options[name] for name in WORDS if name in old.options}
                rest = {name: value for name, value in new.options.items() if name not in WORDS}
                new.options = rest | words
        super().generate_altered_options()

    def generate_altered_constraints(self) -> None:
        """Write nothing: all that can be altered in a constraint is what it says when broken."""


class Command(makemigrations.Command):
    """``makemigrations``, blind to words."""

    autodetector = WordlessAutodetector
