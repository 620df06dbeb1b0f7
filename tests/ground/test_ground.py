"""Small promises of the ground: colours, logs, proxies, health, system checks."""

import io
import json
import logging
import re
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tests.cast import District
from wiq import checks
from wiq.logs import redact, without_personal_data
from wiq.middleware import RequestLimitsMiddleware, TrustedProxyMiddleware
from wiq.web import colours


def _properties(css: str) -> dict[str, colours.Rgb]:
    return {name: colours.parse(value) for name, value in re.findall(r"--([a-z-]+):(#\w{6})", css)}


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#ffff00", "#1f6f54", "#b3472f", "#808080", "#00ff00"]
)
def test_every_brand_colour_gives_readable_text(colour: str) -> None:
    day, _, night = colours.stylesheet(colour).partition("@media(prefers-color-scheme:dark)")
    rgb = _properties(day)
    assert colours.contrast(rgb["on-brand"], rgb["brand"]) >= 4.5
    assert colours.contrast(rgb["brand-print"], colours.WHITE) >= 4.5
    for shades, paper, card in (
        (rgb, colours.PAPER, colours.WHITE),
        (rgb | _properties(night), colours.NIGHT, colours.NIGHT_CARD),
    ):
        ink = colours.INK if paper == colours.PAPER else (238, 240, 234)
        assert colours.contrast(ink, shades["brand-soft"]) >= 4.5
        for ground in (shades["brand-soft"], paper, card):
            assert colours.contrast(shades["brand-text"], ground) >= 4.5
            assert colours.contrast(shades["brand-mark"], ground) >= 3
    assert colours.contrast(colours.WHITE, rgb["brand-deep"]) >= 4.5


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("mail to erika@beispiel.example failed", "erika"),
        ("call 0341 - 12 34 567 now", "12 34"),
        ("GET /kontakt/smqeZjJpLN3eZn3vulofWIK88bBqGdrm/", "smqeZj"),
        ("Authorization: Bearer abcdef", "abcdef"),
    ],
)
def test_logs_keep_no_personal_data(text: str, hidden: str) -> None:
    assert hidden not in redact(text)


def test_log_entries_keep_what_operators_need() -> None:
    event = {
        "event": "2026-11-23T00:22:05 took 0.012 s",
        "request": "GET /kontakt/?team=x",
        "ip": "192.0.2.1",
        "user_agent": "x",
        "district": "d_0011223344556677",
        "request_id": "f5ce389a-3941-4981-99e9-5a52ed0d4e4b",
    }
    kept = without_personal_data(None, "info", dict(event))
    assert kept["event"] == event["event"]
    assert kept["district"] == event["district"]
    assert kept["request_id"] == event["request_id"]
    assert kept["request"] == "GET /kontakt/"
    assert "ip" not in kept
    assert "user_agent" not in kept


def test_a_request_is_logged_as_json_with_its_district_and_without_its_query(
    nord: District, caplog: pytest.LogCaptureFixture
) -> None:
    nord.client().get("/menschen/?name=Erika")
    lines = [record for record in caplog.records if isinstance(record.msg, dict)]
    last = next(record for record in lines if record.msg["event"] == "request_finished")
    written = json.loads(logging.getLogger().handlers[0].format(last))
    assert written["district"] == nord.row.schema_name
    assert written["request"] == "GET /menschen/"
    assert written["request_id"]
    assert "Erika" not in json.dumps(written)


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("192.0.2.9", "203.0.113.1", "192.0.2.9"),
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1:4711", "203.0.113.1"),
        ("10.0.0.1", '"[2001:db8::1]:443"', "2001:db8::1"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("10.0.0.1", "::ffff:203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1, [::ffff:10.0.0.2]:80, 10.0.0.3:9000", "203.0.113.1"),
        ("::ffff:10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_trusted_proxies_tell_who_asks(
    settings: Any, remote: str, forwarded: str, expected: str
) -> None:
    settings.WIQ_TRUSTED_PROXIES = ["10.0.0.0/8"]
    seen: dict[str, Any] = {}

    def view(request: Any) -> Any:
        seen.update(request.META, scheme=request.scheme)
        return None

    request = RequestFactory().get("/", REMOTE_ADDR=remote)
    request.META |= {"HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": "https"}
    request.META["HTTP_X_FORWARDED_HOST"] = "evil.example"
    TrustedProxyMiddleware(view)(request)
    assert seen["REMOTE_ADDR"] == expected
    assert seen["scheme"] == ("http" if remote.startswith("192.") else "https")
    assert not [name for name in seen if name.startswith("HTTP_X_FORWARDED")]


@pytest.mark.parametrize(
    ("written", "scheme"),
    [("https", "https"), ("https, http", "https"), ("HTTPS,https", "https"), ("http", "http"),
     ("http, https", "http"), ("ftp", "http"), ("", "http")],
)  # fmt: skip
def test_the_first_of_several_proxies_says_how_the_visitor_came(
    settings: Any, written: str, scheme: str
) -> None:
    settings.WIQ_TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_PROTO=written)
    seen: list[str | None] = []
    TrustedProxyMiddleware(lambda asked: seen.append(asked.scheme))(request)  # type: ignore[arg-type,func-returns-value]
    assert seen == [scheme]


