"""One mailbox is one, however its address is written, and no other one gets its mails."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from directory.desk import subject_data
from directory.following import services as following
from directory.following.models import Subscription
from directory.ideas.models import Idea
from directory.people import services as people
from directory.people.models import Team
from tenants.districts import domains
from tests.cast import ACTOR, District, form, idea_form
from tests.mails import caught, deliver_all
from wiq import host_names
from wiq.accounts import invitations, services
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.mail_addresses import for_sending, tidied
from wiq.submissions import rules

IN_DNS = "anna@xn--strae-oqa.example"
WRITTEN = "anna@straße.example"
SAME = [
    WRITTEN, IN_DNS, "anna@STRAßE.example", "Anna@Straße.Example", "anna@stra\u00adße.example",
    "an\u200bna@straße.example", "\u2066anna@straße.example\u2069", "ANNA@XN--STRAE-OQA.EXAMPLE",
]  # fmt: skip
OTHERS = ["anna@strasse.example", "anna+wiq@straße.example", "an.na@straße.example"]


def test_a_mail_goes_to_the_domain_that_was_typed_and_not_to_its_neighbour(
    nord: District, maildir: Path, no_way_in: None
) -> None:
    nord.client().post("/kontakt/", form(email=WRITTEN))
    deliver_all(nord)
    assert len(caught(maildir, IN_DNS)) == 1
    assert not caught(maildir, "anna@strasse.example")
    # The catcher keeps what all tests mail to the team, in no order.
    assert IN_DNS in {mail["Reply-To"] for mail in caught(maildir, "ut@nord.example")}


def test_an_address_of_the_desk_goes_there_as_well(nord: District, maildir: Path) -> None:
    with nord.inside():
        team = Team.objects.get(kind="support")
        team.contact_email = "team@fußball.example"
        people.save(team, actor=ACTOR)
    nord.client().post("/kontakt/", form())
    deliver_all(nord)
    assert caught(maildir, "team@xn--fuball-cta.example")
    assert not caught(maildir, "team@fussball.example")


@pytest.mark.parametrize("typed", SAME)
def test_what_is_held_of_an_address_is_found_however_it_is_written(
    nord: District, typed: str
) -> None:
    for kept in (WRITTEN, IN_DNS, *OTHERS):
        nord.client().post("/idee/", idea_form(email=kept, title=f"Bank {kept}"))
    with nord.inside():
        Idea.objects.filter(title=f"Bank {IN_DNS}").update(email=IN_DNS)  # of an older version
        found = subject_data.collect(typed, actor=ACTOR)
        assert len(found["ideas"]) == 2
        subject_data.erase(typed, actor=ACTOR)
        left = set(Idea.objects.exclude(email="").values_list("email", flat=True))
        assert left == set(OTHERS)


def test_nobody_subscribes_twice_by_writing_an_address_differently(nord: District) -> None:
    for typed in [*SAME, *OTHERS]:
        with nord.inside():
            following.subscribe(email=rules.check_email(typed), solution_team=None, language="de")
    with nord.inside():
        kept = sorted(Subscription.objects.values_list("email", flat=True))
    assert kept == sorted([WRITTEN, *OTHERS])


@pytest.mark.parametrize("typed", SAME)
def test_an_account_is_one_however_its_address_is_written(nord: District, typed: str) -> None:
    with nord.inside():
        services.create_account(email=WRITTEN, role=Role.EDITOR)
        with pytest.raises(ValidationError, match="schon ein Konto"):
            services.create_account(email=typed, role=Role.EDITOR)
        with pytest.raises(ValidationError, match="schon ein Konto"):
            invitations.invite(email=typed, role=Role.EDITOR, actor=ACTOR)
        assert User.objects.get_by_natural_key(typed).email == WRITTEN
    told = StringIO()
    call_command("create_api_token", typed, district="nord", stdout=told)
    assert told.getvalue().strip()


@pytest.mark.parametrize("email", ["x@☃.example", "x@-a.example", f"{'x' * 65}@a.example", "x"])
def test_an_account_needs_an_address_that_mail_reaches(nord: District, email: str) -> None:
    with nord.inside(), pytest.raises(ValidationError):
        services.create_account(email=email, role=Role.EDITOR)


def test_before_the_at_stand_64_letters_at_most(db: None) -> None:
    assert rules.check_email(f"{'x' * 64}@a.example")
    with pytest.raises(ValidationError, match="höchstens 64 Zeichen"):
        rules.check_email(f"{'x' * 65}@a.example")


@pytest.mark.parametrize("typed", ["x@☃.example", "x@xn--.example", "x@xn--a.example", "x@a b.de"])
def test_what_is_no_name_of_a_host_is_refused(db: None, typed: str) -> None:
    with pytest.raises(ValidationError):
        rules.check_email(typed)


def test_an_umlaut_in_two_signs_is_one(db: None) -> None:
    assert rules.check_email("post@mu\u0308nchen.example") == "post@münchen.example"
    assert for_sending("post@mu\u0308nchen.example") == "post@xn--mnchen-3ya.example"


def test_a_joiner_that_makes_a_difference_stays(db: None) -> None:
    """RFC 5892, A.1: "nameh-i" with and without it are two domains."""
    assert tidied("x@نامه‌ای.example") != tidied("x@نامهای.example")
    assert "\u200c" in tidied("x@نامه‌ای.example")


@pytest.mark.parametrize("host", ["straße.example", "STRASSE.example", "xn--strae-oqa.example."])
def test_a_district_claims_the_domain_that_was_typed(nord: District, host: str) -> None:
    claimed = domains.claim(nord.row, host, actor=ACTOR)
    sharp = "xn--strae-oqa.example"
    assert claimed.domain == ("strasse.example" if "SS" in host else sharp)


def test_a_proxy_that_asks_gets_the_right_answer(nord: District) -> None:
    assert host_names.as_typed("Straße.example.") == "xn--strae-oqa.example"
    assert host_names.as_typed("not a host ☃") == "not a host ☃"
