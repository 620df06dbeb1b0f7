"""The rules for districts' subdomains, and which of them are too similar to another one."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.solutions.search import fold
from tenants.districts.models import SLUG_PATTERN, District, MovedHost, whole
from tenants.provisioning.models import Order, Removal

# Names that mean something else on the internet or here.
RESERVED = frozenset(
    {
        *("www", "mail", "smtp", "imap", "ftp", "ns1", "ns2", "api", "admin", "static", "media"),
        *("plattform", "platform", "status", "support", "hilfe", "help", "wiq", "quartier"),
        *("quartiere", "autoconfig", "autodiscover", "localhost", "demo", "test", "public"),
        *("stadt", "leipzig", "rathaus", "polizei", "verwaltung", "wirimquartier"),
        *("wir-im-quartier", "ecken-wecken", "login", "anmelden", "konto", "webmail", "cdn", "app"),
    }
)
# From this length on, a difference of one letter looks like a typo, or like an imitation.
ALIKE_FROM = 8
# Characters that look the same in many fonts. Hyphens are easily overlooked.
_SAME = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("-", ""))


def check_form(slug: str) -> None:
    """Raise ValidationError for an invalid subdomain (RFC 1123, 2.1; RFC 5891, 4.2.3.1)."""
    if slug.startswith("xn--") or slug[2:4] == "--":
        raise ValidationError(
            _(
                "Bitte schreiben Sie Umlaute als ae, oe, ue und nehmen Sie keinen doppelten Bindestrich."
            )
        )
    if not re.match(whole(SLUG_PATTERN), slug):
        raise ValidationError(
            _(
                "Bitte nur Kleinbuchstaben, Ziffern und Bindestriche, 2 bis 40 Zeichen, zum Beispiel: %s"
            )
            % "leipziger-westen"
        )


def check_slug(slug: str, *, key_name: str = "") -> None:
    """Raise ValidationError for a name that is not a valid subdomain here, or is taken.

    One that has moved away keeps its name for itself: ``key_name`` says by which key it is known.
    """
    check_form(slug)
    if slug in RESERVED:
        raise ValidationError(_("Diese Adresse ist für die Plattform selbst da: %s") % slug)
    if District.objects.filter(slug=slug).exists():
        raise ValidationError(_("Ein Quartier mit dieser Adresse gibt es schon: %s") % slug)
    host = f"{slug}.{settings.WIQ_DOMAIN}"
    if MovedHost.objects.filter(host=host).exclude(key_name=key_name).exists():
        raise ValidationError(
            _(
                "Unter dieser Adresse war ein Quartier, das auf einen anderen Server umgezogen ist: %s"
            )
            % slug
        )
    rests = Removal.objects.filter(slug=slug, reserved_until__gt=timezone.localdate())
    if rests.exists():
        raise ValidationError(
            _("Ein anderes Quartier hatte diese Adresse vor Kurzem. Die Adresse ruht noch: %s")
            % slug
        )


def check_wish(slug: str) -> None:
    """Raise ValidationError for what ``check_slug`` refuses, and for look-alikes.

    Only the operator, on the command line, may use a name that looks like another one.
    """
    check_slug(slug)
    wanted = set(Order.objects.open().values_list("slug", flat=True))
    if slug in wanted:
        raise ValidationError(_("Ein Quartier mit dieser Adresse wird gerade eingerichtet."))
    for other in {*District.objects.values_list("slug", flat=True), *wanted, *RESERVED}:
        if looks_like(slug, other):
            raise ValidationError(
                _("Diese Adresse ist leicht mit „%s“ zu verwechseln. Bitte wählen Sie eine andere.")
                % other
            )


def looks_like(slug: str, other: str) -> bool:
    """Tell whether two different names are easily confused."""
    if _skeleton(slug) == _skeleton(other):
        return True
    return min(len(slug), len(other)) >= ALIKE_FROM and _one_letter_apart(slug, other)


def _skeleton(slug: str) -> str:
    for sign, same in _SAME:
        slug = slug.replace(sign, same)
    return slug


def _one_letter_apart(one: str, other: str) -> bool:
    """Tell whether one letter is added, missing, changed or swapped. Digits count as intended."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if any(sign.isdigit() for sign in one + other):
        return False
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


def suggestion(name: str) -> str:
    """Return a subdomain made from a district's name."""
    return slugify(fold(name))[:40].strip("-")
