"""Whether the platform's hosts and the districts' own domains lead here, with a certificate."""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.districts.models import Domain
from wiq.calls.addresses import ForbiddenAddress, NameNotFound, addresses_of
from wiq.doctor.findings import Finding, Look, ill, in_production, looks, unknown, well

PORT = 443
SECONDS = 5.0
AT_ONCE = 16
# Caddy renews with a third of the term left, which is 30 days of 90.
FEW_DAYS = 14
# Districts below the platform's domain share its wildcard: some stand for all.
SAMPLE, MOST = 3, 200


@dataclass(frozen=True)
class Answer:
    """What a host said: its certificate's days, or why there is none."""

    host: str
    days: int | None = None
    trouble: str = ""


def hosts() -> list[str]:
    """Return the hosts to look at: the platform's, some below it, and all domains of districts."""
    known = Domain.objects.filter(verified_at__isnull=False).order_by("-pk")
    below = known.filter(domain__endswith=f".{settings.WIQ_DOMAIN}")[:SAMPLE]
    own = known.exclude(domain__endswith=f".{settings.WIQ_DOMAIN}")[:MOST]
    return [settings.WIQ_DOMAIN, *(row.domain for row in (*below, *own))]


def domains() -> Iterator[Finding]:
    """Say which hosts lead nowhere, or whose certificate ends soon."""
    if not in_production():
        advice = _("Auf einem Server im Netz sehen wir hier nach DNS und Zertifikaten.")
        yield unknown(_("Diese Installation ist nur auf diesem Rechner zu erreichen."), advice)
        return
    yield from judged(asked(hosts()))


def asked(names: Iterable[str]) -> list[Answer]:
    """Ask hosts for their certificates, many at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(ask, names))


def judged(answers: Iterable[Answer]) -> Iterator[Finding]:
    """Say what answers mean."""
    days = []
    for answer in answers:
        if answer.trouble:
            yield ill(
                f"{answer.host}: {answer.trouble}", _("DNS und Proxy prüfen: docs/howto/server.md.")
            )
        elif answer.days is not None and answer.days < FEW_DAYS:
            text = _("%(host)s: Das Zertifikat läuft in %(days)d Tagen ab.") % {
                "host": answer.host, "days": answer.days,
            }  # fmt: skip
            yield ill(text, _("Im Protokoll des Proxys nachsehen, warum er es nicht erneuert."))
        elif answer.days is not None:
            days.append(answer.days)
    if days:
        text = _(
            "%(count)d Adressen haben ein gültiges Zertifikat, das nächste läuft in %(days)d Tagen ab."
        )
        yield well(text % {"count": len(days), "days": min(days)})


def ask(host: str) -> Answer:
    """Resolve a host and shake hands with it. No inner address is spoken to.

    A district names its own domain, and whoever owns that may let it lead to any address.
    """
    try:
        address = addresses_of(host)[0]
    except ForbiddenAddress:
        return Answer(host, trouble=_("Das DNS nennt eine Adresse, die nur innen gilt."))
    except NameNotFound:
        return Answer(host, trouble=_("Im DNS steht keine Adresse."))
    return shake_hands(host, address, PORT)


def shake_hands(host: str, address: str, port: int) -> Answer:
    """Ask for the certificate of a host at an address, as a browser would."""
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((address, port), SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as line,
        ):
            certificate = line.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return Answer(
            host, trouble=_("Dem Zertifikat ist nicht zu trauen: %s") % error.verify_message
        )
    except OSError:
        return Answer(host, trouble=_("Dort antwortet nichts mit HTTPS."))
    ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return Answer(host, days=int((ends - time.time()) // 86_400))


looks.register(Look(90, gettext_lazy("Adressen und Zertifikate"), domains))
