"""Whether the platform's hosts and the districts' own domains lead here, with a certificate."""

import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.districts.models import Domain
from wiq.calls.addresses import ForbiddenAddress, NameNotFound, addresses_of
from wiq.doctor.findings import Finding, Look, ill, in_production, looks, unknown, well

PORT = 443
SECONDS = 5.0
AT_ONCE = 32
# For all hosts together: 2,000 take about 20 seconds where all answer.
PATIENCE = 45.0
# Caddy renews with a third of the term left, which is 30 days of 90.
FEW_DAYS = 14
# So many are named; of more their number is said.
NAMED = 10


@dataclass(frozen=True)
class Answer:
    """What a host said: its certificate's days, or why there is none; neither if nobody asked."""

    host: str
    days: int | None = None
    trouble: str = ""
    addresses: frozenset[str] = frozenset()


def hosts() -> list[str]:
    """Return all hosts: the platform's first, then domains of districts, then those below ours.

    Each has a certificate of its own (platform/deploy/Caddyfile, on_demand).
    """
    known = Domain.objects.filter(verified_at__isnull=False).order_by("pk")
    below = known.filter(domain__endswith=f".{settings.WIQ_DOMAIN}")
    own = known.exclude(domain__endswith=f".{settings.WIQ_DOMAIN}")
    return [settings.WIQ_DOMAIN, *(row.domain for row in (*own, *below))]


def domains() -> Iterator[Finding]:
    """Say which hosts lead nowhere, or whose certificate ends soon."""
    if not in_production():
        advice = _("Auf einem Server im Netz sehen wir hier nach DNS und Zertifikaten.")
        yield unknown(_("Diese Installation ist nur auf diesem Rechner zu erreichen."), advice)
        return
    yield from judged(asked(hosts()))


def asked(names: Iterable[str], seconds: float = PATIENCE) -> list[Answer]:
    """Ask hosts for their certificates, many at a time; those left after ``seconds`` are not."""
    until = time.monotonic() + seconds

    def in_time(name: str) -> Answer:
        return ask(name) if time.monotonic() < until else Answer(name)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(in_time, names))


def judged(answers: Sequence[Answer]) -> Iterator[Finding]:
    """Say what answers mean; the first is the platform's own."""
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
    yield from _elsewhere(answers)
    left = sum(one.days is None and not one.trouble for one in answers)
    if left:
        text = _("%d Adressen haben wir nicht mehr angesehen: Die anderen antworteten zu langsam.")
        yield unknown(text % left, _("Erst in Ordnung bringen, was oben steht, dann noch einmal."))
    if days:
        text = _(
            "%(count)d Adressen haben ein gültiges Zertifikat, das nächste läuft in %(days)d Tagen ab."
        )
        yield well(text % {"count": len(days), "days": min(days)})


def _elsewhere(answers: Sequence[Answer]) -> Iterator[Finding]:
    """Say which hosts lead to another machine than the platform's own, with one address or all."""
    ours = answers[0].addresses if answers else frozenset()
    others = [one for one in answers if ours and one.addresses - ours]
    advice = _("Steht dort kein Proxy von Ihnen, dann die Adresse im DNS ändern.")
    for one in others[:NAMED]:
        text = _("%(host)s führt auch woanders hin als die Plattform: %(addresses)s") % {
            "host": one.host, "addresses": ", ".join(sorted(one.addresses - ours)),
        }  # fmt: skip
        yield unknown(text, advice)
    if len(others) > NAMED:
        yield unknown(_("So auch %d weitere Adressen.") % (len(others) - NAMED), advice)


def ask(host: str) -> Answer:
    """Resolve a host and shake hands with it. No inner address is spoken to.

    A district names its own domain, and whoever owns that may let it lead to any address.
    """
    try:
        found = addresses_of(host)
    except ForbiddenAddress:
        return Answer(host, trouble=_("Das DNS nennt eine Adresse, die nur innen gilt."))
    except NameNotFound:
        return Answer(host, trouble=_("Im DNS steht keine Adresse."))
    return replace(shake_hands(host, found[0], PORT), addresses=frozenset(found))


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
