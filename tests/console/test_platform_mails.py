"""The platform's own mails that do not arrive: on the console, and an alarm."""

from pathlib import Path

from django.db.models.functions import Now
from django.test import Client

from tenants.applications.models import Application
from tenants.console import services
from tenants.console.models import Alarm
from tests.applications.test_application import applied
from tests.cast import District
from tests.editing.pressing import press
from tests.mails import caught
from wiq.mail.models import Message
from wiq.mail.tasks import deliver
from wiq.outbox.models import Pointer, State

LIST = "/plattform/mail/message/"


def apply_with(platform: Client, email: str) -> Message:
    """Apply with an address that a server refuses, and return the mail to it."""
    applied(platform, email=email)
    message: Message = Message.objects.get(kind="application.confirm")
    Pointer.objects.filter(message_uuid=message.uuid).update(state=State.DEAD, done_at=Now())
    return message


def test_an_applicant_who_gets_no_mail_shows_on_the_console(
    platform: Client, console: Client, nord: District
) -> None:
    assert "der Plattform komm" not in console.get("/plattform/").content.decode()
    message = apply_with(platform, "bea@falsch.example")
    first = console.get("/plattform/").content.decode()
    assert "1 E-Mail der Plattform kommt nicht an." in first
    assert f'href="{LIST}"' in first
    shown = console.get(LIST).content.decode()
    assert "bea@falsch.example" in shown
    assert Application.objects.get().token not in console.get(
        f"{LIST}{message.pk}/change/"
    ).content.decode()  # fmt: skip
    assert "bea@falsch.example" not in nord.signed_in("coordinator").get(
        "/koordination/mail/message/"
    ).content.decode()  # fmt: skip


def test_it_is_an_alarm_that_is_told_once_and_ends_by_itself(
    platform: Client, console: Client
) -> None:
    message = apply_with(platform, "bea@falsch.example")
    (alarm,) = services.raise_alarms()
    assert (alarm.district, alarm.kind) == (None, "mails")
    assert services.raise_alarms() == []
    told = Message.objects.get(kind="console.alarms")
    assert "Plattform: E-Mails kommen nicht an" in told.text
    assert f"http://localhost:8000{LIST}" in told.text
    assert "E-Mails kommen nicht an" in console.get("/plattform/").content.decode()
    Pointer.objects.filter(message_uuid=message.uuid).update(state=State.SENT)
    assert services.raise_alarms() == []
    assert not Alarm.objects.open().exists()


def test_the_applicants_address_is_corrected_and_the_mail_goes_there(
    platform: Client, console: Client, maildir: Path
) -> None:
    message = apply_with(platform, "bea@falsch.example")
    press(console, f"{LIST}{message.pk}/change/", "send:readdress", address="bea@richtig.example")
    found = Application.objects.get()
    assert found.email == "bea@richtig.example"
    pointer = Pointer.objects.get(message_uuid=message.uuid)
    deliver.apply(args=[pointer.pk], headers={"_schema_name": "public"}, throw=True)
    (arrived,) = caught(maildir, "bea@richtig.example")
    assert found.token in arrived.get_body(("plain",)).get_content()  # type: ignore[union-attr]
