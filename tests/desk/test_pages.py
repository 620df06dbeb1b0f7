"""Pages of the desk that the walk over all addresses found broken."""

import pytest
from django.test import Client

from tests.cast import District
from wiq.audit.models import Entry


def test_an_entry_of_the_audit_log_has_no_history_of_its_own(nord: District) -> None:
    with nord.inside():
        number = Entry.objects.values_list("pk", flat=True)[0]
    coordinator = nord.signed_in("coordinator")
    assert coordinator.get(f"/koordination/audit/entry/{number}/change/").status_code == 200
    assert coordinator.get(f"/koordination/audit/entry/{number}/history/").status_code == 404


@pytest.mark.parametrize("value", ["ada", "-1", "1;2", "", "²"])
def test_a_choice_that_is_no_row_is_a_mistake_in_the_form_and_no_error_page(
    nord: District, value: str
) -> None:
    coordinator = nord.signed_in("coordinator")
    for page in ("people/consent", "solutions/solutionteam"):
        sent = {"person": value, "topics": [value], "name": "Neu", "slug": "neu"}
        response = coordinator.post(f"/koordination/{page}/add/", sent)
        assert response.status_code == 200, page
        assert "errorlist" in response.content.decode()


def test_no_address_leads_from_a_number_to_whatever_table(nord: District, console: Client) -> None:
    assert console.get("/plattform/r/25/1/").status_code == 404
    assert nord.signed_in("coordinator").get("/koordination/r/25/1/").status_code == 404
