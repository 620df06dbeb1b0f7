"""Path converters for addresses of pictures."""

from django.urls import register_converter
from django.urls.converters import StringConverter

from wiq.media.redraw import SMALLER, WIDTHS


class SmallConverter(StringConverter):
    """A smaller version of a picture: width and format, ``320.avif``."""

    regex = f"(?:{'|'.join(map(str, WIDTHS))})\\.(?:{'|'.join(name for name, *_ in SMALLER)})"


register_converter(SmallConverter, "small")


class SchemaConverter(StringConverter):
    """The name of a district's schema, as in the storage's addresses."""

    regex = "d_[a-z0-9]+"


register_converter(SchemaConverter, "schema")
