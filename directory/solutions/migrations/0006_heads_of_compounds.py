"""The search keys of all teams, with the heads of compounds (Straßenbäume: Bäume)."""

from typing import Any

from django.db import migrations

from directory.solutions.search import key


def write_keys(apps: Any, schema_editor: Any) -> None:
    teams = apps.get_model("solutions", "SolutionTeam")
    for team in teams.objects.prefetch_related("topics").iterator(chunk_size=200):
        topics = [topic.name for topic in team.topics.all()]
        texts = (team.challenge, team.approach, team.challenge_en, team.approach_en)
        teams.objects.filter(pk=team.pk).update(
            title_key=key((team.name, *topics, team.place)), text_key=key(texts)
        )


class Migration(migrations.Migration):
    dependencies = [("solutions", "0005_synonyms")]
    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
