"""A district's own sender: proven in the DNS, followed by every address, left before mails fail."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tests.audited import said
from tests.cast import ACTOR, District
from tests.dns_server import DnsServer
from tests.inbound.reporting import latest, report, sent_to, state_of
from tests.mails import caught, deliver_all
from wiq.inbound import receiving
from wiq.inbound.mailboxes import Outcome
from wiq.mail.relay import Relay
from wiq.night import chores
from wiq.outbox.models import State
from wiq.senders import services
from wiq.senders.models import Sender

DOMAIN = "nordviertel-mail.example"
OWN = f"post@{DOMAIN}"
REPLIES = f"antwort.{DOMAIN}"
PLATFORM = "antwort.wiq.example"
DESK, CONSOLE = "/koordination/maildoktor/", "/plattform/maildoktor/"


@pytest.fixture
def zone(settings: Any) -> Iterator[DnsServer]:
    server = DnsServer()
    settings.WIQ_DNS_SERVER = server.address
    settings.WIQ_REPLY_DOMAIN = PLATFORM
    server.mail_hosts[PLATFORM] = "mx.wiq.example"
    server.records[PLATFORM] = "v=spf1 ip4:192.0.2.1 include:relay.example -all"
    yield server
    server.socket.close()


def chosen(district: District) -> Sender:
    with district.inside():
        return services.choose(OWN, "wiq", actor=ACTOR)


def publish(zone: DnsServer, sender: Sender) -> None:
    """Let the domain's owner enter proof and key."""
    zone.records[f"_wiq.{DOMAIN}"] = services.proof_text(sender)
    zone.records[f"wiq._domainkey.{DOMAIN}"] = "v=DKIM1; k=rsa; p=MIGf"
    zone.records[f"_dmarc.{DOMAIN}"] = "v=DMARC1; p=quarantine"


def take_in_answers(zone: DnsServer) -> None:
    zone.mail_hosts[REPLIES] = "mx.wiq.example"
    zone.records[REPLIES] = f"v=spf1 include:{PLATFORM} -all"


def checked(district: District) -> Sender:
    with district.inside():
        found = services.chosen()
        assert found is not None
        return services.check(found, actor=ACTOR)


def test_nothing_is_sent_from_a_domain_that_is_not_proven(
    nord: District, zone: DnsServer, maildir: Path
) -> None:
    sender = chosen(nord)
    publish(zone, sender)
    zone.records[f"_wiq.{DOMAIN}"] = "wiq-absender=falsch"
    assert not checked(nord).is_usable
    sent_to(nord, "eins@absender-hier.example")
    (arrived,) = caught(maildir, "eins@absender-hier.example")
    assert arrived["From"] == "Wir im Quartier <post@wiq.example>"


def test_a_proven_sender_is_followed_by_every_address_and_the_neighbour_keeps_the_platforms(
    nord: District, sued: District, zone: DnsServer, maildir: Path
) -> None:
    publish(zone, chosen(nord))
    take_in_answers(zone)
    found = checked(nord)
    assert (found.is_usable, found.replies_here) == (True, True)
    message = sent_to(nord, "zwei@absender-hier.example")
    sent_to(sued, "drei@absender-hier.example")
    (own,) = caught(maildir, "zwei@absender-hier.example")
    (other,) = caught(maildir, "drei@absender-hier.example")
    assert own["From"] == f"Nordviertel <{OWN}>"
    path = own["X-WiQ-Envelope-From"]
    assert path.startswith("bounce+") and path.endswith(f"@{REPLIES}")
    assert other["From"] == "Wir im Quartier <post@wiq.example>"
    assert other["X-WiQ-Envelope-From"].endswith(f"@{PLATFORM}")
    # What comes back there finds its mail as well.
    assert receiving.receive(report("postfix", path)) == Outcome.BOUNCE
    assert state_of(message) == State.DEAD
    with nord.inside():
        assert [action for action, _who in said("sender.")] == ["sender.chosen", "sender.proven"]


def test_without_mail_servers_of_ours_returned_mails_come_to_the_platform(
    nord: District, zone: DnsServer, maildir: Path
) -> None:
    publish(zone, chosen(nord))
    zone.mail_hosts[REPLIES] = "mx.jemand-anders.example"
    found = checked(nord)
    assert (found.is_usable, found.replies_here) == (True, False)
    sent_to(nord, "vier@absender-hier.example")
    (arrived,) = caught(maildir, "vier@absender-hier.example")
    assert arrived["X-WiQ-Envelope-From"].endswith(f"@{PLATFORM}")


@pytest.mark.parametrize("key", ["", "v=DKIM1; p=", "v=DKIM2; p=MIGf"])
def test_a_sender_that_nobody_can_check_is_not_used(
    nord: District, zone: DnsServer, key: str
) -> None:
    publish(zone, chosen(nord))
    zone.records[f"wiq._domainkey.{DOMAIN}"] = key
    assert not checked(nord).is_usable
    # SPF for the envelope does it as well, where that is the same domain.
    take_in_answers(zone)
    assert checked(nord).is_usable
    zone.records[REPLIES] = "v=spf1 ip4:192.0.2.7 -all"
    assert not checked(nord).is_usable
    zone.records[REPLIES] = "v=spf1 include:relay.example ip4:192.0.2.1 -all"
    assert checked(nord).is_usable


