"""Parts of addresses that only who got them knows."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class TokenConverter(StringConverter):
    """The secret part of a status page's address."""

    regex = "[A-Za-z0-9_-]{32}"


class SignedConverter(StringConverter):
    """A signed word: three parts of base64 with colons between."""

    regex = "[A-Za-z0-9_:-]{20,300}"


register_converter(TokenConverter, "token")
register_converter(SignedConverter, "signed")
