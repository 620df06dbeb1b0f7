"""Webhooks: a district's own program is told of what comes in, signed, and nothing of whom."""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.webhooks import calling, services, signing
from directory.webhooks.models import CallState, Webhook, WebhookCall
from directory.webhooks.rules import check_url
from tests.audited import said
from tests.cast import ACTOR, District, form, idea_form
from tests.dns_server import DnsServer
from tests.webhooks.receiver import NAME, Receiver, receiving
from wiq.calls import services as calls
from wiq.calls.addresses import is_public
from wiq.calls.models import WaitingCall

PAGE = "/koordination/webhooks/"


@pytest.fixture
def zone(settings: Any) -> DnsServer:
    """The DNS, in which the receiver's name leads to this machine; calls there are allowed."""
    server = DnsServer()
    server.addresses[NAME] = ["127.0.0.1"]
    settings.WIQ_DNS_SERVER = server.address
    settings.WIQ_CALLED_NETWORKS = ["127.0.0.1"]
    return server


@pytest.fixture
def receiver(
    zone: DnsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receiver]:
    with receiving(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", running.authority)
        yield running


def register(district: District, url: str) -> tuple[Webhook, str]:
    with district.inside():
        return services.register(url=url, actor=ACTOR)


def call_all(district: District) -> None:
    """Make what is due, as the worker does."""
    with district.inside():
        for number in WaitingCall.objects.due().values_list("pk", flat=True):
            calling.make(number)


def privacy(district: District) -> str:
    return district.client().get("/datenschutz/").content.decode()


def later(district: District) -> None:
    """Let the pause after a failure be over."""
    with district.inside():
        Webhook.objects.update(wait_until=None)
        WaitingCall.objects.update(next_at=timezone.now())


def calls_of(district: District) -> list[tuple[str, str]]:
    with district.inside():
        return [(call.state, call.answer) for call in WebhookCall.objects.order_by("pk")]


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    made = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        '{"test": 2432232314}',
    )  # fmt: skip
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_coordinator_registers_an_address_and_it_is_told_of_a_request_without_a_word(
    nord: District, sued: District, receiver: Receiver
) -> None:
    desk = nord.signed_in("coordinator")
    assert "Ein Programm des Teams" not in privacy(nord)
    page = desk.post(PAGE, {"was": "eintragen", "url": receiver.url}).content.decode()
    assert "Ein Programm des Teams" in privacy(nord)
    assert "Ein Programm des Teams" not in privacy(sued)
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert found
    assert found[0] not in (again := desk.get(PAGE).content.decode())
    assert "ist-geheim" not in again
    nord.client().post("/kontakt/", form())
    nord.client().post("/idee/", idea_form())
    sued.client().post("/kontakt/", form())
    call_all(nord)
    call_all(sued)
    with nord.inside():
        reference = ContactRequest.objects.get().reference
        assert said("webhook.")[0][0] == "webhook.registered"
        assert not WaitingCall.objects.exists()
    assert len(receiver.got) == 2
    headers, body = receiver.got[0]
    told = json.loads(body)
    assert told["type"] == "request.created"
    assert told["data"]["reference"] == reference
    assert told["data"]["url"].endswith(f"{PAGE.rpartition('webhooks')[0]}posteingang/{reference}/")
    assert json.loads(receiver.got[1][1])["data"]["kind"] == "idea"
    assert not any(word in body for word in ("Erika", "beispiel", "Bank", "token"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    key = base64.b64decode(found[0].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_a_call_that_fails_is_tried_again_the_same_and_given_up_after_days(
    nord: District, receiver: Receiver
) -> None:
    register(nord, receiver.url)
    receiver.status = 500
    nord.client().post("/kontakt/", form())
    call_all(nord)
    assert calls_of(nord) == [("waiting", "HTTP 500")]
    call_all(nord)  # not due yet
    assert len(receiver.got) == 1
    later(nord)
    receiver.status = 200
    call_all(nord)
    assert calls_of(nord) == [("done", "HTTP 200")]
    (first, body), (second, same) = receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], same)
    receiver.status = 503
    nord.client().post("/kontakt/", form(message="Eine zweite Bank am Kanal, bitte."))
    with nord.inside():
        late = timezone.now() - timedelta(days=4)
        WebhookCall.objects.filter(state=CallState.WAITING).update(created_at=late)
    call_all(nord)
    assert calls_of(nord)[1] == ("failed", "HTTP 503")
    desk = nord.signed_in("coordinator")
    assert "Webhooks, die nicht antworten" in desk.get("/koordination/").content.decode()
    page = desk.get(PAGE).content.decode()
    assert "nicht angekommen. Der Server hat abgelehnt (HTTP 503)." in page
    receiver.status = 200
    with nord.inside():
        number = Webhook.objects.get().pk
    desk.post(PAGE, {"was": "nochmal", "nummer": number})
    call_all(nord)
    assert calls_of(nord)[1] == ("done", "HTTP 200")


def test_while_one_does_not_answer_a_single_call_asks_for_all(
    nord: District, receiver: Receiver
) -> None:
    register(nord, receiver.url)
    receiver.status = 500
    for number in range(3):
        nord.client().post("/kontakt/", form(message=f"Bank Nummer {number} am Kanal, bitte."))
    call_all(nord)
    assert len(receiver.got) == 1
    with nord.inside():
        assert sorted(WaitingCall.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_redirect_is_not_followed(nord: District, receiver: Receiver) -> None:
    register(nord, receiver.url)
    receiver.status, receiver.headers = 302, {"Location": f"https://{NAME}:{receiver.port}/other"}
    nord.client().post("/kontakt/", form())
    call_all(nord)
    assert len(receiver.got) == 1
    assert calls_of(nord) == [("waiting", "HTTP 302")]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0"],
)
def test_no_private_address_is_called_at_any_call(
    nord: District, receiver: Receiver, zone: DnsServer, settings: Any, address: str
) -> None:
    register(nord, receiver.url)
    settings.WIQ_CALLED_NETWORKS = []
    zone.addresses[NAME] = [address]
    nord.client().post("/kontakt/", form())
    call_all(nord)
    assert receiver.got == []
    assert calls_of(nord) == [("waiting", "ForbiddenAddress")]


def test_a_call_goes_where_its_name_led_when_it_was_looked_at(
    nord: District, receiver: Receiver, zone: DnsServer, settings: Any
) -> None:
    register(nord, receiver.url)
    settings.WIQ_CALLED_NETWORKS = ["127.0.0.1", "127.0.0.2"]
    # The receiver, which is looked at, and nobody a moment later.
    zone.addresses[NAME] = ["127.0.0.1", "127.0.0.2"]
    nord.client().post("/kontakt/", form())
    call_all(nord)
    assert len(receiver.got) == 1
    assert calls_of(nord) == [("done", "HTTP 204")]


def test_a_name_that_moves_after_it_was_looked_at_leads_nowhere_else(
    nord: District, receiver: Receiver, zone: DnsServer, settings: Any
) -> None:
    register(nord, receiver.url)
    # Allowed now, and this machine's private address at the next question.
    settings.WIQ_CALLED_NETWORKS = ["192.0.2.1"]
    zone.addresses[NAME] = ["192.0.2.1", "127.0.0.1"]
    nord.client().post("/kontakt/", form())
    call_all(nord)
    assert receiver.got == []
    later(nord)
    call_all(nord)
    assert receiver.got == []
    assert calls_of(nord) == [("waiting", "ForbiddenAddress")]


def test_a_server_with_somebody_elses_certificate_gets_nothing(
    nord: District, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(nord, receiver.url)
    monkeypatch.delenv("SSL_CERT_FILE")
    nord.client().post("/kontakt/", form())
    call_all(nord)
    assert receiver.got == []
    assert calls_of(nord) == [("waiting", "SSLCertVerificationError")]


@pytest.mark.thorough
def test_a_server_that_sends_drop_by_drop_is_hung_up_on(
    nord: District, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiq.calls.client.TRY_SECONDS", 1.0)
    receiver.drops = 0.2
    register(nord, receiver.url)
    nord.client().post("/kontakt/", form())
    began = time.monotonic()
    call_all(nord)
    assert time.monotonic() - began < 3
    [(state, answer)] = calls_of(nord)
    assert state == "waiting"
    assert "HTTP" not in answer


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07::1", True), ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("fe80::1", False), ("::1", False),
        ("fd00::1", False), ("192.168.1.1", False), ("ff02::1", False),
        ("fec0::1", False), ("::ffff:0:7f00:1", False), ("192.88.99.1", False),
        ("5f00::1", False), ("3fff::1", False), ("100.64.0.1", False), ("9.9.9.9", True),
    ],
)  # fmt: skip
def test_an_address_is_public_by_itself_and_not_inside_another(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://tickets.example/", "https://user:word@tickets.example/", "https://127.0.0.1/",
        "https://2130706433/", "https://[::1]/", "https://localhost/", "https://tickets.example:25/",
        "https://tickets.example/#x", "ftp://tickets.example/", "https://", "tickets.example",
        "https://tickets.example/\r\nHost: x", "https://0x7f.0.0.0x1/",
    ],
)  # fmt: skip
def test_what_cannot_be_called_cannot_be_registered(url: str) -> None:
    with pytest.raises(ValidationError):
        check_url(url)


