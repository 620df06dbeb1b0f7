"""An application step by step: who is told and answered, what is recorded, held and forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from tenants.applications import services
from tenants.applications.models import Application, ApplicationStep
from tests.applications.test_application import URL, applied, submitted, typed
from tests.audited import said
from tests.cast import ACTOR
from tests.locks import row_locks
from wiq.mail.models import Message

# The day begins here two hours before that of Greenwich, from this very night on.
MIDNIGHT = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_project_team_answers_to_whoever_applied(platform: Client) -> None:
    application = submitted(platform)
    services.ask_back(application, actor=ACTOR, note="Wer ist der Träger?")
    services.reply(application, "Der Verein West.")
    mails = Message.objects.filter(to="team@plattform.example").order_by("pk")
    assert [(mail.kind, mail.reply_to) for mail in mails] == [
        ("application.new", "kim@west.example"), ("application.reply", "kim@west.example"),
    ]  # fmt: skip


def test_a_button_pressed_twice_tells_the_project_team_once(platform: Client) -> None:
    application = applied(platform)
    for _again in range(2):
        services.confirm(application)
    assert Message.objects.filter(kind="application.new").count() == 1


def test_nothing_but_the_proof_of_the_address_is_taken_before_it(platform: Client) -> None:
    application = applied(platform)
    page = f"{URL}{application.token}/"
    answer = {"was": "antworten", "antwort": "Wann geht es los?"}
    assert platform.post(page, answer).status_code == 422
    with pytest.raises(ValidationError, match="noch nicht bestätigt"):
        services.approve(application, actor=ACTOR)
    assert not Message.objects.filter(to="team@plattform.example").exists()
    assert Application.objects.get().state == "unconfirmed"


def test_every_step_is_recorded_with_who_made_it(platform: Client) -> None:
    application = submitted(platform)
    services.ask_back(application, actor="somebody", note="Wer ist der Träger?")
    services.reply(application, "Der Verein West.")
    services.decline(application, actor="somebody", note="Noch zu früh.")
    assert said("application.") == [
        ("application.accepted", "applicant"),
        ("application.state", "applicant"),
        ("application.state", "somebody"),
        ("application.reply", "applicant"),
        ("application.state", "somebody"),
    ]
    made_by = application.steps.order_by("pk").values_list("kind", "state", "made_by")
    assert list(made_by) == [
        ("move", "unconfirmed", "applicant"), ("move", "submitted", "applicant"),
        ("move", "asked_back", "somebody"), ("reply", "submitted", "applicant"),
        ("move", "declined", "somebody"),
    ]  # fmt: skip


@pytest.mark.parametrize("step", ["confirm", "ask_back", "reply", "approve", "decline"])
def test_two_who_take_a_step_at_once_wait_for_each_other(platform: Client, step: str) -> None:
    application = applied(platform) if step == "confirm" else submitted(platform)
    with row_locks() as locked:
        if step == "confirm":
            services.confirm(application)
        elif step == "reply":
            services.reply(application, "Der Verein West.")
        else:
            note = "Wer ist der Träger?"
            getattr(services, step)(application, actor=ACTOR, note=note)
    assert "applications_application" in locked


def test_only_a_decision_begins_the_time_until_it_is_forgotten(platform: Client) -> None:
    application = submitted(platform)
    assert services.ask_back(application, actor=ACTOR, note="Wer ist der Träger?").done_at is None
    declined = services.decline(application, actor=ACTOR, note="Noch zu früh.")
    assert declined.done_at is not None


def test_what_is_decided_is_forgotten_after_six_months_to_the_day(platform: Client) -> None:
    application = submitted(platform)
    services.decline(application, actor="kim@plattform.example", note="Noch zu früh.")
    done = datetime(2025, 9, 30, 12, tzinfo=UTC)
    Application.objects.update(done_at=done, phone="0341 12345")
    for moment, count in ((MIDNIGHT - SECOND, 0), (MIDNIGHT, 1)):
        with time_machine.travel(moment, tick=False):
            assert services.forget_due() == count
    left = Application.objects.get()
    personal = ("name", "email", "phone", "organisation", "motivation")
    assert [getattr(left, name) for name in personal] == [""] * 5
    assert set(left.steps.values_list("note", "made_by")) == {("", "")}
    assert not Message.objects.exists()
    assert said("application.anonymised") == [("application.anonymised", "system")]


def test_what_nobody_confirms_goes_after_seven_days_to_the_second(platform: Client) -> None:
    applied(platform)
    kept = submitted(platform, city="Halle")
    Application.objects.update(created_at=MIDNIGHT - timedelta(days=7))
    ApplicationStep.objects.update(at=MIDNIGHT - timedelta(days=7))
    for late, count in ((timedelta(), 0), (SECOND, 1)):
        with time_machine.travel(MIDNIGHT + late, tick=False):
            assert services.forget_due() == count
    assert Application.objects.get() == kept


@pytest.mark.parametrize(
    ("field", "longest"), [("district_name", 120), ("city", 120), ("organisation", 200)]
)
def test_each_line_takes_its_length_and_not_a_letter_more(
    platform: Client, field: str, longest: int
) -> None:
    assert platform.post(URL, typed(**{field: "x" * (longest + 1)})).status_code == 422
    assert platform.post(URL, typed(**{field: "x" * longest})).status_code == 303


def test_who_applied_in_english_is_answered_in_english(platform: Client) -> None:
    platform.post(f"/en{URL}", typed())
    application = services.confirm(Application.objects.get())
    services.decline(application, actor=ACTOR, note="Noch zu früh.")
    mail = Message.objects.get(kind="application.declined")
    assert mail.language == "en"
    assert f"/en{URL}{application.token}/" in mail.text
    assert Message.objects.get(kind="application.new").language == "de"
