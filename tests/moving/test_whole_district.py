"""A district comes to another installation whole, and people go on where they were."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import connection
from django.utils import timezone

from directory.contact.models import ContactRequest
from tenants.districts import services as districts
from tenants.districts.models import District as Row
from tenants.districts.models import Domain
from tenants.moving import rows, tables
from tests.accounts.test_factors import EDITOR, SEED, code, second_step
from tests.cast import District, body
from tests.moving.conftest import Move
from tests.transfer.files import pictures_of
from wiq.accounts import services as accounts
from wiq.accounts.models import Session, User
from wiq.erasures import ledger
from wiq.erasures import services as erasures
from wiq.erasures.models import Erasure
from wiq.outbox.models import Pointer
from wiq.sealed import columns

# What the new place writes itself, beside what is sealed: the log's entry, and its own ledger.
RENEWED = {"audit_entry": None, "erasures_erasure": "written_at"}


def contents(district: District) -> dict[str, list[Any]]:
    """Return all rows of a district's schema, without what its place alone can read."""
    sealed = {one.model._meta.db_table: one.column for one in columns}
    found = {}
    with district.inside(), connection.cursor() as cursor:
        for table, names in tables.tables().items():
            left_out = (RENEWED | sealed).get(table, "")
            if left_out is not None:
                kept = ", ".join(f'"{name}"' for name in names if name != left_out)
                cursor.execute(f'SELECT {kept} FROM "{table}" ORDER BY 1')
                found[table] = list(cursor.fetchall())
    return found


def test_every_row_and_every_file_comes_as_it_was(
    filled: District, sued: District, move: Move
) -> None:
    before, pictures, other = contents(filled), pictures_of(filled), contents(sued)
    left, schema = filled.row.pk, filled.row.schema_name
    move(filled)
    assert filled.row.schema_name != schema
    assert contents(filled) == before
    assert pictures_of(filled) == pictures != {}
    assert contents(sued) == other
    # Answers to mails of the former place name its number there.
    assert filled.row.reply_numbers == [left]


def test_numbers_go_on_where_they_stood(filled: District, move: Move) -> None:
    with filled.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('accounts_user_id_seq')")  # of an account that is gone
        last = tables.counters()
    move(filled)
    with filled.inside():
        # The new place's log goes on.
        assert {**tables.counters(), "audit_entry_id_seq": last["audit_entry_id_seq"]} == last
        made = accounts.create_account(email="neu@nord.example", role="editor")
    assert made.pk > last["accounts_user_id_seq"]


def test_who_is_signed_in_stays_so_and_a_stranger_does_not_become_it(
    nord: District, sued: District, move: Move
) -> None:
    browser, strangers = nord.signed_in("coordinator"), sued.signed_in("coordinator")
    move(nord)
    assert browser.get("/koordination/").status_code == 200
    cookie = strangers.cookies[settings.SESSION_COOKIE_NAME].value
    intruder = nord.client()
    intruder.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert intruder.get("/koordination/").status_code == 302


def test_a_session_that_a_new_password_has_ended_does_not_come_to_life(
    nord: District, move: Move
) -> None:
    browser = nord.signed_in("editor")
    with nord.inside():
        user = User.objects.get(email=EDITOR)
        user.set_password("ein anderes langes Kennwort")
        user.save()
    move(nord)
    assert browser.get("/koordination/").status_code == 302
    with nord.inside():
        assert not Session.objects.filter(user__email=EDITOR).exists()


def test_a_guest_of_the_former_project_team_is_no_guest_of_the_new_one(
    nord: District, move: Move
) -> None:
    browser = nord.signed_in("editor")
    with nord.inside():
        later = timezone.now() + timedelta(hours=1)
        User.objects.filter(email=EDITOR).update(expires_at=later)
    assert browser.get("/koordination/").status_code == 200
    move(nord)
    assert browser.get("/koordination/").status_code == 302


