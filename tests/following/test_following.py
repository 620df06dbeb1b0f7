"""Following by mail: nobody is mailed who did not say yes, and one click ends it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.utils import timezone
from django_tenants.utils import schema_context

from directory.following import mails, services
from directory.following.models import Subscription
from directory.solutions import services as solutions
from tenants.districts import services as districts
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from wiq.audit.models import Entry
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.page_cache import version as page_version
from wiq.tenancy import PUBLIC

pytestmark = pytest.mark.usefixtures("no_budget")
ADDRESS = "erika@beispiel.example"


def ask(district: District, **changes: Any) -> Any:
    typed = {"email": ADDRESS, "privacy_acknowledged": "on"} | changes
    return district.client().post("/abonnieren/", typed)


def subscribed(district: District, team: str = "") -> Subscription:
    """Return a subscription whose owner said yes a day ago."""
    ask(district, loesungsteam=team)
    with district.inside():
        found = services.confirm(Subscription.objects.get(email=ADDRESS))
        before = timezone.now() - timedelta(days=1)
        Subscription.objects.update(told_until=before, asked_at=before)
        found.refresh_from_db()
        Message.objects.all().delete()
        return found


def tell(minutes: int = 11) -> int:
    """Tell what is new as the task does some minutes from now."""
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        return services.tell_all()


def test_an_address_is_mailed_nothing_until_its_owner_confirms(nord: District) -> None:
    assert ask(nord)["Location"] == "/abonnieren/unterwegs/"
    with nord.inside():
        question = Message.objects.get()
        assert question.to == ADDRESS
        solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Neu.")
        assert tell() == 0
        link = re.search(r"/abonnieren/bestaetigen/\S+", question.text)
    assert link
    visitor = nord.client()
    # A mail scanner opens the link, and nothing happens.
    assert "Ja, ich möchte die Neuigkeiten" in visitor.get(link[0]).content.decode()
    with nord.inside():
        assert not Subscription.objects.confirmed().exists()
    assert "das hat geklappt" in visitor.post(link[0]).content.decode()
    with nord.inside():
        assert Subscription.objects.confirmed().count() == 1


def test_a_link_of_one_district_confirms_nothing_in_another(nord: District, sued: District) -> None:
    ask(nord)
    with nord.inside():
        url = mails.confirm_url(Subscription.objects.get())
    path = url.partition("localhost:8000")[2]
    assert sued.client().post(path).status_code == 404
    assert nord.client().post(path).status_code == 200


def test_news_come_once_with_a_way_out_for_people_and_mail_programs(nord: District) -> None:
    subscription = subscribed(nord)
    with nord.inside():
        solutions.add_update(
            actor=ACTOR, solution_team=nord.solution_team(), text="Hundert Kannen Wasser."
        )
        assert tell() == 1
        written = Message.objects.get()
        assert "Hundert Kannen Wasser." in written.text
        assert f"/abonnieren/ende/{subscription.token}/" in written.text
        assert tell() == 0
        mail.send(written)
    path = f"/abonnieren/ende/{subscription.token}/"
    # As a mail program does it: no cookie, no origin, this body (RFC 8058, 3.2).
    answer = nord.client().post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with nord.inside():
        assert not Subscription.objects.exists()
        assert not Message.objects.filter(to=ADDRESS).exists()
    assert nord.client().post(path).status_code == 200


def test_the_headers_for_one_click_are_those_of_the_standard(nord: District, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    subscription = subscribed(nord)
    with nord.inside():
        solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Neu.")
        tell()
        mail.send(Message.objects.get())
    headers = django_mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<{mails_url(nord, subscription)}>"


def mails_url(district: District, subscription: Subscription) -> str:
    with district.inside():
        return mails.end_url(subscription)


def test_who_follows_one_solution_team_hears_of_that_one_alone(nord: District) -> None:
    subscribed(nord, team="fest")
    with nord.inside():
        solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Nur Bäume.")
        assert tell() == 0
        solutions.add_update(actor=ACTOR, solution_team=nord.solution_team("fest"), text="Musik!")
        assert tell() == 1
        assert "Musik!" in Message.objects.get().text


def test_opening_the_way_out_ends_nothing_and_the_button_does(nord: District) -> None:
    subscription = subscribed(nord)
    path = f"/abonnieren/ende/{subscription.token}/"
    assert "abbestellen" in nord.client().get(path).content.decode()
    with nord.inside():
        assert Subscription.objects.exists()
    assert "keine Neuigkeiten mehr" in nord.client().post(path).content.decode()
    with nord.inside():
        assert not Subscription.objects.exists()


@pytest.mark.parametrize("state", [State.HIDDEN, State.SUSPENDED, State.ARCHIVED])
def test_the_way_out_is_open_in_every_state_and_on_every_host(nord: District, state: State) -> None:
    token = subscribed(nord).token
    with schema_context(PUBLIC):
        districts.make_primary(nord.row, "neu.example")
        put(nord.row, state)
    answer = nord.client().post(f"/abonnieren/ende/{token}/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with nord.inside():
        assert not Subscription.objects.exists()


def test_asking_for_an_address_makes_no_page_anew(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    # A stranger could tell by the time of the next page whether the address was known.
    with nord.inside():
        schema = nord.row.schema_name
    before = page_version.current_or_new(schema)
    with django_capture_on_commit_callbacks(execute=True):
        ask(nord)
    assert page_version.current(schema) == before


def test_an_address_is_asked_a_few_times_a_day_and_for_one_thing_twice(nord: District) -> None:
    start = timezone.now()
    for hour in range(0, 12, 2):
        with time_machine.travel(start + timedelta(hours=hour)):
            ask(nord)
            ask(nord, loesungsteam="baeume")
            ask(nord, loesungsteam="fest")
    with nord.inside():
        assert Message.objects.filter(to=ADDRESS).count() == 6
        with time_machine.travel(start + timedelta(days=15)):
            assert services.forget_unconfirmed() == 3


def test_a_stranger_does_not_change_the_language_of_a_subscription(nord: District) -> None:
    subscribed(nord)
    typed = {"email": ADDRESS, "privacy_acknowledged": "on"}
    nord.client().post("/en/abonnieren/", typed)
    with nord.inside():
        assert Subscription.objects.get().language == "de"


def test_who_wants_one_team_that_is_gone_is_asked_again(nord: District) -> None:
    answer = ask(nord, loesungsteam="entwurf")
    assert answer.status_code == 422
    assert ADDRESS in answer.content.decode()
    with nord.inside():
        assert not Subscription.objects.exists()


def test_what_does_not_fit_into_a_mail_is_counted_and_linked(nord: District) -> None:
    subscribed(nord)
    with nord.inside():
        for number in range(23):
            solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text=f"{number}")
        assert tell() == 1
        text = Message.objects.get().text
        assert re.search(r"Und \d weitere Neuigkeiten", text)
        assert "/neuigkeiten/" in text


def test_mails_are_forgotten_some_days_after_they_were_sent(nord: District) -> None:
    subscribed(nord)
    with nord.inside():
        solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Neu.")
        tell()
        Message.objects.update(sent_at=timezone.now())
        assert services.forget_old_mails() == 0
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            assert services.forget_old_mails() == 1


def test_a_yes_to_what_was_ended_meanwhile_is_not_there(nord: District) -> None:
    ask(nord)
    with nord.inside():
        gone = Subscription.objects.get()
        url = mails.confirm_url(gone)
        services.remove(gone)
        services.remove(gone)
        with pytest.raises(Subscription.DoesNotExist):
            services.confirm(gone)
    assert nord.client().post(url.partition("localhost:8000")[2]).status_code == 404


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(nord: District) -> None:
    answer = ask(nord, email="erika(at)beispiel", privacy_acknowledged="")
    assert answer.status_code == 422
    assert "erika(at)beispiel" in answer.content.decode()
    with nord.inside():
        assert not Subscription.objects.exists()


def test_nobody_learns_whether_an_address_follows_nor_fills_its_mailbox(nord: District) -> None:
    first, again = ask(nord), ask(nord)
    assert first["Location"] == again["Location"]
    with nord.inside():
        assert Message.objects.count() == 1
        assert Subscription.objects.count() == 1


def test_an_address_that_nobody_confirms_is_forgotten(nord: District) -> None:
    ask(nord)
    with nord.inside():
        assert services.forget_unconfirmed() == 0
        old = timezone.now() - timedelta(days=15)
        Subscription.objects.update(created_at=old, asked_at=old)
        assert services.forget_unconfirmed() == 1
        assert not Message.objects.filter(to=ADDRESS).exists()


def test_what_is_being_written_right_now_is_told_the_next_time_and_not_lost(
    nord: District,
) -> None:
    subscribed(nord)
    with nord.inside():
        solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Zuerst.")
        now = timezone.now()
        with time_machine.travel(now + timedelta(minutes=11), tick=False):
            assert services.tell_all() == 1
            solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Danach.")
            assert services.tell_all() == 0
        with time_machine.travel(now + timedelta(minutes=30), tick=False):
            assert services.tell_all() == 1
        assert "Danach." in Message.objects.first().text  # type: ignore[union-attr]


def test_one_that_fails_holds_up_nobody_and_is_tried_again(
    nord: District, monkeypatch: Any
) -> None:
    subscribed(nord)
    ask(nord, email="zweite@beispiel.example")
    with nord.inside():
        services.confirm(Subscription.objects.get(email="zweite@beispiel.example"))
        Message.objects.all().delete()
        solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Neu.")
        write = mails.write_news

        def breaks(subscription: Subscription, entries: Any, more: int) -> Any:
            if subscription.email == ADDRESS:
                raise ValueError("no mail for this one")
            return write(subscription, entries, more)

        monkeypatch.setattr(mails, "write_news", breaks)
        assert tell() == 1
        assert Message.objects.get().to == "zweite@beispiel.example"
        monkeypatch.setattr(mails, "write_news", write)
        assert tell() == 1


DESK = "/koordination/following/subscription/"


def test_the_coordination_sees_who_follows_and_ends_it_for_who_asks(nord: District) -> None:
    subscription = subscribed(nord)
    desk = nord.signed_in("coordinator")
    page = desk.get(DESK).content.decode()
    assert ADDRESS in page
    assert "allen Lösungsteams" in page
    assert desk.get(f"{DESK}add/").status_code == 403
    answer = desk.post(f"{DESK}{subscription.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    with nord.inside():
        assert not Subscription.objects.exists()
        ended = Entry.objects.filter(action="subscription.ended")
        assert [entry.actor for entry in ended] == ["coordinator@nord.example"]
        assert not Entry.objects.filter(action="subscription.deleted").exists()


def test_addresses_are_nothing_for_the_editors(nord: District) -> None:
    subscription = subscribed(nord)
    editor = nord.signed_in("editor")
    for path in ("", f"{subscription.pk}/change/", f"{subscription.pk}/delete/"):
        assert editor.get(DESK + path).status_code == 403


def test_a_line_break_in_a_name_starts_no_header(nord: District) -> None:
    with nord.inside():
        team = nord.solution_team()
        type(team).objects.filter(pk=team.pk).update(name="Bäume\r\nBcc: alle@beispiel.example")
    ask(nord, loesungsteam="baeume")
    with nord.inside():
        subject = Message.objects.get().subject
    assert "\n" not in subject
    assert "\r" not in subject
