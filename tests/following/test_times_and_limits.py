"""Following by mail: how often an address is asked, how long it has, and what is forgotten when."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from directory.following import mails, services
from directory.following.models import Subscription
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, District
from tests.following.test_following import ADDRESS, ask, subscribed
from tests.locks import row_locks
from wiq.audit.models import Entry
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.outbox.models import Pointer

pytestmark = pytest.mark.usefixtures("no_budget")
SECOND = timedelta(seconds=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(moment: Any) -> Any:
    return time_machine.travel(moment, tick=False)


def news(district: District, text: str = "Neu.") -> None:
    solutions.add_update(actor=ACTOR, solution_team=district.solution_team(), text=text)


def test_an_address_is_asked_for_five_things_a_day_and_the_next_day_again(nord: District) -> None:
    start = timezone.now()
    with nord.inside():
        teams = SolutionTeam.objects.bulk_create(
            SolutionTeam(slug=f"team-{number}", name=f"Team {number}") for number in range(6)
        )

        def subscribe(wait: timedelta, email: str, team: SolutionTeam) -> int:
            with at(start + wait):
                services.subscribe(email=email, solution_team=team, language="de")
            return Message.objects.count()

        for number, team in enumerate(teams[:5], start=1):
            # However it is written, it is one mailbox.
            assert subscribe(0 * DAY, ADDRESS.upper() if number % 2 else ADDRESS, team) == number
        assert subscribe(0 * DAY, ADDRESS, teams[5]) == 5
        assert subscribe(DAY - SECOND, ADDRESS, teams[5]) == 5
        assert subscribe(DAY, ADDRESS, teams[5]) == 6


def test_the_question_comes_again_after_an_hour_in_the_language_asked_in(nord: District) -> None:
    start = timezone.now()
    with at(start):
        ask(nord)
    typed = {"email": ADDRESS, "privacy_acknowledged": "on"}
    for wait, written in ((HOUR - SECOND, 1), (HOUR, 2)):
        with at(start + wait):
            nord.client().post("/en/abonnieren/", typed)
        with nord.inside():
            assert Message.objects.count() == written
    with nord.inside():
        assert Subscription.objects.get().language == "en"
        assert Message.objects.latest("pk").language == "en"


def test_who_gets_the_news_already_is_told_so_once_a_week(nord: District) -> None:
    start = timezone.now()
    subscribed(nord)
    with nord.inside():
        Subscription.objects.update(asked_at=start)
    for days, written in ((7 * DAY - SECOND, 0), (7 * DAY, 1), (7 * DAY + HOUR, 1)):
        with at(start + days):
            ask(nord)
        with nord.inside():
            assert Message.objects.filter(subject__contains="schon").count() == written


def test_the_link_and_the_address_last_for_two_weeks(nord: District) -> None:
    start = timezone.now().replace(microsecond=0)
    with at(start):
        ask(nord)
        with nord.inside():
            path = mails.confirm_url(Subscription.objects.get()).partition("localhost:8000")[2]
    for late, status, forgotten in ((0 * SECOND, 200, 0), (SECOND, 410, 1)):
        with at(start + 14 * DAY + late):
            assert nord.client().get(path).status_code == status
            with nord.inside():
                assert services.forget_unconfirmed() == forgotten
    with nord.inside():
        assert Entry.objects.get(action="subscription.ended").actor == "system"


def test_who_has_confirmed_is_not_forgotten(nord: District) -> None:
    subscribed(nord)
    with nord.inside(), at(timezone.now() + 400 * DAY):
        assert services.forget_unconfirmed() == 0
        assert Subscription.objects.exists()


def test_news_count_from_the_yes_on_and_a_second_yes_skips_none(nord: District) -> None:
    start = timezone.now()
    with at(start):
        ask(nord)
    with nord.inside():
        with at(start + HOUR):
            news(nord, "Vor dem Ja.")
        found = Subscription.objects.get()
        with at(start + 2 * HOUR):
            services.confirm(found)
        with at(start + 3 * HOUR):
            news(nord, "Nach dem Ja.")
        with at(start + 4 * HOUR):
            assert services.confirm(found).confirmed_at == start + 2 * HOUR
        with at(start + 5 * HOUR):
            assert services.tell_all() == 1
        text = Message.objects.get(kind=mails.NEWS).text
    assert "Nach dem Ja." in text
    assert "Vor dem Ja." not in text


def test_what_was_written_ten_minutes_ago_is_told_and_nothing_younger(nord: District) -> None:
    subscription = subscribed(nord)
    start = timezone.now()
    with nord.inside():
        Subscription.objects.update(told_until=start - SECOND)
        with at(start):
            news(nord)
        for wait, told in ((timedelta(minutes=10) - SECOND, 0), (timedelta(minutes=10), 1)):
            with at(start + wait):
                assert services.tell_all() == told
        subscription.refresh_from_db()
        assert subscription.told_until == start


def test_twenty_news_stand_in_a_mail_and_the_rest_is_counted(nord: District) -> None:
    subscribed(nord)
    start = timezone.now()
    with nord.inside():
        Subscription.objects.update(told_until=start - SECOND)
        with at(start):
            for number in range(21):
                news(nord, f"Nummer {number}.")
        with at(start + HOUR):
            services.tell_all()
        text = Message.objects.get().text
    assert text.count("Nummer ") == 20
    assert "Und 1 weitere Neuigkeit auf der Seite:" in text


def test_a_mail_is_kept_for_seven_days_after_it_was_sent(nord: District) -> None:
    subscribed(nord)
    sent = timezone.now()
    with nord.inside():
        news(nord)
        with at(sent + HOUR):
            services.tell_all()
        other = mail.enqueue(kind="other", to=ADDRESS, subject="Anderes", text="Anderes")
        Message.objects.update(sent_at=sent)
        for wait, forgotten in ((7 * DAY, 0), (7 * DAY + SECOND, 1)):
            with at(sent + wait):
                assert services.forget_old_mails() == forgotten
        assert [message.pk for message in Message.objects.all()] == [other.pk]


def test_mails_of_a_subscription_that_went_with_its_team_go_as_well(nord: District) -> None:
    ask(nord, loesungsteam="baeume")
    ask(nord)
    with nord.inside():
        gone = Message.objects.get(subject__contains="Bäume")
        solutions.remove(nord.solution_team(), actor=ACTOR)
        assert services.forget_old_mails() == 1
        assert Subscription.objects.get().solution_team is None
        assert not Message.objects.filter(pk=gone.pk).exists()
        assert Message.objects.count() == 1
    assert not Pointer.objects.filter(message_uuid=gone.uuid).exists()


def subscribe_again(subscription: Subscription) -> None:
    services.subscribe(email=subscription.email.upper(), solution_team=None, language="de")


def tell(subscription: Subscription) -> None:
    services.tell_all()


@pytest.mark.parametrize("write", [subscribe_again, services.confirm, services.remove, tell])
def test_a_subscription_is_held_before_it_is_written(nord: District, write: Any) -> None:
    subscription = subscribed(nord)
    with nord.inside(), row_locks() as locked:
        write(subscription)
    assert "following_subscription" in locked


def test_every_step_is_noted_with_who_took_it(nord: District) -> None:
    ask(nord)
    with nord.inside():
        found = Subscription.objects.get()
        services.remove(services.confirm(found))
        noted = Entry.objects.filter(action__startswith="subscription.").order_by("pk")
        assert [(entry.action, entry.actor) for entry in noted] == [
            ("subscription.asked", "resident"),
            ("subscription.confirmed", "mail-link"),
            ("subscription.ended", "mail-link"),
        ]
        assert ADDRESS not in str(list(noted.values()))


def test_who_fills_in_the_field_that_nobody_sees_is_thanked_and_asked_nothing(
    nord: District,
) -> None:
    thanked = ask(nord, website="http://spam.example")["Location"]
    with nord.inside():
        caught = Subscription.objects.get()
        assert caught.is_suspicious
        assert not Message.objects.exists()
    assert ask(nord, website="http://spam.example")["Location"] == thanked
    with nord.inside():
        assert not Message.objects.exists()


def test_who_was_caught_and_asks_again_is_asked(nord: District) -> None:
    ask(nord, website="http://spam.example")
    ask(nord)
    with nord.inside():
        assert not Subscription.objects.get().is_suspicious
        assert Message.objects.count() == 1


def test_the_desk_lets_out_whom_the_honeypot_caught(nord: District) -> None:
    ask(nord, website="http://spam.example")
    with nord.inside():
        number = Subscription.objects.get().pk
    data = {"action": "mark_no_spam", "_selected_action": [number]}
    url = "/koordination/following/subscription/"
    assert nord.signed_in("editor").post(url, data).status_code == 403
    for _again in range(2):
        assert nord.signed_in("coordinator").post(url, data).status_code == 302
    with nord.inside():
        assert Message.objects.count() == 1
        said = Entry.objects.filter(action="subscription.asked").order_by("pk")
        assert [entry.actor for entry in said] == ["resident", "coordinator@nord.example"]


@pytest.mark.parametrize("page", ["form", "confirm"])
def test_no_other_site_makes_a_visitor_follow(nord: District, page: str) -> None:
    ask(nord)
    with nord.inside():
        secret = mails.confirm_url(Subscription.objects.get()).partition("localhost:8000")[2]
    path = {"form": "/abonnieren/", "confirm": secret}[page]
    typed = {"email": "zweite@beispiel.example", "privacy_acknowledged": "on"}
    elsewhere = nord.client(**{"sec-fetch-site": "cross-site"})
    assert elsewhere.post(path, typed).status_code == 403
    with nord.inside():
        assert Subscription.objects.count() == 1
        assert not Subscription.objects.confirmed().exists()
    assert nord.client(**{"sec-fetch-site": "same-origin"}).post(path, typed).status_code < 400


def test_a_mail_program_ends_it_from_wherever_it_runs(nord: District) -> None:
    token = subscribed(nord).token
    program = nord.client(origin="https://mail.example")
    body = {"List-Unsubscribe": "One-Click"}
    assert program.post(f"/abonnieren/ende/{token}/", body).status_code == 200
    with nord.inside():
        assert not Subscription.objects.exists()


def test_pages_with_a_secret_address_are_kept_by_nobody(nord: District) -> None:
    subscription = subscribed(nord)
    with nord.inside():
        confirm = mails.confirm_url(subscription).partition("localhost:8000")[2]
    end = f"/abonnieren/ende/{subscription.token}/"
    for path, referrer in ((confirm, "same-origin"), (end, "no-referrer")):
        answer = nord.client().get(path)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == referrer


def test_what_a_team_writes_stays_text_in_the_mail(nord: District) -> None:
    subscribed(nord)
    with nord.inside():
        news(nord, "<script>alert(1)</script> & mehr")
        with at(timezone.now() + HOUR):
            services.tell_all()
        written = Message.objects.get()
    assert "<script>alert(1)</script> & mehr" in written.text
    assert "<script>" not in written.html
    assert "&lt;script&gt;" in written.html


def test_news_of_a_draft_stay_unmailed(nord: District) -> None:
    subscribed(nord)
    subscribed_team = nord.solution_team("entwurf")
    with nord.inside():
        Subscription.objects.update(told_until=timezone.now())
        solutions.add_update(actor=ACTOR, solution_team=subscribed_team, text="Noch geheim.")
        with at(timezone.now() + HOUR):
            assert services.tell_all() == 0
        news(nord)
        with at(timezone.now() + HOUR):
            assert services.tell_all() == 1
        assert "geheim" not in Message.objects.get().text


def test_whom_the_desk_lets_out_late_has_the_whole_time_to_confirm(nord: District) -> None:
    ask(nord, website="http://spam.example")
    long_ago = timezone.now() - timedelta(days=30)
    with nord.inside():
        Subscription.objects.update(created_at=long_ago, asked_at=long_ago)
        services.call_no_spam(Subscription.objects.get(), actor=ACTOR)
        assert services.forget_unconfirmed() == 0
        Subscription.objects.update(asked_at=timezone.now() - timedelta(days=15))
        assert services.forget_unconfirmed() == 1
