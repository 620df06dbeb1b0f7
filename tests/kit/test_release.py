"""Releasing a version and what districts take of it: who is told, and what is never overwritten."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from directory.pages.models import Text
from directory.people import services as people
from directory.people.models import Team
from directory.solutions.models import Topic
from tenants.kit import mails, services
from tenants.kit.models import KitItem, KitVersion, Taken
from tests.cast import ACTOR, District
from tests.kit.test_kit import SHIPPED, WORD, keys, release, text
from tests.locks import row_locks
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.audit.models import Entry
from wiq.mail.models import Message

DESK = "/koordination/startpaket/"


def words_on_offer(district: District) -> dict[str, tuple[bool, bool]]:
    """Return which words of the glossary are on offer: whether new, whether edited there."""
    return {key: found for key, found in keys(district).items() if key.startswith("wort-")}


def change(**changes: str) -> KitVersion:
    """Release a next version in which one item has another word: ``key``, field and words."""
    version = services.begin_next(actor=ACTOR)
    item = version.items.get(key=changes.pop("key"))
    for name, words in changes.items():
        setattr(item, name, words)
    services.save_item(item, actor=ACTOR)
    return services.release(version, actor=ACTOR)


def test_districts_are_told_once_the_release_is_committed(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    version = services.begin_next(actor=ACTOR)
    with django_capture_on_commit_callbacks() as after_commit:
        services.release(version, actor=ACTOR)
    assert services._announce in after_commit


@pytest.mark.parametrize("begin", [True, False])
def test_two_who_begin_or_release_at_once_wait_for_each_other(nord: District, begin: bool) -> None:
    version = services.begin_next(actor=ACTOR)
    with row_locks() as locked:
        if begin:
            assert services.begin_next(actor=ACTOR) == version
        else:
            services.release(version, actor=ACTOR)
    assert "kit_kitversion" in locked


def test_every_write_to_the_kit_stands_in_the_platforms_log(nord: District) -> None:
    version = services.begin_next(actor="kim")
    item = services.save_item(
        KitItem(version=version, key="wort-neu", kind="glossary", title="Neu", text="Ein Wort."),
        actor="kim",
    )
    services.remove_item(item, actor="kim")
    version.notes = "Neues"
    services.save_version(version, actor="kim")
    services.release(version, actor="kim")
    assert list(
        Entry.objects.filter(actor="kim").order_by("pk").values_list("action", flat=True)
    ) == [
        *("kit.begun", "kit.item_saved", "kit.item_removed", "kit.version_saved", "kit.released"),
    ]


def test_what_was_taken_and_left_stands_in_the_districts_log(texts: District) -> None:
    release(wort_fokus="Anders erklärt.")
    services.take_over(texts.row, WORD, actor="kim")
    services.take_over(texts.row, "wort-neu", actor="kim")
    with texts.inside():
        actions = Entry.objects.filter(actor="kim").order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["text.updated", "text.created"]
    change(key="wort-stand", text="Auch anders.")
    services.leave(texts.row, "wort-stand", actor="kim")
    with texts.inside():
        assert Entry.objects.get(action="kit.left", actor="kim").details == {"key": "wort-stand"}


def test_what_a_released_version_says_is_new_does_not_change(nord: District) -> None:
    current = KitVersion.objects.get(number=SHIPPED)
    before, current.notes = current.notes, "Anders"
    with pytest.raises(ValidationError, match="veröffentlicht"):
        services.save_version(current, actor=ACTOR)
    assert KitVersion.objects.get(number=SHIPPED).notes == before


def test_a_version_in_the_making_reaches_nobody(texts: District) -> None:
    version = services.begin_next(actor=ACTOR)
    item = version.items.get(key=WORD)
    item.text = "Noch nicht fertig."
    services.save_item(item, actor=ACTOR)
    assert words_on_offer(texts) == {}
    assert services.current_version() == KitVersion.objects.get(number=SHIPPED)
    services.release(version, actor=ACTOR)
    assert words_on_offer(texts) == {WORD: (False, False)}


@pytest.mark.parametrize("state", ["archived", "suspended", "deleted"])
def test_a_district_where_nobody_works_gets_no_mail(nord: District, state: str) -> None:
    row = nord.row
    row.state = state
    row.save(update_fields=["state"])
    with nord.inside():
        assert mails.write_news() == 0


def test_every_coordinator_is_told_and_nobody_else(nord: District) -> None:
    with nord.inside():
        for name in ("zweite", "weg"):
            accounts.create_account(email=f"{name}@nord.example", role=Role.COORDINATOR)
        User.objects.filter(email="weg@nord.example").update(is_active=False)
        assert mails.write_news() == 2
        told = set(Message.objects.filter(kind="kit.news").values_list("to", flat=True))
        assert told == {"coordinator@nord.example", "zweite@nord.example"}


def test_what_was_taken_over_counts_as_the_kits_in_the_next_version_too(texts: District) -> None:
    change(key=WORD, text="Zweite Fassung.")
    services.take_over(texts.row, WORD, actor=ACTOR)
    assert services.version_of(texts.row) == SHIPPED + 1
    change(key=WORD, text="Dritte Fassung.")
    assert words_on_offer(texts) == {WORD: (False, False)}
    services.take_over(texts.row, WORD, actor=ACTOR)
    assert text(texts) == "Dritte Fassung."


@pytest.mark.parametrize("words", [{"title": "Blickpunkt"}, {"text_en": "What we look at."}])
def test_a_new_title_and_new_english_words_are_on_offer_too(
    texts: District, words: dict[str, str]
) -> None:
    change(key=WORD, **words)
    assert words_on_offer(texts) == {WORD: (False, False)}
    services.take_over(texts.row, WORD, actor=ACTOR)
    assert words_on_offer(texts) == {}
    with texts.inside():
        thing = Text.objects.get(slug=WORD)
        assert {*words.values()} <= {thing.title, thing.body_en}


@pytest.mark.parametrize("field", ["title", "body_en"])
def test_own_words_in_a_title_or_in_english_are_never_overwritten(
    texts: District, field: str
) -> None:
    with texts.inside():
        Text.objects.filter(slug=WORD).update(**{field: "Unsere Worte"})
    change(key=WORD, text="Anders erklärt.")
    assert words_on_offer(texts) == {WORD: (False, True)}
    with pytest.raises(ValidationError, match="selbst geändert"):
        services.take_over(texts.row, WORD, actor=ACTOR)


def test_new_words_for_a_team_leave_its_address_seats_and_people_alone(west: District) -> None:
    with west.inside():
        team = Team.objects.get(kind="steering")
        assert not team.is_published
        team.contact_email, team.is_published = "st@west.example", True
        people.save(team, actor=ACTOR)
        seats = team.seats.count()
        assert seats == 8
    change(key=team.slug, text="Anders beschrieben.", title="Steuerung")
    services.take_over(west.row, team.slug, actor=ACTOR)
    with west.inside():
        team.refresh_from_db()
        assert (team.name, team.description) == ("Steuerung", "Anders beschrieben.")
        assert (team.contact_email, team.is_published) == ("st@west.example", True)
        assert team.seats.count() == seats


def test_teams_of_the_kit_are_published_by_nobody_but_the_coordination(west: District) -> None:
    with west.inside():
        assert Team.objects.count() == 2
        assert not Team.objects.published().exists()


def apply_whole(district: District) -> int:
    return services.apply_whole(district.row, actor=ACTOR)


def apply_texts(district: District) -> int:
    return services.apply_texts(district.row, actor=ACTOR)


@pytest.mark.parametrize("apply", [apply_whole, apply_texts])
def test_what_a_district_has_or_removed_is_not_made_again(
    west: District, apply: Callable[[District], int]
) -> None:
    with west.inside():
        Text.objects.filter(slug=WORD).delete()
    assert apply(west) == 0
    with west.inside():
        assert not Text.objects.filter(slug=WORD).exists()


def test_a_district_with_things_of_its_own_gets_texts_alone(nord: District) -> None:
    with nord.inside():
        before = Team.objects.count(), Topic.objects.count()
    assert apply_texts(nord) > 0
    with nord.inside():
        assert (Team.objects.count(), Topic.objects.count()) == before


def test_what_stood_there_before_stays_and_counts_as_the_districts_own(nord: District) -> None:
    apply_whole(nord)
    with nord.inside():
        assert Team.objects.get(slug="unterstuetzungsteam").description == "Hilft im Nordviertel."
    assert not Taken.objects.filter(district_id=nord.row.pk, key="unterstuetzungsteam").exists()
    change(key="unterstuetzungsteam", text="Anders.")
    assert keys(nord)["unterstuetzungsteam"] == (False, True)


def test_what_one_district_took_says_nothing_about_another(west: District, nord: District) -> None:
    assert keys(west) == {}
    assert keys(nord)[WORD] == (True, False)
    assert services.version_of(nord.row) == 0
    apply_texts(nord)
    services.forget(west.row)
    assert services.version_of(nord.row) == SHIPPED


def test_the_kit_is_for_the_coordination(texts: District) -> None:
    release()
    editor, stranger = texts.signed_in("editor"), texts.client()
    for client in (editor, stranger):
        for answer in (client.get(DESK), client.post(DESK, {"key": "wort-neu", "was": "nehmen"})):
            assert answer.status_code in (302, 403)
    assert "Startpaket" not in editor.get("/koordination/").content.decode()
    assert words_on_offer(texts) == {"wort-neu": (True, False)}
    with texts.inside():
        assert not Text.objects.filter(slug="wort-neu").exists()


def test_the_console_deletes_no_version(texts: District, console: Client) -> None:
    version = KitVersion.objects.get(number=SHIPPED)
    url = f"/plattform/kit/kitversion/{version.pk}/delete/"
    assert console.post(url, {"post": "yes"}).status_code == 403
    assert KitVersion.objects.filter(pk=version.pk).exists()
