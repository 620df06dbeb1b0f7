from django.db import migrations, models


class Migration(migrations.Migration):
    """When somebody first looked at a district by its preview link."""

    dependencies = [
        ('districts', '0012_state_before_and_note'),
    ]

    operations = [
        migrations.AddField(
            model_name='district',
            name='preview_seen_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
