"""What the DNS says of a sender's domain: whose it is, and who may send in its name.

SPF: RFC 7208. DKIM: RFC 6376, 3.6.1. DMARC: RFC 7489, 6.3. Only what is decided here is read; the
recipients' servers judge each mail by themselves.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from wiq.dns_lookup import known_texts, mail_hosts
from wiq.mail_addresses import parts

# As many questions as a recipient's server may ask (RFC 7208, 4.6.4).
MOST_LOOKUPS = 10
# What lets a server send; "a", "mx" and "exists" are about the domain that says them.
_LETS = ("ip4:", "ip6:", "include:", "a:", "mx:")


@dataclass(frozen=True)
class Facts:
    """What was found. Empty texts: nothing."""

    is_proven: bool = False
    spf: str = ""
    # Whether the mail server of the platform may send for it.
    spf_lets_us: bool = False
    has_key: bool = False
    dmarc: str = ""
    # Whether mail to the subdomain for answers comes to us.
    answers_come: bool = False

    @property
    def is_aligned(self) -> bool:
        """Whether a recipient can tell that the domain wanted this mail (RFC 7489, 3.1)."""
        return self.has_key or (self.answers_come and self.spf_lets_us)

    @property
    def is_usable(self) -> bool:
        """Whether mails under this sender are worth trying."""
        return self.is_proven and self.is_aligned

    def kept(self) -> dict[str, Any]:
        """Return them for the database."""
        return asdict(self)


def of_platform() -> Facts:
    """Return what the DNS says of the platform's own sender. Raises DNSException."""
    domain = platform_domain()
    return Facts(
        is_proven=True,
        spf=_spf(settings.WIQ_REPLY_DOMAIN),
        spf_lets_us=bool(_spf(settings.WIQ_REPLY_DOMAIN)),
        dmarc=_dmarc(domain),
        answers_come=bool(mail_hosts(settings.WIQ_REPLY_DOMAIN)),
    )


def platform_domain() -> str:
    """Return the domain of the platform's own sender."""
    return parts(settings.DEFAULT_FROM_EMAIL)[1].rstrip(">")


def of(domain: str, *, reply_domain: str, selector: str, proof: str) -> Facts:
    """Ask the DNS about a district's sender. Raises DNSException where it does not answer."""
    hosts = mail_hosts(reply_domain)
    answers_come = bool(hosts) and hosts <= mail_hosts(settings.WIQ_REPLY_DOMAIN)
    envelope = reply_domain if answers_come else domain
    return Facts(
        is_proven=proof in known_texts(proof_name(domain)),
        spf=_spf(envelope),
        spf_lets_us=_lets_us(envelope),
        has_key=_has_key(domain, selector),
        dmarc=_dmarc(domain),
        answers_come=answers_come,
    )


def proof_name(domain: str) -> str:
    """Return the name of the record that proves a domain."""
    return f"_wiq.{domain}"


def _spf(domain: str) -> str:
    """Return a domain's SPF record; of several none counts (RFC 7208, 4.5)."""
    found = [text for text in known_texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    return found[0] if len(found) == 1 else ""


def _dmarc(domain: str) -> str:
    found = [text for text in known_texts(f"_dmarc.{domain}") if text.startswith("v=DMARC1")]
    return found[0] if len(found) == 1 else ""


def _has_key(domain: str, selector: str) -> bool:
    """Tell whether the domain publishes a key that was not taken back ("p=" is empty then)."""
    for text in known_texts(f"{selector}._domainkey.{domain}"):
        tags = dict(tag.strip().split("=", 1) for tag in text.split(";") if "=" in tag)
        if tags.get("p", "").strip() and tags.get("v", "DKIM1").strip() == "DKIM1":
            return True
    return False


def _lets_us(domain: str) -> bool:
    """Tell whether an SPF record lets whoever sends for the platform send for this domain, too."""
    ours = {f"include:{settings.WIQ_REPLY_DOMAIN}", f"include:{platform_domain()}"}
    wanted = _terms_of(_spf(settings.WIQ_REPLY_DOMAIN))
    found = _all_terms(domain)
    return bool(found & ours) or bool(wanted and wanted <= found)


def _all_terms(domain: str) -> set[str]:
    """Return what lets servers send for a domain, with what it includes."""
    found: set[str] = set()
    waiting, asked = [domain], 0
    while waiting and asked <= MOST_LOOKUPS:
        asked += 1
        record = _spf(waiting.pop())
        fresh = _terms_of(record) - found
        found |= fresh
        waiting += [term.partition(":")[2] for term in fresh if term.startswith("include:")]
        waiting += [term[9:] for term in record.lower().split() if term.startswith("redirect=")]
    return found


def _terms_of(record: str) -> set[str]:
    terms = (term.lstrip("+") for term in record.lower().split()[1:])
    return {term for term in terms if term.startswith(_LETS)}
