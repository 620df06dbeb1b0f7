"""Each page of the desk of ours needs few statements, with 20 rows and with 20,000."""

from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from directory.contact import answering
from directory.contact.models import ContactRequest
from directory.conversations import last_word, resident
from directory.conversations.models import Attachment, Conversation, HeldMail
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from tests.cast import ACTOR, District, form, idea_form
from tests.desk.test_inbox import many
from wiq.accounts.models import User
from wiq.database.together import Wanted, read_together
from wiq.outbox.models import Pointer, State

pytestmark = pytest.mark.usefixtures("no_budget")

MOST = 12
# More than one, so that a statement for each of them is seen.
HELD = 5
DESK = "/koordination/"


def fill(district: District, count: int) -> tuple[str, str]:
    """Write many requests, and one of each kind that needs something more; return two numbers."""
    district.client().post("/kontakt/", form(name="Frau Übergeben"))
    district.client().post("/kontakt/", form(name="Frau Antwortet"))
    district.client().post("/idee/", idea_form(title="Neue Bank"))
    with district.inside():
        handed, replying = ContactRequest.objects.order_by("pk")
        idea = Idea.objects.get()
        lou = User.objects.create(email="lou@nord.example", name="Lou Nord", role="coordinator")
        me = User.objects.get(email="coordinator@nord.example")
        answering.assign(handed, to=me, actor=lou)
        answering.answer(replying, text="Gern.", actor=lou)
        resident.add(replying, "Wann denn?")
        held = Conversation.objects.about(replying).get()
        for number in range(HELD):
            mail = HeldMail.objects.create(
                conversation=held, sender=f"wer{number}@beispiel.example", text="Text",
                reason="stranger", mail_digest=str(number),
            )  # fmt: skip
            Attachment.objects.create(held=mail, name="bild.png", size=3, content=b"abc")
        entry = held.entries.filter(kind="message").latest("pk")
        Attachment.objects.create(entry=entry, name="plan.pdf", size=3, content=b"abc")
        ideas.write_to_bringer(idea, actor=me, note="Wir lesen das gern.")
        many(count)
    Pointer.objects.filter(district_id=district.row.pk).update(state=State.DEAD, done_at=Now())
    return str(replying.reference), str(idea.reference)


def statements(client: Any, url: str) -> list[str]:
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("count", [20, pytest.param(20_000, marks=pytest.mark.thorough)])
def test_no_page_of_the_desk_needs_more_than_twelve_statements(nord: District, count: int) -> None:
    reference, idea = fill(nord, count)
    desk = nord.signed_in("coordinator")
    views = ("meine", "niemand", "wir", "wartet", "erledigt", "verdaechtig")
    searches = ("q=bank", "q=selten&art=request", "q=0341%20123456", f"q={reference}")
    for path in (
        "", "posteingang/", *(f"posteingang/?sicht={view}" for view in views),
        "posteingang/?sicht=erledigt&seite=200", *(f"posteingang/?{each}" for each in searches),
        "posteingang/anruf/", "posteingang/wartet/", f"posteingang/{reference}/",
        f"posteingang/{reference}/weitergeben/", f"posteingang/{idea}/", "abwesend/", "alles/", "hilfe/", "zahlen/",
        "webhooks/", "personendaten/",
    ):  # fmt: skip
        needed = statements(desk, DESK + path)
        assert len(needed) <= MOST, (path, len(needed), *needed)
    text = desk.get(DESK).content.decode()
    for words in (
        "Lou Nord hat das an Sie gegeben.", "Neue Antworten (1)",
        "E-Mails, die auf Sie warten (5)", "E-Mails, die nicht ankommen (",
    ):  # fmt: skip
        assert words in text


def test_rows_of_several_tables_come_in_one_statement_as_each_would_alone(nord: District) -> None:
    nord.client().post("/kontakt/", form(name="Frau Eins"))
    with nord.inside():
        request = ContactRequest.objects.get()
        fields = ("name", "created_at", "team__name", "solution_team__name")
        with CaptureQueriesContext(connection) as queries:
            requests, nothing, people = read_together([
                Wanted(ContactRequest.objects.order_by("pk"), fields, 1),
                Wanted(ContactRequest.objects.none(), fields),
                Wanted(User.objects.order_by("email"), ("email",), 1),
            ])  # fmt: skip
            found = requests.rows[0]
            assert (found.pk, found.name, found.created_at, found.solution_team) == (
                request.pk, "Frau Eins", request.created_at, None,
            )  # fmt: skip
        assert len([query for query in queries if "set_config" not in query["sql"]]) == 1
        assert (nothing.rows, nothing.count) == ([], 0)
        assert len(people.rows) == 1 < people.count == User.objects.count()


def test_who_spoke_last_is_noted_and_what_an_older_version_left_out_by_night(
    nord: District,
) -> None:
    nord.client().post("/kontakt/", form(name="Frau Eins"))
    with nord.inside():
        request = ContactRequest.objects.get()
        rows = Conversation.objects
        for act, replied in (
            (lambda: resident.add(request, "Noch etwas."), False),
            (lambda: answering.answer(request, text="Gern.", actor=ACTOR), False),
            (lambda: resident.add(request, "Wann denn?"), True),
        ):
            act()
            assert rows.get().replied is replied
        rows.update(replied=False)
        assert (last_word.note_all(), rows.get().replied) == (1, True)
        assert last_word.note_all() == 0
