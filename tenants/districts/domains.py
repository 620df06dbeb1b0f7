"""Districts' own domains: claimed, proven by a DNS record, made the primary one."""

import dns.exception
import dns.resolver
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.districts import lookup, services
from tenants.districts.models import District, Domain
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.dns_lookup import texts
from wiq.host_names import in_dns


def record_name(domain: Domain) -> str:
    """Return the name of the DNS record that holds the proof."""
    return f"_wiq.{domain.domain}"


def record_text(domain: Domain) -> str:
    """Return the record's text, which only the domain's owner can publish."""
    return f"wiq={domain.proof}"


def in_ascii(host: str) -> str:
    """Return a domain as in the DNS, with umlauts by IDNA 2008. Raises ValidationError."""
    try:
        host = in_dns(host)
        DomainNameValidator(accept_idna=False)(host)
    except (UnicodeError, ValidationError):
        raise ValidationError(_("Das ist kein Name einer Domain: %s") % host) from None
    ours = host == settings.WIQ_DOMAIN or host.endswith(f".{settings.WIQ_DOMAIN}")
    if ours or "." not in host:
        raise ValidationError(_("Das ist keine eigene Domain: %s") % host)
    return host


@transaction.atomic
def claim(district: District, host: str, *, actor: Actor) -> Domain:
    """Claim a domain for a district, which answers there once the domain is proven.

    Raises ValidationError if it is not a domain or already belongs to a district.
    """
    host = in_ascii(host)
    if Domain.objects.filter(domain=host).exists():
        raise ValidationError(_("Ein Quartier hat diese Domain schon: %s") % host)
    domain = Domain(tenant=district, domain=host, is_primary=False, verified_at=None)
    domain.full_clean(exclude=["tenant"])
    domain.save()
    audit.record_change("domain.claimed", district, actor=actor, details={"domain": host})
    return domain


def _locked(domain: Domain) -> Domain:
    """Return the current row of a domain, locked until the end of the transaction.

    Raises ValidationError if somebody has given it up meanwhile.
    """
    found: Domain | None = (
        Domain.objects.select_for_update(of=("self",)).filter(pk=domain.pk).first()
    )
    if found is None:
        raise ValidationError(_("Diese Domain ist nicht mehr da."))
    return found


def _missing(domain: Domain, found: str) -> ValidationError:
    """Return what was found in the DNS instead of the proof, and what has to be there."""
    wanted = _("Im DNS muss stehen: %(name)s TXT %(text)s. Nach dem Eintragen dauert es manchmal eine Stunde, bis wir es sehen.") % {
        "name": record_name(domain), "text": record_text(domain),
    }  # fmt: skip
    return ValidationError(f"{found} {wanted}")


def _check_proof(domain: Domain) -> None:
    """Look for the proof in the DNS. Raises ValidationError that says what is there instead."""
    name = record_name(domain)
    try:
        found = texts(name)
    except dns.resolver.NXDOMAIN:
        raise _missing(domain, _("Gefunden: nichts. Den Namen %s gibt es nicht.") % name) from None
    except dns.resolver.NoAnswer:
        raise _missing(domain, _("Gefunden: %s, aber ohne einen TXT-Eintrag.") % name) from None
    except dns.exception.Timeout:
        raise _missing(
            domain, _("Nicht gefunden: Das DNS hat nicht geantwortet. Bitte später noch einmal.")
        ) from None
    except dns.exception.DNSException:
        raise _missing(
            domain, _("Nicht gefunden: Das DNS konnte uns %s nicht nennen.") % name
        ) from None
    if record_text(domain) not in found:
        said = ", ".join(f"„{text[:100]}“" for text in sorted(found)[:5])
        raise _missing(domain, _("Gefunden, aber mit anderem Inhalt: %s.") % said)


@transaction.atomic
def verify(domain: Domain, *, actor: Actor) -> Domain:
    """Look for the proof in the DNS; if it is there, the district answers at the domain.

    Otherwise raises ValidationError with what was found, and the record that has to be there.
    """
    _check_proof(domain)
    domain = _locked(domain)
    domain.verified_at = timezone.now()
    domain.save(update_fields=["verified_at"])
    audit.record_change(
        "domain.verified", domain.tenant, actor=actor, details={"domain": domain.domain}
    )
    lookup.forget_after_commit(domain.tenant)
    return domain


@transaction.atomic
def make_primary(domain: Domain, *, actor: Actor) -> Domain:
    """Make a proven domain the primary one, to which the others redirect.

    Raises ValidationError if it is not proven.
    """
    domain = _locked(domain)
    if domain.verified_at is None:
        raise ValidationError(_("Diese Domain ist noch nicht bestätigt."))
    made = services.make_primary(domain.tenant, domain.domain)
    audit.record_change(
        "domain.primary", domain.tenant, actor=actor, details={"domain": domain.domain}
    )
    return made


@transaction.atomic
def drop(domain: Domain, *, actor: Actor) -> None:
    """Give a domain up. Raises ValidationError for the primary one."""
    domain = _locked(domain)
    if domain.domain.endswith(f".{settings.WIQ_DOMAIN}"):
        raise ValidationError(_("Die Adresse bei uns bleibt: Gedruckte Links führen dorthin."))
    if domain.is_primary:
        raise ValidationError(_("Die Hauptadresse bleibt. Machen Sie erst eine andere dazu."))
    lookup.forget_after_commit(domain.tenant)
    audit.record_change(
        "domain.dropped", domain.tenant, actor=actor, details={"domain": domain.domain}
    )
    domain.delete()
