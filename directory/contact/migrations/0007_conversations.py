"""The requests so far become conversations."""

from typing import Any

from django.db import migrations

from directory.conversations import first_conversations

TURNS = {"new": "ours", "taken": "ours", "answered": "theirs", "closed": "done", "spam": "suspicious"}


def words(row: Any) -> str:
    return row.message


def title(row: Any) -> str:
    beginning = " ".join(row.message.split())
    return beginning if len(beginning) <= 80 else beginning[:80].rsplit(" ", 1)[0] + " …"


def open_conversations(apps: Any, schema_editor: Any) -> None:
    first_conversations.make(
        apps, "contact.contactrequest", turns=TURNS, words=words, title=title
    )
    accounts = {
        account.email.lower(): account.pk
        for account in apps.get_model("accounts", "User").objects.filter(
            is_active=True, expires_at__isnull=True, role="coordinator"
        )
    }
    taken = apps.get_model("contact", "ContactRequest").objects.filter(state="taken")
    conversations = apps.get_model("conversations", "Conversation").objects
    for number, who in taken.values_list("pk", "taken_by"):
        account = accounts.get(who.lower())
        if account is not None:
            conversations.filter(about_type="contact.contactrequest", about_id=number).update(
                assignee=account
            )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_visits"),
        ("contact", "0006_link_codes"),
        ("conversations", "0001_initial"),
    ]
    operations = [migrations.RunPython(open_conversations, migrations.RunPython.noop)]
