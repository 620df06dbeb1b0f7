"""Moving requests: forward, back, out of the spam folder."""

from directory.contact import services
from directory.contact.models import ContactRequest
from tests.cast import District, form
from tests.locks import row_locks
from wiq.audit.models import Entry
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


def test_two_who_move_a_request_at_once_do_it_one_after_the_other(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with row_locks() as locked:
        move(nord, "taken")
    assert "contact_contactrequest" in locked


def test_a_request_taken_back_to_new_belongs_to_nobody(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        taken = services.set_state(ContactRequest.objects.get(), "taken", actor="x", who="kim")
        assert taken.taken_by == "kim"
        assert services.set_state(taken, "answered", actor="x").taken_by == "kim"
        assert services.set_state(taken, "new", actor="x").taken_by == ""


def test_the_resident_has_read_the_privacy_notice_and_a_caller_has_not(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        assert ContactRequest.objects.get().privacy_acknowledged_at is not None
        called = services.record_call(
            team=None, name="Erika", email="", phone="0341 123456", message="Ruft an.", actor="kim"
        )
        assert (called.privacy_acknowledged_at, called.done_at) == (None, None)


def test_the_log_says_what_happened_to_a_request_and_who_did_it(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        kept = ContactRequest.objects.get()
        services.set_state(kept, "taken", actor="kim")
        services.set_state(kept, "taken", actor="lou")
        services.send_mails_again(kept, actor="lou")
        called = services.record_call(
            team=None, name="Erika", email="", phone="0341 123456", message="Ruft an.", actor="kim"
        )
        reported = services.report_change(
            nord.solution_team(), "Wir machen Pause.", who="baeume@nord.example"
        )
        log = Entry.objects.filter(target_type="contact.contactrequest").order_by("pk")
        assert list(log.values_list("action", "actor", "target_id", "details")) == [
            ("contactrequest.accepted", "resident", str(kept.pk), {}),
            ("contactrequest.state", "kim", str(kept.pk), {"from": "new", "to": "taken"}),
            ("contactrequest.mailed_again", "lou", str(kept.pk), {}),
            ("contactrequest.recorded", "kim", str(called.pk), {}),
            ("contactrequest.change_reported", "mail-link", str(reported.pk), {}),
        ]