def test_a_sender_that_the_mail_server_refuses_is_left_and_no_mail_is_lost(
    nord: District, zone: DnsServer, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(zone, chosen(nord))
    checked(nord)
    hand_over = Relay._send

    def refuses_own(self: Relay, written: Any) -> bool:
        if OWN in written.extra_headers["From"]:
            raise smtplib.SMTPSenderRefused(553, b"5.7.1 not owned by user", written.from_email)
        return hand_over(self, written)

    monkeypatch.setattr(Relay, "_send", refuses_own)
    message = sent_to(nord, "fuenf@absender-hier.example")
    assert state_of(message) == State.SENT
    (arrived,) = caught(maildir, "fuenf@absender-hier.example")
    assert arrived["From"] == "Wir im Quartier <post@wiq.example>"
    left = Sender.objects.get()
    assert (left.is_usable, left.refused) == (False, "553 5.7.1 not owned by user")
    assert "not owned by user" in nord.signed_in("coordinator").get(DESK).content.decode()


def test_a_refusal_of_the_recipient_says_nothing_about_the_sender(
    nord: District, zone: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(zone, chosen(nord))
    checked(nord)

    def nobody(self: Relay, written: Any) -> bool:
        raise smtplib.SMTPDataError(550, b"5.1.1 no such user")

    monkeypatch.setattr(Relay, "_send", nobody)
    sent_to(nord, "sechs@absender-hier.example")
    assert state_of(latest(nord, "sechs@absender-hier.example")) == State.DEAD
    assert Sender.objects.get().is_usable


@pytest.mark.thorough
def test_it_is_looked_after_once_a_week_and_a_silent_dns_ends_nothing(
    nord: District, zone: DnsServer, settings: Any
) -> None:
    publish(zone, chosen(nord))
    checked(nord)
    (chore,) = (one for one in chores if one.name == "senders_checked")
    del zone.records[f"_wiq.{DOMAIN}"]
    with nord.inside():
        assert chore.do() == 0  # asked this week already
        Sender.objects.update(checked_at=timezone.now() - timedelta(days=8))
        settings.WIQ_DNS_SERVER = "127.0.0.1:9"
        assert chore.do() == 0
        assert Sender.objects.get().is_usable
        settings.WIQ_DNS_SERVER = zone.address
        assert chore.do() == 1
        assert not Sender.objects.get().is_usable
        assert said("sender.")[-1] == ("sender.left", "system")


@pytest.mark.parametrize(
    "address",
    ["post@wiq.example", "post@nord.localhost", "post@antwort.wiq.example", "jürgen@a.example"],
)
def test_the_platforms_own_domain_is_nobodys_sender(
    nord: District, zone: DnsServer, address: str
) -> None:
    with nord.inside(), pytest.raises(ValidationError):
        services.choose(address, "wiq", actor=ACTOR)


def test_another_address_has_to_be_proven_anew(nord: District, zone: DnsServer) -> None:
    old = chosen(nord)
    publish(zone, old)
    assert checked(nord).is_usable
    with nord.inside():
        other = services.choose(f"kontakt@{DOMAIN}", "wiq", actor=ACTOR)
    assert (other.is_usable, other.proof != old.proof) == (False, True)


def test_the_desk_says_what_is_missing_and_what_to_enter(
    nord: District, sued: District, zone: DnsServer
) -> None:
    client = nord.signed_in("coordinator")
    assert "unter der Adresse der Plattform" in client.get(DESK).content.decode()
    typed = {"was": "waehlen", "address": OWN, "selector": "wiq"}
    shown = client.post(DESK, typed, follow=True).content.decode()
    sender = Sender.objects.get()
    for word in (f"_wiq.{DOMAIN}", services.proof_text(sender), f"wiq._domainkey.{DOMAIN}",
                 f"_dmarc.{DOMAIN}", f"include:{PLATFORM}", "0,3\u00a0%", "T-Online"):  # fmt: skip
        assert word in shown, word
    publish(zone, sender)
    shown = client.post(DESK, {"was": "pruefen"}, follow=True).content.decode()
    assert f"gehen jetzt unter {OWN} hinaus" in shown
    assert services.proof_text(sender) not in shown
    assert sender.address not in sued.signed_in("coordinator").get(DESK).content.decode()
    assert nord.signed_in("editor").get(DESK).status_code == 403
    client.post(DESK, {"was": "aufgeben"})
    assert not Sender.objects.exists()


def test_what_is_no_address_is_said_beside_the_field(nord: District, zone: DnsServer) -> None:
    client = nord.signed_in("coordinator")
    answer = client.post(DESK, {"was": "waehlen", "address": "post@", "selector": "a b"})
    assert answer.status_code == 422
    assert not Sender.objects.exists()


def test_a_test_mail_goes_to_who_asked_and_to_nobody_else(
    nord: District, zone: DnsServer, maildir: Path, console: Client
) -> None:
    before = len(caught(maildir, "coordinator@nord.example"))
    nord.signed_in("coordinator").post(DESK, {"was": "test", "email": "fremd@b.example"})
    deliver_all(nord)
    assert len(caught(maildir, "coordinator@nord.example")) == before + 1
    assert caught(maildir, "fremd@b.example") == []
    assert console.post(CONSOLE, {"was": "test"}).status_code == 302


@pytest.mark.thorough
def test_the_console_shows_the_platforms_records_and_every_sender(
    nord: District, zone: DnsServer, console: Client, settings: Any
) -> None:
    chosen(nord)
    shown = console.get(CONSOLE).content.decode()
    assert "ip4:192.0.2.1" in shown
    assert f"Nordviertel: {OWN}" in shown
    assert "_dmarc.wiq.example" in shown
    settings.WIQ_DNS_SERVER = "127.0.0.1:9"
    assert "Das DNS hat nicht geantwortet" in console.get(CONSOLE).content.decode()
