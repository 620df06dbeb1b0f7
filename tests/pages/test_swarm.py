"""The swarm: who is shown in it, where everybody stays, and what it is called."""

import re

from directory.pages import swarm as swarms
from directory.pages import swarm_names
from directory.people.models import Team
from directory.solutions import services as solutions
from tests.cast import ACTOR, District
from tests.pages.test_resident_pages import read


def swarm(district: District) -> str:
    found = re.search(r'<figure class="swarm">.*?</svg>', read(district, "/menschen/"), re.DOTALL)
    assert found
    return found[0]


def test_the_swarm_shows_who_is_shown_and_stays_where_it_is(nord: District) -> None:
    before = swarm(nord)
    assert "Grüne Bäume Nordviertel" in before
    assert "Entwurf" not in before
    assert "Geheim" not in before
    places = re.findall(r"translate\([^)]+\)", before)
    with nord.inside():
        solutions.create_team(actor=ACTOR, slug="neu", name="Ganz neu", state="running")
    # A new one joins on the outside: all others keep their places.
    assert re.findall(r"translate\([^)]+\)", swarm(nord))[: len(places)] == places


def test_the_start_page_shows_a_sketch_once_there_is_a_swarm(nord: District) -> None:
    for number in range(2, swarms.SKETCH_LEAST):  # two public ones are in the cast
        assert "hero-swarm" not in read(nord, "/")
        with nord.inside():
            solutions.create_team(
                actor=ACTOR, slug=f"vogel-{number}", name=f"Vogel {number}", state="running"
            )
    assert "hero-swarm" in read(nord, "/")


def test_a_team_that_goes_back_to_a_draft_leaves_the_others_where_they_are(
    nord: District,
) -> None:
    def place() -> list[str]:
        return re.findall(r'(?s)aria-label="Nachbarschaftsfest.*?(translate\([^)]+\))', swarm(nord))

    before = place()
    assert before
    with nord.inside():
        solutions.set_state(nord.solution_team(), "draft", actor=ACTOR)
    assert place() == before


def test_the_picture_in_words_says_the_same(nord: District) -> None:
    page = read(nord, "/menschen/")
    words = page[page.index('id="swarm-words"') :]
    for name in ("Unterstützungsteam Nordviertel", "Grüne Bäume Nordviertel"):
        assert name in words[: words.index("</details>")]


def names(district: District) -> list[str]:
    """Return the names that stand in the picture, their lines put together."""
    texts = re.findall(r'(?s)<text class="name".*?</text>', swarm(district))
    return [" ".join(re.findall(r">([^<]+)</tspan>", text)) for text in texts]


def test_names_stand_in_the_picture_whole(nord: District) -> None:
    long = "Leipzig pumpt – Handschwengelpumpen wiederbeleben"
    with nord.inside():
        solutions.create_team(actor=ACTOR, slug="pumpt", name=long, state="running")
    shown = names(nord)
    assert long in shown
    assert "Ada Nord" in shown
    assert "Ben Nord" not in shown


def test_a_name_that_would_need_four_lines_is_left_to_the_pointer_and_to_the_words(
    nord: District,
) -> None:
    endless = "Nachbarinnen und Nachbarn am Kanal " * 4
    with nord.inside():
        solutions.create_team(actor=ACTOR, slug="lang", name=endless.strip(), state="running")
    assert not any("Nachbarinnen" in name for name in names(nord))
    assert f'aria-hidden="true">{endless.strip()}</text>' in swarm(nord)


def test_no_name_stands_on_another_or_on_a_bird(nord: District) -> None:
    flock = [
        solutions.SolutionTeam(slug=f"vogel-{number}", name=f"Vogel mit langem Namen {number}")
        for number in range(swarm_names.NAMES_MOST)
    ]
    for number, bird in enumerate(flock):
        bird.seniority, bird.member_list = number, []
    hub = Team(name="Team", kind="core")
    hub.shown_memberships, hub.people = [], 0
    drawn = swarms.draw([hub], flock)
    assert drawn
    shown = swarm_names.write_names(drawn).birds
    boxes = [swarm_names.box_of(bird.label) for bird in shown if bird.label]
    assert len(boxes) > len(flock) * 0.8
    for number, box in enumerate(boxes):
        assert not any(box.meets(other) for other in boxes[:number])
        assert not any(box.left < bird.x < box.right and box.top < bird.y < box.bottom
                       for bird in shown)  # fmt: skip


def test_a_crowd_is_drawn_without_names(nord: District) -> None:
    with nord.inside():
        for number in range(swarm_names.NAMES_MOST):
            solutions.create_team(
                actor=ACTOR, slug=f"vogel-{number}", name=f"Vogel {number}", state="running"
            )
    assert names(nord) == []
    assert 'aria-label="Vogel 7, ' in swarm(nord)


def test_a_name_of_three_lines_stands_in_the_picture(nord: District) -> None:
    name = "Nachbarinnenkreis Werkstattleiterinnen Stadtteilgärtnerinnen"
    with nord.inside():
        solutions.create_team(actor=ACTOR, slug="drei", name=name, state="running")
    assert name in names(nord)
