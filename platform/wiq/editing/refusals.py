"""What a service refuses after the form let it pass: said in the form, with what was typed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction


@contextmanager
def told_in(form: forms.BaseForm) -> Iterator[None]:
    """Write inside: what is refused is taken back whole, and becomes a mistake of the form."""
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
    """A form that is written while it is checked: its last rule is what the services say."""

    def write(self) -> None:
        """Write what was typed, with services. Raises ValidationError where one refuses."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            with told_in(self):
                self.write()
