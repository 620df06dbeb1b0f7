"""The ideas so far become conversations."""

from typing import Any

from django.db import migrations

from directory.conversations import first_conversations

TURNS = {
    "received": "ours", "review": "ours", "needs_info": "theirs", "accepted": "done",
    "declined": "done", "withdrawn": "done", "spam": "suspicious",
}  # fmt: skip


def words(row: Any) -> str:
    return "\n\n".join(part for part in (row.title, row.description, row.place) if part)


def title(row: Any) -> str:
    return row.title


def open_conversations(apps: Any, schema_editor: Any) -> None:
    first_conversations.make(apps, "ideas.idea", turns=TURNS, words=words, title=title)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial"), ("ideas", "0002_spam_as_a_state")]
    operations = [migrations.RunPython(open_conversations, migrations.RunPython.noop)]
