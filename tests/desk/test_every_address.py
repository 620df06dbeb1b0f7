"""A resident's rights: however the address is written, and in every table that names it."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from directory.contact.models import ContactRequest, MailboxProof
from directory.desk import subject_data
from directory.following import services as following
from directory.following.models import Subscription
from directory.ideas.models import Idea
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, District, form, idea_form
from tests.desk.test_personal_data import ERIKA, URL
from wiq.accounts import invitations
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.audit.models import Entry
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.outbox.models import Pointer

pytestmark = pytest.mark.usefixtures("no_budget")
# What she typed, in the letters in which she typed it.
TYPED = "Erika@Beispiel.example"
MAX = "max@beispiel.example"
COUNTS = {"contact_requests": 1, "ideas": 1, "subscriptions": 1}
NONE = {"invitations": 0, "refused_addresses": 0, "held_mails": 0}


def write(district: District, email: str = TYPED) -> None:
    """Write, bring an idea, follow; and get a mail that belongs to nothing of it."""
    district.client().post("/kontakt/", form(email=email))
    district.client().post("/idee/", idea_form(email=email))
    with district.inside():
        following.subscribe(email=email, solution_team=None, language="de")
        mail.enqueue(kind="test", to=email, subject="Noch etwas", text="Text")
        SolutionTeam.objects.filter(slug="baeume").update(contact_email=email)


def collect(district: District, email: str = ERIKA) -> dict[str, Any]:
    with district.inside():
        return subject_data.collect(email, actor=ACTOR)


def test_everything_is_found_however_the_address_is_written(nord: District, sued: District) -> None:
    write(nord)
    found = collect(nord)
    assert {name: len(rows) for name, rows in found.items()} == COUNTS | NONE | {
        "mails": 4, "conversations": 2, "contact_of_solution_teams": 1, "mailbox_proofs": 0, "contact_of_teams": 0,
        "referrals": 0,
        "accounts": 0,
    }  # fmt: skip
    assert found["contact_of_solution_teams"][0]["slug"] == "baeume"
    assert found["subscriptions"][0]["email"] == TYPED
    assert not [name for row in found["subscriptions"] for name in row if "token" in name]
    assert not any(collect(nord, MAX).values())
    assert not any(collect(sued).values())


def test_everything_is_erased_however_the_address_is_written_and_nothing_of_others(
    nord: District, sued: District
) -> None:
    for district, email in ((nord, TYPED), (nord, MAX), (sued, TYPED)):
        write(district, email)
    with nord.inside():
        SolutionTeam.objects.update(contact_email="")
        mails = list(Message.objects.filter(to=TYPED).values_list("uuid", flat=True))
        # The confirmation and the question go with what they are about, the other one by itself.
        assert subject_data.erase(ERIKA, actor=ACTOR) == COUNTS | NONE | {"mails": 1}
        rows = [*ContactRequest.objects.values(), *Idea.objects.values(), *Message.objects.values(),
                *Subscription.objects.values(), *Entry.objects.values()]  # fmt: skip
        assert "erika@" not in str(rows).lower()
        assert Message.objects.filter(to=MAX).count() == 4
        assert Subscription.objects.get().email == MAX
        assert not Pointer.objects.filter(message_uuid__in=mails).exists()
    assert len(collect(sued)["mails"]) == 4


def test_what_is_erased_is_not_erased_again(nord: District) -> None:
    write(nord)
    with nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
        assert not any(subject_data.erase(ERIKA, actor=ACTOR).values())


def test_who_handed_out_or_erased_is_noted_with_how_much_and_not_of_whom(nord: District) -> None:
    write(nord)
    desk = nord.signed_in("coordinator")
    desk.post(URL, {"email": ERIKA, "was": "auskunft"})
    desk.post(URL, {"email": ERIKA, "was": "loeschen", "sure": "on"})
    with nord.inside():
        noted = Entry.objects.filter(action__startswith="subject.").order_by("pk")
        assert [(entry.action, entry.actor) for entry in noted] == [
            ("subject.access", "coordinator@nord.example"),
            ("subject.erased", "coordinator@nord.example"),
        ]
        assert noted[0].details.items() >= (COUNTS | {"contact_of_solution_teams": 1}).items()
        assert noted[1].details == COUNTS | NONE | {"mails": 1}
        ended = Entry.objects.get(action="subscription.ended")
        assert ended.actor == "system"
    assert "erika" not in json.dumps([entry.details for entry in noted]).lower()


def test_what_is_handed_out_is_kept_by_no_browser(nord: District) -> None:
    answer = nord.signed_in("coordinator").post(URL, {"email": ERIKA, "was": "auskunft"})
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"] == "application/json"


def test_asking_for_it_with_the_wrong_button_erases_nothing(nord: District) -> None:
    write(nord)
    desk = nord.signed_in("coordinator")
    desk.post(URL, {"email": ERIKA, "was": "auskunft", "sure": "on"})
    desk.get(URL, {"email": ERIKA, "was": "loeschen", "sure": "on"})
    assert len(collect(nord)["mails"]) == 4


def test_the_command_is_noted_as_the_command(nord: District) -> None:
    for what in ("show", "erase"):
        call_command("personal_data", what, ERIKA, district="nord", stdout=StringIO())
    with nord.inside():
        noted = Entry.objects.filter(action__startswith="subject.")
        assert {(entry.action, entry.actor) for entry in noted} == {
            ("subject.access", "command"), ("subject.erased", "command"),
        }  # fmt: skip


def test_whoever_works_here_is_told_of_account_and_invitation_and_both_stay(nord: District) -> None:
    """An invitation that is over is erased; the account belongs to the desk."""
    with nord.inside():
        actor = User.objects.get(email="coordinator@nord.example")
        invited = invitations.invite(email=ERIKA, role=Role.EDITOR, actor=actor)
        assert [row["email"] for row in collect(nord)["invitations"]] == [ERIKA]
        assert subject_data.erase(ERIKA, actor=ACTOR)["invitations"] == 0
        invitations.revoke(invited, actor=actor)
        assert subject_data.erase(ERIKA, actor=ACTOR)["invitations"] == 1
        assert collect(nord)["invitations"] == []
        found = collect(nord, "coordinator@nord.example")
    assert [row["role"] for row in found["accounts"]] == ["coordinator"]
    assert "password" not in found["accounts"][0]


def test_teams_and_proven_mailboxes_of_an_address_are_named(nord: District) -> None:
    with nord.inside():
        Team.objects.update(contact_email=TYPED)
        teams = list(Team.objects.all())
        MailboxProof.objects.create(email=TYPED, code_hash="x" * 64)
        found = collect(nord)
    assert [row["slug"] for row in found["contact_of_teams"]] == [team.slug for team in teams]
    assert len(found["mailbox_proofs"]) == 1
    assert "code_hash" not in found["mailbox_proofs"][0]
