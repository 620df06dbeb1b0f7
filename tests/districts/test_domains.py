"""Own domains: claimed, proven in the DNS, made the primary one; all other hosts lead there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tenants.districts import domains, lookup
from tenants.districts.models import Domain
from tests.audited import details, said
from tests.cast import ACTOR, District
from tests.dns_server import DnsServer
from tests.locks import row_locks
from wiq import dns_lookup
from wiq.web.allowed_hosts import AllowedHosts
from wiq.web.errors import BARE_HEADERS

OWN = "nordviertel.example"


@pytest.fixture
def dns_server(settings: Any) -> Iterator[DnsServer]:
    server = DnsServer()
    settings.WIQ_DNS_SERVER = server.address
    # The test runner copies the list; this is how settings have it.
    settings.ALLOWED_HOSTS = AllowedHosts(["localhost", ".localhost"])
    yield server
    server.socket.close()


def claimed(district: District, host: str = OWN) -> Domain:
    return domains.claim(district.row, host, actor=ACTOR)


def proven(district: District, server: DnsServer) -> Domain:
    domain = claimed(district)
    server.records[f"_wiq.{OWN}"] = domains.record_text(domain)
    return domains.verify(domain, actor=ACTOR)


def at(host: str, path: str = "/", method: str = "get") -> Any:
    return getattr(Client(headers={"host": host}), method)(path)


def certificate(host: str) -> int:
    return int(at("localhost", f"/intern/zertifikat/?domain={host}").status_code)


def test_a_domain_answers_once_the_dns_proves_it(nord: District, dns_server: DnsServer) -> None:
    domain = claimed(nord)
    assert at(OWN).status_code == 404
    assert certificate(OWN) == 404
    with pytest.raises(ValidationError, match=f"_wiq.{OWN}".replace(".", r"\.")):
        domains.verify(domain, actor=ACTOR)
    dns_server.records[f"_wiq.{OWN}"] = "wiq=something else"
    with pytest.raises(ValidationError, match="TXT"):
        domains.verify(domain, actor=ACTOR)
    dns_server.records[f"_wiq.{OWN}"] = domains.record_text(domain)
    domains.verify(domain, actor=ACTOR)
    lookup.forget_all()
    assert certificate(OWN) == 200
    # Not the primary one yet: it leads to the subdomain.
    moved = at(OWN, "/loesungsteams/?q=baum")
    assert (moved.status_code, moved["Location"]) == (
        301, "http://nord.localhost:8000/loesungsteams/?q=baum",
    )  # fmt: skip


def test_one_is_primary_and_all_others_lead_there(nord: District, dns_server: DnsServer) -> None:
    domain = claimed(nord)
    with pytest.raises(ValidationError, match="noch nicht bestätigt"):
        domains.make_primary(domain, actor=ACTOR)
    dns_server.records[f"_wiq.{OWN}"] = domains.record_text(domain)
    domains.make_primary(domains.verify(domain, actor=ACTOR), actor=ACTOR)
    lookup.forget_all()
    assert at(OWN).status_code == 200
    assert "Nordviertel" in at(OWN).content.decode()
    assert at("nord.localhost")["Location"] == f"http://{OWN}:8000/"
    assert at("nord.localhost", "/kontakt/", "post").status_code == 308
    assert nord.row.url == f"http://{OWN}:8000/"
    assert Domain.objects.filter(tenant=nord.row, is_primary=True).count() == 1
    primary = Domain.objects.get(domain=OWN)
    with pytest.raises(ValidationError, match="Hauptadresse"):
        domains.drop(primary, actor=ACTOR)
    domains.make_primary(Domain.objects.get(domain="nord.localhost"), actor=ACTOR)
    domains.drop(Domain.objects.get(domain=OWN), actor=ACTOR)
    lookup.forget_all()
    assert at(OWN).status_code == 404
    assert at("nord.localhost").status_code == 200


def test_the_primary_one_stays_though_somebody_drops_it_at_once(
    nord: District, dns_server: DnsServer
) -> None:
    domain = domains.claim(nord.row, OWN, actor=ACTOR)
    dns_server.records[f"_wiq.{OWN}"] = domains.record_text(domain)
    domains.verify(domain, actor=ACTOR)
    seen_before = Domain.objects.get(pk=domain.pk)
    domains.make_primary(domain, actor=ACTOR)
    with pytest.raises(ValidationError, match="Hauptadresse"):
        domains.drop(seen_before, actor=ACTOR)
    assert nord.row.domains.filter(is_primary=True).count() == 1


@pytest.mark.parametrize(
    "host",
    ["localhost", "sued.localhost", "x.nord.localhost", "kein name", "http://a.example", "a",
     "-a.example", "", "a..example", 'x".example'],
)  # fmt: skip
def test_what_is_no_own_domain_is_refused(nord: District, host: str) -> None:
    with pytest.raises(ValidationError):
        claimed(nord, host)


def test_a_domain_belongs_to_one_district(nord: District, sued: District) -> None:
    claimed(nord)
    with pytest.raises(ValidationError, match="hat diese Domain schon"):
        claimed(sued, "Nordviertel.Example.")


def test_umlauts_become_what_the_dns_has(nord: District) -> None:
    assert claimed(nord, "grünau.example").domain == "xn--grnau-lva.example"


def test_a_dns_server_that_is_away_is_no_proof(nord: District, dns_server: DnsServer) -> None:
    domain = claimed(nord)
    dns_server.socket.close()
    dns_lookup.SECONDS, before = 0.3, dns_lookup.SECONDS
    try:
        with pytest.raises(ValidationError, match="TXT"):
            domains.verify(domain, actor=ACTOR)
    finally:
        dns_lookup.SECONDS = before


def test_a_host_that_nobody_knows_gets_no_word(nord: District, dns_server: DnsServer) -> None:
    claimed(nord)
    for host in (
        OWN,
        "fremd.example",
        "nord.localhost.example",
        "xn--grnau-lva.example",
        "[::1]",
        "a b",
    ):
        answer = at(host)
        assert answer.status_code == 404, host
        assert "Nord" not in answer.content.decode()


def test_every_host_knows_at_once_which_one_is_primary_and_which_is_gone(
    nord: District, dns_server: DnsServer, django_capture_on_commit_callbacks: Any
) -> None:
    own, subdomain = proven(nord, dns_server), Domain.objects.get(domain="nord.localhost")
    lookup.forget_all()
    assert (at(OWN).status_code, at("nord.localhost").status_code) == (301, 200)
    with django_capture_on_commit_callbacks(execute=True):
        domains.make_primary(own, actor=ACTOR)
    assert (at(OWN).status_code, at("nord.localhost").status_code) == (200, 301)
    with django_capture_on_commit_callbacks(execute=True):
        domains.make_primary(subdomain, actor=ACTOR)
    assert (at(OWN).status_code, at("nord.localhost").status_code) == (301, 200)
    with django_capture_on_commit_callbacks(execute=True):
        domains.drop(own, actor=ACTOR)
    assert (at(OWN).status_code, at("nord.localhost").status_code) == (404, 200)


def test_every_step_of_a_domain_is_recorded_and_holds_its_row(
    nord: District, dns_server: DnsServer
) -> None:
    domain = claimed(nord)
    dns_server.records[f"_wiq.{OWN}"] = domains.record_text(domain)
    subdomain = Domain.objects.get(domain="nord.localhost")
    steps = (
        (domains.verify, domain), (domains.make_primary, domain),
        (domains.make_primary, subdomain), (domains.drop, domain),
    )  # fmt: skip
    for step, which in steps:
        with row_locks() as locked:
            step(which, actor="somebody")
        assert "districts_domain" in locked, step
    actions = ("claimed", "verified", "primary", "primary", "dropped")
    assert said("domain.") == [
        (f"domain.{action}", ACTOR if action == "claimed" else "somebody") for action in actions
    ]
    for action in ("claimed", "verified", "dropped"):
        assert details(f"domain.{action}") == [{"domain": OWN}]
    assert details("domain.primary") == [{"domain": OWN}, {"domain": "nord.localhost"}]


def test_the_address_at_the_platform_stays_though_another_is_primary(
    nord: District, dns_server: DnsServer
) -> None:
    domains.make_primary(proven(nord, dns_server), actor=ACTOR)
    with pytest.raises(ValidationError, match="Gedruckte Links"):
        domains.drop(Domain.objects.get(domain="nord.localhost"), actor=ACTOR)
    assert nord.row.domains.count() == 2


def test_a_certificate_is_for_hosts_of_districts_that_are_there(nord: District) -> None:
    for host in ("localhost", "nord.localhost", "NORD.localhost."):
        assert certificate(host) == 200, host
    assert certificate("fremd.example") == 404
    type(nord.row).objects.filter(slug="nord").update(state="deleted")
    assert certificate("nord.localhost") == 404


def test_a_moved_host_has_safe_headers_and_the_way_out_of_a_mail_stays(
    nord: District, dns_server: DnsServer
) -> None:
    proven(nord, dns_server)
    lookup.forget_all()
    moved = at(OWN)
    for name, value in BARE_HEADERS.items():
        assert moved[name] == value
    # A mail's way out is answered where it was printed: no mail program follows elsewhere.
    assert at(OWN, "/abonnieren/ende/unbekannt/").status_code == 404
