"""A proof of work: asked after many posts of a network, worked out once, never in the way of a few."""

import base64
import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from altcha import Challenge, Payload, Solution, solve_challenge
from django.test import Client
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from tests.cast import District, form, idea_form
from wiq.mail.models import Message
from wiq.submissions import proof

ELSEWHERE = "198.51.100.9"


def post(client: Client, *, address: str = "192.0.2.1", **typed: Any) -> Any:
    return client.post("/kontakt/", form(**typed), REMOTE_ADDR=address)


def use_up(*districts: District, address: str = "192.0.2.1") -> None:
    """Send what a network may send without a proof, over several minutes."""
    moment = timezone.now() - timedelta(minutes=8)
    for number in range(proof.FREE):
        with time_machine.travel(moment + timedelta(seconds=30 * number)):
            client = districts[number % len(districts)].client()
            sent = post(client, address=address, message=f"Nachricht Nummer {number}, bitte lesen.")
            assert sent.status_code == 303, sent.content


def task_of(page: Any) -> Challenge:
    found = re.search(
        r'<script id="proof-task" type="application/json">(.*?)</script>', page.content.decode()
    )
    assert found
    return Challenge.from_dict(json.loads(html.unescape(found[1])))


def worked_out(challenge: Challenge) -> str:
    solution = solve_challenge(challenge)
    assert isinstance(solution, Solution)
    return str(Payload(challenge, solution).to_base64())


def test_after_many_posts_the_form_comes_back_with_a_task_and_everything_typed(
    nord: District, sued: District
) -> None:
    use_up(nord, sued)
    asked = post(nord.client(), name="Erika Rechnet")
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Noch nicht abgeschickt" in page
    assert "Erika Rechnet" in page
    assert "altcha.min" in page
    assert not asked.cookies
    taken = post(nord.client(), name="Erika Rechnet", altcha=worked_out(task_of(asked)))
    assert taken.status_code == 303
    with nord.inside():
        kept = ContactRequest.objects.get(name="Erika Rechnet")
        assert kept.state == "new"
        assert Message.objects.about(kept).exists()


def test_a_few_posts_and_other_networks_see_nothing_of_it(nord: District) -> None:
    assert b"altcha" not in nord.client().get("/kontakt/").content
    use_up(nord)
    assert post(nord.client(), address=ELSEWHERE).status_code == 303
    shown = nord.client().get("/kontakt/", REMOTE_ADDR="192.0.2.1")
    assert b"altcha" not in shown.content
    assert b"proof" not in shown.content


def test_without_scripts_the_post_is_kept_as_suspicious(nord: District) -> None:
    use_up(nord)
    assert "führt keine Skripte aus" in post(nord.client()).content.decode()
    kept = post(nord.client(), name="Ohne Skripte", asked_for_proof="1")
    assert kept.status_code == 303
    with nord.inside():
        found = ContactRequest.objects.get(name="Ohne Skripte")
        assert found.state == "spam"
        assert not Message.objects.about(found).exists()


def test_a_proof_is_good_for_one_post_on_one_host(nord: District, sued: District) -> None:
    use_up(nord)
    given = worked_out(task_of(post(nord.client())))
    assert post(sued.client(), altcha=given).status_code == 422
    assert post(nord.client(), altcha=given).status_code == 303
    again = post(nord.client(), name="Noch einmal", altcha=given)
    assert again.status_code == 422
    assert task_of(again)
    # The same work, written in another way.
    spaced = json.loads(base64.b64decode(given))
    other = base64.b64encode(json.dumps(spaced, indent=1).encode()).decode()
    assert post(nord.client(), name="Noch einmal", altcha=other).status_code == 422
    assert (
        post(nord.client(), name="Noch einmal", altcha=other, asked_for_proof="1").status_code
        == 422
    )


@pytest.mark.parametrize("given", [
    "x", "e30=", "bnVsbA==", "W10=", "eyJjaGFsbGVuZ2UiOnt9LCJzb2x1dGlvbiI6e319", "\u00e4", "W" * 9000,
])  # fmt: skip
def test_what_is_no_proof_shows_the_task_anew(nord: District, given: str) -> None:
    use_up(nord)
    assert task_of(post(nord.client(), altcha=given))


def test_an_old_task_and_a_changed_one_are_none(nord: District) -> None:
    use_up(nord)
    challenge = task_of(post(nord.client()))
    given = worked_out(challenge)
    challenge.parameters.expires_at = int(timezone.now().timestamp()) + 90_000
    assert post(nord.client(), altcha=worked_out(challenge)).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(seconds=proof.VALID + 1)):
        assert post(nord.client(), altcha=given).status_code == 422


def test_mistakes_are_told_first_and_cost_nothing(nord: District) -> None:
    use_up(nord)
    wrong = post(nord.client(), message="kurz")
    assert wrong.status_code == 422
    assert "Noch nicht abgeschickt" not in wrong.content.decode()


def test_every_form_of_a_resident_asks(nord: District) -> None:
    use_up(nord)
    for path, typed in (
        ("/idee/", idea_form()),
        ("/abonnieren/", {"email": "neu@beispiel.example", "privacy_acknowledged": "on"}),
    ):
        asked = nord.client().post(path, typed, REMOTE_ADDR="192.0.2.1")
        assert asked.status_code == 422, path
        given = worked_out(task_of(asked))
        assert (
            nord.client().post(path, typed | {"altcha": given}, REMOTE_ADDR="192.0.2.1").status_code
            == 303
        )
    with nord.inside():
        assert Idea.objects.get().state == "received"
