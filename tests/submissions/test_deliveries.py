"""The status page says what is known of the first mails, and never more."""

import re
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from directory.people.models import Team
from tenants.districts import services as districts
from tests.cast import ACTOR, District, form, idea_form
from tests.mails import deliver_all
from wiq.accounts.models import User
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State
from wiq.submissions.deliveries import masked

ERIKA = "erika@beispiel.example"
# As written, and as shown: on one line.
PHONE, SHOWN = "0341 999", "0341\xa0999"
WAYS = [("/kontakt/", form, ContactRequest), ("/idee/", idea_form, Idea)]
each_way = pytest.mark.parametrize(("path", "typed", "model"), WAYS, ids=["request", "idea"])


def send(district: District, path: str, typed: Any, **changes: Any) -> None:
    districts.update(district.row, actor=ACTOR, phone=PHONE)
    districts.lookup.forget_all()
    district.client().post(path, typed(email=ERIKA, **changes))


def facts(district: District, path: str, model: Any) -> dict[str, str]:
    """Return the facts of a status page by their names."""
    with district.inside():
        token = model.objects.get().token
    page = district.client().get(f"{path}{token}/").content.decode()
    assert ERIKA not in page
    found = re.findall(r"(?s)<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page)
    # Spaces that keep the parts of a date on one line stay as they are.
    return {name: re.sub(r"(?:<[^>]+>|[ \n])+", " ", words).strip(" ") for name, words in found}


def put(state: State, recipient: str) -> None:
    for message in Message.objects.filter(to=recipient):
        Pointer.objects.filter(message_uuid=message.uuid).update(state=state)


@each_way
def test_what_nobody_took_yet_is_not_there_yet(
    nord: District, path: str, typed: Any, model: Any
) -> None:
    send(nord, path, typed)
    said = facts(nord, path, model)
    assert said["Gespeichert"]
    assert said["E-Mail an das Team"].startswith("Noch nicht verschickt.")
    assert said["Bestätigung an Sie"] == "e•••@b•••.example: Noch nicht verschickt."


@each_way
def test_what_was_tried_and_not_taken_is_tried_again(
    nord: District, path: str, typed: Any, model: Any
) -> None:
    send(nord, path, typed)
    Pointer.objects.update(attempts=1)
    said = facts(nord, path, model)
    assert said["E-Mail an das Team"].startswith("Noch nicht angenommen.")
    assert said["Bestätigung an Sie"].startswith("e•••@b•••.example: Noch nicht angenommen.")


@each_way
def test_what_the_mail_server_took_is_said_with_its_time(
    nord: District, path: str, typed: Any, model: Any
) -> None:
    send(nord, path, typed)
    with time_machine.travel(datetime.fromisoformat("2026-11-30T14:03:00+01:00"), tick=False):
        deliver_all(nord)
    said = facts(nord, path, model)
    words = "Der Mailserver hat die E-Mail angenommen: 30.\xa0November 2026, 14:03\xa0Uhr."
    assert said["E-Mail an das Team"] == words
    assert said["Bestätigung an Sie"] == f"e•••@b•••.example: {words}"


@each_way
def test_what_was_refused_is_said_with_whom_to_call(
    nord: District, path: str, typed: Any, model: Any
) -> None:
    send(nord, path, typed)
    with nord.inside():
        put(State.DEAD, "ut@nord.example")
        put(State.DEAD, ERIKA)
    said = facts(nord, path, model)
    for name in ("E-Mail an das Team", "Bestätigung an Sie"):
        assert "Der Mailserver hat die E-Mail abgelehnt." in said[name]
        assert said[name].endswith(SHOWN)
    assert "ist gespeichert" in said["E-Mail an das Team"]
    assert "prüfen Sie Ihre Adresse" in said["Bestätigung an Sie"]


def test_of_several_mails_to_the_team_one_that_was_taken_is_enough(nord: District) -> None:
    send(nord, "/kontakt/", form)
    with nord.inside():
        first = Message.objects.get(kind="contact.team")
        second = Message.objects.create(
            kind="contact.team", to="zwei@nord.example", subject="x", text="x",
            about_type=first.about_type, about_id=first.about_id, sent_at=timezone.now(),
        )  # fmt: skip
        put(State.DEAD, "ut@nord.example")
    assert "angenommen:" in facts(nord, "/kontakt/", ContactRequest)["E-Mail an das Team"]
    with nord.inside():
        Message.objects.filter(pk=second.pk).delete()
    assert "abgelehnt" in facts(nord, "/kontakt/", ContactRequest)["E-Mail an das Team"]


def test_where_no_mail_went_out_nothing_is_claimed(nord: District) -> None:
    with nord.inside():
        Team.objects.update(contact_email="")
        User.objects.update(is_active=False)
    send(nord, "/kontakt/", form, phone="0341 123456")
    said = facts(nord, "/kontakt/", ContactRequest)
    assert said["E-Mail an das Team"].startswith("Dazu ist hier nichts vermerkt.")
    assert said["E-Mail an das Team"].endswith(SHOWN)


def test_what_was_forgotten_says_nothing_of_its_mails(nord: District) -> None:
    send(nord, "/kontakt/", form)
    with nord.inside():
        ContactRequest.objects.update(anonymised_at=timezone.now(), state="closed")
    said = facts(nord, "/kontakt/", ContactRequest)
    assert "E-Mail an das Team" not in said
    assert "Bestätigung an Sie" not in said


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("erika@beispiel.example", "e•••@b•••.example"),
        ("ö@straße.example", "ö•••@s•••.example"),
        ("kim@mail.beispiel.example", "k•••@m•••.example"),
    ],
)
def test_an_address_is_known_to_its_owner_alone(address: str, shown: str) -> None:
    assert masked(address) == shown
