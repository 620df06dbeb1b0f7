"""How much room the files of a district may take."""

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from wiq.media.storage import FilesAway, district_files

# Adding up a bucket's files takes a request for every thousand.
SECONDS = 60
# Below, a tenth of a megabyte says something.
FINE_BYTES = 100_000_000
_KEY = "media-bytes-used"


def bytes_used() -> int:
    """Return how many bytes the files of the current district take."""
    return sum(file.size for file in district_files().everything())


def shown(count: int) -> str:
    """Return a number of bytes as people read it."""
    decimals = 0 if count >= FINE_BYTES else 1
    # number_format cuts digits off.
    rounded = round(count / 1_000_000, decimals)
    return f"{number_format(rounded, decimals, force_grouping=True)}\N{NO-BREAK SPACE}MB"


def of_room(used: int) -> str:
    """Return a number of bytes and how many a district may use."""
    most = shown(settings.WIQ_DISTRICT_BYTES)
    return _("%(used)s von %(most)s") % {"used": shown(used), "most": most}


def use_in_words() -> str:
    """Return how much of its room the current district uses; nothing where nobody can say."""
    try:
        used = bytes_used()
    except FilesAway:
        return ""
    return _("Bilder und Videos belegen %(share)s.") % {"share": of_room(used)}


def check_room_for(size: int) -> None:
    """Raise ValidationError where a district's files would take more room than it has.

    ``size`` in bytes. What was added up a moment ago is used again, with what came since.
    """
    used = int(cache.get(_KEY) or 0) or bytes_used()
    if used + size > settings.WIQ_DISTRICT_BYTES:
        cache.delete(_KEY)
        used = bytes_used()
    if used + size > settings.WIQ_DISTRICT_BYTES:
        raise ValidationError(
            _(
                "Der Platz für Bilder und Videos Ihres Quartiers reicht nicht: %(share)s sind belegt. Bitte löschen Sie, was Sie nicht mehr brauchen."
            )
            % {"share": of_room(used)}
        )
    cache.set(_KEY, used + size, SECONDS)
