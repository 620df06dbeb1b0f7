"""Every statement of the tests is read: none asks the public schema and a district at once."""

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from directory.contact.models import ContactRequest
from tenants.districts.models import District as DistrictRow
from tests.cast import District
from tests.statements import Refused, check_place, read
from tests.watch import refused
from wiq.mail.models import Message
from wiq.outbox.models import Pointer

DISTRICT = "d_0123456789abcdef"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 FROM contact_contactrequest JOIN outbox_pointer ON true",
        "SELECT (SELECT count(*) FROM districts_district) FROM people_person",
        "SELECT 1 FROM people_person WHERE id IN (SELECT id FROM public.kit_taken)",
        "INSERT INTO people_person (name) SELECT name FROM districts_district",
        "UPDATE ideas_idea SET title = d.name FROM districts_district d",
        "DELETE FROM outbox_pointer USING mail_message m WHERE m.uuid = message_uuid",
        "WITH mine AS (SELECT uuid FROM mail_message) SELECT 1 FROM mine, outbox_pointer",
        "SELECT 1 FROM mail_message UNION SELECT 2 FROM public.mail_message",
        "ALTER TABLE ideas_idea ADD FOREIGN KEY (x) REFERENCES districts_district (id)",
        f"SELECT 1 FROM {DISTRICT}.people_person, d_fedcba9876543210.people_person",
    ],
)
def test_a_statement_over_two_schemas_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="one statement over"):
        check_place(text, DISTRICT)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 FROM contact_contactrequest JOIN people_team ON true JOIN mail_message ON true",
        "SELECT 1 FROM outbox_pointer JOIN districts_district ON true",
        "SELECT 1 FROM pg_class, people_person, information_schema.tables",
        "WITH outbox_pointer AS (SELECT 1) SELECT * FROM outbox_pointer, people_person",
        "INSERT INTO people_person (name) VALUES ('outbox_pointer')",
        "SELECT 1 FROM people_person FOR UPDATE OF people_person",
        f"SELECT 1 FROM {DISTRICT}.people_person, people_team, django_migrations",
    ],
)
def test_a_statement_over_one_schema_passes(text: str) -> None:
    check_place(text, DISTRICT)


def test_a_table_that_is_in_every_schema_counts_where_one_works() -> None:
    text = "SELECT 1 FROM mail_message JOIN outbox_pointer ON uuid = message_uuid"
    check_place(text, "public")
    with pytest.raises(Refused):
        check_place(text, DISTRICT)


def test_values_are_no_part_of_a_statement_and_what_cant_be_read_is_refused() -> None:
    text = "SELECT 1 FROM people_person WHERE name LIKE %s AND about <> '100 %%' LIMIT %(most)s"
    assert read(text, has_values=True).tables == {("", "people_person")}
    with pytest.raises(Refused, match="not to be read"):
        read("SELECT FROM WHERE people_person")


def test_the_watch_stands_before_every_statement_of_a_test(nord: District) -> None:
    mails = Pointer.objects.filter(message_uuid=OuterRef("idempotency_key"))
    with nord.inside(), pytest.raises(Refused, match="outbox_pointer of public"):
        list(ContactRequest.objects.filter(Exists(mails)))
    with nord.inside(), connection.cursor() as cursor, pytest.raises(Refused):
        cursor.execute("SELECT 1 FROM public.districts_district, people_person")
    with pytest.raises(Refused), transaction.atomic(), nord.inside():
        Message.objects.filter(uuid__in=Pointer.objects.values("message_uuid")).delete()
    assert len(refused) == 3
    refused.clear()


def test_what_asks_one_after_the_other_passes(nord: District) -> None:
    with nord.inside():
        asked = list(ContactRequest.objects.values_list("idempotency_key", flat=True))
        assert not Pointer.objects.filter(message_uuid__in=asked).exists()
        assert DistrictRow.objects.exists()
