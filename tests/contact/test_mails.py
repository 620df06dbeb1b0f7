"""What is in the mails of a request, and how Celery's task hands them over, by real SMTP."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

from directory.contact.models import ContactRequest
from tests.cast import MESSAGE, District, form
from tests.mails import bodies, caught, deliver_all
from wiq.mail.models import Message
from wiq.outbox.models import Pointer


def sent(district: District, maildir: Path, recipient: str, **changes: Any) -> EmailMessage:
    """Send a request and return the mail that one address got because of it."""
    path = changes.pop("path", "/kontakt/")
    district.client().post(path, form(**changes))
    deliver_all(district)
    with district.inside():
        reference = ContactRequest.objects.latest("pk").reference
    return next(mail for mail in caught(maildir, recipient) if reference in mail["Subject"])


def test_the_team_gets_the_message_and_answers_the_resident(
    nord: District, maildir: Path, no_way_in: None
) -> None:
    mail = sent(nord, maildir, "ut@nord.example", email="r1@beispiel.example", phone="0341 123456")
    assert mail["From"] == "Wir im Quartier <post@wiq.example>"
    assert mail["Reply-To"] == "r1@beispiel.example"
    for body in bodies(mail):
        assert MESSAGE in body
        assert "Erika Beispiel" in body
        assert "0341\xa0123456" in body
        assert body.count("http://nord.localhost:8000/kontakt/bearbeiten/") == 2


def test_the_resident_gets_nothing_of_what_was_typed(nord: District, maildir: Path) -> None:
    mail = sent(nord, maildir, "r2@beispiel.example", email="r2@beispiel.example", name="Zorro X")
    with nord.inside():
        kept = ContactRequest.objects.get()
    assert kept.reference in mail["Subject"]
    assert mail["Reply-To"].startswith("anfrage+")
    for body in bodies(mail):
        assert kept.reference in body
        assert f"http://nord.localhost:8000/kontakt/{kept.token}/" in body
        for typed in ("Zorro", "Bank am Kanal", "r2@beispiel.example"):
            assert typed not in body


def test_the_confirmation_speaks_the_language_of_the_form(nord: District, maildir: Path) -> None:
    german = sent(nord, maildir, "r3@beispiel.example", email="r3@beispiel.example")
    english = sent(
        nord, maildir, "r4@beispiel.example", email="r4@beispiel.example", path="/en/kontakt/"
    )
    reference = english["Subject"].split()[2]
    for_team = [m for m in caught(maildir, "ut@nord.example") if reference in m["Subject"]]
    assert "ist eingegangen" in german["Subject"]
    assert "has arrived" in english["Subject"]
    assert "/en/kontakt/" in bodies(english)[0]
    assert "Das Formular war auf Englisch" in bodies(for_team[0])[0]


def test_the_message_id_is_the_same_for_every_try(nord: District, maildir: Path) -> None:
    mail = sent(nord, maildir, "r5@beispiel.example", email="r5@beispiel.example")
    with nord.inside():
        message = Message.objects.get(to="r5@beispiel.example")
        pointer = Pointer.objects.get(message_uuid=message.uuid)
        Pointer.objects.filter(pk=pointer.pk).update(state="pending")
    deliver_all(nord)
    both = caught(maildir, "r5@beispiel.example")
    assert [copy["Message-ID"] for copy in both] == [mail["Message-ID"]] * 2
    assert str(message.uuid) in mail["Message-ID"]


def test_html_that_somebody_types_stays_text(nord: District, maildir: Path) -> None:
    mail = sent(
        nord,
        maildir,
        "ut@nord.example",
        name="<b>Fett</b>",
        message="<script>alert(1)</script> und mehr",
    )
    text, html = bodies(mail)
    assert "<script>alert(1)</script>" in text
    assert "<script>" not in html
    assert "&lt;b&gt;Fett" in html


def test_mails_of_one_district_never_name_the_other(
    nord: District, sued: District, maildir: Path
) -> None:
    mail = sent(sued, maildir, "ut@sued.example")
    assert "Nord" not in mail.as_string()
    assert "nord" not in mail.as_string()
