"""The language in a page's path: none for German, ``/en`` for English."""

from django.conf import settings
from django.utils.translation import get_language, get_language_from_path


def without_language(path: str) -> str:
    """Return a path as it is in German, where rooms declare it."""
    language = get_language_from_path(path)
    return path if language in (None, settings.LANGUAGE_CODE) else path.removeprefix(f"/{language}")


def with_language(path: str) -> str:
    """Return a page's German path in the current language."""
    language = get_language()
    return path if language in (None, settings.LANGUAGE_CODE) else f"/{language}{path}"
