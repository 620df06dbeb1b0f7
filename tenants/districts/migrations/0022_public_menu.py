from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('districts', '0021_moving'),
    ]

    operations = [
        migrations.AddField(
            model_name='district',
            name='in_menu',
            field=models.JSONField(blank=True, db_default=[], default=list, editable=False),
        ),
    ]