def test_only_coordinators_have_webhooks_and_removing_one_ends_its_calls(
    nord: District, sued: District
) -> None:
    assert nord.client().get(PAGE).status_code == 302
    assert nord.signed_in("editor").get(PAGE).status_code == 403
    made, _secret = register(nord, f"https://{NAME}/hook")
    nord.client().post("/kontakt/", form())
    desk = nord.signed_in("coordinator")
    desk.post(PAGE, {"was": "loeschen", "nummer": made.pk})
    with nord.inside():
        assert WaitingCall.objects.count() == 1
    assert sued.signed_in("coordinator").post(PAGE, {"was": "probe", "nummer": made.pk}).status_code == 404  # fmt: skip
    desk.post(PAGE, {"was": "loeschen", "nummer": made.pk, "sicher": "1"})
    with nord.inside():
        assert not Webhook.objects.exists()
        assert not WaitingCall.objects.exists()


def test_spam_is_told_only_when_somebody_says_that_it_is_none(nord: District) -> None:
    register(nord, f"https://{NAME}/hook")
    nord.client().post("/kontakt/", form(website="https://spam.example/"))
    with nord.inside():
        found = ContactRequest.objects.get()
        assert (found.state, WebhookCall.objects.count()) == ("spam", 0)
    desk = nord.signed_in("coordinator")
    desk.post(f"/koordination/posteingang/{found.reference}/", {"was": "stand", "stand": "new"})
    with nord.inside():
        assert WebhookCall.objects.get().reference == found.reference


