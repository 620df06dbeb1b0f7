"""Reading JSON bodies."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from wiq.typed import whole


class StrictJSONParser(JSONParser):
    """DRF's parser, whose texts are cleaned as those of pages are (``wiq.typed``).

    Brackets nested too deep are the client's error (400), not ours (500).
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            found: dict[str, Any] = whole(super().parse(stream, media_type, parser_context))
            return found
        except RecursionError:
            raise ParseError(_("Das JSON ist zu tief verschachtelt.")) from None
