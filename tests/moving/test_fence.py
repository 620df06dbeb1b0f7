"""While a district's rows are copied nothing is written into it, and nothing is lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from directory.contact.models import ContactRequest
from directory.people.models import Team
from tenants.districts import lookup
from tenants.districts.models import District as Row
from tenants.districts.models import MovedHost, Moving
from tenants.lifecycle.tasks import nightly
from tenants.moving import fence
from tests.cast import District, body, form
from wiq.outbox import services as outbox
from wiq.outbox.models import Pointer
from wiq.serving.bodies import AGAIN

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def held(nord: District) -> Iterator[District]:
    """Nord while it moves."""
    fence.hold(nord.row)
    lookup.forget_all()
    yield nord
    fence.let_go(nord.row)


def post(district: District) -> Any:
    return district.client().post(
        "/api/v1/contact-requests/", body(), content_type="application/json"
    )


def test_whoever_sends_something_waits_and_whoever_reads_notices_nothing(
    held: District, sued: District
) -> None:
    answer = post(held)
    assert answer.status_code == 503
    assert answer.wsgi_request.META[AGAIN] is True
    typed = held.client().post("/kontakt/", form())
    assert typed.status_code == 503
    assert "zieht gerade auf einen anderen Server um" in typed.content.decode()
    for path in ("/", "/menschen/", "/kontakt/", "/api/v1/teams/"):
        assert held.client().get(path).status_code == 200
    assert post(sued).status_code == 201
    with held.inside():
        assert not ContactRequest.objects.exists()


def test_the_database_refuses_what_would_write_all_the_same(held: District, sued: District) -> None:
    for district, is_refused in ((held, True), (sued, False)):
        with district.inside(), transaction.atomic():
            assert Team.objects.count() > 0
            try:
                with transaction.atomic():
                    Team.objects.update(position=7)
                    Team(slug="neu", name="Neu", kind="support").save()
                refused = False
            except DatabaseError as error:
                refused = "permission denied" in str(error)
            transaction.set_rollback(True)
        assert refused is is_refused


def test_what_was_refused_is_asked_again(held: District) -> None:
    # Who was on the way when the fence came up: the page knew the district as it was.
    before = held.row
    Row.objects.filter(pk=before.pk).update(moving=Moving.NO)
    lookup.forget_all()
    lookup.find(before.host)
    Row.objects.filter(pk=before.pk).update(moving=Moving.HELD)
    answer = post(held)
    assert answer.status_code >= 500
    lookup.forget_all()
    assert post(held).wsgi_request.META[AGAIN] is True


def test_let_go_everything_is_as_before(nord: District) -> None:
    def rights() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, relkind, array(SELECT x::text FROM unnest(relacl) x ORDER BY 1)"
                " FROM pg_class WHERE relnamespace = %s::regnamespace ORDER BY 1",
                [nord.row.schema_name],
            )
            return cursor.fetchall()

    before = rights()
    fence.hold(nord.row)
    assert rights() != before
    fence.let_go(nord.row)
    assert rights() == before
    lookup.forget_all()
    assert post(nord).status_code == 201


@contextmanager
def at_work_in(district: District, mode: str) -> Iterator["psycopg.Connection[Any]"]:
    """Let another process work in a district; its transaction is open meanwhile."""
    given = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    login = {name: given[name] for name in wanted if given.get(name)}
    schema = district.row.schema_name
    with psycopg.connect(**login) as other:
        other.execute(f'SET ROLE "{schema}"')
        other.execute(f'LOCK TABLE "{schema}".people_team IN {mode} MODE')
        yield other


def test_who_writes_is_waited_for_and_who_reads_is_not(nord: District, sued: District) -> None:
    with at_work_in(nord, "ACCESS SHARE"), at_work_in(sued, "ROW EXCLUSIVE"):
        fence.wait_for_writers(nord.row)
    with at_work_in(nord, "ROW EXCLUSIVE") as other:
        ended: list[str] = []
        timer = threading.Timer(0.3, lambda: (ended.append("written"), other.commit()))
        timer.start()
        fence.wait_for_writers(nord.row)
        assert ended == ["written"]


def test_who_writes_for_long_is_not_waited_for(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fence, "WRITERS_SECONDS", 0.1)
    with at_work_in(nord, "ROW EXCLUSIVE"), pytest.raises(fence.Restless):
        fence.wait_for_writers(nord.row)


def test_mails_of_a_district_that_rests_wait(
    nord: District, sued: District, queued: list[tuple[str, str]]
) -> None:
    for district in (nord, sued):
        post(district)
    fence.rest(nord.row)
    lookup.forget_all()
    mine = Pointer.objects.filter(district_id=nord.row.pk).values_list("pk", flat=True)
    with nord.inside():
        assert [outbox.lease_one(number) for number in mine] == [None] * len(mine) != []
    claimed = {pointer.district_id for pointer in outbox.claim_due()}
    assert claimed == {sued.row.pk}
    queued.clear()
    nightly.run()
    assert {schema for _task, schema in queued} == {sued.row.schema_name}
    fence.let_go(nord.row)
    assert {pointer.district_id for pointer in outbox.claim_due()} == {nord.row.pk}


def test_a_district_that_moved_leads_on_with_whatever_was_sent(
    nord: District, sued: District, platform: Client
) -> None:
    MovedHost.objects.create(host="fort.localhost", target="https://fort.b.example", key_name="x")
    gone = Client(headers={"host": "fort.localhost"})
    for method in (gone.get, gone.post):
        answer = method("/kontakt/?sprache=de", {})
        assert answer.status_code == 307
        assert answer.headers["Location"] == "https://fort.b.example/kontakt/?sprache=de"
        assert answer.headers["Cache-Control"] == "no-store"
    other = Client(headers={"host": "fremd.localhost"})
    assert other.get("/kontakt/").status_code == 404


def test_what_was_typed_before_the_move_is_not_lost(nord: District) -> None:
    MovedHost.objects.create(host="fort.localhost", target="https://fort.b.example", key_name="x")
    page = Client(headers={"host": "fort.localhost", **SAME_ORIGIN})
    answer = page.post("/kontakt/", form(message="Eine Bank am Kanal"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Eine Bank am Kanal" in text
    assert 'href="https://fort.b.example/kontakt/"' in text
    secret = page.post("/anmelden/", {"login": "anna@nord.example", "password": "geheim-geheim"})
    assert "geheim-geheim" not in secret.content.decode()


def test_a_part_of_a_page_that_was_open_leads_the_whole_page_on(nord: District) -> None:
    MovedHost.objects.create(host="fort.localhost", target="https://fort.b.example", key_name="x")
    part = Client(headers={"host": "fort.localhost", "HX-Request": "true", **SAME_ORIGIN})
    page = {"HX-Current-URL": "https://fort.localhost/koordination/anfragen/?offen=1"}
    answer = part.get("/koordination/suche/?q=bank", headers=page)
    led = "https://fort.b.example/koordination/anfragen/?offen=1"
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, led)
    sent = part.post("/koordination/anfragen/1/notiz/", {"text": "Bitte zurückrufen"}, headers=page)
    assert (sent.status_code, sent.headers["HX-Retarget"]) == (200, "body")
    assert "Bitte zurückrufen" in sent.content.decode()
