"""The mail doctor's words: what the DNS says of a sender, and what to do, in plain language."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from wiq.reputation.services import Figures
from wiq.senders.facts import Facts


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, what that means, what to enter where."""

    is_well: bool
    title: str
    text: str
    # Name, kind and content of the record that has to stand in the DNS.
    record: tuple[str, str, str] | None = None


def findings(
    found: Facts, *, domain: str, reply_domain: str, selector: str, proof: tuple[str, str] | None
) -> list[Finding]:
    """Return the findings about a sender, in the order in which one mends them."""
    listed = [_proof(found, proof)] if proof else []
    if selector:
        listed.append(_key(found, domain, selector))
    listed += [_spf(found, reply_domain if found.answers_come else domain), _dmarc(found, domain)]
    listed.append(_answers(found, reply_domain))
    return listed


def _proof(found: Facts, proof: tuple[str, str]) -> Finding:
    if found.is_proven:
        return Finding(
            True,
            _("Die Domain gehört Ihnen"),
            _("Der Eintrag ist da. Bitte lassen Sie ihn stehen."),
        )
    text = _(
        "Wer die Domain verwaltet, trägt diese Zeile ein. Bis wir sie sehen, dauert es manchmal eine Stunde."
    )
    return Finding(False, _("Noch nicht bewiesen, dass die Domain Ihnen gehört"), text, (proof[0], "TXT", proof[1]))  # fmt: skip


def _key(found: Facts, domain: str, selector: str) -> Finding:
    if found.has_key:
        text = _("Andere Mailserver können prüfen, dass eine E-Mail wirklich von Ihnen kommt.")
        return Finding(True, _("Unterschrift (DKIM): Der Schlüssel ist da"), text)
    text = _(
        "Den Schlüssel bekommen Sie von dem, der den Mailserver der Plattform betreibt. Ohne ihn landen E-Mails oft im Spam-Ordner."
    )
    record = (f"{selector}._domainkey.{domain}", "TXT", "v=DKIM1; k=rsa; p=…")
    return Finding(False, _("Unterschrift (DKIM): Der Schlüssel fehlt"), text, record)


def _spf(found: Facts, envelope: str) -> Finding:
    if found.spf_lets_us:
        return Finding(True, _("Erlaubte Server (SPF): unser Mailserver darf"), found.spf)
    text = _("Hier steht noch nicht, dass unser Mailserver für diese Domain senden darf.")
    old = found.spf or "v=spf1 -all"
    include = f"include:{settings.WIQ_REPLY_DOMAIN}"
    new = old.replace("v=spf1", f"v=spf1 {include}", 1)
    return Finding(False, _("Erlaubte Server (SPF): unser Mailserver fehlt"), text, (envelope, "TXT", new))  # fmt: skip


def _dmarc(found: Facts, domain: str) -> Finding:
    if found.dmarc:
        return Finding(True, _("Regel für falsche E-Mails (DMARC) ist da"), found.dmarc)
    text = _(
        "Gmail und andere erwarten eine Regel, was mit gefälschten E-Mails geschieht. „none“ ist ein guter Anfang."
    )
    return Finding(False, _("Regel für falsche E-Mails (DMARC) fehlt"), text, (f"_dmarc.{domain}", "TXT", "v=DMARC1; p=none"))  # fmt: skip


def _answers(found: Facts, reply_domain: str) -> Finding:
    if found.answers_come:
        return Finding(True, _("Zurückgekommene E-Mails erreichen uns"), reply_domain)
    text = _(
        "Es geht auch ohne: Dann kommen Antworten und unzustellbare E-Mails an die Adresse der Plattform."
    )
    record = (reply_domain, "MX", _("dieselben Server wie bei %s") % settings.WIQ_REPLY_DOMAIN)
    return Finding(False, _("Antworten an die eigene Domain sind nicht eingerichtet"), text, record)


def rules_of_providers(figures: Figures) -> list[str]:
    """Return what applies at large providers, with the own figures where they count."""
    share = 100 * figures.complaints / figures.sent if figures.sent else 0.0
    told = f"{share:.1f}".replace(".", ",")
    return [
        _("Gmail: Höchstens 0,3 %% der E-Mails dürfen als Spam gemeldet werden. In den letzten 7 Tagen waren es bei uns %s %%.") % told,
        _("T-Online nimmt E-Mails nur von Servern an, unter deren Namen eine Internetseite mit Impressum steht. Darum kümmert sich, wer den Mailserver der Plattform betreibt."),
    ]  # fmt: skip
