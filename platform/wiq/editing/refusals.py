"""Shows a service's refusal in the form, which keeps the typed values."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

GONE = _("Das hat eben jemand gelöscht. Es ist nichts gespeichert.")
SAME = _("Dasselbe ist eben schon gespeichert worden, vielleicht von Ihnen selbst.")


@contextmanager
def told_in(form: forms.BaseForm, *, beside: str | None = None) -> Iterator[None]:
    """Write inside this block: a refusal rolls everything back and becomes an error of the form.

    What concerns no field of the form stands ``beside`` one, or above all of them. So does what
    somebody else has deleted since the page was opened, or added at this moment.
    """
    try:
        with transaction.atomic():
            yield
    except ObjectDoesNotExist:
        form.add_error(None, GONE)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        form.add_error(None, SAME)
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            form.add_error(beside, error)
            return
        # A column that stands in the form under another name.
        fields = {column: name for name, column in getattr(form, "column_of", {}).items()}
        for column, errors in error.error_dict.items():
            name = fields.get(column, column)
            is_known = name in form.fields or name == NON_FIELD_ERRORS
            form.add_error(name if is_known else beside, errors)


class WrittenForm(forms.ModelForm):
    """A form that is saved as the last step of its validation, so that services can refuse."""

    def write(self) -> None:
        """Save the typed values with services. Raises ValidationError if one refuses."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            with told_in(self):
                self.write()
