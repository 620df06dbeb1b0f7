"""An alarm says who looks after it, and until when it may wait."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="taken_by",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=254,
                verbose_name="wer sich kümmert",
            ),
        ),
        migrations.AddField(
            model_name="alarm",
            name="put_off_until",
            field=models.DateField(blank=True, null=True, verbose_name="zurückgestellt bis"),
        ),
    ]
