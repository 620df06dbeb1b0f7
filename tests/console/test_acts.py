"""What the project team does with a district: buttons, each one service and nothing beside it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tenants.districts import domains, moves
from tenants.districts.models import Domain
from tenants.lifecycle import ending
from tests.audited import said
from tests.cast import ACTOR, PROJECT_TEAM, District
from tests.console.test_console import page_of
from tests.districts.test_domains import OWN
from tests.dns_server import DnsServer
from tests.editing.opened import fields_of
from tests.editing.pressing import at_hand, buttons_of, group_of, press
from wiq import dns_lookup
from wiq.accounts.models import Invitation, User
from wiq.web.allowed_hosts import AllowedHosts


@pytest.fixture
def dns_server(settings: Any) -> Iterator[DnsServer]:
    server = DnsServer()
    settings.WIQ_DNS_SERVER = server.address
    settings.ALLOWED_HOSTS = AllowedHosts(["localhost", ".localhost"])
    yield server
    server.socket.close()


def shown(console: Client, district: District) -> str:
    return console.get(page_of(district)).content.decode()


def test_a_districts_page_has_a_button_for_each_thing_to_do(
    nord: District, console: Client
) -> None:
    domains.claim(nord.row, OWN, actor=ACTOR)
    number = Domain.objects.get(domain=OWN).pk
    assert buttons_of(shown(console, nord)) == [
        "state:to_hidden", "state:to_suspended", "state:to_archived", "coordination:invite",
        f"domain-{number}:verify", f"domain-{number}:drop", "claim:claim", "visit:visit",
        "end:remove",
    ]  # fmt: skip


def test_saving_the_data_does_nothing_of_what_the_buttons_do(
    nord: District, console: Client
) -> None:
    sent = fields_of(shown(console, nord)) | {
        "phone": "0341 1", "state-reason": "Weg damit", "coordination-email": "x@nord.example",
        "claim-host": OWN, "visit-reason": "Hilfe", "end-host": "nord.localhost",
    }  # fmt: skip
    assert console.post(page_of(nord), sent).status_code == 302
    row = nord.row
    assert (row.phone, row.state, row.delete_after) == ("0341 1", "published", None)
    assert [domain.domain for domain in row.domains.all()] == ["nord.localhost"]
    with nord.inside():
        assert not Invitation.objects.exists()
        assert not User.objects.filter(expires_at__isnull=False).exists()
    assert said("district.", "domain.", "support.")[-1] == ("district.updated", PROJECT_TEAM)


def test_a_button_saves_nothing_of_the_data(nord: District, console: Client) -> None:
    sent = fields_of(shown(console, nord)) | {"phone": "0341 1", "state-reason": "Umbau"}
    assert console.post(page_of(nord), sent | {"_act": "state:to_hidden"}).status_code == 302
    assert (nord.row.phone, nord.row.state) == ("", "hidden")


ACTS = [
    ("state:to_hidden", {"reason": "Umbau"}, moves, "move"),
    ("claim:claim", {"host": OWN}, domains, "claim"),
    ("end:remove", {"host": "nord.localhost"}, ending, "announce_removal"),
]


@pytest.mark.parametrize(("act", "typed", "room", "service"), ACTS)
def test_what_fails_leaves_nothing_half_done_and_keeps_what_was_typed(
    nord: District, console: Client, monkeypatch: pytest.MonkeyPatch,
    act: str, typed: dict[str, str], room: Any, service: str,
) -> None:  # fmt: skip
    real = getattr(room, service)

    def fail_late(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        raise ValidationError("Heute nicht.")

    monkeypatch.setattr(room, service, fail_late)
    before = said("district.", "domain.")
    refused = press(console, page_of(nord), act, **typed)
    assert refused.status_code == 200
    group = group_of(refused.content.decode(), act.partition(":")[0])
    assert "Heute nicht." in group
    assert next(iter(typed.values())) in group
    assert (nord.row.state, nord.row.delete_after) == ("published", None)
    assert nord.row.domains.count() == 1
    assert said("district.", "domain.") == before


def test_two_who_move_a_district_at_once_do_not_overrule_each_other(
    nord: District, console: Client
) -> None:
    late = at_hand(console, page_of(nord), "state:to_hidden", reason="Umbau")
    moves.move(nord.row, "suspended", actor=ACTOR)
    page = late().content.decode()
    assert "Der Stand ist jetzt: gesperrt" in page
    assert "Umbau" in group_of(page, "state")
    assert nord.row.state == "suspended"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, "Gefunden: nichts. Den Namen _wiq.nordviertel.example gibt es nicht."),
        ("wiq=falsch", "Gefunden, aber mit anderem Inhalt: „wiq=falsch“."),
    ],
)
def test_looking_into_the_dns_says_what_is_there_instead(
    nord: District, console: Client, dns_server: DnsServer, text: str | None, found: str
) -> None:
    domain = domains.claim(nord.row, OWN, actor=ACTOR)
    if text is not None:
        dns_server.records[f"_wiq.{OWN}"] = text
    page = press(console, page_of(nord), f"domain-{domain.pk}:verify").content.decode()
    group = group_of(page, f"domain-{domain.pk}")
    assert found in group
    assert domains.record_text(domain) in group
    assert "erfolgreich" not in page


def test_a_dns_that_does_not_answer_is_told_apart_from_a_missing_record(
    nord: District, console: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = domains.claim(nord.row, OWN, actor=ACTOR)
    settings.WIQ_DNS_SERVER = "127.0.0.1:9"
    monkeypatch.setattr(dns_lookup, "SECONDS", 0.3)
    page = press(console, page_of(nord), f"domain-{domain.pk}:verify").content.decode()
    assert "Nicht gefunden: Das DNS" in group_of(page, f"domain-{domain.pk}")


def test_a_domain_is_found_made_the_primary_one_and_given_up(
    nord: District, console: Client, dns_server: DnsServer
) -> None:
    press(console, page_of(nord), "claim:claim", host=OWN)
    domain = Domain.objects.get(domain=OWN)
    page = shown(console, nord)
    assert domains.record_text(domain) in group_of(page, f"domain-{domain.pk}")
    dns_server.records[f"_wiq.{OWN}"] = domains.record_text(domain)
    press(console, page_of(nord), f"domain-{domain.pk}:verify")
    assert f"Gefunden: _wiq.{OWN} hat den richtigen Eintrag." in shown(console, nord)
    press(console, page_of(nord), f"domain-{domain.pk}:primary")
    assert f"{OWN} ist jetzt die Hauptadresse." in shown(console, nord)
    ours = Domain.objects.get(domain="nord.localhost")
    press(console, page_of(nord), f"domain-{ours.pk}:primary")
    press(console, page_of(nord), f"domain-{domain.pk}:drop")
    assert f"{OWN} ist aufgegeben." in shown(console, nord)
    assert not Domain.objects.filter(domain=OWN).exists()


def test_a_visit_without_a_reason_is_refused_beside_the_field(
    nord: District, console: Client
) -> None:
    page = press(console, page_of(nord), "visit:visit", minutes="60").content.decode()
    assert "Bitte nennen Sie den Grund" in group_of(page, "visit")
    with nord.inside():
        assert not User.objects.filter(expires_at__isnull=False).exists()


def test_counting_says_how_much_was_counted(nord: District, console: Client) -> None:
    data = {"action": "count_now", "_selected_action": [nord.row.pk]}
    page = console.post("/plattform/districts/district/", data, follow=True).content.decode()
    assert "1 Quartier ist gezählt." in page
