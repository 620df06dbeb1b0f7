"""Applying with a quarter: confirmed, asked back, approved or declined; the status page shows it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tenants.applications import services
from tenants.applications.models import Application
from tenants.districts.models import District as Row
from tenants.provisioning import orders
from tenants.provisioning.models import Order
from tests.cast import ACTOR, District
from tests.editing.pressing import buttons_of, press
from wiq.mail.models import Message

URL = "/quartier-anmelden/"


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "district_name": "Westviertel", "city": "Leipzig", "slug": "westviertel",
        "motivation": "Bei uns wollen viele etwas bewegen.", "organisation": "Verein West e. V.",
        "contact_name": "Kim West", "email": "kim@west.example", "phone": "",
        "privacy_acknowledged": "on", "website": "",
    } | changes  # fmt: skip


def applied(platform: Client, **changes: Any) -> Application:
    assert platform.post(URL, typed(**changes)).status_code == 303
    return Application.objects.latest("pk")


def submitted(platform: Client, **changes: str) -> Application:
    return services.confirm(applied(platform, **changes))


def decide(console: Client, application: Application, act: str, **typed: str) -> Any:
    url = f"/plattform/applications/application/{application.pk}/change/"
    return press(console, url, f"decide:{act}", **typed)


def test_an_application_waits_for_the_proof_of_its_address(platform: Client) -> None:
    response = platform.post(URL, typed())
    application = Application.objects.get()
    # Nothing but the mail leads to the status page.
    assert application.token not in response["Location"]
    assert application.token not in platform.get(response["Location"]).content.decode()
    assert application.state == "unconfirmed"
    mail = Message.objects.get()
    assert mail.to == "kim@west.example"
    assert "Westviertel" not in mail.text
    page = re.findall(r"http://localhost:8000(/quartier-anmelden/\S+)", mail.text)[0]
    # A mail scanner opens the link; it does not press the button.
    assert "Haben Sie ein Quartier angemeldet?" in platform.get(page).content.decode()
    assert Application.objects.get().state == "unconfirmed"
    response = platform.post(page, {"was": "bestaetigen"}, follow=True)
    assert "bestätigt" in response.content.decode()
    assert Application.objects.get().state == "submitted"
    told = Message.objects.get(kind="application.new")
    assert told.to == "team@plattform.example"
    assert f"/plattform/applications/application/{application.pk}/change/" in told.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"district_name": " "}, "wie das Quartier heißt"),
        ({"city": ""}, "Stadt oder Gemeinde"),
        ({"slug": "nord"}, "gibt es schon"),
        ({"slug": "no-rd"}, "verwechseln"),
        ({"slug": "xn--kln-sna"}, "Umlaute"),
        ({"slug": "www"}, "Plattform"),
        ({"slug": ""}, "Internetadresse"),
        ({"motivation": "kurz"}, "etwas mehr"),
        ({"contact_name": ""}, "Ihren Namen"),
        ({"email": ""}, "Dorthin geht die Antwort"),
        ({"email": "kim"}, "stimmt nicht"),
        ({"privacy_acknowledged": ""}, "Datenschutzhinweise gelesen"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    nord: District, platform: Client, changes: dict[str, str], words: str
) -> None:
    response = platform.post(URL, typed(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Bei uns wollen viele" in page or "motivation" in changes
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("slug", "words"),
    [("westviertel", "ist frei"), ("nord", "gibt es schon"), ("n0rd", "verwechseln")],
)
def test_the_address_is_checked_while_it_is_typed(
    nord: District, platform: Client, slug: str, words: str
) -> None:
    answer = platform.get(f"{URL}adresse/", {"slug": slug})
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert words in page
    assert "<html" not in page


def test_nothing_is_said_of_an_address_that_is_not_typed_yet(platform: Client) -> None:
    for typed_so_far in ({}, {"slug": ""}, {"slug": "  "}):
        assert platform.get(f"{URL}adresse/", typed_so_far).content.decode().strip() == ""


def test_what_the_honeypot_caught_mails_nobody(platform: Client) -> None:
    application = applied(platform, website="https://spam.example")
    assert application.state == "spam"
    assert not Message.objects.exists()
    assert platform.get(f"{URL}{application.token}/").status_code == 404


def test_what_the_honeypot_caught_wrongly_goes_on_as_if_it_had_not(platform: Client) -> None:
    application = applied(platform, website="https://spam.example")
    assert services.forget_due() == 0
    for call in (services.call_no_spam, services.call_spam, services.call_no_spam):
        call(application, actor=ACTOR)
    assert Application.objects.get().state == "unconfirmed"
    assert Message.objects.get().to == application.email
    assert platform.get(f"{URL}{application.token}/").status_code == 200


def test_who_is_let_out_late_has_the_whole_week_to_confirm(platform: Client) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    application = applied(platform, website="https://spam.example")
    Application.objects.update(created_at=long_ago)
    application.steps.update(at=long_ago)
    services.call_no_spam(application, actor=ACTOR)
    assert services.forget_due() == 0
    application.steps.update(at=timezone.now() - timedelta(days=8))
    assert services.forget_due() == 1


def test_what_is_decided_is_no_spam_any_more(platform: Client) -> None:
    application = submitted(platform)
    services.decline(application, actor=ACTOR, note="Noch zu früh.")
    assert services.call_spam(application, actor=ACTOR).state == "declined"
    assert services.call_no_spam(application, actor=ACTOR).state == "declined"


def test_the_project_team_approves_and_the_quarter_is_there(
    nord: District, platform: Client, console: Client
) -> None:
    application = submitted(Client(headers={"host": "localhost"}))
    url = f"/plattform/applications/application/{application.pk}/change/"
    assert "Annehmen und einrichten" in console.get(url).content.decode()
    assert decide(console, application, "approve", note="Willkommen!").status_code == 302
    assert "Annehmen und einrichten" not in console.get(url).content.decode()
    application.refresh_from_db()
    assert application.state == "approved"
    status = f"{URL}{application.token}/"
    visitor = Client(headers={"host": "localhost"})
    assert "wird eingerichtet" in visitor.get(status).content.decode()
    orders.run_waiting()
    said = visitor.get(status).content.decode()
    assert "Ihr Quartier ist eingerichtet" in said
    assert "westviertel.localhost" in said
    assert Message.objects.filter(kind="application.approved", to="kim@west.example").exists()
    assert Row.objects.get(slug="westviertel").name == "Westviertel"


def test_a_name_taken_meanwhile_is_told_to_the_project_team(
    nord: District, platform: Client, console: Client
) -> None:
    application = submitted(Client(headers={"host": "localhost"}))
    orders.place(slug="westviertel", name="Anderes", city="Halle", actor=ACTOR)
    page = decide(console, application, "approve")
    assert "gerade eingerichtet" in page.content.decode()
    application.refresh_from_db()
    assert application.state == "submitted"
    decide(console, application, "approve", address="westviertel-leipzig")
    application.refresh_from_db()
    assert (application.state, application.order.slug) == ("approved", "westviertel-leipzig")


def test_where_the_making_failed_the_project_team_tries_again(
    nord: District, platform: Client, console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = services.approve(submitted(Client(headers={"host": "localhost"})), actor=ACTOR)
    orders.give_up(application.order, "no")
    decide(console, application, "approve")
    application.refresh_from_db()
    assert application.order.coordinator == "kim@west.example"
    orders.run_waiting()
    assert Row.objects.get(slug="westviertel").state == "draft"


def test_two_who_try_again_at_once_order_one_district(platform: Client) -> None:
    application = services.approve(submitted(platform), actor=ACTOR)
    assert application.order is not None
    orders.give_up(application.order, "Test")
    first, second = (Application.objects.select_related("order").get() for _ in range(2))
    services.approve(first, actor=ACTOR, slug="westviertel-eins")
    with pytest.raises(ValidationError, match="angenommen"):
        services.approve(second, actor=ACTOR, slug="westviertel-zwei")
    assert not Order.objects.filter(slug="westviertel-zwei").exists()


def test_one_post_too_many_is_told_how_long_to_wait(platform: Client) -> None:
    page = f"{URL}{applied(platform).token}/"
    answers = [platform.post(page, {"antwort": "Noch ein Satz."}) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_question_and_its_answer_go_to_and_fro(platform: Client, console: Client) -> None:
    application = submitted(Client(headers={"host": "localhost"}))
    empty = decide(console, application, "ask_back")
    assert "schreiben Sie dazu einen Text" in empty.content.decode()
    decide(console, application, "ask_back", note="Wer ist der Träger?")
    mail = Message.objects.get(kind="application.asked_back")
    assert "Wer ist der Träger?" in mail.text
    visitor = Client(headers={"host": "localhost"})
    status = f"{URL}{application.token}/"
    assert visitor.post(status, {"was": "antworten", "antwort": ""}).status_code == 422
    visitor.post(status, {"was": "antworten", "antwort": "Der Verein West."})
    application.refresh_from_db()
    assert application.state == "submitted"
    assert "Der Verein West." in Message.objects.get(kind="application.reply").text


def test_who_is_declined_reads_the_reason(platform: Client, console: Client) -> None:
    application = submitted(Client(headers={"host": "localhost"}))
    decide(console, application, "decline", note="Noch zu früh.")
    page = Client(headers={"host": "localhost"}).get(f"{URL}{application.token}/")
    assert "Noch zu früh." in page.content.decode()
    url = f"/plattform/applications/application/{application.pk}/change/"
    assert buttons_of(console.get(url).content.decode()) == []
    again = console.post(url, {"_act": "decide:approve"})
    application.refresh_from_db()
    assert application.state == "declined"
    assert again.status_code == 200
    assert not Row.objects.filter(slug="westviertel").exists()


def test_what_nobody_confirms_goes_and_what_is_decided_is_forgotten_in_time(
    platform: Client,
) -> None:
    first, second = applied(platform), submitted(platform, city="Halle")
    services.decline(second, actor=ACTOR, note="Noch zu früh.")
    assert services.forget_due() == 0
    old = timezone.now() - timedelta(days=8)
    Application.objects.filter(pk=first.pk).update(created_at=old)
    first.steps.update(at=old)
    Application.objects.filter(pk=second.pk).update(done_at=timezone.now() - timedelta(days=190))
    assert services.forget_due() == 2
    left = Application.objects.get()
    assert (left.pk, left.name, left.email, left.motivation) == (second.pk, "", "", "")
    assert not Message.objects.exists()


def test_the_pages_speak_english_too(platform: Client) -> None:
    assert "Apply with your neighbourhood" in platform.get(f"/en{URL}").content.decode()
    platform.post(f"/en{URL}", typed())
    assert Application.objects.get().language == "en"
    assert "Please confirm" in Message.objects.get().subject
