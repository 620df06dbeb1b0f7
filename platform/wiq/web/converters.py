"""Path converters for secret parts of addresses."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class TokenConverter(StringConverter):
    """The secret token in a status page's address."""

    regex = "[A-Za-z0-9_-]{32}"


class SignedConverter(StringConverter):
    """A signed word: three parts in base64, separated by colons."""

    regex = "[A-Za-z0-9_:-]{20,300}"


register_converter(TokenConverter, "token")
register_converter(SignedConverter, "signed")
