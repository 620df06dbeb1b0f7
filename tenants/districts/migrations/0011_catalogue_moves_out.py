from django.db import migrations


class Migration(migrations.Migration):
    """What districts share belongs to the catalogue's room; its table stays as it is."""

    dependencies = [
        ('districts', '0010_key_of_links'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='SharedSolution')],
        ),
    ]
