from django.db import migrations, models


class Migration(migrations.Migration):
    """A district whose own migration failed says so in its row."""

    dependencies = [
        ('districts', '0013_preview_seen'),
    ]

    operations = [
        migrations.AddField(
            model_name='district',
            name='migration_error',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=300, verbose_name='Aktualisierung fehlgeschlagen'),
        ),
        migrations.AddField(
            model_name='district',
            name='migration_failed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='Aktualisierung fehlgeschlagen am'),
        ),
    ]
