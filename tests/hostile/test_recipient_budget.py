"""Nobody fills a stranger's mailbox: a mailbox gets few mails, whatever form its address is typed in."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from directory.contact.models import ContactRequest
from directory.following.models import Subscription
from directory.ideas.models import Idea
from tenants.applications.models import Application
from tests.applications.test_application import URL as APPLY
from tests.applications.test_application import typed as application
from tests.cast import District, body, form, idea_form
from tests.editing.opened import fields_of
from wiq.accounts import services as accounts
from wiq.accounts.roles import Role
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.outbox.budget import CODES, Budget, forget_old, mailbox_key, spend
from wiq.outbox.models import Mailbox, Pointer

HOUR = timedelta(hours=1)
VICTIM = "opfer@beispiel.example"
TO_VICTIM = {"to__iregex": r"^opfer(\+\w+)?@beispiel\.example$"}


def time_passes(hours: int) -> None:
    """Let what was written be older."""
    for mailbox in Mailbox.objects.all():
        mailbox.sent = [at - hours * HOUR for at in mailbox.sent]
        mailbox.save()


def sent_to_victim(*districts: District) -> int:
    """Return how many mails wait for the victim, on the platform and in these districts."""
    uuids = list(Message.objects.filter(**TO_VICTIM).values_list("uuid", flat=True))
    for district in districts:
        with district.inside():
            uuids += list(Message.objects.filter(**TO_VICTIM).values_list("uuid", flat=True))
    return Pointer.objects.filter(message_uuid__in=uuids).count()


def post_everywhere(nord: District, sued: District, platform: Client, tag: str = "") -> None:
    """Type the victim's address into every form of two districts and of the platform."""
    to = f"opfer{tag}@Beispiel.example"
    for district in (nord, sued):
        visitor = district.client()
        assert visitor.post("/kontakt/", form(email=to)).status_code == 303
        assert visitor.post("/idee/", idea_form(email=to)).status_code == 303
        assert visitor.post("/abonnieren/", {"email": to, "language": "de",
                                             "privacy_acknowledged": "on"}).status_code == 303  # fmt: skip
        sent = body(email=to)
        answer = visitor.post("/api/v1/contact-requests/", sent, content_type="application/json")
        assert answer.status_code == 201
    assert platform.post(APPLY, application(email=to)).status_code == 303


@pytest.fixture
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wiq.throttling.SubmissionThrottle.num_requests", 1000, raising=False)
    monkeypatch.setattr("wiq.throttling.SubmissionThrottle.rate", "1000/min", raising=False)
    monkeypatch.setattr("wiq.submissions.proof.FREE", 1000)


def test_a_mailbox_gets_one_confirmation_an_hour_and_two_a_day_over_all_forms_and_districts(
    nord: District, sued: District, platform: Client, unthrottled: None
) -> None:
    post_everywhere(nord, sued, platform)
    assert sent_to_victim(nord, sued) == 1
    post_everywhere(nord, sued, platform, tag="+wiq")
    assert sent_to_victim(nord, sued) == 1
    time_passes(1)
    post_everywhere(nord, sued, platform, tag="+noch")
    assert sent_to_victim(nord, sued) == 2
    time_passes(2)
    post_everywhere(nord, sued, platform)
    assert sent_to_victim(nord, sued) == 2
    time_passes(22)
    post_everywhere(nord, sued, platform, tag="+morgen")
    assert sent_to_victim(nord, sued) == 3


def test_what_was_sent_is_kept_and_the_team_is_told_all_the_same(
    nord: District, sued: District, platform: Client, unthrottled: None
) -> None:
    assert spend(VICTIM, Budget.CONFIRMATION)
    post_everywhere(nord, sued, platform)
    assert sent_to_victim(nord, sued) == 0
    for district in (nord, sued):
        with district.inside():
            assert ContactRequest.objects.filter(email__iexact=VICTIM).count() == 2
            assert Idea.objects.filter(email__iexact=VICTIM).count() == 1
            assert Subscription.objects.filter(email__iexact=VICTIM).count() == 1
            team = Message.objects.filter(kind__in=("contact.team", "ideas.team.new"))
            uuids = list(team.values_list("uuid", flat=True))
        assert Pointer.objects.filter(message_uuid__in=uuids).count() == len(uuids) >= 3
    assert Application.objects.filter(email__iexact=VICTIM).count() == 1


def test_the_page_says_that_no_mail_was_sent_and_not_why(nord: District, sued: District) -> None:
    says = "Wir haben keine E-Mail geschickt."
    for path, filled in (("/kontakt/", form), ("/idee/", idea_form)):
        Mailbox.objects.all().delete()
        first = sued.client().post(path, filled(email=VICTIM), follow=True).content.decode()
        assert says not in first
        assert "Bestätigung, die wir Ihnen per E-Mail schicken" in first
        second = nord.client().post(path, filled(email=VICTIM), follow=True).content.decode()
        assert says in second
        assert "Bestätigung, die wir Ihnen per E-Mail schicken" not in second
        assert sued.row.name not in second


