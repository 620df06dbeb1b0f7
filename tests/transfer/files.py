"""A district with more than the cast has, as a file, and what is in it."""

import hashlib
import io
import json
import zipfile
from datetime import time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from directory.events import services as events
from directory.people.dates import today
from directory.solutions import services as solutions
from directory.solutions.models import Picture, SolutionTeam
from tenants.transfer.exporting import export_district
from tenants.transfer.file_format import Contents
from tests.cast import ACTOR, District, body
from tests.isolation.canaries import picture


def export(district: District, **contents: bool) -> bytes:
    target = io.BytesIO()
    export_district(district.row, target, contents=Contents(**contents), actor=ACTOR)
    return target.getvalue()


def unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: dict[str, bytes], target: Path) -> Path:
    """Pack files with a manifest that fits them, as somebody would who forges one."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items() if name != "manifest.json"
    }  # fmt: skip
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in (files | {"manifest.json": json.dumps(manifest).encode()}).items():
            opened.writestr(name, content)
    return target


def fill(district: District) -> None:
    """More than the cast has: pictures, a request with its mails, a change of state, dates."""
    district.client().post("/api/v1/contact-requests/", body(), content_type="application/json")
    with district.inside():
        team = SolutionTeam.objects.get(slug="baeume")
        row = Picture(solution_team=team, alt="Ein Baum")
        row.image = SimpleUploadedFile("baum.png", picture("baum"))
        solutions.save(row, actor=ACTOR)
        solutions.set_state(team, "paused", actor=ACTOR, reason="Winter")
        _dates(team)
    district.draw()


def _dates(team: SolutionTeam) -> None:
    """Two dates of a team: a series with a day moved and one cancelled, and one cancelled whole."""
    day = today() + timedelta(days=7)
    rule = f"FREQ=WEEKLY;UNTIL={day + timedelta(days=30):%Y%m%d}"
    series, once = (
        events.announce(actor=ACTOR, title=title, day=day, time=time(18), end_time=time(19, 30),
                        solution_team=team, rule=rule if title == "Reihe" else "")
        for title in ("Reihe", "Fest")
    )  # fmt: skip
    first, second, *_rest = series.occurrences.in_order()
    events.move_date(first, day=day, time=time(17), word="Der Saal ist voll.", actor=ACTOR)
    events.cancel_date(second, word="Es stürmt.", actor=ACTOR)
    events.cancel(once, word="Frost", actor=ACTOR)


def pictures_of(district: District) -> dict[str, bytes]:
    folder = Path(settings.MEDIA_ROOT) / district.row.schema_name
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*") if file.is_file()
    }  # fmt: skip
