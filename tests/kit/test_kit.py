"""The kit: versions are edited until they are released; districts take what they want."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.pages import services as pages
from directory.pages.models import Text
from directory.people.models import Seat, Team
from directory.solutions.models import Synonyms, Topic
from tenants.kit import mails, services, tasks
from tenants.kit.models import KitItem, KitVersion, Taken
from tenants.kit.offers import offers
from tests.cast import ACTOR, District
from wiq.audit.models import Entry
from wiq.mail.models import Message

WORD = "wort-fokus"
# The newest version that comes with the platform.
SHIPPED = max(int(file.stem.partition("-")[2]) for file in services.DATA.glob("kit-*.json"))


def release(**changes: str) -> KitVersion:
    """Release a next version in which some texts differ and one thing is new."""
    version = services.begin_next(actor=ACTOR)
    for key, text in changes.items():
        item = version.items.get(key=key.replace("_", "-"))
        item.text = text
        services.save_item(item, actor=ACTOR)
    new = KitItem(version=version, key="wort-neu", kind="glossary", title="Neu", text="Ein Wort.")
    services.save_item(new, actor=ACTOR)
    return services.release(version, actor=ACTOR)


def keys(district: District) -> dict[str, tuple[bool, bool]]:
    return {o.item.key: (o.is_new, o.is_edited) for o in offers(district.row)}


def text(district: District, slug: str = WORD) -> str:
    with district.inside():
        return Text.objects.get(slug=slug).body


def test_a_new_district_has_everything_and_nothing_is_on_offer(west: District) -> None:
    assert keys(west) == {}
    assert services.version_of(west.row) == SHIPPED


def test_sixty_things_are_made_with_few_statements_and_each_is_in_the_log(west: District) -> None:
    with west.inside():
        known = list(Entry.objects.values_list("pk", flat=True))
        for model in (Text, Synonyms, Topic, Team):
            model.objects.all().delete()
    Taken.objects.all().delete()
    with CaptureQueriesContext(connection) as statements:
        made = services.apply_whole(west.row, actor=ACTOR)
    # One by one it took 600: fifty new districts at once waited for that.
    assert made == 60 and len(statements) < 200
    with west.inside():
        new = Entry.objects.exclude(pk__in=known)
        texts = new.filter(target_type="pages.text", action="text.created", actor=ACTOR)
        of = {int(number) for number in texts.values_list("target_id", flat=True)}
        assert of == set(Text.objects.values_list("pk", flat=True))
        assert new.filter(action="seat.created").count() == Seat.objects.count() > 0


def test_many_new_objects_break_no_rule_that_one_would_not(west: District) -> None:
    with west.inside():
        before = Text.objects.count()
        for broken, wrong in (("", "title"), ("Noch eins", "slug")):
            new = [Text(slug=f"neu-{n}", kind="glossary", title="Neu", body="Neu") for n in (1, 2)]
            new[1].title, new[1].slug = broken, WORD
            with pytest.raises(ValidationError) as refused:
                pages.create_texts(new, actor=ACTOR)
            assert wrong in refused.value.message_dict
        assert Text.objects.count() == before


def test_what_is_new_is_taken_over_and_an_own_text_stays(west: District, nord: District) -> None:
    with west.inside():
        Text.objects.filter(slug="wort-stand").update(body="Unser eigener Satz.")
    release(wort_fokus="Anders erklärt.", wort_stand="Auch anders.")
    assert keys(west) == {
        WORD: (False, False),
        "wort-stand": (False, True),
        "wort-neu": (True, False),
    }
    services.take_over(west.row, WORD, actor=ACTOR)
    assert text(west) == "Anders erklärt."
    with pytest.raises(ValidationError, match="selbst geändert"):
        services.take_over(west.row, "wort-stand", actor=ACTOR)
    assert text(west, "wort-stand") == "Unser eigener Satz."
    services.take_over(west.row, "wort-neu", actor=ACTOR)
    services.leave(west.row, "wort-stand", actor=ACTOR)
    assert keys(west) == {}
    assert services.version_of(west.row) == SHIPPED + 1
    with nord.inside():
        assert not Text.objects.exists()


def test_an_own_text_that_was_kept_counts_as_own_in_the_next_version_too(west: District) -> None:
    with west.inside():
        Text.objects.filter(slug=WORD).update(body="Unser eigener Satz.")
    release(wort_fokus="Anders erklärt.")
    services.leave(west.row, WORD, actor=ACTOR)
    release_again = services.begin_next(actor=ACTOR)
    item = release_again.items.get(key=WORD)
    item.text = "Noch einmal anders."
    services.save_item(item, actor=ACTOR)
    services.release(release_again, actor=ACTOR)
    assert keys(west)[WORD] == (False, True)
    assert text(west) == "Unser eigener Satz."


def test_what_a_district_removed_is_not_pressed_on_it_again(west: District) -> None:
    with west.inside():
        Text.objects.filter(slug=WORD).delete()
    release()
    assert WORD not in keys(west)


def test_what_was_left_is_offered_again_only_in_other_words(west: District) -> None:
    release()
    services.leave(west.row, "wort-neu", actor=ACTOR)
    services.release(services.begin_next(actor=ACTOR), actor=ACTOR)
    assert "wort-neu" not in keys(west)
    version = services.begin_next(actor=ACTOR)
    item = version.items.get(key="wort-neu")
    item.text = "Ein besseres Wort."
    services.save_item(item, actor=ACTOR)
    services.release(version, actor=ACTOR)
    assert keys(west)["wort-neu"] == (True, False)


def test_an_own_title_is_shown_beside_the_kits(west: District) -> None:
    with west.inside():
        Topic.objects.filter(slug="sport").update(name="Sport im Grünen")
    version = services.begin_next(actor=ACTOR)
    item = version.items.get(key="sport")
    item.title = "Sport für alle"
    services.save_item(item, actor=ACTOR)
    services.release(version, actor=ACTOR)
    offer = next(offer for offer in offers(west.row) if offer.item.key == "sport")
    assert (offer.is_edited, offer.current_title, offer.current_words) == (
        True, "Sport im Grünen", "",
    )  # fmt: skip


def test_a_released_version_does_not_change(west: District) -> None:
    current = KitVersion.objects.current()
    assert current is not None
    for change in (
        lambda: services.save_item(current.items.first(), actor=ACTOR),
        lambda: services.remove_item(current.items.first(), actor=ACTOR),
        lambda: services.release(current, actor=ACTOR),
    ):
        with pytest.raises(ValidationError, match="veröffentlicht"):
            change()


def test_applying_again_makes_nothing_twice(west: District) -> None:
    assert services.apply_whole(west.row, actor=ACTOR) == 0
    with west.inside():
        assert Team.objects.count() == 2


def test_a_version_is_its_data_file(west: District, tmp_path: Any) -> None:
    data = services.as_data(release(wort_fokus="Anders."))
    assert data["version"] == SHIPPED + 1
    file = tmp_path / "kit-next.json"
    file.write_text(json.dumps(data | {"version": SHIPPED + 2}))
    loaded = services.load(file, actor=ACTOR)
    assert loaded is not None
    assert services.as_data(loaded) == data | {"version": SHIPPED + 2}
    assert services.load(file, actor=ACTOR) is None


def test_the_coordination_is_told_by_mail_and_at_the_desk(west: District) -> None:
    release(wort_fokus="Anders.")
    tasks.announce.apply(headers={"_schema_name": west.row.schema_name}, throw=True)
    with west.inside():
        mail = Message.objects.get(kind="kit.news")
        assert (mail.to, "/koordination/startpaket/" in mail.text) == (
            "coordinator@westviertel.example", True,
        )  # fmt: skip
    desk = west.signed_in("coordinator")
    assert "Neues aus dem Startpaket (1)" in desk.get("/koordination/").content.decode()
    page = desk.get("/koordination/startpaket/").content.decode()
    assert "Anders." in page
    desk.post("/koordination/startpaket/", {"key": WORD, "was": "nehmen"})
    assert text(west) == "Anders."
    desk.post("/koordination/startpaket/", {"key": "wort-neu", "was": "lassen"})
    assert keys(west) == {}


def test_what_is_of_one_kind_is_one_task_and_taken_with_one_act(west: District) -> None:
    release(wort_fokus="Anders.")
    desk = west.signed_in("coordinator")
    heute = desk.get("/koordination/").content.decode()
    assert "Wort im Glossar (2)" in heute
    assert heute.count("/koordination/startpaket/#glossary") == 1
    page = desk.get("/koordination/startpaket/").content.decode()
    assert "Alle übernehmen" in page
    done = desk.post("/koordination/startpaket/", {"key": "glossary", "was": "alle"}, follow=True)
    assert "2 Teile übernommen." in done.content.decode()
    assert keys(west) == {}
    assert text(west) == "Anders."
    assert "Neues aus dem Startpaket (" not in desk.get("/koordination/").content.decode()


def test_what_a_district_has_changed_itself_is_never_taken_with_all(west: District) -> None:
    with west.inside():
        Text.objects.filter(slug="wort-fokus").update(body="Unser eigener Satz.")
    release(wort_fokus="Anders.")
    assert services.take_kind_over(west.row, "glossary", actor=ACTOR) == 1
    assert text(west) == "Unser eigener Satz."


def test_a_quiet_district_is_left_alone(west: District) -> None:
    row = west.row
    row.state = "archived"
    row.save(update_fields=["state"])
    with west.inside():
        assert mails.write_news() == 0


def test_removing_a_district_removes_what_is_noted_about_it(west: District) -> None:
    number = west.row.pk
    services.forget(west.row)
    assert not Taken.objects.filter(district_id=number).exists()
