"""What residents and search engines find: the swarm, plain German, shared pages, frames."""

import io
import json
import re

import pytest
from django.test import Client
from PIL import Image

from directory.pages import services as pages
from directory.pages.templatetags.glossary import link_words
from directory.people import services as people
from directory.people.models import Person, Team
from directory.solutions import services as solutions
from directory.videos.elsewhere import video_of
from tenants.districts import services as districts
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from wiq.media.share_picture import draw
from wiq.web.context import PLATFORM_COLOUR


def read(district: District, path: str) -> str:
    answer = district.client().get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_a_team_without_names_says_how_many_it_is(nord: District) -> None:
    with nord.inside():
        people.create_team(
            actor=ACTOR, slug="pt", kind="project", abbreviation="PT", name="Projektteam", size=5
        )
    assert "In diesem Team sind 5 Menschen" in read(nord, "/menschen/pt/")


def test_a_video_elsewhere_is_asked_for_by_nobody_but_the_visitor(nord: District) -> None:
    districts.update(nord.row, actor=ACTOR, video_url="https://www.youtube.com/watch?v=abcdef12345")
    answer = nord.client().get("/menschen/")
    page = answer.content.decode()
    assert "<iframe" not in page
    assert "Google Ireland" in page
    assert 'data-player="https://www.youtube-nocookie.com/embed/abcdef12345"' in page
    assert "frame-src https://www.youtube-nocookie.com" in answer["Content-Security-Policy"]
    assert "youtube" not in nord.client().get("/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "url", ["https://video.example/x", "https://youtube.com.evil.example/?v=1"]
)
def test_an_unknown_host_gets_a_link_and_no_frame(nord: District, url: str) -> None:
    district = nord.row
    district.video_url = url
    found = video_of(district)
    assert found is not None
    assert found.player == ""


def test_plain_german_is_there_for_start_and_contact(nord: District) -> None:
    assert "Menschen haben Ideen" in read(nord, "/einfach/")
    assert 'href="/einfach/"' in read(nord, "/")
    assert 'href="/kontakt/einfach/"' in read(nord, "/kontakt/")
    wrong = nord.client().post("/kontakt/einfach/", {"name": "Erika"})
    assert wrong.status_code == 422
    assert 'value="Erika"' in wrong.content.decode()


def test_the_switch_stays_on_the_page(nord: District) -> None:
    page = read(nord, "/loesungsteams/?fokus=umwelt")
    assert 'href="/en/loesungsteams/?fokus=umwelt"' in page


def test_english_texts_are_read_where_there_are_some_and_said_to_be_missing_else(
    nord: District,
) -> None:
    note = "in German only"
    assert note in read(nord, "/en/loesungsteams/baeume/")
    with nord.inside():
        team = nord.solution_team()
        team.challenge_en, team.approach_en = "The trees are thirsty.", "We water them."
        solutions.save(team, actor=ACTOR)
    page = read(nord, "/en/loesungsteams/baeume/")
    assert "The trees are thirsty." in page
    # What its people and its news say is still German.
    assert note in page
    with nord.inside():
        for update in team.updates.all():
            update.text_en = "We planted one."
            solutions.save(update, actor=ACTOR)
        for person in Person.objects.all():
            person.about_en, person.quote = "Likes trees.", ""
            people.save(person, actor=ACTOR)
    assert note not in read(nord, "/en/loesungsteams/baeume/")
    assert "durstig" in read(nord, "/loesungsteams/baeume/")


def test_whoever_reads_english_is_told_of_people_who_speak_german_alone(nord: District) -> None:
    note = "in German only"
    with nord.inside():
        for team in Team.objects.all():
            team.description_en = "What the team does."
            people.save(team, actor=ACTOR)
        ada = nord.person("ada")
        ada.about, ada.about_en = "Ada mag Bäume.", ""
        people.save(ada, actor=ACTOR)
    assert note in read(nord, "/en/menschen/")
    assert note not in read(nord, "/menschen/")
    with nord.inside():
        for person in Person.objects.all():
            person.about_en, person.quote = "Likes trees.", ""
            people.save(person, actor=ACTOR)
    assert note not in read(nord, "/en/menschen/")


def test_what_one_can_do_follows_the_first_paragraph(nord: District) -> None:
    districts.update(nord.row, actor=ACTOR, intro="Erst das.\r\n\r\nDann das.")
    page = read(nord, "/").partition("<main")[2]
    assert page.index("Erst das.") < page.index('class="button"') < page.index("Dann das.")


def test_the_plain_form_says_to_whom_the_message_goes(nord: District) -> None:
    name = nord.solution_team().name
    assert f"<strong>{name}</strong>" in read(nord, "/kontakt/einfach/?loesungsteam=baeume")
    assert "Wer soll die Nachricht bekommen?" in read(nord, "/kontakt/einfach/")


def test_a_word_of_the_glossary_is_linked_where_it_first_occurs(nord: District) -> None:
    with nord.inside():
        pages.create_text(
            actor=ACTOR, kind="glossary", slug="wort-fokus", title="Fokus", body="Worum es geht."
        )
        team = nord.solution_team()
        team.challenge = "Der Fokus liegt auf Bäumen. Ein anderer Fokus: Schatten."
        solutions.save(team, actor=ACTOR)
    page = read(nord, "/loesungsteams/baeume/")
    assert page.count('href="/glossar/#wort-fokus"') == 1


def test_english_words_are_explained_in_english_texts(nord: District) -> None:
    with nord.inside():
        pages.create_text(
            actor=ACTOR, kind="glossary", slug="wort-fokus", title="Fokus", body="Worum es geht.",
            body_en="What it is about.",
        )  # fmt: skip
        team = nord.solution_team()
        team.challenge_en = "Our topics are many; a topic may be a tree. Fokus stays German."
        solutions.save(team, actor=ACTOR)
    page = read(nord, "/en/loesungsteams/baeume/")
    assert page.count('href="/en/glossar/#wort-fokus"') == 1
    assert ">topics</a> are many" in page
    shown = read(nord, "/en/glossar/")
    assert "– Topic</dt>" in shown
    assert "What it is about." in shown


