"""Which addresses can be registered as a webhook."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.webhooks.models import URL_MAX
from wiq.host_names import in_dns

HTTPS = 443
# Below stand services that understand other words than ours.
FIRST_FREE_PORT = 1024


def check_url(url: str) -> str:
    """Return an address that can be called. Raises ValidationError.

    Where its name leads is looked at when it is called, each time anew (wiq.calls).
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
        name = in_dns(parts.hostname or "")
    except ValueError as error:  # UnicodeError is one
        raise ValidationError(_("Das ist keine Internetadresse.")) from error
    if parts.scheme != "https" or not name or not url.isprintable() or " " in url:
        raise ValidationError(_("Die Adresse muss mit https:// beginnen."))
    if len(url) > URL_MAX:
        raise ValidationError(_("Die Adresse ist zu lang."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValidationError(_("Bitte geben Sie die Adresse ohne Passwort und ohne „#“ an."))
    if port != HTTPS and port < FIRST_FREE_PORT:
        raise ValidationError(_("An dieser Portnummer rufen wir nicht an."))
    if _is_number(name) or "." not in name:
        raise ValidationError(_("Bitte geben Sie einen vollständigen Servernamen an."))
    return url


def _is_number(name: str) -> bool:
    """Tell whether a name is an address in numbers, in any way that systems read one."""
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        last = name.rpartition(".")[2]
        return last.isdecimal() or last.startswith("0x")
    return True