def test_the_sweep_queues_what_is_due_and_forgets_districts_that_are_gone(
    nord: District, queued: list[tuple[str, str]]
) -> None:
    register(nord, f"https://{NAME}/hook")
    nord.client().post("/kontakt/", form())
    queued.clear()
    WaitingCall.objects.create(district_id=0, call_uuid="00000000-0000-4000-8000-000000000000")
    assert calls.sweep() == 1
    assert queued == [(calls.MAKE, nord.row.schema_name)]
    assert WaitingCall.objects.count() == 1


def test_calls_are_forgotten_after_a_month_and_secrets_stay_readable(
    nord: District, settings: Any
) -> None:
    made, secret = register(nord, f"https://{NAME}/hook")
    with nord.inside():
        services.try_out(webhook=made, actor=ACTOR)
        WebhookCall.objects.update(done_at=timezone.now() - timedelta(days=31))
        assert services.forget_over() == 1
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "k" * 50
        assert services.relock_secrets() == 1
        settings.SECRET_KEY_FALLBACKS = []
        assert signing.opened(Webhook.objects.get().secret) == secret


def test_what_is_given_up_while_others_are_sent_again_does_not_wait_for_ever(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, _secret = register(nord, "https://tickets.example/hook")
    now = timezone.now

    def failed() -> WebhookCall:
        return WebhookCall.objects.create(
            webhook=webhook, event="x", body="{}", state=CallState.FAILED, done_at=now()
        )

    def at_this_moment() -> Any:
        failed()
        return now()

    with nord.inside():
        first = failed()
        monkeypatch.setattr(services.timezone, "now", at_this_moment)
        assert services.send_again(webhook=webhook, actor=ACTOR) == 1
        monkeypatch.undo()
        waiting = WebhookCall.objects.filter(state=CallState.WAITING)
        assert [call.uuid for call in waiting] == [first.uuid]
        pointers = WaitingCall.objects.values_list("call_uuid", flat=True)
        assert first.uuid in pointers
