"""Browsers send every line break as CRLF; what we keep has LF, and untouched texts stay as they are."""

import pytest
from django.forms import modelform_factory
from django.http import QueryDict

from directory.pages.models import Text
from tenants.districts import services as districts
from tenants.districts.models import District as Row
from tenants.districts.models import Operator
from tests.cast import ACTOR, District
from tests.desk.test_guide import GUIDE
from tests.editing.opened import opened
from wiq.audit.models import Entry
from wiq.editing.forms import VersionedForm

LINES = "Eins\n\nZwei\nDrei"
SENT = LINES.replace("\n", "\r\n")


@pytest.mark.parametrize(("sent", "is_changed"), [(SENT, False), (f"{SENT}\r\nVier", True)])
def test_a_text_that_nobody_touched_counts_as_unchanged(sent: str, is_changed: bool) -> None:
    form_class = modelform_factory(Text, VersionedForm, fields=["title", "body"])
    data = QueryDict(mutable=True)
    data.update({"title": "Titel", "body": sent})
    form = form_class(data, instance=Text(title="Titel", body=LINES))
    assert form.has_changed() is is_changed
    assert form["body"].data == sent.replace("\r\n", "\n")


def test_what_is_kept_of_a_district_and_its_traeger_has_no_browsers_line_ends(
    nord: District,
) -> None:
    districts.update(nord.row, actor=ACTOR, intro=SENT, accessibility_gaps=SENT)
    operator = districts.save_operator(
        Operator(legal_name="Verein", address=SENT, news_editor=SENT), actor=ACTOR
    )
    row = Row.objects.get(pk=nord.row.pk)
    assert {row.intro, row.accessibility_gaps} == {LINES}
    operator.refresh_from_db()
    assert {operator.address, operator.news_editor} == {LINES}


def test_a_step_of_the_guide_that_nobody_changed_writes_nothing(nord: District) -> None:
    districts.update(nord.row, actor=ACTOR, intro=LINES)
    desk = nord.signed_in("coordinator")
    fields = opened(desk, f"{GUIDE}auftritt/")
    sent = {name: value.replace("\n", "\r\n") for name, value in fields.items()}
    before = nord.row
    assert desk.post(f"{GUIDE}auftritt/", sent | {"was": "alles"}).status_code == 302
    with nord.inside():
        assert not Entry.objects.filter(action="district.updated").exists()
    assert nord.row.intro == before.intro == LINES
