"""Bodies that residents' programs send, read from the room's form: page and API share its rules."""

from functools import cache
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError as RuleError
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.writing import read
from wiq.submissions.fields import Judged, OneOf
from wiq.submissions.forms import SubmissionForm
from wiq.submissions.models import Origin
from wiq.submissions.services import Sent
from wiq.throttling import network

KEY = "Idempotency-Key"
KEY_MAX = 100
Form = TypeVar("Form", bound=SubmissionForm)


@cache
def serializer_of(form: type[SubmissionForm]) -> type[serializers.Serializer[Any]]:
    """Return the serializer for the same data that people enter into a form.

    It only checks the types; the form's rules check the values.
    """
    read = [name for name in form.base_fields if name not in form.ON_PAGES_ALONE]
    fields = {name: _field(form.base_fields[name]) for name in read}
    name = f"New{form.__name__.removesuffix('Form')}Serializer"
    return type(name, (serializers.Serializer,), {**fields, "__doc__": form.__doc__})


def _field(field: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(required=False, default=False)
    assert isinstance(field, Judged)
    told: dict[str, Any] = {"help_text": field.told} if field.told else {}
    if isinstance(field, OneOf):
        return serializers.ChoiceField(
            choices=field.words, required=False, default=field.initial, **told
        )
    if field.must_be_sent:
        return serializers.CharField(allow_blank=True, trim_whitespace=False, **told)
    return serializers.CharField(
        allow_blank=True, trim_whitespace=False, required=False, default="", **told
    )


def filled_in(form: type[Form], request: Request) -> Form:
    """Return the valid form with the body's values.

    Raises DRF's ValidationError for wrong types, Django's for values that break a rule.
    """
    filled = form(read(serializer_of(form), request))
    if not filled.is_valid():
        raise RuleError(filled.errors.as_data())
    return filled


def sent_with(request: Request) -> Sent:
    """Return how a body reached us. Raises ValidationError for an invalid Idempotency-Key."""
    key = request.headers.get(KEY, "")
    if len(key) > KEY_MAX or not (key.isascii() and (key.isprintable() or not key)):
        raise ValidationError({KEY: [f"At most {KEY_MAX} printable ASCII characters."]})
    return Sent(Origin.API, network=network(request), key=key)