def test_health_says_which_part_is_missing(platform: Client) -> None:
    assert platform.get("/health/live").json() == {"status": "ok"}
    response = platform.get("/health/ready")
    answer = response.json()
    assert response.status_code == 503
    found = {part for part, state in answer.items() if state == "ok"}
    assert found == {
        *("database", "cache", "queue", "mail", "disk", "files", "erasures"),
        *("backup", "backup_check"),
    }
    assert answer["worker"] == answer["beat"] == "failed: NoSignOfLife"


@pytest.mark.parametrize(
    ("change", "check", "code"),
    [
        ({"TENANT_APPS": ["directory.people"]}, checks.check_apps, "wiq.E002"),
        ({"MIDDLEWARE": []}, checks.check_middleware, "wiq.E003"),
        ({"CACHES": {"default": {}}}, checks.check_caches, "wiq.E004"),
        ({"SESSION_COOKIE_DOMAIN": ".wiq.example"}, checks.check_session, "wiq.E008"),
        ({"SESSION_ENGINE": "x"}, checks.check_session, "wiq.E007"),
        (
            {"STORAGES": {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}},
            checks.check_storage,
            "wiq.E005",
        ),
    ],
)
def test_the_system_checks_know_the_rules_of_tenancy(
    settings: Any, change: dict[str, Any], check: Any, code: str
) -> None:
    assert check(None) == []
    for name, value in change.items():
        setattr(settings, name, value)
    assert code in {message.id for message in check(None)}


def test_a_task_without_our_base_class_is_found() -> None:
    from celery import Task, current_app

    class Stray(Task):
        name = "stray"

    current_app.tasks.register(Stray())
    try:
        assert "wiq.E006" in {message.id for message in checks.check_tasks(None)}
    finally:
        current_app.tasks.pop("stray")
    assert checks.check_tasks(None) == []


def test_every_sentence_is_translated_and_compiled() -> None:
    call_command("messages", check=True)


@pytest.mark.parametrize("path", ["//[x", "/%5B", "/en/%2e%2e/", "/x" * 900])
def test_odd_addresses_are_not_there(nord: District, path: str) -> None:
    client = nord.client()
    assert client.get("/", PATH_INFO=path).status_code == 404


def test_a_charset_that_is_none_of_text_is_answered(nord: District) -> None:
    from wiq.wsgi import application

    environ = RequestFactory().get("/nirgends/?team=%41", headers={"host": "localhost"}).environ
    started: list[str] = []
    environ |= {"CONTENT_TYPE": "text/plain; charset=zlib"}
    list(application(environ, lambda status, headers, *rest: started.append(status)))
    assert started == ["404 Not Found"]


@pytest.mark.parametrize(("length", "passes"), [(10, True), (400, False)])
def test_half_a_body_is_refused(length: int, passes: bool) -> None:
    environ = RequestFactory().post("/kontakt/", {}).environ
    environ |= {"wsgi.input": io.BytesIO(b"name=Erika"), "CONTENT_LENGTH": str(length)}
    middleware = RequestLimitsMiddleware(lambda request: HttpResponse("gut"))
    assert (middleware(WSGIRequest(environ)).status_code == 200) is passes


def test_public_answers_carry_strict_headers(nord: District) -> None:
    response = nord.client().get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_pages_name_nothing_of_a_third_party(nord: District) -> None:
    for path in ("/", "/menschen/", "/kontakt/", "/anmelden/", "/api/docs/"):
        page = nord.client().get(path).content.decode()
        # The page's own address for search engines is no third party.
        loaded = re.findall(r'(?:src|href)="(https?://(?!nord\.localhost)[^"]+)"', page)
        assert not loaded, path


def test_a_failing_row_is_not_quoted_in_the_logs() -> None:
    said = (
        "psycopg.errors.CheckViolation: new row for relation violates check constraint\n"
        "DETAIL:  Failing row contains (7, AB12-CD34, rJ9Xsecret, Herr Krause, Möchte\n"
        "gießen helfen, null).\nCONTEXT:  something\n"
        "DETAIL:  Key (name)=(Herr Krause) already exists.\nThe above exception"
    )
    kept = redact(said)
    for word in ("Krause", "rJ9Xsecret", "gießen"):
        assert word not in kept
    assert "CheckViolation" in kept
    assert "The above exception" in kept
