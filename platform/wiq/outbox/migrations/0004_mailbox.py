import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0003_domain'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('sent', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
            ],
        ),
    ]