def test_words_inside_tags_and_links_stay_as_they_are() -> None:
    html = '<p title="Fokus"><a href="/">Fokus</a> &amp; Fokusse</p>'
    linked = link_words(html, {"fokus": "wort-fokus"}, set(), "/glossar/")
    assert linked.count("<a") == 2
    assert '<p title="Fokus"><a href="/">Fokus</a>' in linked


def test_the_list_may_stand_in_a_frame_and_nothing_else_may(nord: District) -> None:
    answer = nord.client().get("/einbetten/")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert "Set-Cookie" not in answer
    assert "Grüne Bäume" in answer.content.decode()
    assert "Entwurf" not in answer.content.decode()
    other = nord.client().get("/loesungsteams/")
    assert other["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_a_page_says_what_it_is_when_it_is_shared(nord: District) -> None:
    page = read(nord, "/loesungsteams/baeume/")
    base = "http://nord.localhost:8000"
    assert f'<link rel="canonical" href="{base}/loesungsteams/baeume/">' in page
    assert f'hreflang="en" href="{base}/en/loesungsteams/baeume/"' in page
    assert '<meta property="og:title" content="Grüne Bäume Nordviertel">' in page
    assert "Die Straßenbäume im Nordviertel sind durstig." in page
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert data["@type"] == "Project"


def test_a_person_is_named_to_search_engines_with_that_consent_alone(nord: District) -> None:
    def told() -> str:
        page = read(nord, "/menschen/unterstuetzungsteam/")
        return " ".join(re.findall(r'ld\+json">(.*?)</script>', page))

    ada, ben = nord.person("ada"), nord.person("ben")
    assert ada.name in read(nord, "/menschen/unterstuetzungsteam/")
    assert '"Person"' not in told()
    with nord.inside():
        for person in (ada, ben):
            people.record_consent(
                person=person, actor=ACTOR, scope="search",
                given_on="2024-01-01", given_how="written",
            )  # fmt: skip
    # Ben took back that he is shown at all, whatever else he agreed to.
    assert ada.name in told()
    assert ben.name not in told()


def test_the_map_of_the_site_names_what_is_public_in_both_languages(nord: District) -> None:
    page = read(nord, "/sitemap.xml")
    assert "/en/loesungsteams/baeume/" in page
    assert "entwurf" not in page
    assert "geheim" not in page
    assert "Sitemap: http://nord.localhost:8000/sitemap.xml" in read(nord, "/robots.txt")


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("?seite=2&q=baum", "?seite=2"),
        ("?q=baum", ""),
        ("?seite=1", ""),
        ("?seite=²", ""),
        ('?seite=2"><b>', ""),
    ],
)
def test_a_later_page_of_a_list_has_an_address_of_its_own_and_a_search_has_none(
    nord: District, asked: str, known: str
) -> None:
    page = read(nord, f"/loesungsteams/{asked}")
    whole = f"http://nord.localhost:8000/loesungsteams/{known}"
    assert f'<link rel="canonical" href="{whole}">' in page


def test_the_icon_has_the_colour_of_the_district(nord: District, sued: District) -> None:
    districts.update(nord.row, actor=ACTOR, colour="#b3472f")
    assert "#b3472f" in read(nord, "/symbol.svg")
    assert "#b3472f" not in read(sued, "/symbol.svg")


def test_a_link_to_a_district_has_a_picture_of_its_own(nord: District, sued: District) -> None:
    assert 'property="og:image" content="http://nord.localhost:8000/teilen.png"' in read(nord, "/")
    answer = nord.client().get("/teilen.png")
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert answer.content == draw(nord.row.colour, nord.row.name)
    assert answer.content != sued.client().get("/teilen.png").content


def test_the_picture_names_no_district_that_is_still_hidden(nord: District) -> None:
    put(nord.row, State.DRAFT)
    assert nord.client().get("/teilen.png").status_code == 404


def test_a_long_name_stays_on_the_picture() -> None:
    long = "Bürgerinnen und Bürger in Plagwitz, Lindenau, Schleußig, Kleinzschocher und Großzschocher und ringsherum im Grünen"
    with Image.open(io.BytesIO(draw(PLATFORM_COLOUR, long))) as opened:
        edge = opened.convert("L").crop((1130, 0, 1200, 600))
    assert edge.getextrema()[0] > 240


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/menschen/",
            "/loesungsteams/",
            "/neuigkeiten/",
            "/idee/",
            "/kontakt/",
            "/einfach/",
        ),
        *("/abonnieren/", "/glossar/", "/impressum/", "/datenschutz/", "/barrierefreiheit/"),
    ],
)
def test_every_page_says_in_a_sentence_what_is_on_it(nord: District, path: str) -> None:
    told = re.search(r'<meta name="description" content="([^"]{20,160})">', read(nord, path))
    start = re.search(r'<meta name="description" content="([^"]+)">', read(nord, "/"))
    assert told and start
    assert path == "/" or told[1] != start[1]


def test_the_style_page_shows_every_part(nord: District) -> None:
    assert "Alle Bausteine" in read(nord, "/stil/")


def test_the_platform_says_how_a_quarter_joins(platform: Client) -> None:
    page = platform.get("/so-geht-es/").content.decode()
    assert "Steuerungsteam" in page
    assert 'href="/quartier-anmelden/"' in page
    assert "/so-geht-es/" in platform.get("/sitemap.xml").content.decode()
