"""Whether hosts lead here, with a certificate that lasts: shaken hands with a real TLS server."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tenants.districts import looks
from tenants.districts.looks import Answer
from tests.cast import District
from tests.dns_server import DnsServer
from wiq.doctor.findings import Verdict


@dataclass
class Tls:
    port: int
    certificate: Path


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tls]:
    """A server for ``hier.example`` whose certificate ends in 20 days."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "20", "-subj", "/CN=hier.example", "-addext",
         "subjectAltName=DNS:hier.example", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _address = listening.accept()
            except OSError:
                return
            try:
                context.wrap_socket(plain, server_side=True).close()
            except OSError:
                plain.close()

    threading.Thread(target=serve, daemon=True).start()
    yield Tls(listening.getsockname()[1], certificate)
    listening.close()


def test_a_certificate_is_read_and_one_that_nobody_vouches_for_is_none(
    tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = looks.shake_hands("hier.example", "127.0.0.1", tls.port)
    assert unknown.trouble.startswith("Dem Zertifikat ist nicht zu trauen")
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
    assert looks.shake_hands("hier.example", "127.0.0.1", tls.port) == Answer("hier.example", 19)
    other = looks.shake_hands("dort.example", "127.0.0.1", tls.port)
    assert "Hostname mismatch" in other.trouble


def test_where_nothing_listens_or_the_dns_leads_inside_it_is_said(settings: Any) -> None:
    zone = DnsServer()
    settings.WIQ_DNS_SERVER = zone.address
    zone.addresses["innen.example"] = ["10.0.0.7"]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert looks.shake_hands("hier.example", "127.0.0.1", port).trouble
    assert looks.ask("innen.example").trouble == "Das DNS nennt eine Adresse, die nur innen gilt."
    assert looks.ask("nirgends.example").trouble == "Im DNS steht keine Adresse."


def test_a_certificate_that_ends_soon_is_to_be_looked_after() -> None:
    found = list(looks.judged([Answer("a.example", 60), Answer("b.example", 13)]))
    assert [one.verdict for one in found] == [Verdict.ILL, Verdict.WELL]
    assert found[0].text == "b.example: Das Zertifikat läuft in 13 Tagen ab."


def test_every_proven_domain_is_looked_at_and_a_claimed_one_is_not(
    nord: District, sued: District, settings: Any
) -> None:
    nord.row.domains.create(domain="nord-eigen.example", is_primary=False)
    nord.row.domains.create(domain="beansprucht.example", is_primary=False, verified_at=None)
    for number in range(20):
        sued.row.domains.create(domain=f"ort{number}.{settings.WIQ_DOMAIN}", is_primary=False)
    found = looks.hosts()
    assert found[:2] == [settings.WIQ_DOMAIN, "nord-eigen.example"]
    assert {f"ort{number}.{settings.WIQ_DOMAIN}" for number in range(20)} < set(found)
    assert "beansprucht.example" not in found
    (only,) = looks.domains()
    assert only.verdict is Verdict.UNKNOWN


def test_a_host_that_also_leads_elsewhere_is_said_with_its_address() -> None:
    ours = frozenset({"198.51.100.7"})
    found = list(looks.judged([
        Answer("wiq.example", 60, addresses=ours), Answer("gut.example", 60, addresses=ours),
        Answer("alt.example", 60, addresses=ours | {"2001:db8::1"}),
    ]))  # fmt: skip
    assert [one.verdict for one in found] == [Verdict.UNKNOWN, Verdict.WELL]
    assert found[0].text == ("alt.example führt auch woanders hin als die Plattform: 2001:db8::1")


def test_hosts_for_which_no_time_was_left_are_counted() -> None:
    answers = looks.asked([f"ort{number}.example" for number in range(3)], seconds=-1)
    (only,) = looks.judged(answers)
    assert only.verdict is Verdict.UNKNOWN
    assert only.text.startswith("3 Adressen")
