"""Whether a resident answered an answer and spoke last stands on the row, which Heute lists."""

from typing import Any

from django.db import migrations, models


def note(apps: Any, schema_editor: Any) -> None:
    """Note it for the conversations so far; what an older version writes meanwhile, the night."""
    entries = apps.get_model("conversations", "ConversationEntry").objects
    said = entries.filter(conversation=models.OuterRef("pk")).order_by("-at", "-pk")
    by_others = models.Q(kind__in=("message", "answer")) | models.Q(via="office")
    last = said.filter(by_others).values("kind")[:1]
    rows = apps.get_model("conversations", "Conversation").objects.annotate(
        last=models.Subquery(last), answered=models.Exists(said.filter(kind="answer"))
    )
    by_office = models.Q(last="note")
    rows.filter(by_office | models.Q(answered=True, last="message")).update(replied=True)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0006_authorities_and_ways_on")]
    operations = [
        migrations.AddField(
            "conversation", "replied",
            models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunPython(note, migrations.RunPython.noop),
        migrations.AddIndex(
            "conversation",
            models.Index(
                "since", "id", condition=models.Q(("replied", True)), name="conversation_replied"
            ),
        ),
    ]