def test_who_follows_and_who_applies_reads_it_as_well(nord: District, platform: Client) -> None:
    asked = {"email": VICTIM, "language": "de", "privacy_acknowledged": "on"}
    says = "Wir haben keine E-Mail geschickt"
    assert says not in nord.client().post("/abonnieren/", asked, follow=True).content.decode()
    assert says in nord.client().post("/abonnieren/", asked, follow=True).content.decode()
    applied = application(email=VICTIM)
    assert says in platform.post(APPLY, applied, follow=True).content.decode()
    time_passes(1)
    # Sent again an hour later, it is the same application, and its mail goes out now.
    assert says not in platform.post(APPLY, applied, follow=True).content.decode()
    assert Application.objects.count() == 1
    assert sent_to_victim() == 1


def test_the_same_form_pressed_twice_is_answered_once(nord: District) -> None:
    page = nord.client().get("/abonnieren/").content.decode()
    asked = fields_of(page) | {"email": "zweimal@beispiel.example", "privacy_acknowledged": "on"}
    for _press in range(2):
        answer = nord.client().post("/abonnieren/", asked, follow=True).content.decode()
        assert "Bitte sehen Sie in Ihr Postfach" in answer


def test_the_page_does_not_tell_who_is_subscribed(nord: District) -> None:
    asked = {"email": VICTIM, "language": "de", "privacy_acknowledged": "on"}
    with nord.inside():
        Subscription.objects.create(email=VICTIM, language="de", confirmed_at="2026-01-01T00:00Z")
    for address in (VICTIM, "niemand@beispiel.example"):
        assert spend(address, Budget.CONFIRMATION)
        page = nord.client().post("/abonnieren/", asked | {"email": address}, follow=True)
        assert "Wir haben keine E-Mail geschickt" in page.content.decode()


def test_codes_have_a_budget_of_their_own(nord: District) -> None:
    assert spend(VICTIM, Budget.CONFIRMATION)
    assert not spend(VICTIM, Budget.CONFIRMATION)
    assert [spend(VICTIM, Budget.CODE) for _ in range(CODES[0])] == [True] * CODES[0]
    assert not spend(VICTIM, Budget.CODE)
    with nord.inside():
        accounts.create_account(email=VICTIM, role=Role.EDITOR)
    reset = "/anmelden/passwort/vergessen/"
    nord.client().post(reset, {"email": VICTIM})
    assert sent_to_victim(nord) == 0


def test_a_mailbox_is_one_however_its_address_is_written() -> None:
    same = {
        mailbox_key(written, Budget.CODE)
        for written in (
            "Anna@straße.example",
            "anna+x@xn--strae-oqa.example",
            " anna+y+z@STRAßE.example",
        )
    }
    assert len(same) == 1
    other = {
        mailbox_key(one, Budget.CODE) for one in ("anna@strasse.example", "an.na@straße.example")
    }
    assert len(same | other | {mailbox_key("anna@straße.example", Budget.CONFIRMATION)}) == 4


def test_no_other_way_of_writing_a_mailbox_has_a_budget_of_its_own() -> None:
    for same in (
        ("anna@beispiel.example", '"anna"@beispiel.example', '"\\a\\nn\\a"@beispiel.example',
         '"anna+eins"@beispiel.example', '"anna\\+zwei"@Beispiel.example'),
        ("anna.nord@gmail.com", "a.n.n.a.nord@gmail.com", "annanord+x@googlemail.com",
         '"anna.nord"@GMAIL.com'),
    ):  # fmt: skip
        assert len({mailbox_key(one, Budget.CONFIRMATION) for one in same}) == 1, same
    assert mailbox_key("an.na@beispiel.example", Budget.CODE) != mailbox_key(
        "anna@beispiel.example", Budget.CODE
    )


@pytest.mark.parametrize("statement", [
    "SELECT * FROM public.outbox_mailbox",
    "INSERT INTO public.outbox_mailbox (key, sent) VALUES ('a', '{}')",
    "DELETE FROM public.outbox_mailbox",
    "SELECT public.wiq_spend_mail('erika@beispiel.example', 'confirmation')",
    "SELECT public.wiq_spend_mail(repeat('a', 64), 'news')",
])  # fmt: skip
def test_a_district_has_mails_counted_and_reads_no_count(nord: District, statement: str) -> None:
    with nord.inside():
        assert spend(VICTIM, Budget.CONFIRMATION)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert not spend(VICTIM, Budget.CONFIRMATION)


def test_what_is_withheld_keeps_no_words(nord: District) -> None:
    with nord.inside():
        written = [
            mail.enqueue(kind="test", to=VICTIM, subject="Betreff", text="Text", html="<p>Text</p>",
                         budget=Budget.CONFIRMATION) for _ in range(2)
        ]  # fmt: skip
        assert [mail.is_withheld(one) for one in written] == [False, True]
        assert (written[1].text, written[1].html) == ("", "")


def test_what_counts_no_more_is_forgotten_at_night(db: None) -> None:
    assert spend(VICTIM, Budget.CONFIRMATION)
    time_passes(25)
    assert spend("jemand@beispiel.example", Budget.CONFIRMATION)
    assert forget_old() == 1
    assert Mailbox.objects.get().key == mailbox_key("jemand@beispiel.example", Budget.CONFIRMATION)
