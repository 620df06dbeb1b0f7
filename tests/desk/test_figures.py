"""Figures for reports: what was answered in time, month by month, and not a name among them."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.contact.models import ContactRequest
from directory.conversations import promises
from directory.conversations.models import Conversation, ConversationEntry
from tenants.console import services
from tenants.console.models import Snapshot
from tests.audited import said
from tests.cast import District, form, idea_form

PAGE = "/koordination/zahlen/"
# A Wednesday noon: what came in by Friday of last week is due.
NOW = datetime(2026, 3, 18, 11, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def came(district: District, name: str, arrived: datetime, answered: datetime | None) -> None:
    """Let a request come in at one moment, and be answered at another."""
    district.client().post("/kontakt/", form(name=name, message=f"{name} fragt nach einer Bank."))
    with district.inside():
        row = Conversation.objects.get(name=name)
        ContactRequest.objects.filter(pk=row.about_id).update(created_at=arrived)
        answer_by = promises.last_day(arrived, 3)
        Conversation.objects.filter(pk=row.pk).update(opened_at=arrived, answer_by=answer_by)
        row.entries.update(at=arrived)
        if answered:
            ConversationEntry.objects.create(
                conversation=row, kind="answer", text="Gern.", state="answered", at=answered
            )


def fill(district: District) -> None:
    friday = NOW - 5 * DAY
    came(district, "Am Mittwoch", friday, NOW - timedelta(hours=1))  # third working day
    came(district, "Zu spät", NOW - 12 * DAY, NOW - 6 * DAY)
    came(district, "Nie", NOW - 20 * DAY, None)
    came(district, "Noch nicht fällig", NOW - DAY, None)
    came(district, "Spam", NOW - 20 * DAY, None)
    with district.inside():
        Conversation.objects.filter(name="Spam").update(turn="suspicious")
        ContactRequest.objects.filter(name="Spam").update(state="spam")


@pytest.mark.parametrize(
    ("arrived", "day"),
    [
        (datetime(2026, 3, 13, 12, tzinfo=UTC), "2026-03-18"),
        (datetime(2026, 3, 14, 12, tzinfo=UTC), "2026-03-18"),
        # Half past eleven at night there is the next day here.
        (datetime(2026, 3, 15, 23, 30, tzinfo=UTC), "2026-03-19"),
    ],
)
def test_a_promise_counts_working_days_here(nord: District, arrived: datetime, day: str) -> None:
    with nord.inside():
        assert str(promises.last_day(arrived, 3)) == day


def test_the_console_says_who_answers_in_time_and_how_that_was_before(
    nord: District, sued: District, console: Client
) -> None:
    with time_machine.travel(NOW, tick=False):
        fill(nord)
        vital = services.count(nord.row)
        other = services.count(sued.row)
        assert (vital.answers_due, vital.answers_in_time, vital.in_time) == (3, 1, 33)
        assert (vital.requests_total, other.answers_due, other.in_time) == (4, 0, 100)
        earlier = {"day": (NOW - 31 * DAY).date(), "answers_due": 4, "answers_in_time": 3}
        Snapshot.objects.create(district=nord.row, **earlier)
        page = console.get("/plattform/console/vital/").content.decode()
        assert "1 von 3 (33 %, vorher 75 %)" in page
        text = table(console, "/plattform/zahlen.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[:2] for row in rows if row[1] == "Nordviertel"] == [
        ["2026-03", "Nordviertel"], ["2026-02", "Nordviertel"],
    ]  # fmt: skip
    assert not any(word in text for word in ("Erika", "Nie", "beispiel.example", "Bank"))
    assert console.get("/plattform/zahlen.xlsx").status_code == 200
    assert said("figures.") == [("figures.exported", "team@plattform.example")] * 2


def test_a_district_takes_its_own_figures_along_by_month(nord: District, sued: District) -> None:
    with time_machine.travel(NOW, tick=False):
        fill(nord)
        nord.client().post("/idee/", idea_form())
        came(sued, "Süd", NOW - DAY, None)
        desk = nord.signed_in("coordinator")
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(PAGE).content.decode()
        text = table(desk, f"{PAGE}tabelle.csv").decode("utf-8-sig")
        book = table(desk, f"{PAGE}tabelle.xlsx")
    assert len(queries) <= 12
    assert "Frau" not in page
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    by_month = {row[0]: row[1:5] for row in rows[1:]}
    assert by_month["2026-03"] == ["3", "1", "2", "1"]
    assert by_month["2026-02"][:4] == ["1", "0", "1", "0"]
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>3</v>" in sheet
    assert "<f>" not in sheet
    assert nord.signed_in("editor").get(PAGE).status_code == 403
    assert nord.client().get(f"{PAGE}tabelle.csv").status_code == 302


def table(client: Any, url: str) -> bytes:
    return b"".join(client.get(url).streaming_content)
