"""Moving requests: forward, back, out of the spam folder."""

from directory.contact import services
from directory.contact.models import ContactRequest
from tests.cast import District, form
from wiq.mail.models import Message


def move(district: District, *states: str) -> ContactRequest:
    with district.inside():
        found = ContactRequest.objects.get()
        for state in states:
            found = services.set_state(found, state, actor="kim")
        return found


def test_going_back_forgets_what_came_after(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    closed = move(nord, "taken", "answered", "closed")
    assert closed.taken_at and closed.answered_at and closed.closed_at
    taken = move(nord, "taken")
    assert taken.taken_at and not taken.answered_at and not taken.closed_at
    new = move(nord, "new")
    assert not new.taken_at
    page = nord.client().get(f"/kontakt/{new.token}/").content.decode()
    assert page.count('class="done"') == 1


def test_what_the_honeypot_caught_by_mistake_is_mailed_once_it_is_let_out(nord: District) -> None:
    nord.client().post("/kontakt/", form(website="ausgefüllt"))
    move(nord, "new", "taken", "new")
    with nord.inside():
        kinds = sorted(Message.objects.values_list("kind", flat=True))
    assert kinds == ["contact.confirmation", "contact.team"]
