"""Two at the desk: nobody overwrites what they never saw, and nobody is stopped for good."""

from typing import Any

from django.test import Client

from directory.people import services as people
from directory.people.models import Membership, Team
from directory.solutions import services as solutions
from tenants.districts import services as districts
from tests.cast import ACTOR, District
from tests.editing.opened import fields_of, opened
from wiq.audit.models import Entry
from wiq.editing.forms import VersionedForm
from wiq.editing.versions import version_of


def team_at_the_desk(nord: District) -> tuple[Client, str]:
    number = nord.team().pk
    return nord.signed_in("coordinator"), f"/koordination/people/team/{number}/change/"


def change(nord: District, **fields: Any) -> None:
    """Change the team as somebody else does."""
    with nord.inside():
        team = Team.objects.get(slug="unterstuetzungsteam")
        for name, value in fields.items():
            setattr(team, name, value)
        people.save(team, actor=ACTOR)


def test_a_stale_save_shows_both_texts_and_a_second_one_goes_through(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    form = opened(client, url)
    change(nord, description="Von jemand anderem.")
    late = client.post(url, form | {"description": "Von mir.", "size": "7"})
    page = late.content.decode()
    assert late.status_code == 200
    assert "Jemand war schneller" in page
    assert "Jetzt steht dort: Von jemand anderem." in page
    assert "Jetzt steht dort: nichts" in page  # the size, which nobody had given
    shown = fields_of(page)
    assert (shown["description"], shown["size"]) == ("Von mir.", "7")
    with nord.inside():
        assert nord.team().description == "Von jemand anderem."
    assert client.post(url, shown).status_code == 302
    assert (nord.team().description, nord.team().size) == ("Von mir.", 7)


def test_a_third_one_in_between_is_not_overwritten_either(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    form = opened(client, url)
    change(nord, description="Eins.")
    shown = fields_of(client.post(url, form | {"description": "Von mir."}).content.decode())
    change(nord, description="Zwei.")
    page = client.post(url, shown).content.decode()
    assert "Jetzt steht dort: Zwei." in page


def test_what_others_change_elsewhere_stops_nobody(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    form = opened(client, url)
    with nord.inside():
        Team.objects.get(slug="steuerungsteam").delete()
        people.add_member(actor=ACTOR, team=nord.team("geheim"), person=nord.person("ada"))
    assert client.post(url, form | {"description": "Von mir."}).status_code == 302


def test_saving_what_stands_there_already_is_no_conflict(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    form = opened(client, url)
    change(nord, description="Dasselbe.")
    assert client.post(url, form | {"description": "Dasselbe."}).status_code == 302


def test_no_writer_can_forget_the_version(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    form = opened(client, url)
    with nord.inside():
        Team.objects.filter(slug="unterstuetzungsteam").update(name="Hinterrücks")
    assert "Jetzt steht dort: Hinterrücks" in client.post(url, form).content.decode()


def membership(form: dict[str, Any], row: Membership) -> str:
    """Return the prefix of a row in a form."""
    key = next(k for k, v in form.items() if k.endswith("-id") and v == str(row.pk))
    return key.removesuffix("-id")


def test_rows_are_refused_one_by_one(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    with nord.inside():
        ada, ben = (nord.team().memberships.get(person__slug=slug) for slug in ("ada", "ben"))
    form = opened(client, url)
    adas, bens = membership(form, ada), membership(form, ben)
    with nord.inside():
        ada.role = "Kasse"
        people.save(ada, actor=ACTOR)
    late = client.post(url, form | {f"{adas}-role": "Vorsitz", f"{bens}-role": "Presse"})
    page = late.content.decode()
    assert late.status_code == 200
    assert page.count("Jetzt steht dort") == 1
    assert "Jetzt steht dort: Kasse" in page
    assert client.post(url, fields_of(page)).status_code == 302
    with nord.inside():
        roles = {m.person.slug: m.role for m in nord.team().memberships.select_related("person")}
    assert (roles["ada"], roles["ben"]) == ("Vorsitz", "Presse")


def test_a_row_that_somebody_else_changed_is_not_taken_away_unseen(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    with nord.inside():
        ada = nord.team().memberships.get(person__slug="ada")
    form = opened(client, url)
    form[f"{membership(form, ada)}-DELETE"] = "on"
    with nord.inside():
        ada.role = "Kasse"
        people.save(ada, actor=ACTOR)
    late = client.post(url, form)
    assert late.status_code == 200
    assert "Jemand war schneller" in late.content.decode()
    assert client.post(url, fields_of(late.content.decode())).status_code == 302
    with nord.inside():
        assert not Membership.objects.filter(pk=ada.pk).exists()


def test_a_row_that_is_gone_is_told_of(nord: District) -> None:
    client, url = team_at_the_desk(nord)
    with nord.inside():
        ada = nord.team().memberships.get(person__slug="ada")
    form = opened(client, url)
    form[f"{membership(form, ada)}-role"] = "Vorsitz"
    with nord.inside():
        people.remove(ada, actor=ACTOR)
    late = client.post(url, form)
    assert late.status_code == 200
    assert "Eine Zeile gibt es nicht mehr" in late.content.decode()


def test_rows_one_under_the_other_say_it_too(nord: District) -> None:
    client = nord.signed_in("coordinator")
    url = f"/koordination/solutions/solutionteam/{nord.solution_team().pk}/change/"
    form = opened(client, url)
    with nord.inside():
        update = nord.solution_team().updates.get()
        update.text = "Zweihundert Bäume."
        solutions.save(update, actor=ACTOR)
    page = client.post(url, form | {"updates-0-text": "Dreihundert."}).content.decode()
    assert "Jemand war schneller" in page
    assert "Jetzt steht dort: Zweihundert Bäume." in page
    assert client.post(url, fields_of(page)).status_code == 302
    with nord.inside():
        assert nord.solution_team().updates.get().text == "Dreihundert."


def test_lists_belong_to_the_version(nord: District) -> None:
    client = nord.signed_in("coordinator")
    url = f"/koordination/solutions/solutionteam/{nord.solution_team().pk}/change/"
    form = opened(client, url)
    with nord.inside():
        team = nord.solution_team()
        solutions.set_topics(team, [], actor=ACTOR)
    page = client.post(url, form).content.decode()
    assert "Jetzt steht dort: nichts" in page


def test_the_console_overwrites_nothing_unseen(nord: District, console: Client) -> None:
    url = f"/plattform/districts/district/{nord.row.pk}/change/"
    form = opened(console, url)
    districts.update(nord.row, actor=ACTOR, name="Nord am Kanal")
    late = console.post(url, form | {"phone": "0341 1"})
    assert "Jetzt steht dort: Nord am Kanal" in late.content.decode()
    assert not Entry.objects.filter(action="district.updated", actor__contains="@").exists()
    assert console.post(url, fields_of(late.content.decode())).status_code == 302
    assert (nord.row.name, nord.row.phone) == ("Nordviertel", "0341 1")


class TeamForm(VersionedForm):
    class Meta:
        model = Team
        fields = ("name", "is_published")


def test_a_form_elsewhere_does_it_too(nord: District) -> None:
    with nord.inside():
        team = nord.team()
        seen = TeamForm(instance=team)["seen_version"].value()
        assert seen == version_of(team, ["name", "is_published"])
        Team.objects.filter(pk=team.pk).update(is_published=False)
        form = TeamForm({"name": "Neu", "is_published": "on", "seen_version": seen}, instance=team)
        assert form.errors["is_published"] == ["Jetzt steht dort: nein"]
        second = TeamForm(form.data, instance=team)
        assert second.is_valid()