def test_a_token_of_before_reads_and_one_of_another_district_does_not(
    filled: District, sued: District, move: Move
) -> None:
    token, strange = filled.token(), sued.token()
    move(filled)
    for word, status in ((token, 200), (strange, 401)):
        answer = filled.client(authorization=f"Bearer {word}").get("/api/v1/contact-requests/")
        assert answer.status_code == status


def test_a_second_factor_works_and_its_seed_is_sealed_anew(nord: District, move: Move) -> None:
    with nord.inside():
        TOTP.activate(User.objects.get(email=EDITOR), SEED)
        before = Authenticator.objects.get().data["secret"]
    move(nord)
    with nord.inside():
        assert Authenticator.objects.get().data["secret"] not in (before, SEED)
    assert second_step(nord, "000000").status_code == 200
    assert second_step(nord, code()).status_code == 302


def test_a_residents_link_of_before_shows_how_far_the_request_is(
    nord: District, move: Move
) -> None:
    sent = nord.client().post("/api/v1/contact-requests/", body(), content_type="application/json")
    path = sent.json()["status_url"].partition("8000")[2]
    move(nord)
    assert nord.client().get(path).status_code == 200
    # Of another letter, it leads nowhere.
    other = path[:-2] + ("a" if path[-2] != "a" else "b") + "/"
    assert nord.client().get(other).status_code == 404


def test_mails_that_wait_wait_on_and_belong_to_the_new_place(filled: District, move: Move) -> None:
    waiting = set(Pointer.objects.filter(district_id=filled.row.pk).values_list("message_uuid"))
    move(filled)
    found = Pointer.objects.filter(district_id=filled.row.pk)
    assert set(found.values_list("message_uuid")) == waiting != set()
    assert {row.owner for row in found} == {filled.row.schema_name}


def test_its_own_address_comes_along_proven(nord: District, move: Move) -> None:
    districts.make_primary(nord.row, "nordviertel.example")
    proof = Domain.objects.get(domain="nordviertel.example").proof
    move(nord)
    found = Domain.objects.get(domain="nordviertel.example")
    # Primary once it leads here (tenants.moving.own_hosts).
    assert (found.tenant_id, found.is_primary, found.proof) == (nord.row.pk, False, proof)
    assert set(nord.row.domains.values_list("domain", flat=True)) == {
        "nordviertel.example", "nord.localhost",
    }  # fmt: skip


def test_what_was_erased_stands_in_the_new_places_ledger(nord: District, move: Move) -> None:
    with nord.inside():
        erasures.note("address", "erika@beispiel.example")
        marks = set(Erasure.objects.values_list("mark", flat=True))
    move(nord)
    assert {line.mark for line in ledger.lines()} == marks
    with nord.inside():
        key = erasures.key_of(erasures.here())
    assert erasures.mark_of(key, "address", "erika@beispiel.example") in marks


def test_the_contract_with_the_former_platform_is_none_with_the_new_one(
    nord: District, move: Move
) -> None:
    signed = {"processing_agreement_on": timezone.localdate(), "answer_days": 7}
    Row.objects.filter(pk=nord.row.pk).update(**signed)
    move(nord)
    assert (nord.row.processing_agreement_on, nord.row.answer_days) == (None, 7)


@pytest.mark.usefixtures("db")
def test_every_public_table_of_districts_says_whether_it_goes_along() -> None:
    along = {model._meta.label_lower for model in rows.going_along()}
    assert along >= {"outbox.pointer", "calls.waitingcall", "senders.sender", "kit.taken"}
    assert not along & {"console.alarm", "reputation.report", "transfer.import"}


def test_what_residents_send_afterwards_is_new(filled: District, move: Move) -> None:
    with filled.inside():
        before = ContactRequest.objects.count()
    move(filled)
    with filled.inside():
        assert ContactRequest.objects.count() == before > 0
    again = body(message="Guten Tag, ich möchte gern noch eine Bank am Kanal.")
    answer = filled.client().post(
        "/api/v1/contact-requests/", again, content_type="application/json"
    )
    assert answer.status_code == 201
    with filled.inside():
        assert ContactRequest.objects.count() == before + 1
