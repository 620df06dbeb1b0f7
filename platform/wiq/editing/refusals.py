"""Shows a service's refusal in the form, which keeps the typed values."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction


@contextmanager
def told_in(form: forms.BaseForm) -> Iterator[None]:
    """Write inside this block: a refusal rolls everything back and becomes an error of the form."""
    try:
        with transaction.atomic():
            yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            form.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)


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
