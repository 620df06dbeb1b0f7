"""The history of requests that came before there was one, from the moments they know."""

from typing import Any

from django.db import migrations

MOMENTS = (("taken", "taken_at"), ("answered", "answered_at"), ("closed", "closed_at"))


def write_steps(apps: Any, schema_editor: Any) -> None:
    requests = apps.get_model("contact", "ContactRequest")
    steps = apps.get_model("contact", "ContactStep")
    for found in requests.objects.filter(steps__isnull=True).iterator():
        lines = [("new", found.created_at, "" if found.anonymised_at else "resident")]
        for state, field in MOMENTS:
            at = getattr(found, field)
            if at is not None:
                name = "spam" if (state, found.state) == ("closed", "spam") else state
                lines.append((name, at, found.taken_by if state == "taken" else ""))
        if found.state == "spam" and found.closed_at is None:
            lines.append(("spam", found.done_at or found.created_at, ""))
        for state, at, made_by in sorted(lines, key=lambda line: line[1]):
            made = steps.objects.create(
                contact_request=found, kind="move", state=state, made_by=made_by, note=""
            )
            # The column notes the moment of writing by itself.
            steps.objects.filter(pk=made.pk).update(at=at)


class Migration(migrations.Migration):
    dependencies = [("contact", "0004_steps")]
    operations = [migrations.RunPython(write_steps, migrations.RunPython.noop)]
